// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  record Row(long step, @MayBeNotFinite double loss, @JsonProperty(required = false) long newer) {}

  private static Row read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), Row.class, "row");
  }

  @Test
  void whatIsNotFiniteIsNullInAFileAndNaNAgainWhenRead() {
    for (double loss : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 1.0 / 0}) {
      String json = Json.line(new Row(1, loss, 2));
      assertThat(json).isEqualTo("{\"loss\":null,\"newer\":2,\"step\":1}");
      assertThat(read(json)).isEqualTo(new Row(1, Double.NaN, 2));
    }
    assertThat(Json.line(Map.of("all", List.of(0.1, Double.NaN, 1e300))))
        .isEqualTo("{\"all\":[0.1,null,1.0E300]}");
    assertThat(read(Json.line(new Row(1, 0.1, 2))).loss()).isEqualTo(0.1);
  }

  /** Before, the words stood there in quotes. */
  @Test
  void olderFilesAreRead() {
    assertThat(read("{\"loss\":\"NaN\",\"step\":1}")).isEqualTo(new Row(1, Double.NaN, 0));
    assertThat(read("{\"loss\":\"Infinity\",\"step\":1}").loss()).isEqualTo(1.0 / 0);
  }

  @Test
  void allElseMustBeThere() {
    assertThatThrownBy(() -> read("{\"loss\":1}"))
        .hasMessageContaining(
            "row (10 bytes) is damaged: Missing required creator property 'step'");
    assertThatThrownBy(() -> read("{\"step\":1}")).hasMessageContaining("'loss'");
  }
}
