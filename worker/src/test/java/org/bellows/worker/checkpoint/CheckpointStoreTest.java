// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.testing.ObjectDisk;
import org.bellows.worker.files.VerifiedFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class CheckpointStoreTest {
  @TempDir Path run;

  private final List<String> passedOver = new ArrayList<>();
  private CheckpointStore store;

  @BeforeEach
  void writeThree() {
    store = new CheckpointStore(new Configuration(), run.toString());
    for (long step : new long[] {10, 20, 30}) {
      store.write(checkpoint(step));
    }
  }

  private static Checkpoint checkpoint(long step) {
    return new Checkpoint(
        new TrainingState(1, step, step * 64, "sha", Map.of("train.seed", "1"), Map.of()),
        new float[] {step, 1.5f, -2},
        List.of(new float[] {step + 1, 0, 7}));
  }

  private Path file(long step, String name) {
    return run.resolve("checkpoints/step-%09d/%s".formatted(step, name));
  }

  @Test
  void readsBackWhatWasWritten() {
    Checkpoint read = store.newest(passedOver::add).orElseThrow();
    assertThat(read.state()).isEqualTo(checkpoint(30).state());
    assertThat(read.parameters()).containsExactly(30, 1.5f, -2);
    assertThat(read.optimizer().get(0)).containsExactly(31, 0, 7);
  }

  @Test
  void aFlippedByteIsFoundAndTheOneBeforeIsUsed() throws IOException {
    Path parameters = file(30, "parameters.bin");
    byte[] bytes = Files.readAllBytes(parameters);
    bytes[20] ^= 1;
    Files.write(parameters, bytes);
    removeChecksumFile(30, "parameters.bin");
    assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(20);
    assertThatThrownBy(() -> store.read(30))
        .hasMessageMatching(".*parameters.bin is damaged: its SHA-256 is not the manifest's");
  }

  @Test
  void aTruncatedFileIsFound() throws IOException {
    Path optimizer = file(30, "optimizer.bin");
    Files.write(optimizer, Arrays.copyOf(Files.readAllBytes(optimizer), 9));
    removeChecksumFile(30, "optimizer.bin");
    assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(20);
    assertThatThrownBy(() -> store.read(30))
        .hasMessageMatching(".*optimizer.bin has 9 bytes, its manifest says 28");
  }

  /** Hadoop's local file system keeps checksums of its own; HDFS does, too. They count as data. */
  @Test
  void whatTheFileSystemItselfFindsIsPassedOverToo() throws IOException {
    byte[] bytes = Files.readAllBytes(file(30, "parameters.bin"));
    bytes[20] ^= 1;
    Files.write(file(30, "parameters.bin"), bytes);
    assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(20);
  }

  @Test
  void aMissingManifestOrFileIsPassedOver() throws IOException {
    Files.delete(file(30, "MANIFEST.json"));
    Files.delete(file(20, "state.json"));
    assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(10);
  }

  @Test
  void namesThatNoStepHasArePassedOver() throws IOException {
    for (String name : List.of("step-99999999999999999999", "step-1", "step-x", "other")) {
      Files.createDirectories(run.resolve("checkpoints").resolve(name));
    }
    assertThat(store.steps()).containsExactly(30L, 20L, 10L);
  }

  /** A manifest that fits vouches for nothing else. */
  @Test
  void whateverStandsInItsFilesTheOneBeforeIsUsed() throws IOException {
    for (String odd :
        List.of(
            "null",
            "{}",
            "[]",
            "{\"formatVersion\":1,\"step\":1e99,\"samples\":0,\"parametersSha256\":\"\",\"identity\":{},\"provenance\":{}}",
            "{\"formatVersion\":1,\"step\":30,\"samples\":0,\"parametersSha256\":\"\",\"identity\":null,\"provenance\":{}}")) {
      rewrite("state.json", odd.getBytes(StandardCharsets.UTF_8));
      passedOver.clear();
      assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(20);
      assertThat(passedOver).as(odd).hasSize(1);
    }
    byte[] infinite = Files.readAllBytes(file(20, "parameters.bin"));
    infinite[18] = (byte) 0x80;
    infinite[19] = 0x7f;
    store.write(checkpoint(30));
    rewrite("parameters.bin", infinite);
    assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(20);
    assertThat(passedOver).last().asString().endsWith("/step-000000030 holds Infinity at index 0");
  }

  private void rewrite(String name, byte[] content) throws IOException {
    org.apache.hadoop.fs.Path folder =
        new org.apache.hadoop.fs.Path("file:" + run + "/checkpoints/step-000000030");
    Map<String, byte[]> files = new HashMap<>(VerifiedFolder.read(new Configuration(), folder));
    files.put(name, content);
    Map<String, VerifiedFolder.Content> contents = new HashMap<>();
    files.forEach((file, bytes) -> contents.put(file, out -> out.write(bytes)));
    VerifiedFolder.write(new Configuration(), folder, contents);
  }

  @Test
  void noneThatVerifiesIsNone() throws IOException {
    for (long step : new long[] {10, 20, 30}) {
      Files.delete(file(step, "MANIFEST.json"));
    }
    assertThat(store.newest(passedOver::add)).isEmpty();
    assertThat(new CheckpointStore(new Configuration(), run + "/elsewhere").newest(passedOver::add))
        .isEmpty();
  }

  @Test
  void leftoversOfDeadWritersAreIgnoredAndRemoved() throws IOException {
    Path leftover = Files.createDirectories(run.resolve("checkpoints/.tmp-1234"));
    Files.writeString(leftover.resolve("parameters.bin"), "half");
    assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(30);
    store.removeLeftovers();
    assertThat(leftover).doesNotExist();
  }

  @Test
  void keepsTheNewest() {
    store.keepLast(2, 30);
    assertThat(store.steps()).containsExactly(30L, 20L);
  }

  /** The run went back to step 10, since the newer ones are damaged, and has just written 15. */
  @Test
  void whatLiesAheadDoesNotPushOutWhatIsGood() throws IOException {
    Files.delete(file(20, "MANIFEST.json"));
    Files.delete(file(30, "MANIFEST.json"));
    store.write(checkpoint(15));
    store.keepLast(1, 15);
    assertThat(store.steps()).containsExactly(30L, 20L, 15L);
    assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(15);
  }

  @Test
  void writingAgainReplaces() {
    store.write(checkpoint(30));
    assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(30);
    assertThat(store.steps()).containsExactly(30L, 20L, 10L);
  }

  /** Where a rename is a copy, a checkpoint is written where it stays, and its manifest last. */
  @Test
  void inAnObjectStoreNothingIsMoved() throws IOException {
    Configuration hadoop = ObjectDisk.configuration();
    CheckpointStore objects =
        new CheckpointStore(hadoop, ObjectDisk.path(run.resolve("objects")).toString());
    objects.write(checkpoint(10));
    List<String> written =
        List.of("PUT optimizer.bin", "PUT parameters.bin", "PUT state.json", "PUT MANIFEST.json");
    assertThat(ObjectDisk.requests()).containsExactlyElementsOf(written);
    objects.write(checkpoint(10));
    assertThat(ObjectDisk.requests()).as("once more").containsExactlyElementsOf(written);
    objects.write(checkpoint(20));
    Path unfinished = run.resolve("objects/checkpoints/step-000000020");
    Files.delete(unfinished.resolve("MANIFEST.json"));
    assertThat(objects.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(10);
    assertThat(passedOver).singleElement().asString().contains("there is no ", "MANIFEST.json");
    objects.removeLeftovers();
    assertThat(unfinished).doesNotExist();
    assertThat(objects.steps()).containsExactly(10L);
  }

  /** Of the file that could not be written nothing is seen, and the checkpoint before stays. */
  @Test
  void inAnObjectStoreAFileThatFailsIsGivenUp() throws IOException {
    Configuration hadoop = ObjectDisk.configuration();
    org.apache.hadoop.fs.Path model = ObjectDisk.path(run.resolve("model"));
    VerifiedFolder.write(hadoop, model, Map.of("a", out -> out.write(1)));
    assertThatThrownBy(
            () ->
                VerifiedFolder.write(
                    hadoop,
                    model,
                    Map.of(
                        "a",
                        out -> {
                          out.write(2);
                          throw new IOException("no more");
                        })))
        .hasMessageMatching("writing s3a:.*/model failed: no more");
    assertThat(VerifiedFolder.read(hadoop, model).get("a")).containsExactly(1);
  }

  private void removeChecksumFile(long step, String name) throws IOException {
    Files.deleteIfExists(file(step, "." + name + ".crc"));
  }
}
