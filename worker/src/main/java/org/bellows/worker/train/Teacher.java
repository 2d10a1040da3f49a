// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.LossSettings;
import org.bellows.conf.text.Words;
import org.bellows.data.batch.InputSpec;
import org.bellows.worker.evaluate.Ranking;
import org.bellows.worker.evaluate.label.ClassProbability;
import org.bellows.worker.model.ClassLists;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;

/**
 * The model whose answers a student learns from, in inference mode: running statistics, no dropout.
 * It sees the student's input, augmented and mixed as it is.
 */
final class Teacher implements AutoCloseable {
  private final String path;
  private final LaneNetwork network;
  private final double temperature;

  /** Whether each class is a question of its own. */
  private final boolean isMultiLabel;

  /** Those that no lane is using. */
  private final Queue<LaneNetwork> free = new ConcurrentLinkedQueue<>();

  /**
   * @param atOnce lanes that ask at the same time, at most
   */
  private Teacher(String path, LaneNetwork network, double temperature, int atOnce) {
    this.path = path;
    this.network = network;
    this.temperature = temperature;
    this.isMultiLabel = network.isMultiLabel();
    free.add(network);
    while (free.size() < atOnce) {
      free.add(network.beside(false));
    }
  }

  /**
   * Reads a teacher and checks that it can teach.
   *
   * @return SHA-256 of its parameters
   * @throws BellowsException (configuration) naming what differs from the student: input, classes
   *     or normalisation
   */
  static String check(Configuration hadoop, TrainingPlan plan) {
    String path = plan.settings().loss().teacher();
    ModelCard card = TrainedModel.read(hadoop, path).card();
    InputSpec input = plan.inputSpec();
    if (card.multiLabelled() != plan.isMultiLabel()) {
      throw BellowsException.configuration(
          "loss.teacher %s says %s of each image, the student says %s"
              .formatted(
                  path,
                  card.multiLabelled() ? "any number of classes" : "one class",
                  card.multiLabelled() ? "one" : "any number"));
    }
    require(path, "input", card.input(), plan.input());
    if (!card.classes().equals(plan.classes())) {
      throw differs(
          path,
          "classes",
          ClassLists.text(card.classes(), plan.classes()),
          ClassLists.text(plan.classes(), card.classes()));
    }
    require(path, "mean", Words.and(card.mean()), Words.and(input.mean()));
    require(
        path,
        "standard deviation",
        Words.and(card.standardDeviation()),
        Words.and(input.standardDeviation()));
    return card.parametersSha256();
  }

  private static void require(String path, String what, Object has, Object needed) {
    if (!has.equals(needed)) {
      throw differs(path, what, has, needed);
    }
  }

  private static BellowsException differs(String path, String what, Object has, Object needed) {
    return BellowsException.configuration(
        "loss.teacher %s has %s %s, the student has %s".formatted(path, what, has, needed));
  }

  static Teacher open(Configuration hadoop, TrainingPlan plan) {
    LossSettings loss = plan.settings().loss();
    TrainedModel model = TrainedModel.read(hadoop, loss.teacher());
    if (!model.card().parametersSha256().equals(plan.teacherSha256())) {
      throw BellowsException.data(
          "loss.teacher %s has parameters %s, the run began with %s"
              .formatted(loss.teacher(), model.card().parametersSha256(), plan.teacherSha256()));
    }
    return new Teacher(
        loss.teacher(), model.open(), loss.teacherTemperature(), plan.settings().lanesAtOnce());
  }

  /**
   * softmax(z / T), from the probabilities: log p is z but for a constant. Where an image is of any
   * number of classes sigmoid(z / T), where z is log(p / (1 - p)).
   *
   * @param pixels [n, channels, height, width]
   * @param sampleIds n, for messages
   * @return [n, classes], row-major
   * @throws BellowsException (data) naming the first sample of which the teacher says nothing
   */
  float[] softTargets(float[] pixels, long[] sampleIds) {
    float[] answers = probabilities(pixels, sampleIds.length);
    int classes = answers.length / sampleIds.length;
    for (int row = 0; row < answers.length; row += classes) {
      if (!Ranking.isFinite(answers, row, classes)) {
        throw BellowsException.data(
            "loss.teacher %s cannot teach: its answer to sample %d is not finite (NaN or infinite)"
                .formatted(path, sampleIds[row / classes]));
      }
      if (isMultiLabel) {
        softenEach(answers, row, row + classes);
      } else {
        soften(answers, row, row + classes);
      }
    }
    return answers;
  }

  private float[] probabilities(float[] pixels, int samples) {
    LaneNetwork own = free.remove();
    try {
      return own.probabilities(pixels, samples);
    } finally {
      free.add(own);
    }
  }

  private void soften(float[] p, int from, int to) {
    double largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, p[i]);
    }
    double sum = 0;
    for (int i = from; i < to; i++) {
      p[i] = (float) StrictMath.pow(p[i] / largest, 1 / temperature);
      sum += p[i];
    }
    for (int i = from; i < to; i++) {
      p[i] /= (float) sum;
    }
  }

  private void softenEach(float[] p, int from, int to) {
    for (int i = from; i < to; i++) {
      p[i] = ClassProbability.softened(p[i], temperature);
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
