// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A process that knows nothing but where a pipeline lies. */
public final class SavedPipelineMain {
  private SavedPipelineMain() {}

  /** Pipeline, folder of images, column to write, file to write to. */
  public static void main(String[] args) throws Exception {
    try (SparkSession spark = LocalSpark.open(1)) {
      Files.writeString(
          Path.of(args[3]),
          String.join("\n", apply(spark, args[0], args[1], args[2])),
          StandardCharsets.UTF_8);
    }
  }

  /** "file column" for each image below the folder, sorted. */
  public static List<String> apply(
      SparkSession spark, String pipeline, String images, String column) {
    Dataset<Row> rows =
        PipelineModel.load(pipeline)
            .transform(
                spark
                    .read()
                    .format("binaryFile")
                    .option("recursiveFileLookup", "true")
                    .load(images))
            .select("path", column);
    List<String> lines = new ArrayList<>();
    for (Row row : rows.collectAsList()) {
      lines.add(row.getString(0) + " " + row.get(1));
    }
    lines.sort(null);
    return lines;
  }
}
