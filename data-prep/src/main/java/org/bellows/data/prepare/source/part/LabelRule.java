// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import org.bellows.conf.SourceSettings;

/**
 * How the value of a label's field becomes labels.
 *
 * @param areSeveral whether a picture has any number of labels, else exactly one
 * @param separator between the labels in one text; not empty
 */
public record LabelRule(boolean areSeveral, String separator) implements Serializable {
  public static LabelRule of(SourceSettings settings) {
    return new LabelRule(
        settings.labels() == SourceSettings.Labels.MULTIPLE, settings.labelSeparator());
  }

  /** The labels of a text, which is one label itself unless there may be several; each once. */
  public List<String> of(String text) {
    return areSeveral
        ? cleaned(List.of(text.split(Pattern.quote(separator), -1)))
        : List.of(text.strip());
  }

  /**
   * Several labels without white space around them, without empty ones, each once, in byte order:
   * the order of the source, which may be that of chance, does not reach the fingerprint.
   */
  public static List<String> cleaned(List<String> labels) {
    return labels.stream()
        .map(String::strip)
        .filter(label -> !label.isEmpty())
        .distinct()
        .sorted(SourceItem.BYTE_ORDER)
        .toList();
  }
}
