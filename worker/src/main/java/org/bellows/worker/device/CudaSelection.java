// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.lang.reflect.Method;

/**
 * Tells ND4J which device is its only one, before it touches any. By reflection: its CUDA backend
 * is on the class path of that build alone.
 */
public final class CudaSelection {
  private CudaSelection() {}

  public static void use(Gpu device) {
    try {
      Class<?> environments = Class.forName("org.nd4j.jita.conf.CudaEnvironment");
      Object environment = environments.getMethod("getInstance").invoke(null);
      Object configuration = environments.getMethod("getConfiguration").invoke(environment);
      Method useDevices = configuration.getClass().getMethod("useDevices", int[].class);
      useDevices.invoke(configuration, (Object) new int[] {device.index()});
    } catch (ReflectiveOperationException e) {
      throw new UnusableDeviceException("ND4J cannot be told to compute on " + device, e);
    }
  }
}
