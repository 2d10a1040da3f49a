// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.bellows.conf.BellowsException;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.PixelInference;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.driver.CommandLine;
import org.bellows.driver.features.ImageLabelMaps;
import org.bellows.driver.features.LocalSpark;
import org.bellows.driver.features.TinyModel;
import org.bellows.driver.progress.ImageWatch;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.predict.PixelPredictor;
import org.bellows.worker.segment.ClassScores;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Label maps of pictures of several sizes: named ones, as a job, and as a stage of Spark ML. */
@Tag("integration")
@Timeout(600)
class PixelPredictionTest {
  private static final int PICTURES = 5;

  @TempDir static Path folder;

  private static Path run;
  private static Path other;
  private static Path photos;
  private static SparkSession spark;

  @BeforeAll
  static void prepare() throws IOException {
    run = folder.resolve("run");
    TinyModel.write(run, "unet-8", 3);
    other = folder.resolve("other");
    TinyModel.write(other, "unet-8", 4);
    photos = Files.createDirectories(folder.resolve("photos"));
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage picture = new BufferedImage(40 + 3 * i, 50 - 4 * i, BufferedImage.TYPE_INT_RGB);
      for (int row = 0; row < picture.getHeight(); row++) {
        for (int column = 0; column < picture.getWidth(); column++) {
          picture.setRGB(column, row, (row * 5 << 16) + (column * 4 << 8) + i * 40);
        }
      }
      ImageIO.write(picture, "png", photos.resolve(i + ".png").toFile());
    }
    Files.writeString(photos.resolve("bad.jpg"), "no picture");
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Settings settings(String... more) {
    return new SettingsLoader().set(List.of(more)).load(List.of(), List.of());
  }

  /** By the networks themselves. */
  private static byte[] labels(Path picture, String... more) throws IOException {
    return scores(picture, List.of(run), more).labels();
  }

  private static ClassScores scores(Path picture, List<Path> models, String... more)
      throws IOException {
    List<String> paths = models.stream().map(Path::toString).toList();
    TrainedEnsemble trained = TrainedEnsemble.read(new Configuration(), paths);
    try (PixelPredictor predictor = PredictModel.predictor(trained, settings(more))) {
      return predictor.scores(
          new ImageDecoder(1 << 20).inspected(Files.readAllBytes(picture), "picture"));
    }
  }

  private static byte[] indices(Path png) throws IOException {
    BufferedImage image = ImageIO.read(png.toFile());
    int[] samples =
        image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
    byte[] indices = new byte[samples.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (byte) samples[i];
    }
    return indices;
  }

