// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bellows.conf.AugmentSettings.EvaluationCrop;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Provenance;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.storage.Sha256;
import org.bellows.data.storage.lease.Fence;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;

/** Versions small enough to be made by the hundred; nobody opens their network. */
public final class TinyVersions {
  public static final List<String> CLASSES = List.of("cat", "dog");
  private static final String NETWORK = "lenet5";
  private static final InputShape INPUT = new InputShape(1, 12, 12);
  private static final int PARAMETERS =
      Math.toIntExact(
          NetworkRegistry.standard().get(NETWORK).graph(INPUT, CLASSES.size()).parameters());

  private TinyVersions() {}

  /**
   * @param seed of the parameters
   */
  public static TrainedModel model(int seed) {
    float[] parameters = Arrays.copyOf(new float[] {seed, seed + 0.5f, -seed}, PARAMETERS);
    return new TrainedModel(
        new ModelCard(
            ModelCard.FORMAT_VERSION,
            NETWORK,
            INPUT,
            CLASSES,
            new float[] {0.5f},
            new float[] {0.2f},
            EvaluationCrop.CENTRE,
            32,
            FloatArrays.sha256(parameters, parameters.length),
            Map.of("seed", Integer.toString(seed))),
        parameters);
  }

  /**
   * @param samples of the split train
   */
  public static DatasetManifest dataset(int samples) {
    return new DatasetManifest(
        DatasetManifest.FORMAT_VERSION,
        CLASSES,
        List.of(split("train", samples), split("test", 24)),
        new Provenance("raw", "tree", "sha", 1, "development", 3, 0, "2026-01-01T00:00:00Z"));
  }

  private static Split split(String name, int samples) {
    List<Double> channels = List.of(0.5, 0.5, 0.5);
    String sha256 = Sha256.of((name + samples).getBytes(StandardCharsets.UTF_8));
    Shard shard = new Shard(name + ".parquet", samples, sha256, List.of(samples));
    return new Split(name, samples, samples, channels, channels, List.of(shard));
  }

  /** As a Bellows did that looked at no score. */
  public static void makeCurrent(RegisteredModel model, int base, int version, Fence fence) {
    model.pointer().advance(base, new Promotion(0, version, base, null, "unseen", ""), fence);
  }

  /** With answers that are not finite on the held-out split. */
  static RegisteredModel.Draft broken(int decision, int answers) {
    return draft(
        decision,
        MetricFixtures.score("test", 24, 0.75, 0.75, Double.NaN, answers),
        100 * decision,
        decision);
  }

  /**
   * @param epochs in its configuration
   */
  static RegisteredModel.Draft draft(int decision, double top1, int samples, int epochs) {
    return draft(decision, MetricFixtures.score("test", 24, top1, 1, 1 - top1, 0), samples, epochs);
  }

  private static RegisteredModel.Draft draft(int decision, Score score, int samples, int epochs) {
    DatasetManifest dataset = dataset(samples);
    TrainedModel model = model(decision);
    VersionCard card =
        new VersionCard(
            VersionCard.FORMAT_VERSION,
            decision,
            "2026-01-0%dT00:00:00Z".formatted(decision),
            "development",
            "lenet5",
            CLASSES,
            model.card().parametersSha256(),
            ManifestFile.sha256(dataset),
            "data/" + decision,
            null,
            score,
            null,
            null,
            Map.of("steps", 10 * epochs));
    String configuration =
        "{\"train\": {\"epochs\": %d, \"seed\": 1}, \"output\": {\"path\": \"/run-%d\"}}"
            .formatted(epochs, decision);
    return new RegisteredModel.Draft(
        card,
        model,
        Map.of(
            "configuration.json",
            configuration.getBytes(StandardCharsets.UTF_8),
            DatasetDifference.MANIFEST,
            Json.pretty(dataset)));
  }
}
