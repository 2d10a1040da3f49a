// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.storage.Sha256;
import org.bellows.data.storage.Storage;

/** Compares the shards that are there with what the manifest says. */
public final class DatasetVerifier {
  private DatasetVerifier() {}

  /**
   * @param splits names of the splits whose shards are compared
   * @throws BellowsException (data) naming the first shard that differs, expected and actual
   */
  public static void verify(
      Configuration hadoop,
      String dataPath,
      DatasetManifest manifest,
      Collection<String> splits,
      Settings.Verify verify) {
    Path folder = Storage.qualify(dataPath);
    FileSystem files = Storage.fileSystem(hadoop, folder);
    for (String split : splits) {
      for (Shard shard : manifest.split(split).shards()) {
        verify(files, new Path(folder, shard.path()), shard, verify);
      }
    }
  }

  private static void verify(FileSystem files, Path path, Shard shard, Settings.Verify verify) {
    try {
      long bytes = files.getFileStatus(path).getLen();
      if (bytes != shard.bytes()) {
        throw BellowsException.data(
            "shard %s has %d bytes, the manifest says %d".formatted(path, bytes, shard.bytes()));
      }
      if (verify == Settings.Verify.SHA256) {
        verifySha256(files, path, shard);
      }
    } catch (FileNotFoundException e) {
      throw BellowsException.data("shard " + path + " of the manifest is missing", e);
    } catch (IOException e) {
      throw Storage.failure("verifying shard " + path, e);
    }
  }

  private static void verifySha256(FileSystem files, Path path, Shard shard) throws IOException {
    String sha256;
    try (InputStream in = files.open(path)) {
      sha256 = Sha256.of(in);
    }
    if (!sha256.equals(shard.sha256())) {
      throw BellowsException.data(
          "shard %s has SHA-256 %s, the manifest says %s".formatted(path, sha256, shard.sha256()));
    }
  }
}
