// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.Optional;
import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Device;
import org.bellows.models.graph.NetworkGraph;

/**
 * The properties of an engine, and how to open it. Without state; {@link
 * org.bellows.worker.engine.registry.StepEngines} finds the providers.
 */
public interface StepEngineProvider {

  /** The value of {@code train.step-engine} that asks for it. */
  String name();

  /** The devices that it can compute on. */
  Set<Device> devices();

  /** The number format in which a pass is computed. */
  NumberFormat numbers();

  /**
   * Whether its engines can have others beside them ({@link StepEngine#beside}), and meet them in
   * the middle of a pass ({@link StepEngine#meet}).
   */
  default boolean canComputeLanesAtOnce() {
    return false;
  }

  /** What its engines answer to {@link StepEngine#tellsWhatIsFinal}. */
  default boolean tellsWhatIsFinal() {
    return false;
  }

  /**
   * The same engine in another arithmetic.
   *
   * @return empty where it has none but the usual one
   */
  default Optional<StepEngineProvider> in(Arithmetic arithmetic) {
    return arithmetic.isUsual() ? Optional.of(this) : Optional.empty();
  }

  /**
   * The same engine on a device.
   *
   * @param device one of {@link #devices}
   */
  default StepEngineProvider on(Device device) {
    return this;
  }

  /** Whether its libraries are in this process, which {@link #supports} asks first. */
  default Support libraries() {
    return Support.yes();
  }

  /**
   * Whether it can compute a network in this process: all layers are known, libraries and the
   * processor's instructions are there.
   */
  Support supports(NetworkGraph network);

  /**
   * Memory outside Java's heap that a pass takes beside parameters and gradient, found without
   * taking it. A GPU's own memory does not count.
   *
   * @param samples of the pass, such as those of a lane batch
   * @param training forward and backward; else inference
   * @param device that computes
   * @return bytes
   * @throws BellowsException (configuration) with the reason where the network is not supported
   */
  long hostBytes(NetworkGraph network, int samples, boolean training, Device device);

  /**
   * What decides the bits of a pass on the processor, beside versions and instructions: how its
   * maps lie.
   *
   * @param channels of the pictures
   * @return in words; empty: nothing that has changed since the first release
   */
  default String layoutOnHost(int channels) {
    return "";
  }

  /**
   * Memory of a GPU that a pass takes beside parameters and gradient; 0: it does not compute on
   * GPUs.
   *
   * @param samples of the pass, such as those of a lane batch
   * @param training forward and backward; else inference
   * @return bytes
   */
  default long deviceBytes(NetworkGraph network, int samples, boolean training) {
    return 0;
  }

  /** Memory of a GPU that its libraries take, whatever is computed. */
  default long deviceLibraryBytes() {
    return 0;
  }

  /** Resident memory of its libraries, beside that of those that every process has. */
  default long libraryBytes() {
    return 0;
  }

  /**
   * @return to be closed by the caller
   * @throws BellowsException (configuration) with the reason where the network is not supported
   */
  StepEngine open(EngineNetwork network);
}
