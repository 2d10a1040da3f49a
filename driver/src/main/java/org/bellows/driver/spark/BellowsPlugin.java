package org.bellows.driver.spark;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.bellows.driver.train.Resident;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.natives.NativeLibraries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spark's own channel between executors and driver, loaded through {@code spark.plugins}. Spark
 * makes the plugin objects itself and offers no way to reach them, which is why the two ends hang
 * on statics.
 */
public final class BellowsPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(BellowsPlugin.class);
  private static final AtomicReference<Consumer<StepMetrics>> LISTENER =
      new AtomicReference<>(metrics -> {});
  private static final AtomicReference<PluginContext> EXECUTOR = new AtomicReference<>();

  /** On the driver: who hears of steps while a segment runs. */
  public static void listen(Consumer<StepMetrics> listener) {
    LISTENER.set(listener);
  }

  /** On an executor: tells the driver, without waiting for it. Nothing is promised to arrive. */
  public static void send(StepMetrics metrics) throws IOException {
    PluginContext context = EXECUTOR.get();
    if (context != null) {
      context.send(metrics);
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Object receive(Object message) {
        if (message instanceof StepMetrics metrics) {
          LISTENER.get().accept(metrics);
        }
        return null;
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> extraConf) {
        EXECUTOR.set(context);
        // Before any task can touch ND4J or OpenCV by a way that does not know of the shared cache.
        LOG.info("loaded {}", NativeLibraries.load());
      }

      @Override
      public void shutdown() {
        Resident.discard();
        EXECUTOR.set(null);
      }
    };
  }
}
