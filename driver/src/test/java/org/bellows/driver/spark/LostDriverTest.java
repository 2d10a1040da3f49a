// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("instructions")
class LostDriverTest {
  /** Of an executor that has looked for the driver while the link was cut. */
  private static final class NoDriver implements PluginContext {
    private final MetricRegistry registry = new MetricRegistry();

    @Override
    public MetricRegistry metricRegistry() {
      return registry;
    }

    @Override
    public SparkConf conf() {
      return new SparkConf(false);
    }

    @Override
    public String executorID() {
      return "7";
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
      throw new IllegalStateException("Driver endpoint is not known.");
    }

    @Override
    public Object ask(Object message) {
      throw new IllegalStateException("Driver endpoint is not known.");
    }
  }

  /** Else it would stay, and fail each task that Spark gives it. */
  @Test
  void anExecutorThatDoesNotFindTheDriverDoesNotStart() {
    ExecutorPlugin plugin = new BellowsPlugin().executorPlugin();
    assertThatThrownBy(() -> plugin.init(new NoDriver(), Map.of()))
        .isInstanceOf(BellowsException.class)
        .hasMessage("executor 7 does not reach the driver: Driver endpoint is not known.")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
    plugin.shutdown();
  }
}
