// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.CrfSettings;
import org.bellows.conf.EvaluateSettings;
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
import org.bellows.worker.crf.DenseCrf;
import org.bellows.worker.evaluate.metric.AnswerKind;
import org.bellows.worker.evaluate.metric.ClassAnswer;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.segment.ClassScores;
import org.bellows.worker.segment.RefinedScores;
import org.bellows.worker.segment.Segmenter;

/** Evaluates one worker's share of a split. */
public final class Evaluator {
  private final DatasetReader dataset;
  private final InputSpec input;
  private final PicturePreview preview;
  private final ReadAhead readAhead;
  private final int batchSamples;
  private final EvaluateSettings evaluate;
  private final Optional<DenseCrf> field;

  /** By class: from which probability on it is an answer, where a sample is of any number. */
  private final double[] thresholds;

  /**
   * @param evaluate of it {@code batch}, the pictures in one forward pass, of which a sample with
   *     several views has as many; {@code worst-mistakes}, which are kept with their pictures; and
   *     how networks that say a class of each pixel are shown pictures
   */
  public Evaluator(
      DatasetReader dataset, InputSpec input, ReadAhead readAhead, EvaluateSettings evaluate) {
    this(
        dataset, input, readAhead, evaluate, Optional.empty(), same(dataset, evaluate.threshold()));
  }

  private static double[] same(DatasetReader dataset, double threshold) {
    double[] thresholds = new double[dataset.isMultiLabel() ? dataset.classes() : 0];
    Arrays.fill(thresholds, threshold);
    return thresholds;
  }

  private Evaluator(
      DatasetReader dataset,
      InputSpec input,
      ReadAhead readAhead,
      EvaluateSettings evaluate,
      Optional<DenseCrf> field,
      double[] thresholds) {
    this.dataset = dataset;
    this.input = input;
    this.preview = new PicturePreview(input);
    this.readAhead = readAhead;
    this.batchSamples = Math.max(1, evaluate.batch() / EvaluationTransform.viewsOf(input));
    this.evaluate = evaluate;
    this.field = field;
    this.thresholds = thresholds;
  }

  /** The same, whose scores of pixels go through a conditional random field if it is enabled. */
  public Evaluator refinedBy(CrfSettings crf) {
    return new Evaluator(dataset, input, readAhead, evaluate, DenseCrf.of(crf), thresholds);
  }

  /**
   * The same with a threshold a class, from which probability on it is an answer.
   *
   * @param byClass empty: as before
   */
  public Evaluator withThresholds(List<Double> byClass) {
    double[] given = byClass.stream().mapToDouble(Double::doubleValue).toArray();
    return byClass.isEmpty()
        ? this
        : new Evaluator(dataset, input, readAhead, evaluate, field, given);
  }

  /** Reads the dataset and batches it as the settings say. */
  public static Evaluator of(
      Configuration hadoop,
      Settings.Data data,
      EvaluateSettings evaluate,
      DatasetManifest manifest,
      String split,
      InputSpec input) {
    return new Evaluator(
        new DatasetReader(hadoop, data.path(), manifest, split),
        input,
        ReadAhead.of(data),
        evaluate);
  }

  /** As below, of a single network. */
  public PartialEvaluation evaluate(LaneNetwork network, int worker, int workers) {
    return evaluate(new Ensemble(List.of(network)), worker, workers);
  }

  /** As below, one batch at a time. */
  public PartialEvaluation evaluate(Ensemble ensemble, int worker, int workers) {
    return evaluate(EnsembleThreads.one(ensemble), worker, workers);
  }

  /** Runs batches worker, worker + workers, ... of the split. */
  public PartialEvaluation evaluate(EnsembleThreads networks, int worker, int workers) {
    return evaluate(networks, worker, workers, (batch, probabilities) -> {});
  }

  /**
   * @param listener gets each batch with its n x classes probabilities; not called where answers
   *     say a class of each pixel
   */
  public PartialEvaluation evaluate(
      EnsembleThreads networks,
      int worker,
      int workers,
      BiConsumer<EvaluationBatch, float[]> listener) {
    Ensemble ensemble = networks.ensembles().get(0);
    PartialEvaluation partial =
        new PartialEvaluation(
            ensemble.classes(), kind(ensemble), thresholds, evaluate.worstMistakes());
    int size = ensemble.isOfPixels() ? picturesAtOnce(workers) : batchSamples;
    BatchSelection mine = BatchSelection.ofWorker(dataset.samples(), size, worker, workers);
    if (ensemble.isOfPixels()) {
      countPixels(networks, mine, partial);
      return partial.settled();
    }
    try (EvaluationBatches batches = new EvaluationBatches(dataset, input, mine, readAhead)) {
      List<EvaluationBatch> some = next(batches, networks.count());
      while (!some.isEmpty()) {
        List<EvaluationBatch> asked = some;
        List<float[]> answers =
            networks.run(
                asked.size(), i -> probabilities(networks.ensembles().get(i), asked.get(i)));
        for (int i = 0; i < answers.size(); i++) {
          count(asked.get(i), answers.get(i), partial);
          listener.accept(asked.get(i), answers.get(i));
        }
        some = next(batches, networks.count());
      }
    }
    return partial.settled();
  }

