// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.TestDatasets;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manifests that anybody may have written. */
@Tag("integration")
class ManifestCheckTest {
  private static final int MUTANTS = 5_000;

  @TempDir Path folder;

  private String text;

  @BeforeEach
  void writeDataset() throws IOException {
    TestDatasets.write(folder, 16, 100);
    text = Files.readString(folder.resolve("manifest.json"));
    Files.delete(folder.resolve(".manifest.json.crc"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "shards/train-00000 | ../train-00000 | is outside of the dataset's folder",
        "shards/train-00000 | /etc/train-00000 | is outside of the dataset's folder",
        "shards/train-00000 | hdfs://elsewhere/x | is outside of the dataset's folder",
        "shards/train-00000 | shards/./x | is outside of the dataset's folder",
        "shards/train-00000 | shards//x | is outside of the dataset's folder",
        "shards/train-00000 | shards\\\\\\\\x | is outside of the dataset's folder",
        "\\[ \"a\", \"b\", \"c\", \"d\" ] | [ ] | it has no classes",
        "\"b\", \"c\" | \"a\", \"c\" | of its classes two have the name \"a\"",
        "\"b\", \"c\" | null, \"c\" | a list contains a null",
        "\"samples\" : 100 | \"samples\" : -100 | has -100 samples",
        "\"samples\" : 100 | \"samples\" : 1e99 | out of range",
        "\"mean\" : \\[ 0.5 ] | \"mean\" : [ ] | has 0 means and 1 standard deviations",
        "\"mean\" : \\[ 0.5 ] | \"mean\" : [ -0.5 ] | has a mean of -0.5, expected 0 to 1",
        "\"mean\" : \\[ 0.5 ] | \"mean\" : [ \"NaN\" ] | has a mean of NaN, expected 0 to 1",
        "\"mean\" : \\[ 0.5 ] | \"mean\" : null | Null value for creator property 'mean'",
        "\"sha256\" : \"[0-9a-f]{4} | \"sha256\" : \"../x | has the SHA-256 \"../x",
        "\"blockSamples\" : \\[[^\\]]*] | \"blockSamples\" : [ ] | has a block without samples",
        "\"blockSamples\" : \\[[^\\]]*] | \"blockSamples\" : [ 101, -1 ] | has a block without",
        "\"blockSamples\" : \\[[^\\]]*] | \"blockSamples\" : [ 2147483647 ] | has 2147483647 samples",
        "\"blockSamples\" : \\[[^\\]]*] | \"blockSamples\" : [ 1.5e99 ] | out of range",
      })
  void whatNoDatasetIsLikeIsRefused(String pattern, String replacement, String message)
      throws IOException {
    String odd = text.replaceFirst(pattern, replacement);
    assertThat(odd).isNotEqualTo(text);
    Files.writeString(folder.resolve("manifest.json"), odd);
    assertThatThrownBy(() -> ManifestFile.read(new Configuration(), folder.toString()))
        .hasMessageStartingWith("file:" + folder + "/manifest.json ")
        .hasMessageContaining(message)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
  }

  @Test
  void noShardsAndNoSplitsAreRefused() {
    assertThatThrownBy(
            () ->
                ManifestFile.parse(
                    "x", bytes(text.replaceFirst("(?s)\"shards\" : .*?} ]", "\"shards\" : [ ]"))))
        .hasMessage("x is no manifest of a dataset: split \"train\" has no shards");
    assertThatThrownBy(
            () ->
                ManifestFile.parse(
                    "x", bytes(text.replaceFirst("(?s)\"splits\" : .*]", "\"splits\" : [ ]"))))
        .hasMessage("x is no manifest of a dataset: it has no splits");
  }

  @Test
  void whateverItSaysItIsReadOrBadData() {
    byte[] whole = bytes(text);
    SampleRandom random = new SampleRandom(18);
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        mutant[random.nextInt(mutant.length)] =
            random.nextInt(2) == 0
                ? (byte) random.nextLong()
                : (byte) "0-9\"[]{},n".charAt(random.nextInt(10));
      }
      try {
        assertThat(ManifestFile.parse("x", mutant).splits()).isNotEmpty();
      } catch (BellowsException e) {
        assertThat(e.category()).as("mutant " + i).isEqualTo(ErrorCategory.DATA);
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
