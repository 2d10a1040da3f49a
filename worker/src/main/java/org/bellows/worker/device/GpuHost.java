// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.util.List;
import org.bellows.conf.BellowsException;

/** What must be there before anything computes on GPUs: this bundle's and the host's part. */
public final class GpuHost {
  private GpuHost() {}

  /**
   * @return the devices that the driver of this host tells of
   * @throws BellowsException (configuration) when this bundle cannot compute on GPUs
   * @throws UnusableDeviceException when the host lacks libraries or a driver
   */
  public static List<Gpu> devices() {
    CudaBuild.require();
    CudaLibraries.ofThisHost().require();
    return new NvidiaSmi().devices();
  }
}
