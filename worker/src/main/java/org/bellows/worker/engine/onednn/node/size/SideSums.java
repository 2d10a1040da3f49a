// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.size;

import java.util.Arrays;
import org.bellows.models.layer.SideMap;

/**
 * A linear map of a piece's rows and one of its columns, and the transpose of both. The side that
 * makes the piece smaller comes first, so that the second has less to do.
 */
final class SideSums {
  private final SideMap down;
  private final SideMap across;
  private final int inner;
  private final boolean downFirst;
  private final float[] between;

  /**
   * @param inner values of a pixel
   */
  SideSums(SideMap down, SideMap across, int inner) {
    this.down = down;
    this.across = across;
    this.inner = inner;
    this.downFirst = down.to() <= down.from();
    this.between =
        new float
            [downFirst ? down.to() * across.from() * inner : down.from() * across.to() * inner];
  }

  /**
   * @param input [down.from, across.from, inner]
   * @param output [down.to, across.to, inner], overwritten
   */
  void forward(float[] input, float[] output) {
    if (downFirst) {
      rows(input, between, across.from() * inner);
      columns(between, output, down.to());
    } else {
      columns(input, between, down.from());
      rows(between, output, across.to() * inner);
    }
  }

  /**
   * The transpose.
   *
   * @param error [down.to, across.to, inner]
   * @param output [down.from, across.from, inner], overwritten
   */
  void backward(float[] error, float[] output) {
    if (downFirst) {
      columnsBack(error, between, down.to());
      rowsBack(between, output, across.from() * inner);
    } else {
      rowsBack(error, between, across.to() * inner);
      columnsBack(between, output, down.from());
    }
  }

  private void rows(float[] from, float[] to, int length) {
    Arrays.fill(to, 0);
    for (int i = 0; i < down.to(); i++) {
      double[] shares = down.shares()[i];
      for (int j = 0; j < shares.length; j++) {
        add((float) shares[j], from, (down.first()[i] + j) * length, to, i * length, length);
      }
    }
  }

  private void rowsBack(float[] from, float[] to, int length) {
    Arrays.fill(to, 0);
    for (int i = 0; i < down.to(); i++) {
      double[] shares = down.shares()[i];
      for (int j = 0; j < shares.length; j++) {
        add((float) shares[j], from, i * length, to, (down.first()[i] + j) * length, length);
      }
    }
  }

  private void columns(float[] from, float[] to, int rows) {
    Arrays.fill(to, 0);
    for (int i = 0; i < across.to(); i++) {
      double[] shares = across.shares()[i];
      for (int j = 0; j < shares.length; j++) {
        float share = (float) shares[j];
        int seen = across.first()[i] + j;
        for (int row = 0; row < rows; row++) {
          int source = (row * across.from() + seen) * inner;
          add(share, from, source, to, (row * across.to() + i) * inner, inner);
        }
      }
    }
  }

  private void columnsBack(float[] from, float[] to, int rows) {
    Arrays.fill(to, 0);
    for (int i = 0; i < across.to(); i++) {
      double[] shares = across.shares()[i];
      for (int j = 0; j < shares.length; j++) {
        float share = (float) shares[j];
        int seen = across.first()[i] + j;
        for (int row = 0; row < rows; row++) {
          int target = (row * across.from() + seen) * inner;
          add(share, from, (row * across.to() + i) * inner, to, target, inner);
        }
      }
    }
  }

  private static void add(
      float share, float[] from, int source, float[] to, int target, int count) {
    for (int k = 0; k < count; k++) {
      to[target + k] += share * from[source + k];
    }
  }
}
