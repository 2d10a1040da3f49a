// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import org.bellows.conf.Precision;
import org.bellows.worker.engine.Arithmetic;

/**
 * How passes are computed on a device.
 *
 * @param device as PyTorch has it: cpu, cuda:0
 * @param training number format of maps and weights in passes that train
 * @param inference likewise in passes that do not
 * @param isAsOnGpu whether operations whose sums a GPU adds in any order are replaced, all maps
 *     have their channels last, and gradients are added up in the device's memory; by rule on GPUs,
 *     and for tests on processors
 */
public record TorchMode(String device, Precision training, Precision inference, boolean isAsOnGpu) {
  public static final String HOST = "cpu";

  /** On the processor. */
  public static TorchMode ofHost(Arithmetic arithmetic) {
    return new TorchMode(HOST, arithmetic.precision(), arithmetic.inference().precision(), false);
  }

  /**
   * @param index of the device in CUDA's order, which is that of the PCI bus
   */
  public static TorchMode ofGpu(int index, Arithmetic arithmetic) {
    return new TorchMode(
        "cuda:" + index, arithmetic.precision(), arithmetic.inference().precision(), true);
  }

  /**
   * Whether maps and weights have their channels last, in passes of networks whose pictures have
   * {@code channels} of them. On processors only where there are several: the layers after pictures
   * of one were faster in rows.
   */
  public boolean areChannelsLast(int channels) {
    return isAsOnGpu || channels > 1;
  }

  /** The number format of a pass. */
  public Precision precision(boolean isTraining) {
    return isTraining ? training : inference;
  }

  public boolean isHost() {
    return device.equals(HOST);
  }
}
