// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bellows.worker.predict.ClassPrediction;

/**
 * What the networks say of a picture.
 *
 * @param id its place in the split, the source or the list of arguments, from 0
 * @param source where it came from
 * @param className the likeliest class; null where there is no answer
 * @param probability of it, 0 to 1; null likewise
 * @param top the likeliest classes, likeliest first; null likewise
 * @param labels the classes whose probability reaches its threshold, where a picture is of any
 *     number of them; else, or without an answer, null
 * @param reason null, or why there is no answer: a predicate
 */
public record PredictionRow(
    long id,
    String source,
    @JsonProperty("class") String className,
    Float probability,
    List<Likely> top,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<String> labels,
    String reason) {
  /** The reason of a picture that is not refused, to which the networks say no numbers. */
  public static final String NOT_FINITE = "has an answer that is not finite (NaN or infinite)";

  /**
   * A class and how likely it is.
   *
   * @param probability 0 to 1
   */
  public record Likely(@JsonProperty("class") String className, float probability) {}

  /**
   * The row of a picture.
   *
   * @param classes of the model, by label
   */
  public static PredictionRow of(
      long id, String source, ClassPrediction answer, List<String> classes) {
    if (answer.isRefused() || answer.isNotFinite()) {
      String reason = answer.isRefused() ? answer.refusal() : NOT_FINITE;
      return refused(id, source, reason);
    }
    List<Likely> top = new ArrayList<>();
    for (int rank = 0; rank < answer.top().length; rank++) {
      top.add(new Likely(classes.get(answer.top()[rank]), answer.probabilities()[rank]));
    }
    List<String> labels =
        answer.labels() == null
            ? null
            : IntStream.of(answer.labels()).mapToObj(classes::get).toList();
    return new PredictionRow(
        id,
        source,
        top.get(0).className(),
        top.get(0).probability(),
        List.copyOf(top),
        labels,
        null);
  }

  /** The row of a picture that was refused. */
  public static PredictionRow refused(long id, String source, String reason) {
    return new PredictionRow(id, source, null, null, null, null, reason);
  }
}
