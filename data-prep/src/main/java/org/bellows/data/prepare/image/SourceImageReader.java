// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.image;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.prepare.source.part.ItemContent.RawPixels;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.storage.Storage;

/** Reads images of a source as they are, with {@code prepare}'s checks. Threads share it. */
public final class SourceImageReader implements Closeable {
  private final Configuration hadoop;
  private final ImageDecoder decoder;

  /** Those that no thread is using. */
  private final ConcurrentLinkedQueue<ContentReader> readers = new ConcurrentLinkedQueue<>();

  /**
   * @param maxPixels images with more are refused
   */
  public SourceImageReader(Configuration hadoop, long maxPixels) {
    this.hadoop = hadoop;
    this.decoder = new ImageDecoder(maxPixels);
  }

  /**
   * @return checked, not decoded; with id and label 0
   * @throws ImageRefusedException when listing refused it, it is no good image or not all there
   * @throws org.bellows.conf.BellowsException (infrastructure) when it cannot be read
   */
  public EncodedSample read(SourceItem item) {
    if (item.refusal() != null) {
      throw new ImageRefusedException(Reason.NOT_AN_IMAGE, item.refusal().reason());
    }
    if (item.content() instanceof RawPixels raw) {
      return new EncodedSample(
          0,
          0,
          Encoding.RAW8,
          raw.height(),
          raw.width(),
          raw.channels(),
          item.path(),
          raw.interleaved());
    }
    ContentReader free = readers.poll();
    ContentReader reader = free == null ? new ContentReader(hadoop) : free;
    try {
      return decoder.inspected(reader.read(item.content()), item.path());
    } catch (IOException e) {
      if (Storage.isOfFile(e)) {
        throw new ImageRefusedException(Reason.UNREADABLE, "cannot be read: " + Storage.reason(e));
      }
      throw Storage.failure("reading " + item.path() + " of the source", e);
    } finally {
      readers.add(reader);
    }
  }

  @Override
  public void close() throws IOException {
    for (ContentReader reader = readers.poll(); reader != null; reader = readers.poll()) {
      reader.close();
    }
  }
}
