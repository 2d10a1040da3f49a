// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings.Verify;
import org.bellows.data.TestDatasets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFileTest {
  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  @Test
  void readsWhatItWrote() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 100, 50);
    assertThat(ManifestFile.read(hadoop, folder.toString())).isEqualTo(manifest);
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .noneMatch(name -> name.startsWith(".tmp-"));
    }
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    assertDataError(
        () -> ManifestFile.read(hadoop, folder + "/nothing"),
        "there is no dataset at file:" + folder + "/nothing: no such path");
    assertDataError(
        () -> ManifestFile.read(hadoop, folder.toString()),
        "file:"
            + folder
            + " is not a prepared dataset: it holds no manifest.json (run \"prepare\" to the end)");
  }

  @Test
  void saysWhatIsWrongWithTheFile() throws IOException {
    Path file = folder.resolve("manifest.json");
    Files.writeString(file, "{\"formatVersion\": 1, \"classes\": [");
    assertDataError(
        () -> ManifestFile.read(hadoop, folder.toString()),
        "file:" + file + " (33 bytes) is damaged: Unexpected end-of-input");
    Files.writeString(file, "{\"formatVersion\": 7}");
    assertDataError(
        () -> ManifestFile.read(hadoop, folder.toString()),
        "file:"
            + file
            + " has format version 7, this version of Bellows reads 1 to 3; prepare the data again");
    Files.writeString(file, "{\"formatVersion\": 1}");
    assertDataError(
        () -> ManifestFile.read(hadoop, folder.toString()),
        "file:" + file + " (20 bytes) is damaged: Missing creator property 'classes'");
    Files.writeString(file, "[]");
    assertDataError(
        () -> ManifestFile.read(hadoop, folder.toString()),
        "file:" + file + " is not a JSON object");
    Files.writeString(file, "");
    assertDataError(
        () -> ManifestFile.read(hadoop, folder.toString()),
        "file:" + file + " is not a JSON object");
  }

  @Test
  void identityIsTheDataNotItsOrigin() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 100);
    Provenance elsewhere =
        new Provenance("hdfs:/x", "idx", "0", 2, "9", 3, 1, "2030-01-01T00:00:00Z");
    String sha256 = ManifestFile.sha256(manifest);
    assertThat(sha256).matches("[0-9a-f]{64}");
    assertThat(
            ManifestFile.sha256(
                new DatasetManifest(1, manifest.classes(), manifest.splits(), elsewhere)))
        .isEqualTo(sha256);
    assertThat(
            ManifestFile.sha256(
                new DatasetManifest(
                    1, List.of("a", "b", "c", "x"), manifest.splits(), manifest.provenance())))
        .isNotEqualTo(sha256);
  }

  /**
   * An older manifest has no word of pixels, and none is written into one without pixel classes.
   */
  @Test
  void pixelClassesAreTheSecondFormat() throws IOException {
    DatasetManifest plain = TestDatasets.write(folder, 16, 10);
    Path file = folder.resolve("manifest.json");
    assertThat(Files.readString(file)).doesNotContain("ixel");
    String sha256 = ManifestFile.sha256(plain);

    List<PixelClass> classes =
        List.of(new PixelClass("sky", "#000000"), new PixelClass("road", "#80ff00"));
    DatasetManifest masked = pixels(plain, classes, new LabelPixels(1, 30, 4, 64));
    assertThat(masked.formatVersion()).isEqualTo(2);
    ManifestFile.write(hadoop, folder.toString(), masked);
    assertThat(ManifestFile.read(hadoop, folder.toString())).isEqualTo(masked);
    assertThat(ManifestFile.sha256(masked)).isNotEqualTo(sha256);
    List<PixelClass> others = List.of(classes.get(0), new PixelClass("road", "#80ff01"));
    assertThat(ManifestFile.sha256(pixels(plain, others, new LabelPixels(1, 30, 4, 64))))
        .isNotEqualTo(ManifestFile.sha256(masked));
    assertThat(ManifestFile.sha256(pixels(plain, classes, new LabelPixels(1, 31, 4, 64))))
        .isNotEqualTo(ManifestFile.sha256(masked));
    assertThat(Files.readString(file)).doesNotContain("instances");
    DatasetManifest objects = masked.withInstances();
    ManifestFile.write(hadoop, folder.toString(), objects);
    assertThat(ManifestFile.read(hadoop, folder.toString())).isEqualTo(objects);
    assertThat(ManifestFile.sha256(objects)).isNotEqualTo(ManifestFile.sha256(masked));
  }

  @Test
  void whatNoPixelClassesCanBeLikeIsRefused() throws IOException {
    DatasetManifest plain = TestDatasets.write(folder, 16, 10);
    PixelClass sky = new PixelClass("sky", "#000000");
    assertBadPixels(
        pixels(plain, List.of(sky, sky)), "of its pixel classes two have the name \"sky\"");
    assertBadPixels(
        pixels(plain, List.of(new PixelClass("sky", "blue"))),
        "pixel class \"sky\" has the colour \"blue\", expected #rrggbb");
    assertBadPixels(
        pixels(plain, List.of(sky), new LabelPixels(1, 1, 1, 1)),
        "split \"train\" counts pixels of label 1, expected rising labels of 0 to 0, or 255 (void)");
    assertBadPixels(
        pixels(plain, List.of(sky), new LabelPixels(255, 9, 1, 8)),
        "split \"train\" counts 9 pixels of label 255 in 1 pictures of 8 pixels");
    assertBadPixels(
        new DatasetManifest(
            1, List.of(), plain.splits(), List.of(sky), false, false, plain.provenance()),
        "format version 1 with 1 pixel classes, expected none");
    assertBadPixels(
        new DatasetManifest(
            2, List.of("a"), plain.splits(), List.of(), false, false, plain.provenance()),
        "format version 2 with 0 pixel classes, expected at least one");
    assertBadPixels(plain.withInstances(), "it has instances, but no pixel classes");
    assertBadPixels(
        new DatasetManifest(1, List.of(), plain.splits(), plain.provenance()), "it has no classes");
  }

  @Test
  void anyNumberOfClassesIsTheThirdFormat() throws IOException {
    DatasetManifest plain = TestDatasets.write(folder, 16, 10);
    DatasetManifest several = plain.withSeveralLabels();
    ManifestFile.write(hadoop, folder.toString(), several);
    assertThat(Files.readString(folder.resolve("manifest.json")))
        .contains("\"formatVersion\" : 3", "\"multiLabel\" : true");
    assertThat(ManifestFile.read(hadoop, folder.toString())).isEqualTo(several);
    assertThat(ManifestFile.sha256(several)).isNotEqualTo(ManifestFile.sha256(plain));
    assertBadPixels(
        new DatasetManifest(
            3, plain.classes(), plain.splits(), List.of(), false, false, plain.provenance()),
        "format version 3, but it does not say samples of any number of classes");
  }

  private void assertBadPixels(DatasetManifest manifest, String message) {
    ManifestFile.write(hadoop, folder.toString(), manifest);
    assertThatThrownBy(() -> ManifestFile.read(hadoop, folder.toString()))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining(message);
  }

  private static DatasetManifest pixels(
      DatasetManifest plain, List<PixelClass> classes, LabelPixels... counts) {
    Split split = plain.split("train");
    Split counted =
        new Split(
            split.name(),
            split.samples(),
            split.bytes(),
            split.mean(),
            split.standardDeviation(),
            split.shards(),
            List.of(counts));
    return DatasetManifest.of(List.of(), List.of(counted), classes, plain.provenance());
  }

  @Test
  void namesTheSplitsThereAre() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 10);
    assertThat(manifest.split("train").samples()).isEqualTo(10);
    assertDataError(
        () -> manifest.split("validation"),
        "the dataset has no split \"validation\"; it has train");
  }

  @Test
  void verifiesLengthsAndContent() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 100, 50);
    verify(manifest, Verify.LENGTHS);
    verify(manifest, Verify.SHA256);

    Path shard = folder.resolve("shards/train-00001.parquet");
    byte[] content = Files.readAllBytes(shard);
    // Hadoop's own checksum would catch the change first.
    Files.delete(folder.resolve("shards/.train-00001.parquet.crc"));
    content[100] ^= 1;
    Files.write(shard, content);
    verify(manifest, Verify.LENGTHS);
    assertDataError(() -> verify(manifest, Verify.SHA256), "shard file:" + shard + " has SHA-256 ");

    Files.write(shard, new byte[7]);
    assertDataError(
        () -> verify(manifest, Verify.LENGTHS),
        "shard file:" + shard + " has 7 bytes, the manifest says " + content.length);
    Files.delete(shard);
    assertDataError(
        () -> verify(manifest, Verify.LENGTHS),
        "shard file:" + shard + " of the manifest is missing");
  }

  private void verify(DatasetManifest manifest, Verify verify) {
    DatasetVerifier.verify(hadoop, folder.toString(), manifest, List.of("train"), verify);
  }

  private static void assertDataError(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith(message)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
  }
}
