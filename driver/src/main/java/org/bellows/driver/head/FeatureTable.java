// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.head;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;
import org.bellows.driver.features.ExtractJob;
import org.bellows.driver.features.FeatureSchema;
import org.bellows.worker.files.Json;

/**
 * Features as {@code extract-features} left them.
 *
 * @param folder of the Parquet files
 * @param footer keys without prefix: where the features come from
 * @param classes in label order
 */
record FeatureTable(Path folder, Map<String, String> footer, List<String> classes) {
  static final String LABEL = "label";
  static final String FEATURES = "features";

  /**
   * @param path the folder that {@code extract-features} wrote, or the folder of files in it
   * @throws BellowsException (data) when there are no such files
   */
  static FeatureTable open(Configuration hadoop, String path) {
    Path given = Storage.qualify(path);
    FileSystem files = Storage.fileSystem(hadoop, given);
    try {
      Path inside = new Path(given, ExtractJob.FOLDER);
      Path folder = files.exists(inside) ? inside : given;
      Path first =
          Arrays.stream(files.exists(folder) ? files.listStatus(folder) : new FileStatus[0])
              .map(FileStatus::getPath)
              .filter(FeatureTable::isFeatureFile)
              .sorted()
              .findFirst()
              .orElseThrow(
                  () ->
                      BellowsException.data(
                          "there are no features at %s: no part-*.parquet in %s"
                              .formatted(given, folder)));
      return open(hadoop, folder, first);
    } catch (IOException e) {
      throw Storage.failure("reading " + given, e);
    }
  }

  static boolean isFeatureFile(Path file) {
    return file.getName().matches("part-\\d+\\.parquet");
  }

  private static FeatureTable open(Configuration hadoop, Path folder, Path first)
      throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(first, hadoop))) {
      Map<String, String> footer =
          FeatureSchema.provenance(reader.getFileMetaData().getKeyValueMetaData(), first);
      String classes = footer.get("classes");
      if (classes == null) {
        throw BellowsException.data(first + " is damaged: its footer names no classes");
      }
      String[] names = Json.read(classes.getBytes(StandardCharsets.UTF_8), String[].class, first);
      return new FeatureTable(folder, footer, List.of(names));
    } catch (BellowsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Parquet throws the same where bytes cannot be had; then they cannot be had here either.
      Storage.readThrough(hadoop, first);
      throw BellowsException.data(
          "%s is damaged: its footer cannot be read (%s)".formatted(first, Storage.reason(e)), e);
    }
  }

  /** id, split, label (a number of MLlib's, out of all classes), features; only whole rows. */
  Dataset<Row> rows(SparkSession spark) {
    Metadata labels =
        NominalAttribute.defaultAttr().withNumValues(classes.size()).withName(LABEL).toMetadata();
    return spark
        .read()
        .parquet(folder.toString())
        .where(functions.col(FEATURES).isNotNull().and(functions.col(LABEL).isNotNull()))
        .select(
            functions.col("id"),
            functions.col("split"),
            functions.col(LABEL).cast("double").as(LABEL, labels),
            functions.col(FEATURES));
  }
}
