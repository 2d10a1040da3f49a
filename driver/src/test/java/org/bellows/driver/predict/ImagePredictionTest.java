// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.CommandLine;
import org.bellows.driver.features.LocalSpark;
import org.bellows.driver.features.TinyModel;
import org.bellows.driver.progress.ImageWatch;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedEnsemble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Classes of pictures: of named ones, and as a job of folders, globs and manifests. */
@Tag("integration")
@Timeout(600)
class ImagePredictionTest {
  private static final int PICTURES = 5;

  @TempDir static Path folder;

  private static Path run;
  private static Path photos;
  private static SparkSession spark;

  @BeforeAll
  static void prepare() throws IOException {
    run = folder.resolve("run");
    TinyModel.write(run, "lenet5", 3);
    photos = Files.createDirectories(folder.resolve("photos"));
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage picture = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);
      for (int row = 0; row < picture.getHeight(); row++) {
        for (int column = 0; column < picture.getWidth(); column++) {
          picture.setRGB(column, row, (row * 5 << 16) + (column * (i + 1) << 8) + i * 40);
        }
      }
      ImageIO.write(picture, "png", photos.resolve(i + ".png").toFile());
    }
    Files.writeString(photos.resolve("bad, \"odd\".jpg"), "no picture");
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static PredictJob.Outcome job(String output, String source, String... more) {
    List<String> assignments = new ArrayList<>(List.of(more));
    assignments.add("source.path=" + source);
    assignments.add("output.path=" + folder.resolve(output));
    assignments.add("predict.images-per-file=2");
    assignments.add("predict.top=2");
    Settings settings = new SettingsLoader().set(assignments).load(List.of(), List.of());
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    List<String> paths = List.of(run.toString());
    Prediction prediction =
        ImagePrediction.of(
            context.hadoopConfiguration(),
            paths,
            TrainedEnsemble.read(context.hadoopConfiguration(), paths),
            settings);
    ImageWatch watch = new ImageWatch(context, "predict", new ProgressLine(100));
    return new PredictJob(context, settings, prediction, watch).ofSource();
  }

  private static List<String> lines(String output, String ending) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      String file = "predictions/part-0000%d.%s".formatted(part, ending);
      lines.addAll(Files.readAllLines(folder.resolve(output).resolve(file)));
    }
    return lines;
  }

  /** A folder in three formats: the same classes, and the refused picture in all of them. */
  @Test
  void aFolderIsPredictedInEveryFormat() throws IOException {
    PredictJob.Outcome outcome = job("parquet", photos.toString());
    assertThat(outcome.pictures().predicted()).isEqualTo(PICTURES);
    assertThat(outcome.pictures().firstRefused()).containsOnlyKeys("bad, \"odd\".jpg");
    List<Row> rows =
        spark
            .read()
            .parquet(folder.resolve("parquet/predictions").toString())
            .orderBy("id")
            .selectExpr("id", "source", "class", "probability", "top[1].class", "reason")
            .collectAsList();
    job("jsonl", photos.toString(), "predict.format=jsonl");
    job("csv", photos.toString(), "predict.format=csv");
    List<String> json = lines("jsonl", "jsonl");
    List<String> csv = lines("csv", "csv");
    csv.removeIf(
        line -> line.equals("id,source,reason,class_1,probability_1,class_2,probability_2"));
    assertThat(rows).hasSize(PICTURES + 1);
    assertThat(csv).hasSize(PICTURES + 1);
    for (int i = 0; i <= PICTURES; i++) {
      Row row = rows.get(i);
      Map<?, ?> object = Json.read(json.get(i).getBytes(), Map.class, "line " + i);
      assertThat(object.get("source")).isEqualTo(row.getString(1));
      assertThat(object.get("class")).isEqualTo(row.get(2));
      if (row.isNullAt(2)) {
        assertThat(row.getString(5)).startsWith("is neither JPEG nor PNG");
        assertThat(object.get("reason")).isEqualTo(row.getString(5));
        assertThat(csv.get(i)).startsWith(i + ",\"bad, \"\"odd\"\".jpg\",").endsWith(",,,,");
      } else {
        assertThat(csv.get(i))
            .startsWith(
                "%d,%s,,%s,%s,%s,"
                    .formatted(
                        i, row.getString(1), row.getString(2), row.getFloat(3), row.getString(4)));
      }
    }
  }

  /** A manifest whose rows have no label; a glob; the order of both is that of their paths. */
  @Test
  void neitherManifestsNorGlobsNeedLabels() throws IOException {
    Path manifest = folder.resolve("list.csv");
    Files.writeString(manifest, "path\nphotos/1.png\nphotos/none.png\nphotos/0.png\n");
    PredictJob.Outcome listed = job("listed", manifest.toString());
    assertThat(listed.pictures().predicted()).isEqualTo(2);
    assertThat(listed.pictures().firstRefused())
        .containsEntry("list.csv#3", "row 3 names photos/none.png, and there is no such file");
    PredictJob.Outcome matched = job("matched", photos + "/[01].png");
    assertThat(matched.pictures().answers()).isEqualTo(listed.pictures().answers());
    assertThat(job("single", photos + "/3.png").pictures().predicted()).isEqualTo(1);
  }

  /** As a machine reads them; the file of rows says the same. */
  @Test
  void namedPicturesArePrintedAsJson() throws IOException {
    Path output = folder.resolve("named");
    CommandLine.Said said =
        CommandLine.run(
            "predict",
            "--json",
            "--set=model.path=" + run,
            "--set=output.path=" + output,
            "--set=predict.top=2",
            "--set=predict.format=jsonl",
            photos.toString());
    assertThat(said.exitCode()).isEqualTo(3);
    List<String> printed = said.out().lines().filter(line -> line.startsWith("{")).toList();
    List<String> written = Files.readAllLines(output.resolve("predictions/part-00000.jsonl"));
    assertThat(printed).hasSize(PICTURES + 1);
    assertThat(printed.subList(0, PICTURES)).isEqualTo(written.subList(0, PICTURES));
    assertThat(printed.get(PICTURES)).contains("\"reason\":", "is neither JPEG nor PNG");
    CommandLine.Said none = CommandLine.run("predict", "--json", "--set=model.path=" + run);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err())
        .contains("--json prints what is said of named images, and no IMAGE is named");
  }
}
