// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.text.ValueText;

/** Contradictions between keys under {@code source}. */
final class SourceValidator {
  /** Labels are bytes, of which one is void. */
  private static final int MOST_PIXEL_CLASSES = 255;

  /** Names of options whose values are not to be seen. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)passw|passphrase|pwd|secret|token|credential|(access|private|account|shared).?key");

  /** Addresses that hold one. */
  private static final Pattern SECRET_VALUE =
      Pattern.compile("(?i)//[^/?#@:]*:[^/?#@]*@|[?&;,](password|passwd|pwd|secret|token)=");

  private static final String ENVIRONMENT = "env:";

  private final Problems problems;

  SourceValidator(Problems problems) {
    this.problems = problems;
  }

  void check(SourceSettings source) {
    checkSpark(source);
    if (source.labelColumn().isBlank()) {
      problems.add("source.label-column", "is empty; allowed: the name of a column");
    }
    checkLabels(source);
    checkThreshold(source);
    checkColours(source);
    checkInstances(source);
    checkDistinct("source.mask-values", source.maskValues());
    checkDistinct("source.mask-void", source.maskVoid());
    checkDistinct("source.pixel-classes", source.pixelClasses());
    int classes = source.pixelClasses().size();
    if (classes > MOST_PIXEL_CLASSES) {
      problems.add(
          "source.pixel-classes",
          "holds %d names, allowed: at most %d".formatted(classes, MOST_PIXEL_CLASSES));
    }
    int values = source.maskValues().size();
    if (classes > 0 && values > 0 && classes != values) {
      problems.add(
          "source.mask-values",
          "holds %d values, but source.pixel-classes %d names; allowed: none, or one a class"
              .formatted(values, classes));
    }
  }

  private void checkLabels(SourceSettings source) {
    if (source.labelSeparator().isEmpty()) {
      problems.add("source.label-separator", "is empty; allowed: at least one character");
    }
    boolean isOfOne =
        switch (source.format()) {
          case AUTO, CSV, JSONL, PARQUET, WEBDATASET, SPARK -> false;
          default -> true;
        };
    if (source.labels() == SourceSettings.Labels.MULTIPLE && isOfOne) {
      problems.add(
          "source.labels",
          "is multiple, but source.format is %s, whose images have one label each; allowed: single"
              .formatted(ValueText.name(source.format())));
    }
  }

  private void checkSpark(SourceSettings source) {
    if (source.format() == SourceSettings.Format.SPARK && source.sparkFormat().isBlank()) {
      problems.add(
          "source.spark-format",
          "is empty, but source.format is spark; allowed: what Spark reads with, such as orc, delta or jdbc");
    }
    for (String option : source.sparkOptions()) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        problems.add("source.spark-options", "holds \"%s\", allowed: NAME=VALUE".formatted(option));
      } else if (holdsSecret(option.substring(0, equals), option.substring(equals + 1))
          && !option.startsWith(ENVIRONMENT, equals + 1)) {
        problems.add(
            "source.spark-options",
            "holds the value of %s, which would be written to logs and results; allowed: %sNAME, an environment variable's"
                .formatted(option.substring(0, equals), ENVIRONMENT));
      }
    }
  }

  private static boolean holdsSecret(String name, String value) {
    return SECRET.matcher(name).find() || SECRET_VALUE.matcher(value).find();
  }

  private void checkThreshold(SourceSettings source) {
    boolean isOther =
        !source.maskValues().isEmpty() || source.maskShift() != 0 || !source.maskVoid().isEmpty();
    if (source.maskThreshold() > 0 && (isOther || !source.maskColours().isBlank())) {
      problems.add(
          "source.mask-threshold",
          "is %d, which gives labels 0 and 1 alone; allowed: 0, or source.mask-values, source.mask-shift, source.mask-void and source.mask-colours left as they are"
              .formatted(source.maskThreshold()));
    }
  }

  private void checkColours(SourceSettings source) {
    boolean isOther = !source.maskValues().isEmpty() || source.maskShift() != 0;
    if (!source.maskColours().isBlank() && (isOther || !source.maskVoid().isEmpty())) {
      problems.add(
          "source.mask-colours",
          "is \"%s\", but source.mask-values, source.mask-shift or source.mask-void is of values; allowed: one of the two (the table of colours itself says what is void)"
              .formatted(source.maskColours()));
    }
  }

  private void checkInstances(SourceSettings source) {
    boolean areFiles = source.maskFiles() == SourceSettings.MaskFiles.INSTANCES;
    switch (source.maskInstances()) {
      case FILES -> {
        if (!areFiles) {
          problems.add(
              "source.mask-instances",
              "is files, but source.mask-files is labels; allowed: source.mask-files=instances, or another value of source.mask-instances");
        }
      }
      case VALUES -> {
        boolean isOther =
            !source.maskValues().isEmpty()
                || source.maskShift() != 0
                || source.maskThreshold() > 0
                || !source.maskColours().isBlank();
        if (areFiles || isOther) {
          problems.add(
              "source.mask-instances",
              "is values, which takes a mask's values for objects' numbers; allowed: none, or source.mask-files=labels with source.mask-values, source.mask-shift, source.mask-threshold and source.mask-colours left as they are");
        }
      }
      case COMPONENTS -> {
        if (areFiles) {
          problems.add(
              "source.mask-instances",
              "is components, but source.mask-files is instances; allowed: none, files");
        }
      }
      case NONE -> {}
    }
  }

  private void checkDistinct(String key, List<?> values) {
    HashSet<Object> seen = new HashSet<>();
    for (Object value : values) {
      if (!seen.add(value)) {
        problems.add(key, "holds %s twice".formatted(value));
        return;
      }
    }
  }
}
