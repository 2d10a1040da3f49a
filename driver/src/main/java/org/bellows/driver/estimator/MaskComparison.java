// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.prepare.image.ContentReader;
import org.bellows.data.prepare.mask.MaskReader;
import org.bellows.data.prepare.mask.MaskRefusedException;
import org.bellows.data.prepare.mask.MaskRules;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.storage.Storage;
import org.bellows.worker.evaluate.metric.ConfusionCounts;

/** Rows of a label map and a mask in, how many pixels of each class got each label out. */
final class MaskComparison implements FlatMapFunction<Iterator<Row>, MaskComparison.Found> {
  private static final long serialVersionUID = 1L;
  private static final String PNG = "png";
  private static final String RAW = "raw";

  private final SerializableConfiguration hadoop;
  private final MaskRules rules;
  private final long maxPixels;

  /**
   * @param problem null, or why the counts are not whole
   */
  record Found(ConfusionCounts counts, String problem) implements Serializable {}

  /**
   * @param rules what the values of masks mean
   * @param maxPixels masks with more are refused
   */
  MaskComparison(SerializableConfiguration hadoop, MaskRules rules, long maxPixels) {
    this.hadoop = hadoop;
    this.rules = rules;
    this.maxPixels = maxPixels;
  }

  /** As many as are named, or as there can be. */
  int classes() {
    return rules.classes().isEmpty() ? PixelClass.MOST : rules.classes().size();
  }

  /**
   * @throws BellowsException (configuration) for a column that holds no label maps
   */
  static void requirePredictions(StructField column) {
    boolean isMap =
        column.dataType() instanceof StructType struct
            && List.of(struct.fieldNames()).containsAll(List.of("height", "width"))
            && List.of(PNG, RAW).stream()
                .anyMatch(
                    name ->
                        List.of(struct.fieldNames()).contains(name)
                            && struct.apply(name).dataType().equals(DataTypes.BinaryType));
    if (!isMap) {
      throw BellowsException.configuration(
          "column %s is %s, expected a struct of height, width and png or raw, as ImageSegmenterModel adds it"
              .formatted(column.name(), column.dataType().simpleString()));
    }
  }

  @Override
  public Iterator<Found> call(Iterator<Row> rows) throws IOException {
    MaskReader masks = new MaskReader(rules, maxPixels);
    // Labels that are not finite are counted in the last column.
    long[][] matrix = new long[classes()][classes() + 1];
    int number = 0;
    try (ContentReader content = new ContentReader(hadoop.value())) {
      while (rows.hasNext()) {
        String problem = add(rows.next(), content, masks, matrix);
        if (problem != null) {
          int partition = TaskContext.getPartitionId();
          return List.of(
                  new Found(
                      null, "row %d of partition %d %s".formatted(number, partition, problem)))
              .iterator();
        }
        number++;
      }
    }
    return List.of(new Found(ConfusionCounts.of(matrix), null)).iterator();
  }

  /** Null, or what is wrong with the row, as a predicate. */
  private String add(Row row, ContentReader content, MaskReader masks, long[][] matrix)
      throws IOException {
    if (row.isNullAt(0)) {
      return "has no prediction; drop rows with a reason before they are evaluated";
    }
    if (row.isNullAt(1)) {
      return "has no mask";
    }
    RasterImage predicted = labels(row.getStruct(0));
    SourceMask mask = mask(row.get(1));
    try {
      byte[] bytes = content.read(mask.content());
      return count(
          masks.read(bytes, predicted.height(), predicted.width()).interleaved(),
          predicted.interleaved(),
          matrix);
    } catch (ImageRefusedException | MaskRefusedException e) {
      return "has a mask, %s, that %s".formatted(mask.name(), e.getMessage());
    } catch (IOException e) {
      if (Storage.isOfFile(e)) {
        return "has a mask that cannot be read: " + Storage.reason(e);
      }
      throw e;
    }
  }

  private static RasterImage labels(Row map) {
    return List.of(map.schema().fieldNames()).contains(PNG)
        ? LabelMaps.of(map.<byte[]>getAs(PNG))
        : new RasterImage(map.getAs("height"), map.getAs("width"), 1, map.getAs(RAW));
  }

  private static SourceMask mask(Object value) {
    if (value instanceof String path) {
      return SourceMask.file(path);
    }
    return SourceMask.unnamed(
        value instanceof Row struct ? struct.<byte[]>getAs("bytes") : (byte[]) value);
  }

  private static String count(byte[] truth, byte[] predicted, long[][] matrix) {
    int classes = matrix.length;
    for (int pixel = 0; pixel < truth.length; pixel++) {
      int actual = truth[pixel] & 0xFF;
      int answer = predicted[pixel] & 0xFF;
      if (actual == PixelClass.VOID) {
        continue;
      }
      if (answer >= classes && answer != PixelClass.VOID) {
        return "has the label %d in its prediction, but the settings have %d pixel classes"
            .formatted(answer, classes);
      }
      matrix[actual][Math.min(answer, classes)]++;
    }
    return null;
  }
}
