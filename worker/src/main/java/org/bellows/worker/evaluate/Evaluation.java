package org.bellows.worker.evaluate;

import java.io.Serializable;
import java.util.List;

/**
 * What a network does on one split: every sample counted exactly once.
 *
 * @param split name of the split
 * @param samples number of samples
 * @param loss mean cross-entropy, in nats
 * @param top1 share of samples whose class has the highest probability, 0 to 1
 * @param top5 share of samples whose class is among the five highest (all, with five classes or
 *     fewer)
 * @param classes class names in label order
 * @param confusion [actual][predicted] counts
 * @param mistakes wrong top-1 answers with the highest loss, worst first
 */
public record Evaluation(
    String split,
    long samples,
    double loss,
    double top1,
    double top5,
    List<String> classes,
    long[][] confusion,
    List<Mistake> mistakes)
    implements Serializable {

  /**
   * One wrong answer.
   *
   * @param sampleId position in the dataset
   * @param source where the image came from, as in the shard
   * @param actual label
   * @param predicted label with the highest probability
   * @param probability of the predicted class, 0 to 1
   * @param loss cross-entropy of this sample, in nats
   * @param png the image as the network saw it (before normalisation), PNG
   */
  public record Mistake(
      long sampleId,
      String source,
      int actual,
      int predicted,
      double probability,
      double loss,
      byte[] png)
      implements Serializable {}
}
