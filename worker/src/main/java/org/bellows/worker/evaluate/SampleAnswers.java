// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.data.batch.EvaluationBatch;
import org.bellows.data.manifest.Split;

/**
 * The answer to each sample. Each worker fills one; {@link #merge} orders them by the samples' ids,
 * which does not depend on the placement of the samples. Not thread-safe.
 */
public final class SampleAnswers implements Serializable {
  private static final long serialVersionUID = 1L;

  /** In the place of a class and a rank where the answer is not finite. */
  private static final int NONE = -1;

  private static final int FIRST_CAPACITY = 256;

  private long[] ids;
  private int[] labels;
  private int[] predicted;
  private float[] probabilities;
  private int[] ranks;
  private int size;

  /**
   * One answer.
   *
   * @param id of the sample
   * @param label that it has
   * @param predicted label with the highest probability; -1 where a probability is not finite
   * @param probability of the predicted label, 0 to 1; NaN likewise
   * @param rank of the sample's own label, 1 where the answer is right; -1 likewise
   */
  public record Answer(long id, int label, int predicted, float probability, int rank) {
    public boolean isFinite() {
      return predicted != NONE;
    }
  }

  public SampleAnswers() {
    this(FIRST_CAPACITY);
  }

  private SampleAnswers(int capacity) {
    ids = new long[capacity];
    labels = new int[capacity];
    predicted = new int[capacity];
    probabilities = new float[capacity];
    ranks = new int[capacity];
  }

  /**
   * @param answers n x classes probabilities of the batch's n samples
   */
  public void add(EvaluationBatch batch, float[] answers) {
    int[] labels = batch.targets().ofClasses().labels();
    int classes = answers.length / labels.length;
    for (int i = 0; i < labels.length; i++) {
      int from = i * classes;
      int label = labels[i];
      if (Ranking.isFinite(answers, from, classes)) {
        int first = Ranking.first(answers, from, classes);
        int rank = Ranking.rank(answers, from, classes, label) + 1;
        add(new Answer(batch.sampleIds()[i], label, first, answers[from + first], rank));
      } else {
        add(new Answer(batch.sampleIds()[i], label, NONE, Float.NaN, NONE));
      }
    }
  }

  void add(Answer answer) {
    if (size == ids.length) {
      grow();
    }
    put(size++, answer);
  }

  private void grow() {
    int capacity = Math.max(FIRST_CAPACITY, 2 * size);
    ids = Arrays.copyOf(ids, capacity);
    labels = Arrays.copyOf(labels, capacity);
    predicted = Arrays.copyOf(predicted, capacity);
    probabilities = Arrays.copyOf(probabilities, capacity);
    ranks = Arrays.copyOf(ranks, capacity);
  }

  private void put(int index, Answer answer) {
    ids[index] = answer.id();
    labels[index] = answer.label();
    predicted[index] = answer.predicted();
    probabilities[index] = answer.probability();
    ranks[index] = answer.rank();
  }

  public int size() {
    return size;
  }

  /** At a place, not of a sample's id; after {@link #merge} the two are the same. */
  public Answer get(int index) {
    return new Answer(
        ids[index], labels[index], predicted[index], probabilities[index], ranks[index]);
  }

  /**
   * @throws BellowsException (infrastructure) when the parts do not hold each sample once
   */
  public static SampleAnswers merge(Split split, List<SampleAnswers> parts) {
    int samples = Math.toIntExact(split.samples());
    SampleAnswers all = new SampleAnswers(samples);
    Arrays.fill(all.ids, NONE);
    all.size = samples;
    for (SampleAnswers part : parts) {
      for (int i = 0; i < part.size; i++) {
        Answer answer = part.get(i);
        int at = Math.toIntExact(answer.id());
        if (all.ids[at] != NONE) {
          throw BellowsException.infrastructure(
              "sample %d of split %s was answered twice".formatted(at, split.name()));
        }
        all.put(at, answer);
      }
    }
    for (int id = 0; id < samples; id++) {
      if (all.ids[id] == NONE) {
        throw BellowsException.infrastructure(
            "sample %d of split %s was not answered".formatted(id, split.name()));
      }
    }
    return all;
  }
}
