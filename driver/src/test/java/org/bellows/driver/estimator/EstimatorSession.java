// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bellows.driver.TinyTree;
import org.bellows.driver.TwoExecutors;
import org.bellows.driver.fault.FaultSchedule;

/**
 * A session of two executors, pictures in rows, and an estimator that trains on them fast. Its
 * processes fail as the schedule in {@code faults} says.
 */
final class EstimatorSession implements AutoCloseable {
  /** 6 lanes of 4 on 72 rows for training: 3 steps an epoch. */
  static final String[] SETTINGS = {
    "model.height-pixels=32",
    "model.width-pixels=32",
    "train.global-batch=24",
    "train.lane-batch=4",
    "augment.crop=random-resized",
    "schedule.warmup-epochs=0",
    "checkpoint.interval-steps=2"
  };

  private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";
  private static final StructType SCHEMA =
      new StructType()
          .add("content", DataTypes.BinaryType)
          .add("path", DataTypes.StringType)
          .add("label", DataTypes.StringType)
          .add("isForValidation", DataTypes.BooleanType);

  private final TwoExecutors executors;
  private final SparkSession spark;
  private final Dataset<Row> rows;

  /** What executors are started with in other tests; commands here find those that run. */
  private final String optionsBefore;

  private EstimatorSession(TwoExecutors executors, Path raw, String optionsBefore)
      throws IOException {
    this.executors = executors;
    this.optionsBefore = optionsBefore;
    this.spark = SparkSession.builder().getOrCreate();
    spark.conf().set("spark.sql.shuffle.partitions", "2");
    this.rows = rows(spark, raw);
  }

  /**
   * @param folder gets pictures in {@code raw} and faults in {@code faults}
   */
  static EstimatorSession start(Path folder) throws IOException {
    Path raw = TinyTree.render(folder.resolve("raw"));
    new FaultSchedule(folder.resolve("faults")).begin(List.of());
    String before = System.getProperty(JAVA_OPTIONS, "");
    System.setProperty(
        JAVA_OPTIONS,
        "%s -D%s=%s".formatted(before, FaultSchedule.PROPERTY, folder.resolve("faults")));
    return new EstimatorSession(TwoExecutors.start(), raw, before);
  }

  /** One of two pictures: each class is in both parts. */
  static Dataset<Row> rows(SparkSession spark, Path raw) throws IOException {
    List<Row> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(raw)) {
      List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
      for (int i = 0; i < sorted.size(); i += 2) {
        Path file = sorted.get(i);
        Path name = raw.relativize(file);
        all.add(
            RowFactory.create(
                Files.readAllBytes(file),
                file.toString(),
                name.getName(1).toString(),
                !name.getName(0).toString().equals("train")));
      }
    }
    return spark.createDataFrame(all, SCHEMA).repartition(3);
  }

  /** Four epochs of 3 steps. */
  static ImageClassifier classifier(Path work) {
    return new ImageClassifier()
        .setNetwork("lenet5")
        .setWorkPath(work.toString())
        .setValidationIndicatorCol("isForValidation")
        .setMaxIter(4)
        .setStepSize(0.1)
        .setSettings(SETTINGS);
  }

  SparkSession spark() {
    return spark;
  }

  Dataset<Row> rows() {
    return rows;
  }

  @Override
  public void close() {
    executors.close();
    System.setProperty(JAVA_OPTIONS, optionsBefore);
  }
}
