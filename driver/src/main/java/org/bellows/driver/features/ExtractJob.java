// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.text.ValueText;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.image.SourceImages;
import org.bellows.data.storage.Sha256;
import org.bellows.data.storage.Storage;
import org.bellows.driver.picture.PictureParts;
import org.bellows.driver.progress.ImageWatch;
import org.bellows.driver.spark.BellowsFailures;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.predict.PictureStream;

/** The command {@code extract-features}: images in, Parquet files of features out. */
public final class ExtractJob {
  /** Below {@code output.path}. */
  public static final String FOLDER = "features";

  private final JavaSparkContext spark;
  private final Settings settings;
  private final String version;
  private final ExecutorNetworks.Model model;
  private final FeatureRequest request;

  /** The model and what is asked of it, read and checked. */
  public static final class Inputs {
    private final ExecutorNetworks.Model model;
    private final FeatureRequest request;

    private Inputs(ExecutorNetworks.Model model, FeatureRequest request) {
      this.model = model;
      this.request = request;
    }
  }

  /**
   * The result of the job.
   *
   * @param refused images without features
   * @param length of the features
   * @param firstRefused a few: source and reason
   * @param passedOver entries of a source that by their names are no images of it, of each kind
   * @param sha256 over the files, in order
   */
  public record Summary(
      String layer,
      long images,
      long refused,
      int length,
      int files,
      List<String> firstRefused,
      Map<String, Long> passedOver,
      String sha256) {}

  /**
   * Reads the model, and nothing else yet.
   *
   * @throws org.bellows.conf.BellowsException configuration: no such layer; data: no such model
   */
  public static Inputs inputs(Configuration hadoop, Settings settings) {
    String path = Storage.qualify(settings.model().path()).toString();
    ExecutorNetworks.Model model =
        ExecutorNetworks.Model.read(hadoop, path, settings, EngineRequest.of(settings.evaluate()));
    Settings.Features features = settings.features();
    return new Inputs(
        model,
        FeatureRequest.of(model.card(), features.layer(), features.pooling(), features.top()));
  }

  /** With inputs that are read here. */
  public ExtractJob(JavaSparkContext spark, Settings settings, String version) {
    this(spark, settings, version, inputs(spark.hadoopConfiguration(), settings));
  }

  /**
   * @param settings {@code data.path}, or where that is empty {@code source.path}, is read; {@link
   *     #FOLDER} of {@code output.path} is written
   * @param version of Bellows, for the files
   */
  public ExtractJob(JavaSparkContext spark, Settings settings, String version, Inputs inputs) {
    this.spark = spark;
    this.settings = settings;
    this.version = version;
    this.model = inputs.model;
    this.request = inputs.request;
  }

  /**
   * @param watch is called with the number of finished images
   */
  public Summary run(ImageWatch watch) {
    spark.sc().addSparkListener(watch);
    try {
      return settings.data().path().isBlank() ? ofSource(watch) : ofDataset(watch);
    } finally {
      spark.sc().removeSparkListener(watch);
    }
  }

  private Summary ofDataset(ImageWatch watch) {
    String path = settings.data().path();
    DatasetManifest manifest = ManifestFile.read(spark.hadoopConfiguration(), path);
    watch.expect(manifest.splits().stream().mapToLong(Split::samples).sum());
    Map<String, String> origin = new LinkedHashMap<>();
    origin.put("source", Storage.qualify(path).toString());
    origin.put("dataset-sha256", ManifestFile.sha256(manifest));
    // A row has one label: of images with any number of labels it has none.
    List<String> classes = manifest.multiLabel() ? List.of() : manifest.classes();
    ExtractTask task = task(classes, origin, watch);
    return summary(parts().ofDataset(path, manifest, manifest.splits(), task), Map.of());
  }

  private PictureParts parts() {
    return new PictureParts(
        spark, settings.prepare().maxPixels(), settings.features().imagesPerFile());
  }

  private Summary ofSource(ImageWatch watch) {
    try (SourceImages source =
        BellowsFailures.run(
            () -> SourceImages.list(spark, settings.source(), settings.prepare()))) {
      watch.expect(source.images());
      Map<String, String> origin = new LinkedHashMap<>();
      origin.put("source", source.root());
      origin.put("source-fingerprint", source.fingerprint());
      ExtractTask task = task(source.classes().names(), origin, watch);
      return summary(parts().ofSource(source, task), source.passedOver());
    }
  }

  private ExtractTask task(List<String> classes, Map<String, String> origin, ImageWatch watch) {
    Map<String, String> provenance = provenance();
    provenance.putAll(origin);
    provenance.put("classes", Json.line(classes));
    boolean withTop = request.top() > 0;
    String folder = new Path(Storage.qualify(settings.output().path()), FOLDER).toString();
    removeOld(new Path(folder));
    return new ExtractTask(
        model,
        request,
        new PictureStream.Limits(
            settings.evaluate().batch(),
            settings.data().decodeThreads(),
            settings.data().prefetchBatches()),
        new FeatureFiles(
            folder, FeatureSchema.footer(provenance, withTop), model.card().classes(), withTop),
        settings.features().onBadImage() == Settings.OnBadImage.FAIL,
        watch.counter());
  }

  /**
   * Files of an earlier run, of which there may have been more, would be taken for files of this
   * one.
   */
  private void removeOld(Path folder) {
    try {
      Storage.fileSystem(spark.hadoopConfiguration(), folder).delete(folder, true);
    } catch (IOException e) {
      throw Storage.failure("removing " + folder, e);
    }
  }

  private Map<String, String> provenance() {
    ModelCard card = model.card();
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("version", version);
    provenance.put("model", model.path());
    provenance.put("model-sha256", card.parametersSha256());
    provenance.put("network", card.network());
    provenance.put("layer", request.layer());
    if (!model.engine().equals(EngineRequest.named(StepEngines.USUAL))) {
      InferenceArithmetic arithmetic = model.engine().arithmetic().inference();
      provenance.put("engine", model.engine().name());
      provenance.put("precision", ValueText.name(arithmetic.precision()));
      provenance.put("convolutions", ValueText.name(arithmetic.convolutions()));
    }
    provenance.put("pooling", request.pooling().name().toLowerCase(Locale.ROOT));
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("shape", card.input().toString());
    input.put("evaluation-crop", card.evaluationCrop().name().toLowerCase(Locale.ROOT));
    input.put("resize-pixels", card.resizePixels());
    if (card.interpolation() != AugmentSettings.EvaluationInterpolation.BILINEAR) {
      input.put("interpolation", card.interpolation().name().toLowerCase(Locale.ROOT));
    }
    input.put("mean", card.mean());
    input.put("standard-deviation", card.standardDeviation());
    provenance.put("input", Json.line(input));
    return provenance;
  }

  private Summary summary(List<ExtractTask.Part> parts, Map<String, Long> passedOver) {
    MessageDigest digest = Sha256.digest();
    List<String> firstRefused = new ArrayList<>();
    for (ExtractTask.Part part : parts) {
      digest.update(part.sha256().getBytes(StandardCharsets.US_ASCII));
      part.firstRefused().stream().limit(5 - firstRefused.size()).forEach(firstRefused::add);
    }
    return new Summary(
        request.layer(),
        parts.stream().mapToLong(ExtractTask.Part::images).sum(),
        parts.stream().mapToLong(ExtractTask.Part::refused).sum(),
        parts.stream().mapToInt(ExtractTask.Part::length).max().orElse(0),
        parts.size(),
        firstRefused,
        passedOver,
        Sha256.hex(digest.digest()));
  }
}
