// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.bellows.data.render.SyntheticTree;

/** Rendered pictures on a cluster's file system. */
public final class Pictures {
  /** 8 classes x 24: 144 for training, 24 each for validation and test. */
  private static final int IMAGES_PER_CLASS = 24;

  private static final long SEED = 3;

  private Pictures() {}

  /**
   * Prints the folder's full address.
   *
   * @param arguments a folder on the file system of Hadoop's configuration, which must not exist,
   *     and local files that are to be copied into it; the pictures are then in {@code pictures}
   *     below
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("expected the folder to create, and files to copy there");
    }
    Configuration hadoop = new Configuration();
    Path folder = new Path(arguments[0]);
    FileSystem files = folder.getFileSystem(hadoop);
    Path qualified = files.makeQualified(folder);
    render(hadoop, new Path(qualified, "pictures").toString());
    for (String file : List.of(arguments).subList(1, arguments.length)) {
      files.copyFromLocalFile(new Path(file), qualified);
    }
    System.out.println(qualified);
  }

  /**
   * @param folder full address; must not exist
   */
  public static void render(Configuration hadoop, String folder) throws IOException {
    java.nio.file.Path local = Files.createTempDirectory("bellows-pictures");
    SyntheticTree.render(local, IMAGES_PER_CLASS, SEED);
    Path target = new Path(folder);
    FileSystem files = target.getFileSystem(hadoop);
    if (files.exists(target)) {
      throw new IllegalStateException(folder + " exists already, expected a new folder");
    }
    if (!files.mkdirs(target.getParent())
        || !FileUtil.copy(local.toFile(), files, target, true, hadoop)) {
      throw new IOException("copying pictures from " + local + " to " + folder + " failed");
    }
  }
}
