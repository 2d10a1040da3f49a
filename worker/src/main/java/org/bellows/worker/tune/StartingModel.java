// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.io.Serializable;
import java.util.List;
import org.bellows.conf.AugmentSettings;
import org.bellows.data.batch.InputSpec;

/**
 * The arrays that a run takes from the model that it starts from.
 *
 * @param parametersSha256 of the model's parameters; empty: there is no such model
 * @param mean per channel, that the model's pictures were normalised with
 * @param standardDeviation likewise
 * @param taken names of the parameter arrays that the run starts with
 * @param fresh names of those that start from the seed
 */
public record StartingModel(
    String parametersSha256,
    List<Float> mean,
    List<Float> standardDeviation,
    List<String> taken,
    List<String> fresh)
    implements Serializable {
  private static final int NAMED_ARRAYS = 12;

  public StartingModel {
    mean = List.copyOf(mean);
    standardDeviation = List.copyOf(standardDeviation);
    taken = List.copyOf(taken);
    fresh = List.copyOf(fresh);
  }

  /** The run starts from its seed alone. */
  public static StartingModel none() {
    return new StartingModel("", List.of(), List.of(), List.of(), List.of());
  }

  public boolean isPresent() {
    return !parametersSha256.isEmpty();
  }

  /**
   * The input as the model knows it: normalised as its pictures were, but for what {@code
   * augment.mean} and {@code augment.standard-deviation} state.
   */
  public InputSpec normalised(InputSpec input) {
    AugmentSettings augment = input.augment();
    return new InputSpec(
        augment,
        input.channels(),
        input.height(),
        input.width(),
        augment.mean().isEmpty() ? floats(mean) : input.mean(),
        augment.standardDeviation().isEmpty()
            ? floats(standardDeviation)
            : input.standardDeviation(),
        input.seed(),
        input.maskFill());
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  /** For a person. */
  public String summary(String path) {
    return "starts from %s: %d arrays taken, %d new from the seed%s"
        .formatted(path, taken.size(), fresh.size(), fresh.isEmpty() ? "" : ": " + named(fresh));
  }

  private static String named(List<String> arrays) {
    String first = String.join(", ", arrays.subList(0, Math.min(NAMED_ARRAYS, arrays.size())));
    int more = arrays.size() - NAMED_ARRAYS;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
