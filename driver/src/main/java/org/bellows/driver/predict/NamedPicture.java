// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.SizeLimit;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.storage.FileContents;
import org.bellows.data.storage.Storage;

/** A picture file that an argument of {@code predict} leads to. */
public final class NamedPicture {
  private NamedPicture() {}

  /**
   * @return checked, not decoded
   * @throws BellowsException (data) saying why it is refused; (infrastructure) where a disk or a
   *     network does not answer
   */
  public static EncodedSample read(
      ImageDecoder decoder, Configuration hadoop, ImageArguments.Image image) {
    Path path = image.path();
    if (image.problem() != null) {
      throw BellowsException.data(path + " " + image.problem());
    }
    try {
      byte[] encoded = FileContents.read(hadoop, path, SizeLimit.MOST_BYTES);
      return decoder.inspected(encoded, path.toString());
    } catch (FileNotFoundException e) {
      throw BellowsException.data("there is no image " + path, e);
    } catch (IOException e) {
      throw Storage.failure("reading " + path, e);
    } catch (ImageRefusedException e) {
      throw BellowsException.data(path + ": " + e.getMessage(), e);
    } catch (BellowsException e) {
      throw e;
    } catch (RuntimeException e) {
      // A problem with one file must not prevent the answers to the others.
      throw BellowsException.data(
          path + " could not be handled, which is a fault of Bellows: " + e, e);
    }
  }
}
