// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.bellows.conf.Precision;
import org.bellows.conf.text.ValueText;

/**
 * What was found in one number format.
 *
 * @param unsupported why the engine does not compute in it here; null where it does
 */
record PrecisionReport(
    Precision precision,
    @JsonProperty(required = false) String unsupported,
    List<Agreement> layers,
    List<Agreement> networks,
    List<LossCourse> losses,
    List<Repeats> repeats,
    List<Speed> speeds) {

  static PrecisionReport unsupported(Precision precision, String reason) {
    return new PrecisionReport(
        precision, reason, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  boolean holds() {
    return layers.stream().allMatch(Agreement::holds)
        && networks.stream().allMatch(Agreement::holds)
        && losses.stream().allMatch(LossCourse::holds)
        && repeats.stream().allMatch(Repeats::holds);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    String name = ValueText.name(precision);
    if (unsupported != null) {
      return "%s: not computed here: %s%n".formatted(name, unsupported);
    }
    text.append("%s%n".formatted(name));
    layers.forEach(row -> text.append(row.line()));
    networks.forEach(row -> text.append(row.line()));
    losses.forEach(row -> text.append(row.line()));
    repeats.forEach(row -> text.append(row.line()));
    speeds.forEach(row -> text.append(row.line()));
    return text.toString();
  }
}
