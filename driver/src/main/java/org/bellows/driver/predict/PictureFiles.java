// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.Settings;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.encode.LabelPalette;
import org.bellows.data.encode.NumpyArray;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.show.MaskOverlay;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.Sha256;
import org.bellows.data.storage.Storage;
import org.bellows.worker.segment.ClassScores;

/**
 * The files that are written of each picture.
 *
 * @param folder {@code output.path}, qualified; null: no files
 * @param which of them
 * @param classes of the model, by label
 */
record PictureFiles(
    String folder, Settings.Predict which, LabelPalette palette, List<String> classes)
    implements Serializable {
  static final String LABELS = "labels";
  static final String OVERLAYS = "overlays";
  static final String PROBABILITIES = "probabilities";
  static final String LINES = "predictions";

  /**
   * Of a job or of named files.
   *
   * @param classes of the model, by label
   * @param ofDataset the dataset's classes of pixels; empty: there is none
   */
  static PictureFiles of(
      Configuration hadoop, Settings settings, List<String> classes, List<PixelClass> ofDataset) {
    String output = settings.output().path();
    return new PictureFiles(
        output.isBlank() ? null : Storage.qualify(output).toString(),
        settings.predict(),
        ClassColours.of(hadoop, classes, settings.predict().colours(), ofDataset),
        classes);
  }

  /** What an earlier run left would be taken for this one's. */
  void removeOld(Configuration hadoop) {
    removeOld(hadoop, folder);
  }

  static void removeOld(Configuration hadoop, String folder) {
    for (String kind : List.of(LABELS, OVERLAYS, PROBABILITIES, LINES)) {
      Path path = new Path(folder, kind);
      try {
        Storage.fileSystem(hadoop, path).delete(path, true);
      } catch (IOException e) {
        throw Storage.failure("removing " + path, e);
      }
    }
  }

  /** Writes a picture's files, each whole or not at all. */
  PictureLine write(
      Configuration hadoop, PictureInput input, EncodedSample picture, ClassScores scores) {
    byte[] labels = scores.labels();
    RasterImage map = new RasterImage(scores.height(), scores.width(), 1, labels);
    if (folder != null) {
      write(hadoop, input.name(), picture, map, scores);
    }
    long[] counts = new long[PixelClass.VOID + 1];
    for (byte label : labels) {
      counts[label & 0xFF]++;
    }
    Map<String, Long> pixels = new LinkedHashMap<>();
    for (int label = 0; label < classes.size(); label++) {
      if (counts[label] > 0) {
        pixels.put(classes.get(label), counts[label]);
      }
    }
    return new PictureLine(
        input.id(),
        input.source(),
        input.name(),
        map.height(),
        map.width(),
        pixels,
        counts[PixelClass.VOID],
        Sha256.hex(Sha256.digest().digest(labels)),
        null);
  }

  private void write(
      Configuration hadoop,
      String name,
      EncodedSample picture,
      RasterImage labels,
      ClassScores scores) {
    if (which.labels()) {
      AtomicFile.writeAlone(hadoop, file(LABELS, name + ".png"), palette.png(labels));
    }
    if (which.overlays()) {
      RasterImage pixels = EvaluationTransform.decoded(picture);
      RasterImage overlay =
          new MaskOverlay(palette.classes()).of(new MaskedPicture(pixels, labels));
      AtomicFile.writeAlone(hadoop, file(OVERLAYS, name + ".png"), OpenCv.png(overlay));
    }
    if (which.probabilities()) {
      float[] probabilities = scores.probabilities();
      AtomicFile.writeAlone(
          hadoop,
          file(PROBABILITIES, name + ".npy"),
          out ->
              NumpyArray.write(
                  out, probabilities, scores.classes(), scores.height(), scores.width()));
    }
  }

  Path lines(int part) {
    return file(LINES, "part-%05d.jsonl".formatted(part));
  }

  private Path file(String kind, String name) {
    return new Path(folder + "/" + kind + "/" + name);
  }
}
