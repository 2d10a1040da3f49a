// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is told to end closes the network in one thread while another computes. */
@Timeout(60)
class ClosedNetworkTest {
  private static final int IMAGES = 64;

  @Test
  void isNotClosedUnderAPassThatIsRunning() throws Exception {
    NetworkDefinition definition = NetworkRegistry.standard().get("lenet5");
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      for (int round = 0; round < 10; round++) {
        LaneNetwork network =
            new LaneNetwork(definition, definition.usualInput(), definition.usualClasses(), 1);
        CountDownLatch running = new CountDownLatch(1);
        Future<?> passes = threads.submit(() -> computeForEver(network, running));
        running.await();
        network.close();
        assertThatThrownBy(passes::get)
            .cause()
            .isInstanceOf(BellowsException.class)
            .hasMessage("the network was closed: this process is ending")
            .extracting(e -> ((BellowsException) e).category())
            .isEqualTo(ErrorCategory.INFRASTRUCTURE);
        network.close();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(threads.isShutdown()).isTrue();
  }

  private static void computeForEver(LaneNetwork network, CountDownLatch running) {
    float[] gradient = new float[network.layout().length()];
    while (true) {
      network.gradient(new float[IMAGES * 28 * 28], new int[IMAGES], 1, gradient);
      running.countDown();
    }
  }
}
