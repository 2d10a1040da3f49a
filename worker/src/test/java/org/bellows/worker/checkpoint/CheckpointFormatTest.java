// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Version 1 of the format, byte for byte: what was written once must be readable for ever. {@link
 * #main} writes the golden files anew, which is right only together with a new version.
 */
class CheckpointFormatTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden-run");
  private static final String FOLDER = "checkpoints/step-000000042";

  @TempDir Path run;

  private static Checkpoint checkpoint() {
    TrainingState state =
        new TrainingState(
            1,
            42,
            42 * 64,
            "0123456789abcdef",
            Map.of("model.name", "lenet5", "train.seed", "1"),
            Map.of("java", "17", "natives", "linux-x86_64-onednn-avx2"));
    return new Checkpoint(
        state,
        new float[] {1, -2.5f, Float.MIN_VALUE, -0f, Float.MAX_VALUE},
        List.of(new float[] {0, 1, 2, 3, 4}, new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.5f}));
  }

  public static void main(String[] args) throws IOException {
    new CheckpointStore(new Configuration(), GOLDEN.toString()).write(checkpoint());
    try (var files = Files.list(GOLDEN.resolve(FOLDER))) {
      for (Path checksum : files.filter(file -> file.toString().endsWith(".crc")).toList()) {
        Files.delete(checksum);
      }
    }
  }

  @Test
  void theGoldenFilesAreRead() {
    Checkpoint read = new CheckpointStore(new Configuration(), GOLDEN.toString()).read(42);
    assertThat(read.state()).isEqualTo(checkpoint().state());
    assertThat(read.parameters()).isEqualTo(checkpoint().parameters());
    assertThat(read.optimizer()).hasSize(2);
    assertThat(read.optimizer().get(0)).isEqualTo(checkpoint().optimizer().get(0));
    assertThat(read.optimizer().get(1)).isEqualTo(checkpoint().optimizer().get(1));
  }

  @Test
  void theGoldenFilesAreWritten() throws IOException {
    new CheckpointStore(new Configuration(), run.toString()).write(checkpoint());
    for (String name : List.of("parameters.bin", "optimizer.bin", "state.json", "MANIFEST.json")) {
      assertThat(run.resolve(FOLDER).resolve(name))
          .hasSameBinaryContentAs(GOLDEN.resolve(FOLDER).resolve(name));
    }
  }

  /** By hand: magic, version, arrays, floats in each; 1 is 3F800000, -2.5 is C0200000. */
  @Test
  void theBytesAreWhatPackageInfoSays() throws IOException {
    byte[] bytes = Files.readAllBytes(GOLDEN.resolve(FOLDER).resolve("parameters.bin"));
    assertThat(bytes).hasSize(16 + 5 * 4);
    assertThat(java.util.HexFormat.of().formatHex(bytes, 0, 24))
        .isEqualTo("424c5746" + "01000000" + "01000000" + "05000000" + "0000803f" + "000020c0");
  }
}
