// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.bellows.conf.BellowsException;
import org.bellows.data.ahead.OrderedPrefetcher;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.encode.LabelPalette;
import org.bellows.driver.features.ImageLabelMaps.Format;
import org.bellows.driver.predict.PredictModel;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.predict.PixelPredictor;
import org.bellows.worker.segment.ClassScores;

/** A partition's rows in, the same rows with label maps out. Runs in a task. */
final class ImageLabelRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final PredictModel model;
  private final LabelPalette palette;
  private final ImageColumns columns;
  private final Format format;
  private final int threads;
  private final RowImages.Place place;

  /**
   * @param threads that decode, in each task
   * @param schema of the rows that come in
   */
  ImageLabelRows(
      PredictModel model,
      LabelPalette palette,
      ImageColumns columns,
      Format format,
      int threads,
      StructType schema) {
    this.model = model;
    this.palette = palette;
    this.columns = columns;
    this.format = format;
    this.threads = threads;
    this.place = RowImages.Place.of(columns, schema);
  }

  static StructType type(Format format) {
    return new StructType()
        .add("height", DataTypes.IntegerType, false)
        .add("width", DataTypes.IntegerType, false)
        .add(format.name().toLowerCase(Locale.ROOT), DataTypes.BinaryType, false);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows;
    }
    SharedByTasks<PixelPredictor>.Lease lease = model.lease();
    RowImages images = new RowImages(model.hadoop(), place, model.settings().prepare().maxPixels());
    OrderedPrefetcher<Row> ahead =
        new OrderedPrefetcher<>("bellows-label-maps", threads, threads + 1);
    // Also if the last row is never requested: a limit, a failure.
    TaskCompletionListener closing =
        context -> {
          ahead.close();
          lease.close();
          images.close();
        };
    TaskContext.get().addTaskCompletionListener(closing);
    Iterator<RowImages.Numbered> numbered = RowImages.numbered(rows);
    return new Iterator<>() {
      private Row following;

      @Override
      public boolean hasNext() {
        while (following == null && !ahead.isFull() && numbered.hasNext()) {
          RowImages.Numbered row = numbered.next();
          ahead.add(() -> row(row, images, lease.value()));
        }
        following = following == null ? ahead.next() : following;
        return following != null;
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Row row = following;
        following = null;
        return row;
      }
    };
  }

  private Row row(RowImages.Numbered numbered, RowImages images, PixelPredictor predictor) {
    try {
      return with(numbered.row(), labels(predictor.scores(images.read(numbered))), null);
    } catch (ImageRefusedException e) {
      return refused(numbered, e);
    } catch (BellowsException e) {
      if (e.getCause() instanceof ImageRefusedException refused) {
        return refused(numbered, refused);
      }
      throw e;
    }
  }

  private Row refused(RowImages.Numbered numbered, ImageRefusedException refusal) {
    if (!columns.keepsBadImages()) {
      throw BellowsException.data("image " + place.name(numbered) + " " + refusal.getMessage());
    }
    return with(numbered.row(), null, refusal.getMessage());
  }

  private Row labels(ClassScores scores) {
    byte[] labels = scores.labels();
    RasterImage map = new RasterImage(scores.height(), scores.width(), 1, labels);
    byte[] stored = format == Format.PNG ? palette.png(map) : labels;
    return RowFactory.create(map.height(), map.width(), stored);
  }

  private Row with(Row before, Row labels, String reason) {
    List<Object> values = new ArrayList<>(before.size() + 2);
    for (int i = 0; i < before.size(); i++) {
      values.add(before.get(i));
    }
    values.add(labels);
    if (columns.keepsBadImages()) {
      values.add(reason);
    }
    return RowFactory.create(values.toArray());
  }
}
