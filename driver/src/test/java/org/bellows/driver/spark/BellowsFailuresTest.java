// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.Storage;
import org.bellows.worker.device.UnusableDeviceException;
import org.junit.jupiter.api.Test;

class BellowsFailuresTest {
  private static final String SPARKS =
      "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure:"
          + " Lost task 0.3 in stage 1.0 (TID 7) (10.0.0.1 executor 0): ";

  @Test
  void ofSparksSentenceOursIsTold() {
    assertThat(
            BellowsFailures.sentence(
                SPARKS + "org.bellows.conf.BellowsException: reading x failed: no route to host"))
        .isEqualTo("reading x failed: no route to host");
    String other = SPARKS + "ExecutorLostFailure (executor 0 exited)";
    assertThat(BellowsFailures.sentence(other)).isEqualTo(other);
    assertThat(BellowsFailures.sentence(SPARKS + "java.io.IOException: No space left on device"))
        .startsWith("a disk that Spark itself writes to is full (spark.local.dir): Job aborted");
  }

  @Test
  void aDeviceThatCannotBeUsedIsNotTriedAgain() {
    assertThat(
            BellowsFailures.captureLasting(
                () -> {
                  throw new UnusableDeviceException("the host has no driver", null);
                }))
        .isEqualTo(
            new BellowsFailures.Captured<>(
                null, ErrorCategory.INFRASTRUCTURE, "the host has no driver"));
  }

  @Test
  void aFullDiskIsNotTriedAgain() {
    assertThat(
            BellowsFailures.captureLasting(
                () -> {
                  throw Storage.writeFailure("x", new IOException("No space left on device"));
                }))
        .isEqualTo(
            new BellowsFailures.Captured<>(
                null, ErrorCategory.INFRASTRUCTURE, "writing x failed: the disk is full"));
    assertThatThrownBy(
            () ->
                BellowsFailures.captureLasting(
                    () -> {
                      throw Storage.writeFailure("x", new IOException("no route to host"));
                    }))
        .isInstanceOf(BellowsException.class);
  }
}
