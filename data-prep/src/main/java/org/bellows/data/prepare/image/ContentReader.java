// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.image;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.prepare.source.part.ItemContent;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.storage.ObjectStores;
import org.bellows.data.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads files and stretches of files into memory. Keeps a few archives open. Not thread-safe. */
public final class ContentReader implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ContentReader.class);
  private static final int MOST_OPEN_FILES = 16;

  private final Configuration hadoop;

  /** In order of last use. */
  private final Map<String, FSDataInputStream> archives = new LinkedHashMap<>(16, 0.75f, true);

  public ContentReader(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * The bytes of an encoded picture.
   *
   * @throws ImageRefusedException when it has too many
   * @throws IOException when they cannot be read
   */
  public byte[] read(ItemContent content) throws IOException {
    if (content instanceof WholeFile whole) {
      return read(whole);
    }
    if (content instanceof FileRange range) {
      return read(range);
    }
    if (content instanceof EncodedBytes encoded) {
      return encoded.bytes();
    }
    throw new IllegalStateException("there are no encoded bytes of " + content);
  }

  private byte[] read(WholeFile whole) throws IOException {
    if (whole.known() != null) {
      Path path = whole.known().getPath();
      try (InputStream in = Storage.open(hadoop, path, whole.known())) {
        return all(in);
      } catch (IOException e) {
        if (!ObjectStores.isChanged(e)) {
          throw e;
        }
        LOG.info("{} was replaced after it was listed; it is read as it is now", path);
      }
    }
    Path path = qualified(whole.file());
    if (Storage.isSpecial(path)) {
      throw new FileNotFoundException(path + " is a pipe, socket or device");
    }
    try (InputStream in = Storage.open(hadoop, path)) {
      return all(in);
    } catch (BlockMissingException e) {
      throw Storage.missingOrCorrupt(hadoop, path, e);
    }
  }

  private static byte[] all(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes((int) ItemContent.MOST_BYTES + 1);
    requireFew(bytes.length);
    return bytes;
  }

  private byte[] read(FileRange range) throws IOException {
    requireFew(range.bytes());
    FSDataInputStream in = open(range.file());
    byte[] bytes = new byte[(int) range.bytes()];
    in.seek(range.offset());
    try {
      in.readFully(bytes);
    } catch (BlockMissingException e) {
      throw Storage.missingOrCorrupt(hadoop, new Path(range.file()), e);
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    for (FSDataInputStream archive : archives.values()) {
      archive.close();
    }
    archives.clear();
  }

  private FSDataInputStream open(String file) throws IOException {
    FSDataInputStream in = archives.get(file);
    if (in == null) {
      Path path = qualified(file);
      in = Storage.open(hadoop, path);
      archives.put(file, in);
      if (archives.size() > MOST_OPEN_FILES) {
        archives.remove(archives.keySet().iterator().next()).close();
      }
    }
    return in;
  }

  /** A column of paths may hold bare ones. */
  private Path qualified(String file) {
    Path path = new Path(file);
    return Storage.fileSystem(hadoop, path).makeQualified(path);
  }

  private static void requireFew(long bytes) {
    if (bytes > ItemContent.MOST_BYTES) {
      throw new ImageRefusedException(Reason.TOO_LARGE, ItemContent.TOO_MANY_BYTES);
    }
  }
}
