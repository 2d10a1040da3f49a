// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.resnet;

import java.util.List;
import org.bellows.models.layer.Kernel;

/**
 * Which stages keep the size of their map, and how far apart the pixels are that their 3x3
 * convolutions see instead (Chen et al. 2017, "Rethinking Atrous Convolution", section 3.1).
 *
 * @param firstDilated the first stage, from 0, that has no stride; 4: none
 * @param multiGrid factors of the rates of the last stage's blocks (section 3.2.1); empty: all 1
 * @param isUniform whether the first block of a stage has the stage's own rate, as PSPNet's authors
 *     have it, else the rate of the stage before, as torchvision has it
 */
public record StageDilation(int firstDilated, List<Integer> multiGrid, boolean isUniform) {
  private static final int STAGES = 4;

  /** All stages but the first halve the map. */
  public static final StageDilation NONE = new StageDilation(STAGES, List.of(), false);

  /** The map of the last two stages is an eighth of the image. */
  public static final StageDilation STRIDE_8 = new StageDilation(2, List.of(), false);

  /** The map of the last two stages is a sixteenth of the image. */
  public static final StageDilation STRIDE_16 = new StageDilation(3, List.of(), false);

  /** Whether a stage, from 0, has a dilated convolution where others have a stride. */
  boolean isDilated(int stage) {
    return stage >= firstDilated;
  }

  /** The 3x3 convolution of a block, without its stride; the map keeps its size. */
  Kernel filter(int stage, int block) {
    int doublings = Math.max(0, stage - firstDilated + 1);
    if (block == 0 && !isUniform && doublings > 0) {
      doublings--;
    }
    int rate = 1 << doublings;
    if (stage == STAGES - 1 && !multiGrid.isEmpty()) {
      rate *= multiGrid.get(Math.min(block, multiGrid.size() - 1));
    }
    return Kernel.of(3).padding(rate).dilation(rate);
  }
}
