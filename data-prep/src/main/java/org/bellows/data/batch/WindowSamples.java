// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.io.IOException;
import org.bellows.conf.BellowsException;
import org.bellows.data.order.ShuffleWindow;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.UnlinkedFile;

/**
 * The samples of one window while they wait. Images beyond the {@link HeapBudget} wait in a file on
 * the local disk; which do has no influence on what is taken. Filled by one thread, then emptied by
 * another.
 */
final class WindowSamples implements AutoCloseable {
  private static final byte[] NO_IMAGE = {};
  private static final int IN_HEAP = -1;

  private final String folder;
  private final HeapBudget heap;

  /** For each place after the shuffle, the place in the window before it. */
  private final int[] permutation;

  /** Before the shuffle; a sample whose image waits in the file is here without it. */
  private final EncodedSample[] samples;

  private final long[] starts;
  private final int[] lengths;
  private int count;
  private UnlinkedFile file;

  /**
   * @param folder for the file; empty: Java's temporary folder
   */
  WindowSamples(ShuffleWindow window, String folder, HeapBudget heap) {
    this.folder = folder;
    this.heap = heap;
    this.permutation = window.permutation();
    this.samples = new EncodedSample[permutation.length];
    this.starts = new long[permutation.length];
    this.lengths = new int[permutation.length];
  }

  int size() {
    return permutation.length;
  }

  /** The next row of the window, before the shuffle. */
  void add(EncodedSample sample) {
    byte[] image = sample.image();
    if (heap.acquire(image.length)) {
      samples[count] = sample;
      lengths[count] = IN_HEAP;
    } else {
      samples[count] = sample.withImage(NO_IMAGE);
      lengths[count] = image.length;
      starts[count] = write(image);
    }
    count++;
  }

  /** The sample at a place after the shuffle. Once only. */
  EncodedSample take(int index) {
    int row = permutation[index];
    EncodedSample sample = samples[row];
    samples[row] = null;
    if (lengths[row] == IN_HEAP) {
      heap.release(sample.image().length);
      return sample;
    }
    try {
      return sample.withImage(file.read(starts[row], lengths[row]));
    } catch (IOException e) {
      throw Storage.failure("reading samples that wait in " + place(), e);
    }
  }

  private long write(byte[] image) {
    try {
      if (file == null) {
        file = new UnlinkedFile(folder);
      }
      return file.append(image);
    } catch (IOException e) {
      throw new BellowsException(
          Storage.writeFailure(place(), e).category(),
          "more samples wait than data.buffer-mebibytes allows in memory, and writing them to %s failed: %s"
              .formatted(place(), Storage.reason(e)),
          e);
    }
  }

  private String place() {
    return folder.isEmpty() ? System.getProperty("java.io.tmpdir") : folder;
  }

  /** Releases the samples that were not taken. */
  @Override
  public void close() {
    for (int row = 0; row < count; row++) {
      if (samples[row] != null && lengths[row] == IN_HEAP) {
        heap.release(samples[row].image().length);
        samples[row] = null;
      }
    }
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      throw Storage.failure("closing a file in " + place(), e);
    }
  }
}
