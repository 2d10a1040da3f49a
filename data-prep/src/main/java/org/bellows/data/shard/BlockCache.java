// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.Shard;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.UnlinkedFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks of remote shards on the local disk of one process, so that the next epochs do not read
 * them again. The file has no name, so it belongs to no other process and cannot be left over. Data
 * read from it is compared with a CRC-32C in memory. Threads share it.
 *
 * <p>Blocks are added until the quota is full and then stay: each is read once an epoch, in a new
 * random order, so one is as good as another. Putting the least recently used one out would only
 * throw away what comes next (with room for half of the dataset, keeping hits in 50 % of the reads,
 * least recently used in 15 %).
 */
public final class BlockCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockCache.class);
  private static final long MEBIBYTE = 1 << 20;

  private final String folder;
  private final long quotaBytes;
  private final Map<Key, CachedBlock> places = new ConcurrentHashMap<>();
  private UnlinkedFile file;
  private boolean hasFailed;

  /** A block is identified by its shard's content: it is the same under any path. */
  private record Key(String shardSha256, int block) {}

  private record CachedBlock(long start, int bytes, long crc) {}

  /**
   * @param folder on the local disk; empty: Java's temporary folder
   * @param quotaBytes 0: nothing is kept
   */
  public BlockCache(String folder, long quotaBytes) {
    this.folder = folder;
    this.quotaBytes = quotaBytes;
  }

  public static BlockCache of(Settings.Data data) {
    return switch (data.cache()) {
      case NONE -> none();
      case LOCAL_DISK -> new BlockCache(data.cachePath(), data.cacheMebibytes() * MEBIBYTE);
    };
  }

  public static BlockCache none() {
    return new BlockCache("", 0);
  }

  /**
   * The block's samples, if they are here undamaged.
   *
   * @param firstId id of the block's first sample
   */
  Optional<List<EncodedSample>> read(Shard shard, int block, long firstId) {
    Key key = new Key(shard.sha256(), block);
    CachedBlock place = places.get(key);
    if (place == null) {
      return Optional.empty();
    }
    try {
      byte[] content = file().read(place.start(), place.bytes());
      if (crc(content) == place.crc()) {
        return Optional.of(samples(content, firstId));
      }
      LOG.warn("a block in the cache below {} is damaged; it is read from the dataset", folder);
    } catch (IOException e) {
      LOG.warn("reading the block cache below {} failed: {}", folder, Storage.reason(e));
    }
    places.remove(key);
    return Optional.empty();
  }

  /** Keeps the block if there is room. A disk that fails costs the cache, not the run. */
  void add(Shard shard, int block, List<EncodedSample> samples) {
    if (quotaBytes == 0) {
      return;
    }
    byte[] content = bytes(samples);
    synchronized (this) {
      long used = file == null ? 0 : file.length();
      if (hasFailed || used + content.length > quotaBytes) {
        return;
      }
      try {
        long start = file().append(content);
        places.put(
            new Key(shard.sha256(), block), new CachedBlock(start, content.length, crc(content)));
      } catch (IOException e) {
        hasFailed = true;
        LOG.warn(
            "the block cache in {} takes no more after {} bytes: {}",
            folder.isEmpty() ? System.getProperty("java.io.tmpdir") : folder,
            used,
            Storage.reason(e));
      }
    }
  }

  /** Bytes on the disk. */
  public synchronized long bytes() {
    return file == null ? 0 : file.length();
  }

  private synchronized UnlinkedFile file() throws IOException {
    if (file == null) {
      file = new UnlinkedFile(folder);
    }
    return file;
  }

  private static long crc(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return crc.getValue();
  }

  private static byte[] bytes(List<EncodedSample> samples) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(samples.size());
      for (EncodedSample sample : samples) {
        out.writeInt(sample.label());
        out.writeInt(sample.height());
        out.writeInt(sample.width());
        out.writeInt(sample.channels());
        writeLabels(out, sample.labels());
        out.writeUTF(sample.encoding().columnValue());
        byte[] source = sample.source().getBytes(StandardCharsets.UTF_8);
        out.writeInt(source.length);
        out.write(source);
        out.writeInt(sample.image().length);
        out.write(sample.image());
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** How many there are, then they; -1 for no list. */
  private static void writeLabels(DataOutputStream out, int[] labels) throws IOException {
    out.writeInt(labels == null ? -1 : labels.length);
    if (labels != null) {
      for (int label : labels) {
        out.writeInt(label);
      }
    }
  }

  private static int[] readLabels(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0) {
      return null;
    }
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = in.readInt();
    }
    return labels;
  }

  private static List<EncodedSample> samples(byte[] content, long firstId) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
      int count = in.readInt();
      List<EncodedSample> samples = new ArrayList<>(count);
      for (int row = 0; row < count; row++) {
        int label = in.readInt();
        int height = in.readInt();
        int width = in.readInt();
        int channels = in.readInt();
        int[] labels = readLabels(in);
        Encoding encoding = Encoding.ofColumnValue(in.readUTF());
        String source = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        byte[] image = in.readNBytes(in.readInt());
        samples.add(
            new EncodedSample(
                firstId + row,
                label,
                encoding,
                height,
                width,
                channels,
                source,
                image,
                null,
                labels));
      }
      return samples;
    }
  }

  @Override
  public synchronized void close() {
    places.clear();
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("closing the block cache below {} failed: {}", folder, Storage.reason(e));
    }
    file = null;
  }
}
