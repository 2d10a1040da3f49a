// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.natives.NativeLibraries;
import org.junit.jupiter.api.Test;

class PlanBuilderTest {
  @Test
  void viewsNothingBeyondAnArray() {
    NativeLibraries.load();
    try (OneDnn oneDnn = new OneDnn()) {
      PlanBuilder plan = PlanBuilder.counting(oneDnn, Pass.of(1, true, Arithmetic.USUAL));
      plan.enter("conv1", Instruction.Phase.FORWARD);
      Tensor array = plan.tensor(OneDnn.plain(2, 2));
      assertThat(plan.view(array, OneDnn.plain(4)).elements()).isEqualTo(4);
      assertThatThrownBy(
              () -> plan.view(array, OneDnn.strided(new long[] {2, 2}, new long[] {3, 1})))
          .hasMessage("conv1 views 20 bytes of an array of 16 bytes");
      plan.finish(array).close();
    }
  }
}
