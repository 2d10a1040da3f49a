// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Test;

/** What labels mean does not hang on a single one of them. */
class ClassLabelsTest {
  private static Map<String, Long> found(int each, String... labels) {
    Map<String, Long> found = new TreeMap<>();
    for (String label : labels) {
      found.put(label, (long) each);
    }
    return found;
  }

  private static Map<String, Long> with(Map<String, Long> found, String label) {
    found.put(label, 1L);
    return found;
  }

  @Test
  void numbersStayIndicesWhateverStandsBesideThem() {
    for (String odd : List.of("-1", "+1", "1.0", "007", "1e3", "NaN", "1000000", "99999999999")) {
      ClassLabels.Table table = ClassLabels.found().resolve(with(found(1, "0", "2", "10"), odd));
      assertThat(table.names()).as(odd).hasSize(11).startsWith("0", "1", "2").endsWith("10");
      assertThat(table.refused())
          .isEqualTo(
              Map.of(
                  odd,
                  "has label \"%s\", expected a whole number of 0 to 999999, as the others have"
                      .formatted(odd)));
    }
  }

  @Test
  void aWordAmongManyNumbersIsRefusedAndAmongFewIsAName() {
    ClassLabels.Table many = ClassLabels.found().resolve(with(found(3, "0", "1", "2"), "cat"));
    assertThat(many.names()).containsExactly("0", "1", "2");
    assertThat(many.refused()).containsOnlyKeys("cat");
    ClassLabels.Table few = ClassLabels.found().resolve(found(4, "30", "50", "stop", "yield"));
    assertThat(few.names()).containsExactly("30", "50", "stop", "yield");
    assertThat(few.refused()).isEmpty();
    ClassLabels.Table none = ClassLabels.found().resolve(found(4, "1.0", "-1"));
    assertThat(none.names()).containsExactly("-1", "1.0");
  }

  @Test
  void numbersFilledUpWithZerosAreNamesAsBefore() {
    Map<String, Long> padded = found(1000, "10", "11", "42");
    padded.putAll(found(1, "00", "01"));
    ClassLabels.Table table = ClassLabels.found().resolve(padded);
    assertThat(table.names()).containsExactly("00", "01", "10", "11", "42");
    assertThat(table.refused()).isEmpty();
  }

  @Test
  void aClassFileDecides() {
    ClassLabels file = new ClassLabels(List.of(), List.of("-1", "1", "K\u00E4se"), "classes.txt");
    ClassLabels.Table names = file.resolve(found(5, "1", "-1"));
    assertThat(names.indices()).containsEntry("-1", 0).containsEntry("1", 1);
    assertThat(names.refused()).isEmpty();
    ClassLabels.Table numbers = file.resolve(found(5, "0", "3"));
    assertThat(numbers.names()).isEqualTo(file.names());
    assertThat(numbers.refused())
        .isEqualTo(Map.of("3", "has label 3, but classes.txt names 3 classes"));
    assertThat(file.resolve(found(5, "cat", "-1", "Ka\u0308se")).refused())
        .containsEntry("cat", "has label \"cat\", which is none of the 3 classes of classes.txt")
        .extractingByKey("Ka\u0308se")
        .asString()
        .startsWith(
            "has a label that the 3 classes of classes.txt have in another Unicode spelling only:");
  }

  @Test
  void oneNameInTwoSpellingsIsToldAsSuch() {
    assertThatThrownBy(
            () -> ClassLabels.found().resolve(found(5, "cat", "K\u00E4se", "Ka\u0308se")))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "classes \"Ka\u0308se\" (with U+0061 U+0308) and \"K\u00E4se\" (with U+00E4 U+0073) are one name in two Unicode spellings: two classes, or one?");
  }

  @Test
  void soAreFoldersOfClasses() {
    List<String> folders = List.of("Ka\u0308se", "K\u00E4se", "dog");
    ClassLabels tree = ClassLabels.fixed(folders, folders);
    assertThatThrownBy(() -> tree.resolve(found(5, "dog")))
        .hasMessageContaining("are one name in two Unicode spellings");
  }

  @Test
  void anItemWithoutMeaningIsRefused() {
    ClassLabels.Table table = ClassLabels.found().resolve(with(found(9, "0", "1"), "-1"));
    SourceItem good = SourceItem.of("train", "a.jpg", "1", 5, null);
    assertThat(table.checked(good)).isSameAs(good);
    assertThat(table.checked(SourceItem.of("train", "b.jpg", "-1", 5, null)).refusal().kind())
        .isEqualTo("BAD_LABEL");
    SourceItem refused = SourceItem.refused("train", "c.jpg", "BAD_ROW", "is bad");
    assertThat(table.checked(refused)).isSameAs(refused);
  }
}
