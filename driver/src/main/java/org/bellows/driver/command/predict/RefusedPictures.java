// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.predict;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.text.PrintableText;
import org.bellows.driver.job.PartialFailureException;
import org.bellows.driver.predict.ImageArguments;
import org.bellows.worker.files.Json;

/** The named pictures that are not predicted. The others are. */
final class RefusedPictures {
  private static final int MOST_REASONS = 20;

  private final Map<String, String> reasons = new LinkedHashMap<>();
  private final boolean asJson;

  /**
   * @param asJson whether they are printed as an object a line
   */
  RefusedPictures(boolean asJson) {
    this.asJson = asJson;
  }

  /** The pictures of an argument; none where it is refused. */
  ImageArguments.Found find(Configuration hadoop, String argument) {
    try {
      return ImageArguments.find(hadoop, argument);
    } catch (BellowsException e) {
      add(argument, e);
      return new ImageArguments.Found(List.of(), 0);
    }
  }

  /** Where a disk or a network does not answer, the next image would not be read either. */
  void add(String image, BellowsException failure) {
    if (failure.category() != ErrorCategory.DATA
        && failure.category() != ErrorCategory.CONFIGURATION) {
      throw failure;
    }
    add(image, failure.getMessage());
  }

  void add(String image, String reason) {
    if (asJson) {
      System.out.println(Json.line(Map.of("source", image, "reason", reason)));
    } else {
      System.out.println(PrintableText.name(image));
      System.out.println("  refused: " + reason);
    }
    reasons.put(image, reason);
  }

  /**
   * @param metrics of what was predicted
   * @param predicted number of pictures
   * @param passedOver entries of folders that by their names are no pictures
   * @return the metrics with what was refused and passed over
   * @throws PartialFailureException when a picture was refused
   */
  Map<String, Object> result(Map<String, Object> metrics, int predicted, int passedOver) {
    metrics.put("refused", reasons);
    metrics.put("passed-over", passedOver);
    if (passedOver > 0 && !asJson) {
      System.out.printf(
          Locale.ROOT,
          "passed over in folders: %,d entries whose names do not end as a picture's%n",
          passedOver);
    }
    requireNone(reasons.values(), reasons.size(), reasons.size() + predicted, metrics);
    return metrics;
  }

  /**
   * @param reasons of the refused ones, or of some of them
   * @param refused number of pictures
   * @param all number of pictures
   * @throws PartialFailureException when a picture was refused
   */
  static void requireNone(
      Iterable<String> reasons, long refused, long all, Map<String, Object> metrics) {
    if (refused == 0) {
      return;
    }
    List<String> first =
        StreamSupport.stream(reasons.spliterator(), false).limit(MOST_REASONS).toList();
    String lines = first.stream().map(reason -> "\n  " + reason).collect(Collectors.joining());
    String more =
        refused > first.size() ? "\n  and %,d more".formatted(refused - first.size()) : "";
    throw new PartialFailureException(
        all == 1
            ? first.get(0)
            : "%,d of %,d images %s refused:%s%s"
                .formatted(refused, all, refused == 1 ? "was" : "were", lines, more),
        metrics);
  }
}
