// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

/**
 * One device, as the driver describes it.
 *
 * @param index in the order of the PCI bus, as in Spark's resource addresses
 * @param uuid that tells it from every other device
 * @param driver version, such as "510.47.03"
 * @param capability compute capability, such as "8.0"
 * @param mebibytes of its memory; 0: the driver does not tell
 */
public record Gpu(
    int index, String uuid, String name, String driver, String capability, long mebibytes) {
  @Override
  public String toString() {
    return "device %d (%s, compute capability %s, driver %s)"
        .formatted(index, name, capability, driver);
  }
}
