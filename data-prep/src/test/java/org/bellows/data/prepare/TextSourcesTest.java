// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.TestImages;
import org.bellows.data.TestTree;
import org.bellows.data.prepare.listing.TestListing;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.text.TextLines;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What stands in a manifest is read as it stands, or its row is refused. Listing only: no Spark.
 */
class TextSourcesTest {
  @TempDir Path source;

  @BeforeEach
  void writeImages() throws IOException {
    for (int i = 0; i < 4; i++) {
      TestTree.put(source, i + ".jpg", TestImages.jpeg(20, 30));
    }
  }

  private List<SourceItem> items(String name, String text) throws IOException {
    return items(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private List<SourceItem> items(String name, byte[] text) throws IOException {
    Path manifest = Files.write(source.resolve(name), text);
    return TestListing.items(TestListing.find("source.path=" + manifest));
  }

  private static List<String> refusals(List<SourceItem> items) {
    return items.stream()
        .filter(item -> item.refusal() != null)
        .map(item -> item.refusal().kind() + " " + item.refusal().reason())
        .toList();
  }

  private static List<String> labels(List<SourceItem> items) {
    return items.stream().map(SourceItem::label).filter(label -> label != null).toList();
  }

  @Test
  void aRowThatIsNotUtf8IsRefused() throws IOException {
    String rows = "path,label\n0.jpg,K\u00E4se\n1.jpg,K\u00F6se\n2.jpg,dog\n";
    assertThat(items("a.csv", rows)).extracting(SourceItem::refusal).containsOnlyNulls();
    List<SourceItem> csv = items("a.csv", rows.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(labels(csv)).containsExactly("dog");
    assertThat(refusals(csv))
        .containsExactly(
            "BAD_ROW row 2 is not UTF-8: byte 0xE4 after \"0.jpg,K\"",
            "BAD_ROW row 3 is not UTF-8: byte 0xF6 after \"1.jpg,K\"");
    byte[] lines =
        "{\"path\":\"0.jpg\",\"label\":\"K\u00E4se\"}\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(refusals(items("a.jsonl", lines)))
        .containsExactly(
            "BAD_ROW row 1 is not UTF-8: byte 0xE4 after \"\":\"0.jpg\",\"label\":\"K\"");
    assertThatThrownBy(
            () -> items("a.csv", "path,l\u00E4bel\n".getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(BellowsException.class)
        .hasMessageEndingWith("a.csv is not UTF-8: byte 0xE4 after \"path,l\"");
    assertThatThrownBy(() -> items("a.csv", "\uFEFFpath".getBytes(StandardCharsets.UTF_16LE)))
        .hasMessageEndingWith("a.csv is UTF-16 text, expected UTF-8");
  }

  @Test
  void aMarkIsPassedOver() throws IOException {
    assertThat(labels(items("a.jsonl", "\uFEFF{\"path\":\"0.jpg\",\"label\":\"cat\"}\n")))
        .containsExactly("cat");
    assertThat(labels(items("a.csv", "\uFEFFpath,label\r\n0.jpg,cat\r\n"))).containsExactly("cat");
  }

  @Test
  void anObjectALineAndEachNameOnce() throws IOException {
    String lines =
        """
        {"path":"0.jpg","label":"cat"}
        {"path":"1.jpg","label":"dog"}{"path":"2.jpg","label":"cat"}
        {"path":"1.jpg","label":"dog","label":"cat"}
        {"path":"1.jpg","label":"dog"},
        {"path":"3.jpg","label":"dog"}\t
        """;
    List<SourceItem> items = items("a.jsonl", lines);
    assertThat(labels(items)).containsExactly("cat", "dog");
    assertThat(refusals(items))
        .containsExactly(
            "BAD_ROW row 2 continues after its first JSON object, expected one object a line",
            "BAD_ROW row 3 is not JSON: Duplicate field 'label'",
            "BAD_ROW row 4 is not JSON: Unexpected character (',' (code 44)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')");
  }

  @Test
  void whatStandsInPlaceOfALabelIsSaid() throws IOException {
    String lines =
        """
        {"path":"0.jpg","label":1.0}
        {"path":"0.jpg","label":true}
        {"path":"0.jpg","label":["cat"]}
        {"path":"0.jpg","label":{"name":"cat"}}
        {"path":"0.jpg","label":null}
        {"path":"0.jpg","label":-1}
        {"path":"0.jpg","label":7,"mask":["0.jpg"]}
        {"path":"0.jpg","label":"\\ud800"}
        {"path":"0.jpg","label":7,"comment":[1.5]}
        """;
    List<SourceItem> items = items("a.jsonl", lines);
    assertThat(refusals(items))
        .containsExactly(
            "BAD_ROW row 1 has 1.0 as label, expected text or a whole number",
            "BAD_ROW row 2 has true as label, expected text or a whole number",
            "BAD_ROW row 3 has a list as label, expected text or a whole number; source.labels = multiple takes lists",
            "BAD_ROW row 4 has an object as label, expected text or a whole number",
            "BAD_ROW row 5 has no label",
            "BAD_ROW row 6 has label -1, expected a whole number of 0 to 999999",
            "BAD_ROW row 7 has a list as mask, expected text or a whole number",
            "BAD_ROW row 8 has label with half a character");
    assertThat(labels(items)).containsExactly("7");
  }

  @Test
  void rowsOfCsvAreRefusedOneByOne() throws IOException {
    String rows =
        """
        path,label,note
        0.jpg,cat,"over
        two lines, ""quoted\"""
        1.jpg,"dog"s,broken
        2.jpg,5" disk,a quote in between opens nothing
        3.jpg,cat,"
        "
        """;
    List<SourceItem> items = items("a.csv", rows);
    assertThat(labels(items)).containsExactly("cat", "5\" disk", "cat");
    assertThat(refusals(items)).singleElement().asString().startsWith("BAD_ROW row 3 is not CSV: ");
    assertThatThrownBy(() -> items("a.csv", "path,label\n0.jpg,cat\n\"1.jpg,cat\n2.jpg,cat\n"))
        .isInstanceOf(BellowsException.class)
        .hasMessageEndingWith(
            "a.csv is not CSV in or after line 3 (row 3): a quote is opened there and not closed within the file");
    assertThatThrownBy(() -> items("a.csv", "path,label,path\n"))
        .hasMessageEndingWith("a.csv has the column \"path\" twice: path, label and path");
  }

  @Test
  void aLineOfManyMegabytesIsRefusedWithItsRow() throws IOException {
    byte[] rows = new byte[24_000_000];
    Arrays.fill(rows, (byte) 'x');
    byte[] head = "path,label\n0.jpg,cat\n1.jpg,".getBytes(StandardCharsets.UTF_8);
    byte[] tail = "\n2.jpg,dog\n".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(head, 0, rows, 0, head.length);
    System.arraycopy(tail, 0, rows, rows.length - tail.length, tail.length);
    Path manifest = Files.write(source.resolve("manifest.csv"), rows);
    List<SourceItem> items = TestListing.items(TestListing.find("source.path=" + manifest));
    assertThat(labels(items)).containsExactlyInAnyOrder("cat", "dog");
    assertThat(refusals(items))
        .containsExactly(
            "BAD_ROW row 3 is a line of %d bytes, allowed are %d"
                .formatted(rows.length - head.length - tail.length + 6, TextLines.MOST_BYTES));
  }

  @Test
  void aRowIsRefusedWhoseAddressLeadsNowhere() throws IOException {
    String rows =
        """
        path,label,mask
        0.jpg,cat,
        gopher://host/1.jpg,cat,
        hdfs://no-such-host.invalid/1.jpg,cat,
        hdfs://no-such-host.invalid/2.jpg,cat,
        hdfs://127.0.0.1:1/3.jpg,cat,
        1.jpg,cat,gopher://host/1.png
        1.jpg,dog,
        """;
    Path manifest = Files.writeString(source.resolve("a.csv"), rows);
    // As a running job has it: a refused connection is waited out for a minute or more.
    Configuration patient = new Configuration();
    patient.setBoolean("dfs.client.retry.policy.enabled", true);
    patient.set("dfs.client.retry.policy.spec", "5000,2,25000,2");
    List<SourceItem> items =
        assertTimeoutPreemptively(
            Duration.ofSeconds(40),
            () -> TestListing.items(TestListing.find("source.path=" + manifest), patient));
    assertThat(labels(items)).containsExactly("cat", "dog");
    assertThat(refusals(items))
        .hasSize(5)
        .satisfies(
            all -> {
              assertThat(all.get(0))
                  .startsWith("BAD_ROW row 3 ")
                  .endsWith("No FileSystem for scheme \"gopher\"");
              assertThat(all.get(1)).startsWith("BAD_ROW row 4 ").contains("no-such-host.invalid");
              assertThat(all.get(2)).startsWith("BAD_ROW row 5 ").contains("no-such-host.invalid");
              assertThat(all.get(3)).startsWith("UNREACHABLE row 6 names hdfs://127.0.0.1:1/3.jpg");
              assertThat(all.get(4)).startsWith("BAD_ROW row 7 has a mask and ").contains("gopher");
            });
  }

  @Test
  void onlyWhereNobodyAnsweredAtAllIsWaitingOfUse() {
    List<String> first = List.of("manifest.csv#2 row 2 names x");
    for (long reached : List.of(0L, 1L)) {
      Refusals refusals = new Refusals(3, 3 + reached, Map.of("UNREACHABLE", 3L), first);
      assertThatThrownBy(() -> refusals.requireFew(0, "quarantine.tsv"))
          .isInstanceOfSatisfying(
              BellowsException.class,
              e ->
                  assertThat(e.category())
                      .isEqualTo(reached == 0 ? ErrorCategory.INFRASTRUCTURE : ErrorCategory.DATA));
    }
  }

  @Test
  void oneSpellingOfAClassInEachSplitIsToldAsSuch() throws IOException {
    String rows = "path,label,split\n0.jpg,K\u00E4se,train\n1.jpg,Ka\u0308se,val\n";
    assertThatThrownBy(() -> items("a.csv", rows))
        .hasMessageContaining("are one name in two Unicode spellings");
    Files.writeString(source.resolve("classes.txt"), "K\u00E4se\ndog\n");
    assertThat(labels(items("a.csv", rows))).hasSize(2);
  }
}