  @Test
  void namedPicturesAreWrittenAndABadOneIsRefused() throws IOException {
    Path output = folder.resolve("named");
    CommandLine.Said said =
        CommandLine.run(
            "predict",
            "--set=model.path=" + run,
            "--set=output.path=" + output,
            "--set=predict.overlays=true",
            "--set=predict.probabilities=true",
            "--set=predict.top=2",
            photos.toString());
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err())
        .contains("1 of 6 images was refused:", "bad.jpg: is neither JPEG nor PNG");
    assertThat(said.out()).contains(photos.resolve("0.png") + "  50 x 40", " %  ");
    for (int i = 0; i < PICTURES; i++) {
      assertThat(indices(output.resolve("labels/" + i + ".png")))
          .isEqualTo(labels(photos.resolve(i + ".png")));
      BufferedImage overlay = ImageIO.read(output.resolve("overlays/" + i + ".png").toFile());
      assertThat(overlay.getWidth()).isEqualTo(40 + 3 * i);
    }
    assertThat(output.resolve("labels/bad.png")).doesNotExist();
    requireProbabilities(output.resolve("probabilities/0.npy"), labels(photos.resolve("0.png")));
    List<String> lines = Files.readAllLines(output.resolve("predictions/part-00000.jsonl"));
    assertThat(lines).hasSize(PICTURES + 1);
    assertThat(lines.get(0)).contains("\"name\":\"0\"", "\"height\":50", "\"refusal\":null");
    assertThat(lines.get(PICTURES)).contains("\"name\":null", "is neither JPEG nor PNG");
    assertThat(CommandLine.metric(output, "images")).isEqualTo(PICTURES);
    Map<?, ?> pixels = (Map<?, ?>) CommandLine.metric(output, "pixels");
    assertThat(pixels.values().stream().mapToLong(n -> ((Number) n).longValue()).sum())
        .isEqualTo(50 * 40 + 46 * 43 + 42 * 46 + 38 * 49 + 34 * 52);
  }

  /** The label of a pixel is the class of the highest probability, and they add up to 1. */
  private static void requireProbabilities(Path npy, byte[] labels) throws IOException {
    byte[] file = Files.readAllBytes(npy);
    assertThat(new String(file, StandardCharsets.ISO_8859_1)).contains("'shape': (5, 50, 40), }");
    ByteBuffer values =
        ByteBuffer.wrap(file, 128, file.length - 128).slice().order(ByteOrder.LITTLE_ENDIAN);
    for (int pixel = 0; pixel < labels.length; pixel++) {
      float sum = 0;
      int best = 0;
      for (int c = 0; c < 5; c++) {
        float value = values.getFloat(4 * (c * labels.length + pixel));
        sum += value;
        best = value > values.getFloat(4 * (best * labels.length + pixel)) ? c : best;
      }
      assertThat(sum).isBetween(0.9999f, 1.0001f);
      assertThat(best).isEqualTo(labels[pixel]);
    }
  }

  private static PredictJob.Outcome job(String output, int perPart, Path source) {
    Settings settings =
        settings(
            "source.path=" + source,
            "output.path=" + folder.resolve(output),
            "predict.pictures-per-part=" + perPart);
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    PredictModel model =
        PredictModel.read(context.hadoopConfiguration(), List.of(run.toString()), settings);
    ImageWatch watch = new ImageWatch(context, "predict", new ProgressLine(100));
    return new PredictJob(context, settings, new PixelPrediction(model), watch).ofSource();
  }

  @Test
  void aJobGivesTheSameLabelsWhateverItsParts() throws IOException {
    PredictJob.Outcome outcome = job("job", 2, photos);
    assertThat(outcome.pictures().predicted()).isEqualTo(PICTURES);
    assertThat(outcome.pictures().firstRefused()).containsOnlyKeys("bad.jpg");
    assertThat(folder.resolve("job/predictions/part-00002.jsonl")).exists();
    assertThat(job("one-part", 100, photos).pictures().answers())
        .isEqualTo(outcome.pictures().answers());
    for (int i = 0; i < PICTURES; i++) {
      Path file = folder.resolve("job/labels/" + i + ".png");
      assertThat(indices(file)).isEqualTo(labels(photos.resolve(i + ".png")));
      assertThat(folder.resolve("one-part/labels/" + i + ".png")).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void twoPicturesOfASourceThatWouldBeOneFileAreRefusedBeforeAny() throws IOException {
    Path tree = folder.resolve("tree");
    Files.createDirectories(tree.resolve("a"));
    Files.copy(photos.resolve("0.png"), tree.resolve("a/x.png"));
    Files.copy(photos.resolve("1.png"), tree.resolve("a/x.jpg"));
    assertThatThrownBy(() -> job("collision", 2, tree))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "a/x.jpg and a/x.png would both be predicted to a/x; rename one of them, or predict them apart");
    assertThat(folder.resolve("collision")).doesNotExist();
  }

  @Test
  void theStageAddsLabelMapsAndIsSavedWithItsModel() throws IOException {
    Dataset<Row> images = spark.read().format("binaryFile").load(photos.toString());
    Path saved = folder.resolve("stage");
    new ImageLabelMaps()
        .setModelPath(run.toString())
        .setFormat("raw")
        .write()
        .save(saved.toString());
    ImageLabelMaps stage = ImageLabelMaps.load(saved.toString()).setThreads(2);
    List<Row> rows =
        stage
            .transform(images)
            .select(
                functions.col("path"),
                functions.col("labels.height"),
                functions.col("labels.raw"),
                functions.col("reason"))
            .collectAsList();
    assertThat(rows).hasSize(PICTURES + 1);
    for (Row row : rows) {
      String name = Path.of(row.getString(0).replace("file:", "")).getFileName().toString();
      if (name.equals("bad.jpg")) {
        assertThat(row.isNullAt(2)).isTrue();
        assertThat(row.getString(3)).startsWith("is neither JPEG nor PNG");
      } else {
        assertThat((byte[]) row.get(2)).isEqualTo(labels(photos.resolve(name)));
        assertThat(row.getInt(1)).isEqualTo(50 - 4 * (name.charAt(0) - '0'));
        assertThat(row.isNullAt(3)).isTrue();
      }
    }
  }

  @Test
  void theStageTakesSettingsAndGivesPalettePngs() throws IOException {
    String crf = "crf.enabled=true";
    Dataset<Row> image = spark.read().format("binaryFile").load(photos.resolve("3.png").toString());
    Row row =
        new ImageLabelMaps()
            .setModelPath(run.toString())
            .setSettings(new String[] {crf})
            .transform(image)
            .select("labels.png")
            .first();
    Path png = Files.write(folder.resolve("3.png"), (byte[]) row.get(0));
    assertThat(indices(png)).isEqualTo(labels(photos.resolve("3.png"), crf));
  }

  /** Probabilities are the means of theirs; command and stage say the same of each pixel. */
  @Test
  void twoModelsAnswerTogether() throws IOException {
    Path picture = photos.resolve("2.png");
    float[] one = scores(picture, List.of(run)).probabilities();
    float[] two = scores(picture, List.of(other)).probabilities();
    ClassScores both = scores(picture, List.of(run, other));
    float[] means = both.probabilities();
    for (int i = 0; i < means.length; i++) {
      assertThat(means[i]).isCloseTo((one[i] + two[i]) / 2, within(1e-6f));
    }
    assertThat(both.labels()).isNotEqualTo(labels(picture));
    Path output = folder.resolve("together");
    CommandLine.Said said =
        CommandLine.run(
            "predict",
            "--set=model.path=" + run,
            "--set=evaluate.ensemble=[\"" + other + "\"]",
            "--set=output.path=" + output,
            picture.toString());
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(CommandLine.metric(output, "models")).isEqualTo(2);
    assertThat(indices(output.resolve("labels/2.png"))).isEqualTo(both.labels());

    String saved = folder.resolve("two-models").toString();
    new ImageLabelMaps()
        .setModelPath(run.toString())
        .setEnsemble(new String[] {other.toString()})
        .setFormat("raw")
        .write()
        .save(saved);
    assertThat(folder.resolve("two-models/ensemble/1/model/parameters.bin"))
        .hasSameBinaryContentAs(other.resolve("model/parameters.bin"));
    // Spark removes the folder before it asks the stage for its models.
    ImageLabelMaps.load(saved).write().overwrite().save(saved);
    ImageLabelMaps loaded = ImageLabelMaps.load(saved);
    assertThat(loaded.get(loaded.ensemble()).get())
        .containsExactly("file:" + saved + "/ensemble/1");
    Dataset<Row> image = spark.read().format("binaryFile").load(picture.toString());
    assertThat((byte[]) loaded.transform(image).select("labels.raw").first().get(0))
        .isEqualTo(both.labels());
  }

  private static Path trainedWith(String name, PixelInference inference) {
    TrainedModel model = TinyModel.of("unet-8", 3);
    ModelCard card = model.card();
    Path path = folder.resolve(name);
    new TrainedModel(
            new ModelCard(
                card.formatVersion(),
                card.network(),
                card.input(),
                card.classes(),
                card.mean(),
                card.standardDeviation(),
                card.evaluationCrop(),
                card.resizePixels(),
                card.parametersSha256(),
                card.provenance(),
                inference,
                null,
                null),
            model.parameters())
        .write(new Configuration(), path.toString());
    return path;
  }

  /** How its training showed pictures to a model, unless the settings say otherwise. */
  @Test
  void aModelIsShownPicturesAsInItsTraining() throws IOException {
    PixelInference whole =
        new PixelInference(EvaluateSettings.Inference.WHOLE, 0.5, List.of(1.0), true);
    Path trained = trainedWith("whole", whole);
    Path picture = photos.resolve("3.png");
    byte[] asTrained = labels(picture, "evaluate.inference=whole", "evaluate.mirror=true");
    assertThat(asTrained).isNotEqualTo(labels(picture));
    Path output = folder.resolve("as-trained");
    String model = "--set=model.path=" + trained;
    CommandLine.Said said =
        CommandLine.run("predict", model, "--set=output.path=" + output, picture.toString());
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("pictures are shown to the network so: whole, mirror (as in its training)");
    assertThat(indices(output.resolve("labels/3.png"))).isEqualTo(asTrained);
    assertThat(CommandLine.metric(output, "inference")).isEqualTo("whole, mirror");
    Dataset<Row> image = spark.read().format("binaryFile").load(picture.toString());
    ImageLabelMaps stage = new ImageLabelMaps().setModelPath(trained.toString()).setFormat("raw");
    assertThat((byte[]) stage.transform(image).select("labels.raw").first().get(0))
        .isEqualTo(asTrained);
    stage.setSettings(new String[] {"evaluate.mirror=false"});
    assertThat((byte[]) stage.transform(image).select("labels.raw").first().get(0))
        .isEqualTo(labels(picture, "evaluate.inference=whole"));
    CommandLine.Said asked =
        CommandLine.run("predict", model, "--set=evaluate.inference=resize", picture.toString());
    assertThat(asked.out()).contains("so: resize, mirror (in its training: whole, mirror)");
    CommandLine.Said unknown =
        CommandLine.run("predict", "--set=model.path=" + run, picture.toString());
    assertThat(unknown.out())
        .contains(
            "so: resize (evaluate.inference is not set, and the model does not say how its training did it)");
  }

  @Test
  void trainingsThatShowedPicturesOtherwiseNeedASetting() {
    PixelInference resize =
        new PixelInference(EvaluateSettings.Inference.RESIZE, 0.5, List.of(1.0), false);
    PixelInference tiles =
        new PixelInference(EvaluateSettings.Inference.TILES, 0.5, List.of(1.0), false);
    Path first = trainedWith("resize", resize);
    String[] arguments = {
      "predict",
      "--set=model.path=" + first,
      "--set=evaluate.ensemble=[\"" + trainedWith("tiles", tiles) + "\"]",
      photos.resolve("0.png").toString()
    };
    CommandLine.Said said = CommandLine.run(arguments);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .contains(
            "the models' training showed them pictures in 2 ways (resize; tiles, window-stride 0.5), and the settings leave open which one is meant; expected evaluate.inference, and what belongs to it, to be set");
    String[] more = Arrays.copyOf(arguments, arguments.length + 1);
    more[arguments.length] = "--set=evaluate.inference=resize";
    assertThat(CommandLine.run(more).exitCode()).isZero();
    Path mad =
        trainedWith(
            "mad", new PixelInference(EvaluateSettings.Inference.TILES, 7, List.of(), true));
    CommandLine.Said refused =
        CommandLine.run("predict", "--set=model.path=" + mad, photos.resolve("0.png").toString());
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err())
        .contains("the model's pixelInference (model.json) is none: evaluate.");
  }

  @Test
  void modelsThatDoNotGoTogetherAreRefused() {
    Path classifier = folder.resolve("of-images");
    TinyModel.write(classifier, "lenet5", 3);
    CommandLine.Said mixed =
        CommandLine.run(
            "predict",
            "--set=model.path=" + run,
            "--set=evaluate.ensemble=[\"" + classifier + "\"]",
            photos.toString());
    assertThat(mixed.exitCode()).isEqualTo(3);
    assertThat(mixed.err())
        .contains(
            "evaluate.ensemble: %s has answers for each image, expected each pixel as %s has"
                .formatted(classifier, run));
    assertThatThrownBy(
            () -> new ImageLabelMaps().setSettings(new String[] {"evaluate.ensemble=[a]"}))
        .hasMessage(
            "settings holds evaluate.ensemble; give further models by setEnsemble, so that they are saved with the stage");
    assertThatThrownBy(() -> new ImageLabelMaps().setSettings(new String[] {"evaluate.batch=2"}))
        .hasMessage(
            "settings holds evaluate.batch, which label maps do not depend on; allowed: evaluate.inference, evaluate.window-stride, evaluate.scales, evaluate.mirror, crf, predict.colours and prepare.max-pixels");
  }

  @Test
  void whatIsWrongIsSaid() throws IOException {
    assertThatThrownBy(() -> new ImageLabelMaps().setSettings(new String[] {"crf.enable=true"}))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("crf.enable");
    TinyModel.write(folder.resolve("classifier"), "lenet5", 3);
    assertThatThrownBy(
            () ->
                new ImageLabelMaps()
                    .setModelPath(folder.resolve("classifier").toString())
                    .transform(spark.read().format("binaryFile").load(photos.toString())))
        .hasMessageEndingWith("which says a class of each image, expected one of each pixel");
    CommandLine.Said none =
        CommandLine.run("predict", "--set=model.path=" + run, "--set=output.path=" + folder);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err())
        .contains("data.path: is not set, nor is source.path, and no IMAGE is named");
    Path colours = Files.writeString(folder.resolve("colours.txt"), "#ff0000 a\n#00ff00 b\n");
    CommandLine.Said few =
        CommandLine.run(
            "predict",
            "--set=model.path=" + run,
            "--set=predict.colours=" + colours,
            photos.resolve("0.png").toString());
    assertThat(few.exitCode()).isEqualTo(3);
    assertThat(few.err())
        .contains("predict.colours is " + colours + ", which has no colour of c, d and e");
    assertThat(
            ImageArguments.ofSource(
                new Configuration(), settings("source.path=" + folder).source()))
        .isEqualTo(Optional.empty());
  }
}
