// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.batch.SampleStore;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.UnlinkedFile;

/**
 * The frozen layers' output for each sample, in a file without a name on the local disk, which
 * disappears with the process. When it is full, the rest of the samples is computed again each
 * time.
 */
public final class FeatureCache implements SampleStore, AutoCloseable {
  private static final int ABSENT = -1;
  private static final int MEBIBYTE = 1 << 20;

  private final String folder;
  private final int length;
  private final long most;

  /** By sample: which record of the file. */
  private final int[] records;

  private int count;
  private UnlinkedFile file;

  /**
   * @param folder is created if it is not there; empty: Java's temporary folder
   * @param samples of the split
   * @param length floats of one sample
   * @param limitBytes that the file may have
   */
  public FeatureCache(String folder, long samples, int length, long limitBytes) {
    this.folder = folder;
    this.length = length;
    this.most = limitBytes / ((long) length * Float.BYTES);
    this.records = new int[Math.toIntExact(samples)];
    Arrays.fill(records, ABSENT);
  }

  /** As the settings say. */
  public static FeatureCache of(
      Settings.Model model, Settings.Data data, long samples, int length) {
    long limit = (long) model.frozenCacheMebibytes() * MEBIBYTE;
    return new FeatureCache(data.cachePath(), samples, length, limit);
  }

  @Override
  public int length() {
    return length;
  }

  /**
   * @throws BellowsException (infrastructure) when the local disk cannot be read
   */
  @Override
  public synchronized boolean read(long sampleId, float[] out, int offset) {
    int record = records[(int) sampleId];
    if (record == ABSENT) {
      return false;
    }
    int bytes = length * Float.BYTES;
    try {
      floats(file.read((long) record * bytes, bytes)).asFloatBuffer().get(out, offset, length);
      return true;
    } catch (IOException e) {
      throw Storage.failure("reading features that were kept in " + place(), e);
    }
  }

  /**
   * Keeps a sample's features, unless they are there or nothing more may be kept.
   *
   * @param values [length]
   * @throws BellowsException (infrastructure) when the local disk cannot be written
   */
  synchronized void put(long sampleId, float[] values) {
    if (records[(int) sampleId] != ABSENT || count >= most) {
      return;
    }
    ByteBuffer bytes = floats(new byte[length * Float.BYTES]);
    bytes.asFloatBuffer().put(values, 0, length);
    try {
      if (file == null) {
        file = new UnlinkedFile(folder);
      }
      file.append(bytes.array());
    } catch (IOException e) {
      throw new BellowsException(
          Storage.writeFailure(place(), e).category(),
          "cannot cache the frozen layers' output in %s: %s; model.frozen-cache-mebibytes = 0 trains without the cache"
              .formatted(place(), Storage.reason(e)),
          e);
    }
    records[(int) sampleId] = count++;
  }

  private static ByteBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String place() {
    return folder.isEmpty() ? System.getProperty("java.io.tmpdir") : folder;
  }

  @Override
  public synchronized void close() {
    Arrays.fill(records, ABSENT);
    count = 0;
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      throw Storage.failure("closing a file in " + place(), e);
    }
    file = null;
  }
}
