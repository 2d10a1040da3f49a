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
   * Whether maps and weights have their channels last, in passes of networks whose input has {@code
   * channels} of them: pictures, or the map that a frozen part gives.
   */
  public boolean areChannelsLast(int channels) {
    return isAsOnGpu || areChannelsLastOnHost(channels);
  }

  /** Only where there are several: the layers after an input of one were faster in rows. */
  public static boolean areChannelsLastOnHost(int channels) {
    return channels > 1;
  }

  /** The number format of a pass. */
  public Precision precision(boolean isTraining) {
    return isTraining ? training : inference;
  }

  public boolean isHost() {
    return device.equals(HOST);
  }
}
