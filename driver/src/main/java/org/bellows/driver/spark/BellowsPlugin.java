// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.Utils;
import org.bellows.conf.BellowsException;
import org.bellows.driver.watch.ExecutorMemoryUsage;
import org.bellows.driver.watch.LiveRun;
import org.bellows.driver.watch.RankGauges;
import org.bellows.driver.watch.RunGauges;
import org.bellows.driver.watch.RunListener;
import org.bellows.worker.device.ProcessDevice;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.natives.NativeLibraries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spark's own channel between executors and driver, loaded through {@code spark.plugins}, and the
 * metrics source of both. Spark makes the plugin objects itself and offers no way to reach them,
 * which is why the two ends hang on statics.
 */
public final class BellowsPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(BellowsPlugin.class);
  private static final RunListener NOBODY = new RunListener() {};
  private static final AtomicReference<RunListener> LISTENER = new AtomicReference<>(NOBODY);
  private static final AtomicReference<LiveRun> RUN = new AtomicReference<>();
  private static final AtomicReference<ExecutorStarts> STARTS = new AtomicReference<>();
  private static final AtomicReference<PluginContext> EXECUTOR = new AtomicReference<>();
  private static final FailedDevice DEVICE =
      new FailedDevice(ProcessDevice::isFailed, System::exit);
  private static final AtomicReference<StepMetrics> OWN_STEP = new AtomicReference<>();
  private static final AtomicReference<Runnable> AT_SHUTDOWN = new AtomicReference<>();
  private static final long READING_SECONDS = 2;

  /** An executor's first message. */
  private record Ready(String executor) implements Serializable {}

  /** On the driver: which executors of the newest Spark context are ready. */
  public static ExecutorStarts starts() {
    return Objects.requireNonNull(
        STARTS.get(), "this Spark was started without " + BellowsPlugin.class);
  }

  /** On the driver: the listeners to steps and executors while a run continues. */
  public static void listen(RunListener listener) {
    LISTENER.set(listener);
  }

  public static void listenNoMore() {
    LISTENER.set(NOBODY);
  }

  /** On the driver: the run that its gauges tell of. */
  public static void show(LiveRun run) {
    RUN.set(run);
  }

  public static void showNothing() {
    RUN.set(null);
  }

  /** On an executor: tells the driver, without waiting for it. Nothing is promised to arrive. */
  public static void send(StepMetrics metrics) throws IOException {
    PluginContext context = EXECUTOR.get();
    if (context != null) {
      context.send(metrics);
    }
  }

  /** On an executor: what the driver knows of the messages of a barrier stage's tasks. */
  @SuppressWarnings("unchecked")
  static List<String> gather(TaskGather.Message message) throws Exception {
    PluginContext context =
        Objects.requireNonNull(
            EXECUTOR.get(), "this executor was started without " + BellowsPlugin.class);
    return (List<String>) context.ask(message);
  }

  /** On an executor: the newest step of its rank, for its gauges. */
  public static void show(StepMetrics own) {
    OWN_STEP.set(own);
  }

  /**
   * On an executor: runs when the executor shuts down, in the place of what was given before.
   * Registered by code that leaves state in the executor between tasks.
   */
  public static void atShutdown(Runnable release) {
    AT_SHUTDOWN.set(release);
  }

  /** On an executor, before a task ends: the process ends, too, if its GPU has failed. */
  public static void endIfDeviceFailed() {
    DEVICE.endIfFailed(EXECUTOR.get());
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new OnDriver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new OnExecutor();
  }

  private static final class OnDriver implements DriverPlugin {
    private final TaskGather.Meeting meeting = new TaskGather.Meeting();
    private SparkContext spark;

    /** Before the first executor is asked for. */
    @Override
    public Map<String, String> init(SparkContext spark, PluginContext context) {
      ExecutorStarts starts = new ExecutorStarts();
      this.spark = spark;
      STARTS.set(starts);
      spark.addSparkListener(starts);
      return Map.of();
    }

    @Override
    public void registerMetrics(String applicationId, PluginContext context) {
      RunGauges.register(context.metricRegistry(), () -> Optional.ofNullable(RUN.get()));
    }

    @Override
    public Object receive(Object message) {
      if (message instanceof StepMetrics metrics) {
        LISTENER.get().onStep(metrics);
      } else if (message instanceof Ready ready) {
        STARTS.get().onReady(ready.executor());
      } else if (message instanceof ExecutorMemoryUsage reading) {
        LISTENER.get().onMemory(reading);
        return isDecommissioned(reading.executor());
      } else if (message instanceof LeavingExecutor.Request request) {
        return STARTS.get().mayLeave(request.executor(), request.why());
      } else if (message instanceof TaskGather.Message gathered) {
        return meeting.add(gathered);
      }
      return null;
    }

    private boolean isDecommissioned(String executor) {
      boolean is = spark.taskScheduler().getExecutorDecommissionState(executor).isDefined();
      if (is) {
        STARTS.get().onLeaving(executor, ExecutorStarts.DECOMMISSIONED);
      }
      return is;
    }
  }

  private static final class OnExecutor implements ExecutorPlugin {
    private final ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "bellows-memory-readings");
              thread.setDaemon(true);
              return thread;
            });

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The task fails for nothing; shutdown ends it.
    public void init(PluginContext context, Map<String, String> extraConf) {
      EXECUTOR.set(context);
      // State of another application in this process. Not when one ends: sinks report once more
      // then.
      OWN_STEP.set(null);
      // Before any task can touch ND4J or OpenCV by a way that does not know of the shared cache.
      // What oneDNN uses is not asked yet: ranks may have to limit it first.
      LOG.info("loaded {}", NativeLibraries.load());
      RankGauges.register(context.metricRegistry(), OWN_STEP::get, () -> reading(context));
      tellReady(context);
      if (!context.executorID().equals(SparkContext$.MODULE$.DRIVER_IDENTIFIER())) {
        LeavingExecutor.watch(context);
        ResourceInformation gpus = context.resources().get("gpu");
        ProcessDevice.offer(gpus == null ? List.of() : List.of(gpus.addresses()));
      }
      clock.scheduleWithFixedDelay(
          () -> tellReading(context), READING_SECONDS, READING_SECONDS, TimeUnit.SECONDS);
    }

    /** An executor has no RPC server, and so the context cannot say its host. */
    private static ExecutorMemoryUsage reading(PluginContext context) {
      return ExecutorMemoryUsage.of(context.executorID(), Utils.localHostName());
    }

    /** A reading that fails is one that is missing; the next one may do better. */
    private static void tellReading(PluginContext context) {
      try {
        if (Boolean.TRUE.equals(context.ask(reading(context)))) {
          LeavingExecutor.decommission();
        }
      } catch (Exception e) {
        LOG.debug("executor {} cannot be read", context.executorID(), e);
      }
    }

    /**
     * Spark looks for the driver's end once and for all, with the first message: an executor that
     * does not find it then, as while a link is cut, fails each task that it ever gets. So it ends
     * instead, and Spark starts another one.
     */
    private static void tellReady(PluginContext context) {
      try {
        context.send(new Ready(context.executorID()));
      } catch (IOException | RuntimeException e) {
        throw BellowsException.infrastructure(
            "executor %s does not reach the driver: %s"
                .formatted(context.executorID(), e.getMessage()),
            e);
      }
    }

    /** Of tasks that train, {@link #endIfDeviceFailed} is called before. */
    @Override
    public void onTaskFailed(TaskFailedReason reason) {
      endIfDeviceFailed();
    }

    @Override
    public void shutdown() {
      clock.shutdownNow();
      Runnable release = AT_SHUTDOWN.getAndSet(null);
      if (release != null) {
        release.run();
      }
      EXECUTOR.set(null);
    }
  }
}
