// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.pretrained;

/**
 * A layer of another project's network.
 *
 * @param name of its module there
 * @param pointwise a dense layer of ours that is a 1x1 convolution there
 * @param outputs at index i: which of its output channels is our channel i; null: the same
 * @param inputs likewise for its input channels
 */
public record SourceLayer(String name, boolean pointwise, int[] outputs, int[] inputs) {

  public static SourceLayer of(String name) {
    return new SourceLayer(name, false, null, null);
  }

  public static SourceLayer pointwise(String name) {
    return new SourceLayer(name, true, null, null);
  }

  public SourceLayer ordered(int[] ownOutputs, int[] ownInputs) {
    return new SourceLayer(name, pointwise, ownOutputs, ownInputs);
  }
}
