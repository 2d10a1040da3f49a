// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.shard.LargestPicture;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.device.Gpu;
import org.bellows.worker.device.UnusableDeviceException;
import org.bellows.worker.evaluate.metric.ConfusionCounter;
import org.junit.jupiter.api.Test;

class MemoryForecastTest {
  private static final String COUNTS = "evaluation's counts";

  private static final String[] LENET = {
    "model.channels=1", "model.height-pixels=28", "model.width-pixels=28", "data.prefetch-batches=4"
  };

  private static Map<String, Long> heap(int classes, long evaluated, String... more) {
    return memory(classes, evaluated, more).heap();
  }

  private static ExecutorMemory memory(int classes, long evaluated, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.name=lenet5",
                "train.lane-batch=64",
                "train.global-batch=128",
                "evaluate.batch=100",
                "cluster.executors=2"));
    all.addAll(List.of(more));
    Settings settings = new SettingsLoader().set(all).load(List.of(), List.of());
    return MemoryForecast.of(
        TrainingSettings.of(settings),
        settings.cluster().executors(),
        NetworkRegistry.standard().get("lenet5"),
        classes,
        Optional.empty(),
        new MemoryForecast.Samples(1000, evaluated, Optional.empty(), Optional.empty()));
  }

  /** Half of the samples and a batch; or all pairs, where they are fewer. */
  @Test
  void anEvaluationsCountsGrowWithTheSamplesAndNotWithTheSquareOfTheClasses() {
    long cell = ConfusionCounter.BYTES_PER_CELL;
    assertThat(heap(10_000, 50_000)).containsEntry(COUNTS, cell * 25_100);
    assertThat(heap(20_000, 50_000)).containsEntry(COUNTS, cell * 25_100);
    assertThat(heap(10, 50_000)).containsEntry(COUNTS, cell * 10 * 11);
    assertThat(heap(10_000, 0, "train.validation-split=")).containsEntry(COUNTS, 0L);
  }

  /** A step keeps 12 bytes a class and sample; evaluating 100 takes 32 of each, a step of 64 20. */
  @Test
  void answersAreCounted() {
    assertThat(heap(10_000, 50_000)).containsEntry("answers", 10_000L * (64 * 12 + 100 * 32));
    assertThat(heap(10_000, 0, "train.validation-split="))
        .containsEntry("answers", 10_000L * 64 * (12 + 20));
    // Weighted, what counts as yes and as no are numbers of their own: 12 bytes more.
    assertThat(
            heap(
                10_000,
                0,
                "train.validation-split=",
                "loss.function=binary-cross-entropy",
                "loss.positive-weights=[2]"))
        .containsEntry("answers", 10_000L * 64 * (12 + 32));
  }

  /** Of 28 x 28 grey pixels and 10 numbers of the label; six batches of 64 and of 100, or less. */
  @Test
  void noMorePicturesWaitThanAnEvaluationHas() {
    long picture = 4L * (28 * 28 + 10);
    assertThat(heap(10, 50_000, LENET)).containsEntry("batches", picture * 6 * (64 + 100));
    assertThat(heap(10, 200, LENET)).containsEntry("batches", picture * (6 * 64 + 100 + 100));
  }

  private static ExecutorMemory ofPixels(int height, int width, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.name=unet-8",
                "model.height-pixels=64",
                "model.width-pixels=64",
                "augment.evaluation-crop=resize",
                "train.lane-batch=2",
                "train.global-batch=4"));
    all.addAll(List.of(more));
    Settings settings = new SettingsLoader().set(all).load(List.of(), List.of());
    return MemoryForecast.of(
        TrainingSettings.of(settings),
        2,
        NetworkRegistry.standard().get("unet-8"),
        11,
        Optional.empty(),
        new MemoryForecast.Samples(
            1000,
            10,
            Optional.of(new LargestPicture(3000, 4000)),
            Optional.of(new LargestPicture(height, width))));
  }

  /** Three plans of 256 x 192, the next multiples of 32. */
  @Test
  void anEvaluationOfWholePicturesIsCountedAtTheirSize() {
    long resized = ofPixels(250, 180).offHeap().get("evaluation");
    assertThat(ofPixels(1000, 1000).offHeap()).containsEntry("evaluation", resized);
    long whole = ofPixels(250, 180, "evaluate.inference=whole").offHeap().get("evaluation");
    long ofThatInput =
        ofPixels(1, 1, "model.height-pixels=256", "model.width-pixels=192")
            .offHeap()
            .get("evaluation");
    assertThat(whole).isEqualTo(3 * ofThatInput);
    assertThat(ofPixels(250, 180, "evaluate.inference=tiles").offHeap())
        .containsEntry("evaluation", resized);
    long windows =
        ofPixels(250, 180, "evaluate.inference=sliding-window").heap().get("evaluated picture");
    assertThat(windows).isEqualTo(4L * (3 * (3 + 11) + 2 * 11) * 250 * 180 + 7L * 250 * 180);
  }

  /** Of 3000 x 4000 pixels in training; label maps of as many. */
  @Test
  void picturesAreDecodedAtTheirOwnSize() {
    ExecutorMemory memory = ofPixels(250, 180, "data.decode-threads=2");
    assertThat(memory.offHeap()).containsEntry("decoding", 2 * 14 * 12_000_000L);
    assertThat(memory.heap()).containsEntry("label maps", 2 * 12_000_000L);
    assertThat(ofPixels(250, 180, "data.decode-threads=2", "loss.border-weight=10").heap())
        .containsEntry("label maps", 3 * 2 * 12_000_000L);
  }

  /** Unless all of its pictures are fewer: those of ten, with one executor or two. */
  @Test
  void anExecutorEvaluatesNoMoreThanThereAre() {
    long picture = 4L * (28 * 28 + 10);
    assertThat(heap(10, 10, LENET)).containsEntry("batches", picture * (6 * 64 + 10));
    assertThat(heap(10, Long.MAX_VALUE, LENET)).containsEntry("batches", picture * 6 * (64 + 100));
  }

  private static ExecutorMemory onGpu(String... more) {
    List<String> all = new ArrayList<>(List.of(LENET));
    all.addAll(List.of("train.device=gpu", "train.step-engine=torch", "evaluate.batch=1"));
    all.addAll(List.of(more));
    return memory(10, 50_000, all.toArray(String[]::new));
  }

  /** What passes take is in the memory of the device; the host has batches on their way there. */
  @Test
  void onAGpuTheStepIsInTheDevicesMemory() {
    ExecutorMemory memory = onGpu();
    long vector = memory.heap().get("gradients");
    assertThat(memory.device())
        .containsEntry("parameters", vector)
        .containsEntry("gradients", vector)
        .containsEntry("pictures", 4L * 64 * 28 * 28)
        .containsEntry("evaluation beyond it", 0L)
        .containsEntry("CUDA and libraries", 1L << 30);
    assertThat(memory.deviceBytes())
        .isEqualTo(memory.device().values().stream().mapToLong(Long::longValue).sum());
    assertThat(memory.offHeap())
        .containsEntry("network", 2 * vector)
        .containsEntry("training step", 2 * 4L * 64 * 28 * 28);
    long step = memory.device().get("training step");
    assertThat(onGpu("train.precision=bfloat16").device().get("training step"))
        .isBetween(step / 2, step * 3 / 4);
    assertThat(onGpu("cluster.lanes-at-once=2", "train.global-batch=256").device())
        .containsEntry("training step", 2 * step)
        .containsEntry("parameters", vector);
    assertThat(memory(10, 50_000, LENET).device()).isEmpty();
  }

  @Test
  void aDeviceWithTooLittleMemoryIsRefused() {
    Gpu device = new Gpu(0, "GPU-1", "NVIDIA Test", "580.65.06", "8.0", 15_360);
    DeviceFit.require(device, 15_360L << 20, "a rank");
    DeviceFit.require(
        new Gpu(0, "GPU-1", "NVIDIA Test", "580.65.06", "8.0", 0), 1L << 50, "a rank");
    assertThatThrownBy(() -> DeviceFit.require(device, (15_360L << 20) + 1, "a rank that trains"))
        .isInstanceOf(UnusableDeviceException.class)
        .hasMessage(
            "device 0 (NVIDIA Test, compute capability 8.0, driver 580.65.06) has 15,360 MiB of"
                + " memory, and a rank that trains is estimated to need 15,361; set a smaller"
                + " train.lane-batch or evaluate.batch, or take a larger device");
  }

  @Test
  void aDeviceWithTooLittleMemoryForAnEvaluationIsRefused() {
    Gpu device = new Gpu(1, "GPU-2", "NVIDIA Test", "580.65.06", "8.0", 8_192);
    DeviceFit.requireToEvaluate(device, 8_192L << 20, "resnet50");
    assertThatThrownBy(() -> DeviceFit.requireToEvaluate(device, 9_000L << 20, "resnet50"))
        .isInstanceOf(UnusableDeviceException.class)
        .hasMessageContaining("device 1 (NVIDIA Test,")
        .hasMessageContaining(
            "8,192 MiB of memory, and an executor that evaluates resnet50 is estimated to need"
                + " 9,000; set a smaller");
  }
}
