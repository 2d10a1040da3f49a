// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.statistics.SplitStatistics;
import org.junit.jupiter.api.Test;

/**
 * A thousand classes are told by their sizes, and all of them are listed in a list to be opened.
 */
class ManyClassesTest {
  private static final int CLASSES = 1000;

  /** Class k has 1 + k / 10 samples. */
  private static DatasetStatistics statistics() {
    SplitStatistics train = new SplitStatistics("train", CLASSES);
    long id = 0;
    for (int label = 0; label < CLASSES; label++) {
      for (int i = 0; i <= label / 10; i++) {
        byte[] image = new byte[100];
        train.add(new EncodedSample(id++, label, Encoding.RAW8, 10, 10, 1, "raw#" + id, image), 60);
      }
    }
    return new DatasetStatistics(List.of(train), List.of());
  }

  private static DatasetManifest manifest() {
    List<String> names =
        IntStream.range(0, CLASSES).mapToObj("species number %d"::formatted).toList();
    return new DatasetManifest(1, names, List.of(), null);
  }

  @Test
  void theTerminalNamesTheLargestAndTheSmallest() {
    List<String> lines = DatasetText.of(manifest(), statistics()).lines().toList();
    assertThat(lines).hasSizeLessThan(30);
    assertThat(lines)
        .contains("species number 990                   100")
        .contains("... 980 classes between these, 1,000 in all")
        .contains("species number 9                       1")
        .doesNotContain("species number 500                    51");
  }

  @Test
  void thePageDrawsSizesAndListsAll() throws Exception {
    String page = page();
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    assertThat(page)
        .contains("Largest classes", "Smallest classes", "All 1,000 classes", "species number 500")
        .contains("images of a class");
    // A bar a class would be a thousand.
    assertThat(page.split("<rect").length).isLessThan(150);
  }

  private static String page() {
    return new DatasetPage(manifest(), statistics(), Map.of()).render("many");
  }

  /** Writes the page to look at. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0], "dataset-1000.html"), page());
  }
}
