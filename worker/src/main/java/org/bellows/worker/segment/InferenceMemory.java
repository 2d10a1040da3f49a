// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import java.util.Collections;
import org.bellows.conf.EvaluateSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.NetworkDefinition;

/**
 * What the answer to one picture takes.
 *
 * @param shown the largest size that the network is shown, at most
 * @param sizes of pictures whose plans an engine may hold at once
 * @param heapBytes of arrays in Java's memory: the normalised picture, logits, means, label maps
 */
public record InferenceMemory(InputShape shown, int sizes, long heapBytes) {
  /** An engine keeps four plans; training needs one. */
  private static final int MOST_SIZES = 3;

  private static final int RGB = 3;

  /**
   * @param network for pictures of its own size
   * @param height of the highest picture
   * @param width of the widest picture
   */
  public static InferenceMemory of(
      NetworkDefinition definition,
      NetworkGraph network,
      EvaluateSettings evaluate,
      int height,
      int width) {
    InputShape input = network.inputShape();
    boolean isResized = evaluate.inference() == EvaluateSettings.Inference.RESIZE;
    boolean isWhole = isResized || evaluate.inference() == EvaluateSettings.Inference.WHOLE;
    double scale = Collections.max(evaluate.scales());
    int high = Segmenter.scaled(isResized ? input.height() : height, scale);
    int wide = Segmenter.scaled(isResized ? input.width() : width, scale);
    InputShape shown =
        isWhole ? FittingSizes.of(network, definition.sides()).atLeast(high, wide) : input;
    int sizes = isResized ? evaluate.scales().size() : isWhole ? MOST_SIZES : 1;
    // Truth and answer and their borders; of the worst pictures their pixels.
    long labels = (4L + RGB) * height * width;
    if (Segmenter.readsResized(evaluate)) {
      return new InferenceMemory(shown, 1, labels);
    }
    long classes = network.shape(network.answer()).asMap().channels();
    long scaled = Math.max((long) high * wide, (long) shown.height() * shown.width());
    // The picture, padded and mirrored; logits and sums of it; sums and their logarithms.
    long floats = 3 * (input.channels() + classes) * scaled + 2 * classes * height * width;
    return new InferenceMemory(shown, Math.min(MOST_SIZES, sizes), Float.BYTES * floats + labels);
  }
}
