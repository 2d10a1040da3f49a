// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small ImageNet-style trees of real JPEG and PNG files. */
public final class TestTree {
  private TestTree() {}

  /** Writes a file and its folders. */
  public static void put(Path root, String path, byte[] content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  /** Splits train (2 classes x 20) and val (2 x 5), JPEG and PNG mixed. */
  public static void write(Path root) throws IOException {
    for (String name : new String[] {"dog", "cat"}) {
      for (int i = 0; i < 20; i++) {
        int height = 20 + i;
        put(root, "train/" + name + "/" + i + ".JPEG", TestImages.jpeg(height, 30 + name.length()));
      }
      for (int i = 0; i < 5; i++) {
        put(root, "val/" + name + "/" + i + ".png", TestImages.png(20 + i, 31));
      }
    }
  }
}
