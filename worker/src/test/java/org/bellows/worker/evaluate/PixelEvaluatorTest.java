// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.ReadAhead;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.LargestPicture;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.TinyPixels;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.Json;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.parallel.LaneThreads;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Evaluations of a network that says a class of each pixel. */
@Tag("instructions")
class PixelEvaluatorTest {
  private static final InputShape INPUT = new InputShape(1, TinyPixels.SIDE, TinyPixels.SIDE);
  private static final int CLASSES = TinyPixels.CLASSES.size();

  @TempDir Path folder;

  private static LaneNetwork network(long seed) {
    return network(seed, Kernel.same(3));
  }

  private static LaneNetwork network(long seed, Kernel kernel) {
    NetworkDefinition definition =
        new NetworkDefinition(
            "pixels",
            "none",
            INPUT,
            CLASSES,
            1,
            (input, classes) -> {
              NetworkBuilder builder =
                  new NetworkBuilder(
                      input, LayerDefaults.of(Activation.RELU, WeightInitializers.HE));
              String maps = builder.convolution("maps", Heads.INPUT, kernel, 8);
              LayerDefaults linear = LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);
              String logits = builder.convolution("logits", maps, Kernel.of(1), classes, linear);
              return builder.build(Heads.pixels(builder, logits, LabelFit.CENTRE));
            });
    return new LaneNetwork(definition, INPUT, CLASSES, seed);
  }

  /**
   * @param workers each of which answers as many pictures at the same time
   */
  private Evaluation evaluate(
      DatasetManifest manifest, Ensemble ensemble, int batch, int workers, String... more) {
    return merged(manifest, parts(manifest, ensemble, batch, workers, more));
  }

  private static Evaluation merged(DatasetManifest manifest, List<PartialEvaluation> parts) {
    return PartialEvaluation.merge(
        manifest.split("validation"), manifest.classNames(true), parts, 2);
  }

  private List<PartialEvaluation> parts(
      DatasetManifest manifest, Ensemble ensemble, int batch, int workers, String... more) {
    Settings settings =
        new SettingsLoader()
            .set(
                List.of(
                    "model.name=any",
                    "model.channels=1",
                    "model.height-pixels=" + TinyPixels.SIDE,
                    "model.width-pixels=" + TinyPixels.SIDE,
                    "augment.evaluation-crop=resize",
                    "evaluate.worst-mistakes=2",
                    "evaluate.batch=" + batch))
            .set(List.of(more))
            .load(List.of(), List.of());
    InputSpec input =
        InputSpec.of(settings.augment(), settings.model(), manifest.split("train"), 1);
    Evaluator evaluator =
        new Evaluator(
            new DatasetReader(new Configuration(), folder.toString(), manifest, "validation"),
            input,
            new ReadAhead(1, 2),
            settings.evaluate());
    List<PartialEvaluation> parts = new ArrayList<>();
    try (LaneThreads threads = new LaneThreads(workers)) {
      EnsembleThreads networks = EnsembleThreads.of(ensemble, threads);
      for (int worker = 0; worker < workers; worker++) {
        parts.add(evaluator.evaluate(networks, worker, workers));
      }
    }
    return parts;
  }

  /** Pictures of nine sizes, one of void alone. */
  @Test
  void dependsNeitherOnTheBatchNorOnTheWorkers() throws IOException {
    DatasetManifest manifest = TinyPixels.write(folder, 1, 9);
    try (Ensemble ensemble = new Ensemble(List.of(network(1)))) {
      Evaluation one = evaluate(manifest, ensemble, 1, 1);
      assertThat(one.metrics().metrics()).containsExactlyElementsOf(Metrics.ofPixels());
      assertThat(one.samples()).isEqualTo(9);
      assertThat(one.value(Metrics.LOSS)).isPositive();
      assertThat(one.classes()).containsExactly("around", "inside", "nowhere");
      for (int batch : new int[] {3, 8}) {
        assertThat(evaluate(manifest, ensemble, batch, 1))
            .usingRecursiveComparison()
            .isEqualTo(one);
        assertThat(evaluate(manifest, ensemble, batch, 2))
            .usingRecursiveComparison()
            .isEqualTo(one);
      }
    }
  }

  /** However large the batch, as a pass has one picture. */
  @Test
  void everyWorkerHasItsShareOfThePictures() throws IOException {
    DatasetManifest manifest = TinyPixels.write(folder, 1, 9);
    try (Ensemble ensemble = new Ensemble(List.of(network(1)))) {
      List<PartialEvaluation> parts = parts(manifest, ensemble, 64, 3);
      assertThat(merged(manifest, parts).samples()).isEqualTo(9);
      assertThatThrownBy(() -> merged(manifest, parts.subList(0, 2)))
          .hasMessage("the evaluation counted 6 samples of split validation, expected 9");
    }
  }

  /** To the bit, although plans of the step differ from size to size. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evaluate.inference=whole",
        "evaluate.inference=sliding-window",
        "evaluate.inference=tiles",
        "evaluate.inference=whole,evaluate.mirror=true,evaluate.scales=[0.5, 1.0]",
        "evaluate.scales=[1.5, 1.0]"
      })
  void noWayOfShowingPicturesDependsOnThem(String settings) throws IOException {
    String[] more = settings.split(",(?=[a-z])");
    DatasetManifest manifest = TinyPixels.write(folder, 1, 9);
    try (Ensemble ensemble = new Ensemble(List.of(network(1)))) {
      Evaluation one = evaluate(manifest, ensemble, 1, 1, more);
      assertThat(one.confusion()).isNotEqualTo(evaluate(manifest, ensemble, 1, 1).confusion());
      assertThat(evaluate(manifest, ensemble, 3, 2, more))
          .usingRecursiveComparison()
          .isEqualTo(one);
      assertThat(evaluate(manifest, ensemble, 8, 3, more))
          .usingRecursiveComparison()
          .isEqualTo(one);
    }
  }

  /** Of classes of samples there are no facts about pixels, and files of older builds have none. */
  @Test
  void itsFileIsReadAgain() throws IOException {
    DatasetManifest manifest = TinyPixels.write(folder, 1, 9);
    try (Ensemble ensemble = new Ensemble(List.of(network(1)))) {
      Evaluation one = evaluate(manifest, ensemble, 4, 1);
      Evaluation read = Json.read(Json.pretty(one), Evaluation.class, "it");
      assertThat(read).usingRecursiveComparison().isEqualTo(one);
      assertThat(read.pixels().undefined()).isEmpty();
      assertThat(read.pixels().worst()).hasSize(2);
      Evaluation ofSamples =
          new Evaluation("validation", 9, one.metrics(), one.classes(), one.confusion(), List.of());
      String file = Json.line(ofSamples);
      assertThat(file).doesNotContain("pixels\"");
      assertThat(Json.read(file.getBytes(UTF_8), Evaluation.class, "it").pixels()).isNull();
    }
  }

  @Test
  void theEndsOfShardsSayTheLargestSides() throws IOException {
    DatasetManifest manifest = TinyPixels.write(folder, 1, 9);
    assertThat(
            LargestPicture.of(new Configuration(), folder.toString(), manifest.split("validation")))
        .isEqualTo(new LargestPicture(TinyPixels.SIDE + 10, TinyPixels.SIDE + 9));
  }

  /** Without padding, so that its answers leave a rim. */
  @Test
  void aNetworkThatAnswersForTheMiddleIsEvaluatedInTiles() throws IOException {
    DatasetManifest manifest = TinyPixels.write(folder, 1, 9);
    try (Ensemble ensemble = new Ensemble(List.of(network(1, Kernel.of(5))))) {
      String tiles = "evaluate.inference=tiles";
      Evaluation one = evaluate(manifest, ensemble, 1, 1, tiles);
      assertThat(evaluate(manifest, ensemble, 4, 2, tiles))
          .usingRecursiveComparison()
          .isEqualTo(one);
      assertThat(counted(one)).isEqualTo(labelled(manifest));
      assertThatThrownBy(() -> evaluate(manifest, ensemble, 1, 1, "evaluate.inference=whole"))
          .hasMessage(
              "evaluate.inference is whole, but the network answers for the middle 12 x 12 of 16 x"
                  + " 16 pixels only; allowed: tiles");
    }
  }

  private static long counted(Evaluation evaluation) {
    long[] counted = new long[1];
    evaluation.confusion().forEach((actual, predicted, count) -> counted[0] += count);
    return counted[0];
  }

  private static long labelled(DatasetManifest manifest) {
    return manifest.split("validation").labelPixels().stream()
        .filter(label -> label.label() != PixelClass.VOID)
        .mapToLong(LabelPixels::pixels)
        .sum();
  }

  /** At the label maps' own sizes. */
  @Test
  void countsEachPixelThatHasAClassOnce() throws IOException {
    DatasetManifest manifest = TinyPixels.write(folder, 1, 9);
    try (Ensemble ensemble = new Ensemble(List.of(network(1)))) {
      assertThat(counted(evaluate(manifest, ensemble, 4, 1))).isEqualTo(labelled(manifest));
    }
  }

  @Test
  void anEnsembleOfTheSameAnswersAsOneOfThem() throws IOException {
    DatasetManifest manifest = TinyPixels.write(folder, 1, 4);
    try (Ensemble one = new Ensemble(List.of(network(1)));
        Ensemble two = new Ensemble(List.of(network(1), network(1)));
        Ensemble other = new Ensemble(List.of(network(1), network(2)))) {
      double alone = evaluate(manifest, one, 2, 1).value(Metrics.LOSS);
      assertThat(evaluate(manifest, two, 2, 1).value(Metrics.LOSS))
          .isCloseTo(alone, within(0.05 * alone));
      assertThat(evaluate(manifest, other, 2, 1).value(Metrics.LOSS)).isNotEqualTo(alone);
    }
  }
}
