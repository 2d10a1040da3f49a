// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class FailedDeviceTest {
  private final BlockingQueue<Object> asked = new LinkedBlockingQueue<>();
  private final AtomicBoolean isReleased = new AtomicBoolean();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  /** Of an executor; the driver answers whether it may leave. */
  private final class Context implements PluginContext {
    private final String executor;

    Context(String executor) {
      this.executor = executor;
    }

    @Override
    public MetricRegistry metricRegistry() {
      return new MetricRegistry();
    }

    @Override
    public SparkConf conf() {
      return new SparkConf(false);
    }

    @Override
    public String executorID() {
      return executor;
    }

    @Override
    public String hostname() {
      return "host";
    }

    @Override
    public Map<String, ResourceInformation> resources() {
      return Map.of();
    }

    @Override
    public void send(Object message) {
      throw new IllegalStateException("not expected: " + message);
    }

    @Override
    public Object ask(Object message) {
      asked.add(message);
      return isReleased.get();
    }
  }

  @Test
  void anExecutorWhoseDeviceFailedEndsWhenTheDriverHasBeenTold() throws Exception {
    FailedDevice device = new FailedDevice(() -> true, exit::complete);
    device.endIfFailed(new Context("7"));
    // Before the task's failure goes to the driver.
    assertThat(asked.peek()).isEqualTo(new LeavingExecutor.Request("7", "its GPU failed"));
    assertThat(exit).isNotDone();
    isReleased.set(true);
    assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(4);
    asked.clear();
    device.endIfFailed(new Context("7"));
    assertThat(asked).as("once").isEmpty();
  }

  @Test
  void othersStay() {
    isReleased.set(true);
    new FailedDevice(() -> false, exit::complete).endIfFailed(new Context("7"));
    new FailedDevice(() -> true, exit::complete).endIfFailed(new Context("driver"));
    new FailedDevice(() -> true, exit::complete).endIfFailed(null);
    assertThat(asked).isEmpty();
    assertThat(exit).isNotDone();
  }
}
