// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import org.bellows.driver.picture.PartFile;
import org.bellows.driver.picture.PartTask;
import org.bellows.driver.picture.Picture;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.predict.ClassPrediction;
import org.bellows.worker.predict.ClassPredictor;
import org.bellows.worker.predict.PictureStream;

/**
 * Says a class of each of some pictures, in a task, and writes a file of them.
 *
 * @param done counts pictures
 */
record ClassTask(
    ClassModel model, PredictionFiles files, PictureStream.Limits limits, LongAccumulator done)
    implements PartTask<PicturePart> {

  @Override
  public PicturePart run(int number, Iterator<Picture> pictures) {
    String attempt = Long.toString(TaskContext.get().taskAttemptId());
    try (SharedByTasks<ClassPredictor>.Lease lease = model.lease();
        PictureStream<Picture, ClassPrediction> stream =
            new PictureStream<>(
                pictures, picture -> picture.sample().get(), lease.value(), limits);
        PredictionFile file = files.open(model.hadoop(), number, attempt)) {
      return write(stream, file);
    } catch (IOException | FSError e) {
      throw PartFile.failure(files.file(number), e);
    }
  }

  private PicturePart write(PictureStream<Picture, ClassPrediction> stream, PredictionFile file)
      throws IOException {
    Map<String, Long> answers = new LinkedHashMap<>();
    Map<String, String> firstRefused = new LinkedHashMap<>();
    long predicted = 0;
    long refused = 0;
    long notFinite = 0;
    while (stream.hasNext()) {
      PictureStream.Result<Picture, ClassPrediction> result = stream.next();
      Picture picture = result.item();
      ClassPrediction answer = result.answer();
      PredictionRow row = PredictionRow.of(picture.id(), picture.source(), answer, model.classes());
      file.write(row);
      if (answer.isRefused()) {
        refused++;
        if (firstRefused.size() < PicturePart.MOST_REFUSED) {
          firstRefused.put(picture.source(), answer.refusal());
        }
      } else {
        predicted++;
        notFinite += answer.isNotFinite() ? 1 : 0;
        if (row.labels() != null) {
          row.labels().forEach(label -> answers.merge(label, 1L, Long::sum));
        } else if (row.className() != null) {
          answers.merge(row.className(), 1L, Long::sum);
        }
      }
      done.add(1);
    }
    return new PicturePart(predicted, refused, answers, notFinite, firstRefused, file.finish());
  }
}
