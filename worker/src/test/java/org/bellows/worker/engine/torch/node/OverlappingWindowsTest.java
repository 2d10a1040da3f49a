// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.bellows.conf.Precision;
import org.bellows.models.layer.Kernel;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bellows.worker.engine.torch.pass.TorchDevice;
import org.bellows.worker.engine.torch.pass.TorchMode;
import org.bellows.worker.natives.TorchLibraries;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beside PyTorch's own operation on the processor, which adds in one order: equal bits. */
@Tag("instructions")
class OverlappingWindowsTest {
  @ParameterizedTest
  @CsvSource({
    "3, 2, 0, 1, 13, 11",
    "3, 2, 1, 1, 12, 9",
    "2, 2, 0, 1, 8, 8",
    "3, 1, 1, 1, 7, 5",
    "3, 1, 1, 1, 2, 2",
    "5, 2, 2, 1, 9, 6",
    "3, 1, 1, 2, 9, 8"
  })
  void addsAsPyTorchDoes(int side, int stride, int padding, int dilation, int height, int width) {
    TorchLibraries.load();
    Precision floats = Precision.FLOAT32;
    try (TorchDevice device =
            new TorchDevice(new TorchMode(TorchMode.HOST, floats, floats, true), true);
        PointerScope scope = new PointerScope()) {
      Pass pass = new Pass(device, null, new float[0], 2, null);
      long[] shape = {2, 3, height, width};
      PoolWindow window =
          new PoolWindow(
              Kernel.of(side).stride(stride).padding(padding).dilation(dilation),
              new long[] {padding, padding},
              new Windows.Margins(0, 0, 0, 0));
      T_TensorTensor_T pooled =
          torch.max_pool2d_with_indices(
              device.of(random(6 * height * width), shape),
              window.size(),
              window.stride(),
              window.padding(),
              window.dilation(),
              false);
      Tensor places = pooled.get1();
      long rows = places.size(2);
      long columns = places.size(3);
      Tensor slope = device.of(random(Math.toIntExact(6 * rows * columns)), 2, 3, rows, columns);
      Tensor expected =
          torch.max_pool2d_with_indices_backward(
              slope,
              device.empty(shape),
              window.size(),
              window.stride(),
              window.padding(),
              window.dilation(),
              false,
              places);
      assertThat(device.read(OverlappingWindows.spread(pass, window, slope, places, shape)))
          .isEqualTo(device.read(expected));
    }
  }

  private static float[] random(int length) {
    SplittableRandom random = new SplittableRandom(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