  /** The next batches, as many as there are. */
  private static List<EvaluationBatch> next(EvaluationBatches batches, int most) {
    List<EvaluationBatch> some = new ArrayList<>();
    while (some.size() < most) {
      EvaluationBatch batch = batches.next();
      if (batch == null) {
        break;
      }
      some.add(batch);
    }
    return some;
  }

  private static float[] probabilities(Ensemble ensemble, EvaluationBatch batch) {
    return ensemble.probabilities(batch.pixels(), batch.targets().samples(), batch.views());
  }

  /** So few that no worker is without pictures: each has a pass of its own in any case. */
  private int picturesAtOnce(int workers) {
    long share = (dataset.samples() + workers - 1) / workers;
    return (int) Math.max(1, Math.min(batchSamples, share));
  }

  /** One picture a pass, so that its answer does not depend on the batch that it is read in. */
  private void countPixels(
      EnsembleThreads networks, BatchSelection mine, PartialEvaluation partial) {
    PixelScorer scorer = new PixelScorer(networks.ensembles().get(0).classes());
    List<Segmenter> segmenters =
        networks.ensembles().stream()
            .map(ensemble -> Segmenter.of(ensemble, input, evaluate))
            .toList();
    try (EvaluationBatches batches =
        Segmenter.readsResized(evaluate)
            ? new EvaluationBatches(dataset, input, mine, readAhead)
            : EvaluationBatches.ofPictures(dataset, input, mine, readAhead)) {
      for (EvaluationBatch batch = batches.next(); batch != null; batch = batches.next()) {
        EvaluationBatch shown = batch;
        int[] order = bySize(batch);
        for (int first = 0; first < order.length; first += networks.count()) {
          int from = first;
          int n = Math.min(networks.count(), order.length - from);
          networks
              .run(n, i -> scored(segmenters.get(i), scorer, shown, order[from + i]))
              .forEach(each -> partial.count(each.sample(), each.truth(), each.score()));
        }
      }
    }
  }

  private record ScoredPicture(
      EncodedSample sample, RasterImage truth, PixelScorer.PictureScore score) {}

  private ScoredPicture scored(
      Segmenter segmenter, PixelScorer scorer, EvaluationBatch batch, int i) {
    EncodedSample sample = batch.samples().get(i);
    ClassScores scores =
        Segmenter.readsResized(evaluate)
            ? segmenter.scores(input(batch, i), sample.height(), sample.width())
            : segmenter.scores(batch.pictures().get(i));
    RasterImage truth = truth(sample);
    return new ScoredPicture(sample, truth, scorer.score(refined(scores, sample), truth));
  }

  private ClassScores refined(ClassScores scores, EncodedSample sample) {
    return field.isPresent()
        ? RefinedScores.of(scores, field.get(), EvaluationTransform.decoded(sample))
        : scores;
  }

  private float[] input(EvaluationBatch batch, int i) {
    int length = input.sampleLength();
    return Arrays.copyOfRange(batch.pixels(), i * length, (i + 1) * length);
  }

  /** Pictures of one size one after the other: an engine keeps the plans of few sizes. */
  private static int[] bySize(EvaluationBatch batch) {
    List<EncodedSample> samples = batch.samples();
    return IntStream.range(0, samples.size())
        .boxed()
        .sorted(
            Comparator.<Integer>comparingInt(i -> samples.get(i).height())
                .thenComparingInt(i -> samples.get(i).width()))
        .mapToInt(Integer::intValue)
        .toArray();
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

  private static AnswerKind kind(Ensemble ensemble) {
    if (ensemble.isMultiLabel()) {
      return AnswerKind.LABELS;
    }
    return ensemble.isOfPixels() ? AnswerKind.PIXELS : AnswerKind.SAMPLES;
  }

  private void count(EvaluationBatch batch, float[] probabilities, PartialEvaluation partial) {
    if (dataset.isMultiLabel()) {
      LabelCounting.count(batch, probabilities, partial, i -> picture(batch, i));
      return;
    }
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
