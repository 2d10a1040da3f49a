// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.ahead.OrderedPrefetcher;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.storage.AtomicFile;
import org.bellows.worker.files.Json;
import org.bellows.worker.predict.PixelPredictor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predicts one picture after the other: some are read and written while another is computed.
 *
 * @param threads that read, decode and write
 */
record PartPrediction(
    Configuration hadoop, PixelPredictor predictor, PictureFiles files, int threads) {
  private static final Logger LOG = LoggerFactory.getLogger(PartPrediction.class);

  /**
   * @param number of the file of lines; none is written where there is no folder
   * @param done hears of each picture, in order
   * @throws BellowsException (infrastructure) when a disk or a network does not answer: the next
   *     picture would not be read either
   */
  PicturePart run(int number, Iterator<PictureInput> pictures, Consumer<PictureLine> done) {
    PicturePart.Sum sum = new PicturePart.Sum(files.classes());
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (OrderedPrefetcher<PictureLine> ahead =
        new OrderedPrefetcher<>("bellows-predict", threads, threads + 1)) {
      for (PictureLine line = next(pictures, ahead); line != null; line = next(pictures, ahead)) {
        sum.add(line);
        lines.writeBytes((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
        done.accept(line);
      }
    }
    if (files.folder() != null) {
      AtomicFile.writeAlone(hadoop, files.lines(number), lines.toByteArray());
    }
    return sum.part();
  }

  private PictureLine next(Iterator<PictureInput> pictures, OrderedPrefetcher<PictureLine> ahead) {
    while (!ahead.isFull() && pictures.hasNext()) {
      PictureInput picture = pictures.next();
      ahead.add(() -> predicted(picture));
    }
    return ahead.next();
  }

  private PictureLine predicted(PictureInput input) {
    try {
      EncodedSample picture = read(input);
      return files.write(hadoop, input, picture, predictor.scores(picture));
    } catch (ImageRefusedException e) {
      return PictureLine.refused(input.id(), input.source(), e.getMessage());
    } catch (BellowsException e) {
      if (e.getCause() instanceof ImageRefusedException refused) {
        return PictureLine.refused(input.id(), input.source(), refused.getMessage());
      }
      throw e;
    }
  }

  private static EncodedSample read(PictureInput input) {
    try {
      return input.picture().get();
    } catch (ImageRefusedException e) {
      throw e;
    } catch (BellowsException e) {
      if (e.category() == ErrorCategory.DATA || e.category() == ErrorCategory.CONFIGURATION) {
        throw new ImageRefusedException(ImageRefusedException.Reason.UNREADABLE, e.getMessage());
      }
      throw e;
    } catch (RuntimeException e) {
      // A fault of ours that one picture brought to light: the others are none the worse for it.
      LOG.warn("a picture could not be read", e);
      throw new ImageRefusedException(
          ImageRefusedException.Reason.UNREADABLE, "could not be read: " + e);
    }
  }
}
