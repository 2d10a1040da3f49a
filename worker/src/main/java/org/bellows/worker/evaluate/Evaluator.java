// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.batch.EvaluationBatch;
import org.bellows.data.batch.EvaluationBatches;
import org.bellows.data.batch.EvaluationBatches.BatchSelection;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.PicturePreview;
import org.bellows.data.batch.ReadAhead;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.worker.evaluate.metric.ClassAnswer;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.network.LaneNetwork;

/** Evaluates one worker's share of a split. */
public final class Evaluator {
  private final DatasetReader dataset;
  private final InputSpec input;
  private final PicturePreview preview;
  private final ReadAhead readAhead;
  private final int batchSamples;
  private final int worstMistakes;

  /**
   * @param batchPictures in one forward pass; a sample with several views has as many pictures
   * @param worstMistakes that are kept, with their pictures
   */
  public Evaluator(
      DatasetReader dataset,
      InputSpec input,
      ReadAhead readAhead,
      int batchPictures,
      int worstMistakes) {
    this.dataset = dataset;
    this.input = input;
    this.preview = new PicturePreview(input);
    this.readAhead = readAhead;
    this.batchSamples = Math.max(1, batchPictures / EvaluationTransform.viewsOf(input));
    this.worstMistakes = worstMistakes;
  }

  /** Reads the dataset and batches it as the settings say. */
  public static Evaluator of(
      Configuration hadoop,
      Settings.Data data,
      Settings.Evaluate evaluate,
      DatasetManifest manifest,
      String split,
      InputSpec input) {
    return new Evaluator(
        new DatasetReader(hadoop, data.path(), manifest, split),
        input,
        ReadAhead.of(data),
        evaluate.batch(),
        evaluate.worstMistakes());
  }

  /** As below, of a single network. */
  public PartialEvaluation evaluate(LaneNetwork network, int worker, int workers) {
    return evaluate(new Ensemble(List.of(network)), worker, workers);
  }

  /** Runs batches worker, worker + workers, ... of the split. */
  public PartialEvaluation evaluate(Ensemble ensemble, int worker, int workers) {
    return evaluate(ensemble, worker, workers, (batch, probabilities) -> {});
  }

  /**
   * @param listener gets each batch with its n x classes probabilities; not called where answers
   *     say a class of each pixel
   */
  public PartialEvaluation evaluate(
      Ensemble ensemble, int worker, int workers, BiConsumer<EvaluationBatch, float[]> listener) {
    PartialEvaluation partial =
        new PartialEvaluation(ensemble.classes(), ensemble.isOfPixels(), worstMistakes);
    BatchSelection mine = BatchSelection.ofWorker(dataset.samples(), batchSamples, worker, workers);
    try (EvaluationBatches batches = new EvaluationBatches(dataset, input, mine, readAhead)) {
      for (EvaluationBatch batch = batches.next(); batch != null; batch = batches.next()) {
        if (ensemble.isOfPixels()) {
          countPixels(ensemble, batch, partial);
          continue;
        }
        float[] probabilities =
            ensemble.probabilities(batch.pixels(), batch.targets().samples(), batch.views());
        count(batch, probabilities, partial);
        listener.accept(batch, probabilities);
      }
    }
    return partial.settled();
  }

  /** One picture a pass, so that its answer does not depend on the batch that it is read in. */
  private void countPixels(Ensemble ensemble, EvaluationBatch batch, PartialEvaluation partial) {
    PixelScorer scorer = new PixelScorer(ensemble.classes());
    int length = input.sampleLength();
    for (int i = 0; i < batch.samples().size(); i++) {
      EncodedSample sample = batch.samples().get(i);
      float[] picture = Arrays.copyOfRange(batch.pixels(), i * length, (i + 1) * length);
      PixelScorer.PictureScore score =
          scorer.score(ensemble.logits(picture), ensemble.map(), truth(sample));
      partial.count(batch.sampleIds()[i], score.confusion(), score.loss());
    }
  }

  private static RasterImage truth(EncodedSample sample) {
    if (sample.mask() == null) {
      throw BellowsException.data(
          "sample %d of the dataset (%s) has no label map, which the answers could be compared with"
              .formatted(sample.id(), sample.source()));
    }
    try {
      return LabelMaps.of(sample);
    } catch (ImageRefusedException e) {
      throw BellowsException.data(
          "sample %d of the dataset (%s) %s"
              .formatted(sample.id(), sample.source(), e.getMessage()),
          e);
    }
  }

  private void count(EvaluationBatch batch, float[] probabilities, PartialEvaluation partial) {
    int[] labels = batch.targets().ofClasses().labels();
    int classes = probabilities.length / labels.length;
    for (int i = 0; i < labels.length; i++) {
      int from = i * classes;
      ClassAnswer answer = Ranking.answer(probabilities, from, classes, labels[i]);
      partial.count(batch.index(), answer);
      if (!answer.isFinite()) {
        Wrong wrong = new Wrong(labels[i], classes, Double.NaN, Double.NaN);
        addMistake(batch, i, wrong, partial);
      } else if (!answer.isRight()) {
        int predicted = answer.predicted();
        double loss = Metrics.LOSS.of(answer);
        float probability = probabilities[from + predicted];
        addMistake(batch, i, new Wrong(labels[i], predicted, probability, loss), partial);
      }
    }
  }

  /** The fields of an {@link Evaluation.Mistake} that are known here. */
  private record Wrong(int actual, int predicted, double probability, double loss) {}

  private void addMistake(EvaluationBatch batch, int i, Wrong answer, PartialEvaluation partial) {
    if (partial.isAmongWorst(answer.loss())) {
      partial.add(
          new Evaluation.Mistake(
              batch.sampleIds()[i],
              batch.samples().get(i).source(),
              answer.actual(),
              answer.predicted(),
              answer.probability(),
              answer.loss(),
              picture(batch, i)));
    }
  }

  /** The network's input, as a PNG file; of several views the first. */
  private byte[] picture(EvaluationBatch batch, int i) {
    int first = i * batch.views() * input.sampleLength();
    return PicturePreview.png(preview.of(batch.pixels(), first));
  }
}
