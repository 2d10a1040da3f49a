// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassListsTest {
  @Test
  void fewAreListedAndOfManyTheFirstDifferenceIsSaid() {
    List<String> few = List.of("cat", "dog");
    assertThat(ClassLists.text(few, List.of("cat"))).isEqualTo("cat and dog");
    List<String> many = IntStream.range(0, 10_000).mapToObj(label -> "c" + label).toList();
    List<String> other = new ArrayList<>(many);
    other.set(7000, "odd");
    assertThat(ClassLists.text(many, other)).isEqualTo("10000 (label 7000 is \"c7000\")");
    assertThat(ClassLists.text(other, many)).isEqualTo("10000 (label 7000 is \"odd\")");
    assertThat(ClassLists.text(few, many)).isEqualTo("2 (label 0 is \"cat\")");
    assertThat(ClassLists.text(many.subList(0, 30), many)).isEqualTo("30 (label 30 is missing)");
  }
}
