// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UnwrappedTest {
  @JsonIgnoreProperties(value = "count", allowGetters = true)
  record Row(String name, @Unwrapped Map<String, Double> numbers, List<Row> inner, byte[] bytes) {
    @JsonProperty
    public int count() {
      return numbers.size();
    }
  }

  private static Row row(Map<String, Double> numbers, Row... inner) {
    return new Row("a", numbers, List.of(inner), new byte[] {1, 2, 3});
  }

  private static Row read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), Row.class, "row");
  }

  @Test
  void membersStandAmongThoseOfTheRecordByName() {
    Map<String, Double> numbers =
        new TreeMap<>(Map.of("z", 0.1, "alpha", 1.0, "k", Double.NaN, "c", 1e300));
    assertThat(Json.line(row(numbers)))
        .isEqualTo(
            "{\"alpha\":1.0,\"bytes\":\"AQID\",\"c\":1.0E300,\"inner\":[],\"k\":null,\"name\":\"a\","
                + "\"z\":0.1,\"count\":4}");
    assertThat(new String(Json.pretty(row(Map.of("b", 0.5))), StandardCharsets.UTF_8))
        .startsWith("{\n  \"b\" : 0.5,\n  \"bytes\" : \"AQID\",\n")
        .endsWith("\n  \"count\" : 1\n}");
  }

  @Test
  void whatIsNoneOfTheRecordsOwnIsTheComponents() {
    Row inner = row(Map.of("x", 2.5));
    Row outer = row(Map.of("b", 0.1, "z", -3.0), inner, inner);
    Row again = read(Json.line(outer));
    assertThat(again.numbers()).isEqualTo(outer.numbers());
    assertThat(again.inner()).hasSize(2).allSatisfy(r -> assertThat(r.numbers()).hasSize(1));
    assertThat(again.bytes()).isEqualTo(outer.bytes());
    assertThat(read("{\"name\":\"a\",\"inner\":[],\"bytes\":\"\"}").numbers()).isEmpty();
  }

  @Test
  void damageIsFound() {
    for (String member : Arrays.asList("name", "inner", "bytes")) {
      String json = "{\"name\":\"a\",\"inner\":[],\"bytes\":\"\"}".replace(member, "other");
      assertThatThrownBy(() -> read(json)).as(json).hasMessageStartingWith("row (");
    }
    assertThatThrownBy(() -> read("{\"inner\":[],\"bytes\":\"\"}"))
        .hasMessage(
            "row (23 bytes) is damaged: Missing required creator property 'name' (index 0)");
    assertThatThrownBy(() -> read("{\"name\":null,\"inner\":[],\"bytes\":\"\"}"))
        .hasMessage("row is damaged: its member name is null");
    assertThatThrownBy(() -> read("{\"name\":\"a\",\"inner\":[],\"bytes\":\"\",\"x\":{}}"))
        .hasMessageContaining("is damaged: Cannot deserialize value of type `java.lang.Double`");
    assertThatThrownBy(() -> read("[]")).hasMessageContaining("from Array value");
    assertThatThrownBy(() -> read("{\"name\":\"a\",")).hasMessageContaining("end-of-input");
  }
}
