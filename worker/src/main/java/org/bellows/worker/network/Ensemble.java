// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import java.util.List;

/**
 * Networks that answer as one: their probabilities are averaged, each network counting the same
 * (Krizhevsky et al. 2012, section 5). An ensemble of one answers as that network does, to the bit.
 * Not thread-safe.
 *
 * @param members at least one; all take the same input and tell the same classes apart
 */
public record Ensemble(List<LaneNetwork> members) implements AutoCloseable {
  public Ensemble {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("an ensemble has 0 members, expected at least 1");
    }
    members = List.copyOf(members);
  }

  /** The same for another thread: both may compute at the same time. It is closed with this one. */
  public Ensemble beside() {
    return new Ensemble(members.stream().map(member -> member.beside(false)).toList());
  }

  public int classes() {
    return members.get(0).classes();
  }

  /** Whether it says a class of each pixel. */
  public boolean isOfPixels() {
    return members.get(0).isOfPixels();
  }

  /** Whether each class has a probability of its own: a sample is of any number of classes. */
  public boolean isMultiLabel() {
    return members.get(0).isMultiLabel();
  }

  /**
   * Forward in inference mode of several views of each sample; each member's answers to them are
   * averaged, then the members'.
   *
   * @param pixels [n, views, channels, height, width]
   * @return probabilities [n, classes], row-major
   */
  public float[] probabilities(float[] pixels, int n, int views) {
    double[] sums = null;
    for (LaneNetwork member : members) {
      float[] answers = member.probabilities(pixels, n, views);
      sums = sums == null ? new double[answers.length] : sums;
      for (int i = 0; i < sums.length; i++) {
        sums[i] += answers[i];
      }
    }
    float[] means = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      means[i] = (float) (sums[i] / members.size());
    }
    return means;
  }

  @Override
  public void close() {
    members.forEach(LaneNetwork::close);
  }
}
