// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.models.layer.Kernel;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.onednn.node.WindowGeometry;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.Pass;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bellows.worker.natives.NativeLibraries;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowConvolutionTest {
  /** {@link PlanBuilder#view} refuses one that reaches beyond: what lies there may be NaN. */
  @ParameterizedTest
  @ValueSource(longs = {8, 16})
  void readsInsideOfThePaddedImageHoweverSmallThatIs(long channelBlock) {
    NativeLibraries.load();
    try (OneDnn oneDnn = new OneDnn()) {
      PlanBuilder plan = PlanBuilder.counting(oneDnn, Pass.of(1, true, Arithmetic.USUAL));
      Tensor image = null;
      for (long side = 1; side <= 4; side++) {
        for (int kernel : new int[] {1, 3, 5, 7}) {
          for (long channels = 1; channels <= 4; channels++) {
            long[] shape = {1, channels, side, side};
            RowConvolution rows =
                new RowConvolution(shape, WindowGeometry.of(Kernel.same(kernel)), channelBlock);
            image = plan.tensor(OneDnn.plain(shape));
            Tensor read = rows.read(plan, image, OneDnn.plain(rows.shape()));
            assertThat(read.shape()).containsExactly(rows.shape());
          }
        }
      }
      plan.finish(image).close();
    }
  }
}
