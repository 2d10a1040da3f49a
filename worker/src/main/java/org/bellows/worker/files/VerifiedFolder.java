// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.ChecksumFiles;
import org.bellows.data.storage.FileContents;
import org.bellows.data.storage.FormatVersion;
import org.bellows.data.storage.NewFile;
import org.bellows.data.storage.ObjectStores;
import org.bellows.data.storage.Sha256;
import org.bellows.data.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of files that is there whole or not at all. {@code MANIFEST.json}, written last, holds
 * each file's length and SHA-256; the folder is written under a temporary name and renamed.
 *
 * <p>In stores where a rename is a copy, files are written where they stay. A folder whose manifest
 * is missing or does not match is not there: nobody reads it as whole. Files that are the same
 * before and after, such as those of a checkpoint that is written again, stay whole throughout.
 */
public final class VerifiedFolder {
  public static final String MANIFEST = "MANIFEST.json";

  /** How names of folders begin that are being written, or were when their writer died. */
  public static final String TEMPORARY = ".tmp-";

  private static final Logger LOG = LoggerFactory.getLogger(VerifiedFolder.class);

  /** A manifest may come from any source: no name in it leads out of the folder. */
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

  /** The manifest's entry of one file. */
  record Entry(long bytes, String sha256) {}

  record Manifest(int formatVersion, Map<String, Entry> files) {
    static final int VERSION = 1;
    static final FormatVersion FORMAT = new FormatVersion(1, VERSION);
  }

  /** Writes the content of one file. */
  @FunctionalInterface
  public interface Content {
    void write(OutputStream out) throws IOException;
  }

  private VerifiedFolder() {}

  /**
   * Replaces the folder at the path.
   *
   * @throws BellowsException (infrastructure) naming the folder; what was there before is then
   *     still there, but for stores where files are written in place
   */
  public static void write(Configuration hadoop, Path folder, Map<String, Content> contents) {
    write(Storage.fileSystem(hadoop, folder), folder, contents);
  }

  /** As above, without checksum files: the manifest has checksums of its own. */
  public static void writeAlone(Configuration hadoop, Path folder, Map<String, Content> contents) {
    write(ChecksumFiles.without(Storage.fileSystem(hadoop, folder)), folder, contents);
  }

  private static void write(FileSystem files, Path folder, Map<String, Content> contents) {
    try {
      if (ObjectStores.writesInPlace(files, folder)) {
        writeAll(files, folder, contents);
        return;
      }
    } catch (IOException e) {
      throw Storage.writeFailure(folder, e);
    }
    Path temporary = new Path(folder.getParent(), TEMPORARY + UUID.randomUUID());
    try {
      writeAll(files, temporary, contents);
      replace(files, temporary, folder);
    } catch (IOException e) {
      discard(files, temporary, e);
      throw Storage.writeFailure(folder, e);
    } catch (FSError e) {
      // Hadoop's local file system wraps write failures in an Error.
      discard(files, temporary, e);
      throw Storage.writeFailure(folder, Storage.unwrap(e));
    } catch (RuntimeException e) {
      discard(files, temporary, e);
      throw e;
    }
  }

  private static void writeAll(FileSystem files, Path folder, Map<String, Content> contents)
      throws IOException {
    Map<String, Entry> entries = new TreeMap<>();
    for (Map.Entry<String, Content> content : contents.entrySet()) {
      entries.put(
          content.getKey(), write(files, new Path(folder, content.getKey()), content.getValue()));
    }
    byte[] manifest = Json.pretty(new Manifest(Manifest.VERSION, entries));
    write(files, new Path(folder, MANIFEST), out -> out.write(manifest));
  }

  private static Entry write(FileSystem files, Path path, Content content) throws IOException {
    try (NewFile raw = NewFile.create(files, path, true);
        DigestOutputStream out = new DigestOutputStream(raw, Sha256.digest())) {
      try {
        content.write(out);
        out.flush();
      } catch (IOException | RuntimeException | Error e) {
        raw.giveUp();
        throw e;
      }
      String sha256 = Sha256.hex(out.getMessageDigest().digest());
      out.close();
      return new Entry(raw.bytes(), sha256);
    }
  }

  /**
   * Whether the folder was left by a writer that did not finish: its manifest, the last, is
   * missing.
   */
  public static boolean isUnfinished(FileSystem files, Path folder) throws IOException {
    return ObjectStores.writesInPlace(files, folder) && !files.exists(new Path(folder, MANIFEST));
  }

  /**
   * The existing folder is moved aside first, and back if the new one cannot take its place. A
   * rename onto a folder that another writer created in between would move into it.
   */
  private static void replace(FileSystem files, Path temporary, Path folder) throws IOException {
    Path aside = new Path(folder.getParent(), TEMPORARY + UUID.randomUUID());
    boolean wasThere = files.exists(folder) && files.rename(folder, aside);
    boolean isThere = files.rename(temporary, folder);
    if (files.delete(new Path(folder, temporary.getName()), true)) {
      files.delete(aside, true);
      throw new IOException("another writer wrote " + folder + " at the same time");
    }
    if (!isThere) {
      boolean isBack = wasThere && files.rename(aside, folder);
      throw new IOException(
          "cannot rename %s to %s%s"
              .formatted(temporary, folder, isBack ? "; the existing folder is unchanged" : ""));
    }
    if (wasThere && !files.delete(aside, true)) {
      LOG.warn("cannot remove {}, which was replaced", aside);
    }
  }

  private static void discard(FileSystem files, Path temporary, Throwable reason) {
    try {
      files.delete(temporary, true);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * Reads every file and holds it against the manifest.
   *
   * @return content by file name
   * @throws BellowsException (data) in one sentence: missing, damaged, of another version
   */
  public static Map<String, byte[]> read(Configuration hadoop, Path folder) {
    Path manifestPath = new Path(folder, MANIFEST);
    Manifest manifest =
        Json.read(
            bytes(hadoop, manifestPath, FileContents.MOST_DESCRIPTION_BYTES),
            Manifest.class,
            manifestPath);
    Manifest.FORMAT.require(manifestPath, manifest.formatVersion());
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (Map.Entry<String, Entry> entry : manifest.files().entrySet()) {
      if (!FILE_NAME.matcher(entry.getKey()).matches()) {
        throw BellowsException.data(
            manifestPath + " lists \"" + entry.getKey() + "\", which is not a file's entry");
      }
      Path path = new Path(folder, entry.getKey());
      byte[] content = bytes(hadoop, path, FileContents.MOST_BYTES);
      if (content.length != entry.getValue().bytes()) {
        throw BellowsException.data(
            "%s has %d bytes, its manifest says %d"
                .formatted(path, content.length, entry.getValue().bytes()));
      }
      if (!Sha256.of(content).equals(entry.getValue().sha256())) {
        throw BellowsException.data(path + " is damaged: its SHA-256 is not the manifest's");
      }
      contents.put(entry.getKey(), content);
    }
    return contents;
  }

  private static byte[] bytes(Configuration hadoop, Path path, int most) {
    try {
      return FileContents.read(hadoop, path, most);
    } catch (FileNotFoundException e) {
      throw BellowsException.data("there is no " + path, e);
    } catch (IOException e) {
      throw Storage.readFailure("reading " + path, hadoop, path, e);
    }
  }
}
