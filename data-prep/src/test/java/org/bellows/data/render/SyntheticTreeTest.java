// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.storage.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticTreeTest {
  @TempDir Path folder;

  @Test
  void drawsThreeSplitsOfEightClasses() throws IOException {
    SyntheticTree.render(folder, 16, 1);
    Map<String, String> files = hashes(folder);
    assertThat(files).hasSize(8 * 16);
    for (String split : new String[] {"train/12", "validation/2", "test/2"}) {
      String name = split.substring(0, split.indexOf('/') + 1);
      int count = Integer.parseInt(split.substring(name.length()));
      assertThat(files.keySet().stream().filter(f -> f.startsWith(name))).hasSize(8 * count);
    }
    assertThat(files.values()).doesNotHaveDuplicates();
    for (String file : files.keySet()) {
      RasterImage pixels =
          new ImageDecoder(1 << 20).decode(Files.readAllBytes(folder.resolve(file)));
      assertThat(pixels.height()).isBetween(96, 160);
      assertThat(pixels.width()).isBetween(96, 160);
    }
  }

  @Test
  void isAFunctionOfTheSeed() throws IOException {
    SyntheticTree.render(folder.resolve("a"), 8, 1);
    SyntheticTree.render(folder.resolve("b"), 8, 1);
    SyntheticTree.render(folder.resolve("c"), 8, 2);
    assertThat(hashes(folder.resolve("b"))).isEqualTo(hashes(folder.resolve("a")));
    assertThat(hashes(folder.resolve("c"))).isNotEqualTo(hashes(folder.resolve("a")));
    assertThatThrownBy(() -> SyntheticTree.render(folder, 7, 1))
        .hasMessage("7 images a class, expected at least 8");
  }

  private static Map<String, String> hashes(Path root) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(root.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }
}
