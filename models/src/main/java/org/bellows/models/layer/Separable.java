// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

/**
 * A layer without parameters that computes Y = A X B^T of each channel X: a linear map of the rows
 * and one of the columns.
 */
public interface Separable {

  /**
   * The map of one side.
   *
   * @param from length of the side of the input
   * @param to length of the side of the output
   */
  SideMap side(int from, int to);
}
