// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.worker.evaluate.metric.AnswerCounter;
import org.bellows.worker.evaluate.metric.Calibration;
import org.bellows.worker.evaluate.metric.ClassScore;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.evaluate.metric.PixelConfusion;
import org.bellows.worker.files.MayBeNotFinite;
import org.bellows.worker.files.NullableMember;
import org.bellows.worker.files.Unwrapped;

/**
 * The scores of a network on one split: every sample counted exactly once. An answer that is not
 * finite (NaN or infinite, for one class or more) is a mistake, whatever the number of classes.
 *
 * @param split name of the split
 * @param samples number of samples
 * @param metrics of all samples; the loss is NaN where an answer is not finite or the answers are
 *     no probabilities
 * @param classes class names in label order
 * @param confusion how often each class was predicted for each class; of no classes where answers
 *     say any number of them
 * @param mistakes wrong top-1 answers with the highest loss, worst first; answers that are not
 *     finite before all others
 * @param pixels where answers say a class of each pixel, else null
 * @param calibration of probabilities; null where answers have none or do not say one class of each
 *     sample
 * @param labels where answers say any number of classes of each sample, else null
 */
@JsonIgnoreProperties(
    value = {"notFinite", "iou", "byClass"},
    allowGetters = true)
public record Evaluation(
    String split,
    long samples,
    @Unwrapped MetricValues metrics,
    List<String> classes,
    ConfusionCounts confusion,
    List<Mistake> mistakes,
    @JsonProperty @NullableMember @JsonInclude(JsonInclude.Include.NON_NULL) PixelFacts pixels,
    @JsonProperty @NullableMember @JsonInclude(JsonInclude.Include.NON_NULL)
        Calibration calibration,
    @JsonProperty @NullableMember @JsonInclude(JsonInclude.Include.NON_NULL) LabelFacts labels)
    implements Serializable {

  /** Of answers that say a class of each sample. */
  public Evaluation(
      String split,
      long samples,
      MetricValues metrics,
      List<String> classes,
      ConfusionCounts confusion,
      List<Mistake> mistakes) {
    this(split, samples, metrics, classes, confusion, mistakes, null, null, null);
  }

  /** All that was counted of answers that say a class of each sample. */
  public static Evaluation of(
      String split, AnswerCounter answers, List<String> classes, List<Mistake> mistakes) {
    return new Evaluation(
        split,
        answers.samples(),
        answers.values(),
        classes,
        answers.confusion(),
        mistakes,
        null,
        answers.calibration().orElse(null),
        null);
  }

  /** Of answers that say a class of each pixel. */
  Evaluation with(PixelFacts facts) {
    return new Evaluation(
        split, samples, metrics, classes, confusion, mistakes, facts, null, labels);
  }

  /** Of answers that say any number of classes of each sample. */
  Evaluation with(LabelFacts facts) {
    return new Evaluation(
        split, samples, metrics, classes, confusion, mistakes, pixels, calibration, facts);
  }

  /** With the colours of the pixels' classes, and in how many pictures they are. */
  public Evaluation withClassesOf(DatasetManifest manifest) {
    return pixels == null
        ? this
        : with(pixels.withClasses(manifest.pixelClasses(), manifest.split(split)));
  }

  public double value(Metric metric) {
    return metrics.get(metric);
  }

  /** Samples whose answer is not finite. */
  @JsonProperty
  public long notFinite() {
    return labels == null ? confusion.notFinite() : labels.notFinite();
  }

  /**
   * Intersection over union of each class, where each pixel has a class; else empty.
   *
   * @return by name; without the classes that neither the truth nor any answer has
   */
  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public Map<String, Double> iou() {
    Map<String, Double> byName = new LinkedHashMap<>();
    if (metrics.has(Metrics.MIOU)) {
      PixelConfusion pixels = new PixelConfusion(confusion);
      for (int label = 0; label < classes.size(); label++) {
        double iou = pixels.intersectionOverUnion(label);
        if (!Double.isNaN(iou)) {
          byName.put(classes.get(label), iou);
        }
      }
    }
    return byName;
  }

  /**
   * Precision, recall, F1 and support of each class, where each sample has a class.
   *
   * @return in label order; of so many classes that the confusion matrix is not written whole,
   *     none: they follow from its cells
   */
  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public List<ClassScore> byClass() {
    return pixels == null && labels == null && confusion.isDense() ? confusion.scores() : List.of();
  }

  /**
   * One wrong answer.
   *
   * @param sampleId position in the dataset
   * @param source where the image came from, as in the shard
   * @param actual label
   * @param predicted label with the highest probability; the number of classes where the answer is
   *     not finite
   * @param probability of the predicted class, 0 to 1; NaN where the answer is not finite
   * @param loss cross-entropy of this sample, in nats; NaN likewise
   * @param png the image as the network saw it (before normalisation), PNG
   */
  public record Mistake(
      long sampleId,
      String source,
      int actual,
      int predicted,
      @MayBeNotFinite double probability,
      @MayBeNotFinite double loss,
      byte[] png)
      implements Serializable {}
}
