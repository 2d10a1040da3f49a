// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.pretrained;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.FileContents;
import org.bellows.data.storage.Storage;
import org.bellows.worker.model.keras.KerasFile;
import org.bellows.worker.model.safetensors.Safetensors;
import org.bellows.worker.model.tensor.TensorFile;
import org.bellows.worker.model.torch.TorchFile;

/** Reads a file of weights, whatever its name is, by how it begins. */
public final class WeightFiles {
  /** An array of Java's holds no more. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8L;

  private WeightFiles() {}

  /**
   * @param path a file of PyTorch's, safetensors, or Keras weights in HDF5
   * @throws BellowsException (data) in one sentence when it is damaged or something else
   */
  public static TensorFile read(Configuration hadoop, String path) {
    Path file = Storage.qualify(path);
    return parse(content(hadoop, file), file.toString());
  }

  /**
   * @param where names the file in messages
   */
  static TensorFile parse(byte[] content, String where) {
    if (TorchFile.recognises(content)) {
      return TorchFile.read(content, where);
    }
    if (Safetensors.recognises(content)) {
      return Safetensors.read(content, where);
    }
    if (KerasFile.recognises(content)) {
      return KerasFile.read(content, where);
    }
    throw BellowsException.data(
        where
            + " is neither a checkpoint of PyTorch nor safetensors nor HDF5: it begins like none");
  }

  private static byte[] content(Configuration hadoop, Path file) {
    FileSystem files = Storage.fileSystem(hadoop, file);
    try {
      long length = files.getFileStatus(file).getLen();
      long memory = Runtime.getRuntime().maxMemory();
      if (length > MOST_BYTES || length > memory) {
        throw BellowsException.configuration(
            "%s has %,d bytes; a file of weights is read whole, at most %,d bytes with this heap"
                .formatted(file, length, Math.min(memory, MOST_BYTES)));
      }
      return FileContents.read(hadoop, file, FileContents.MOST_BYTES);
    } catch (FileNotFoundException e) {
      throw BellowsException.data("there is no file " + file, e);
    } catch (IOException e) {
      throw Storage.failure("reading " + file, e);
    }
  }
}
