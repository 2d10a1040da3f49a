// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

class BinaryCrossEntropyTest {
  private static final HeadLoss LOSS = new BinaryCrossEntropy(1);

  /**
   * Logits (ln 3, -ln 3, 0), so s = (3/4, 1/4, 1/2); targets (1, 0.2, 0).
   *
   * <pre>
   * -log(3/4) = 0.287682;  -0.2 log(1/4) - 0.8 log(3/4) = 0.507405;  -log(1/2) = 0.693147
   * loss = 1.488234 / 3 = 0.496078;  d/dz = ((3/4 - 1), (1/4 - 0.2), (1/2 - 0)) / 3
   * </pre>
   */
  @Test
  void aSampleByHand() {
    double[] gradient = new double[3];
    double[] z = {Math.log(3), -Math.log(3), 0};
    double[] targets = {1, 0.2, 0};
    assertThat(LOSS.losses(targets, z, 3, gradient))
        .containsExactly(new double[] {0.496078}, within(1e-6));
    assertThat(gradient)
        .containsExactly(new double[] {-0.25 / 3, 0.05 / 3, 0.5 / 3}, within(1e-12));
    assertThat(new BinaryCrossEntropy(0.3).losses(targets, z, 3, gradient)[0])
        .isCloseTo(0.3 * 0.496078, within(1e-6));
    assertThat(gradient[2]).isCloseTo(0.05, within(1e-12));
  }

  /** ND4J's own sums over the classes. */
  @Test
  void isAsNd4jHasIt() {
    double[] z = {1.5, -0.3, 2.2, -4, 0.1, 0.9};
    double[] targets = {1, 0, 0.3, 0, 0.8, 1};
    INDArray labels = Nd4j.createFromArray(targets).reshape(2, 3);
    INDArray logits = Nd4j.createFromArray(z).reshape(2, 3);
    INDArray theirs =
        new LossBinaryXENT(0)
            .computeScoreArray(labels, logits.dup(), new ActivationSigmoid(), null);
    INDArray slopes =
        new LossBinaryXENT(0).computeGradient(labels, logits.dup(), new ActivationSigmoid(), null);
    double[] gradient = new double[6];
    double[] losses = LOSS.losses(targets, z, 3, gradient);
    for (int i = 0; i < 2; i++) {
      assertThat(losses[i]).isCloseTo(theirs.getDouble(i) / 3, within(1e-9));
    }
    for (int i = 0; i < 6; i++) {
      assertThat(gradient[i]).isCloseTo(slopes.getDouble(i / 3, i % 3) / 3, within(1e-9));
    }
  }

  @Test
  void noLogitOverflows() {
    double[] gradient = new double[2];
    assertThat(LOSS.losses(new double[] {1, 0}, new double[] {1000, -1000}, 2, gradient))
        .containsExactly(0);
    assertThat(gradient).containsExactly(0, 0);
    assertThat(LOSS.losses(new double[] {1, 0}, new double[] {-1000, 1000}, 2, gradient))
        .containsExactly(1000);
    assertThat(gradient).containsExactly(-0.5, 0.5);
  }

  @Test
  void theAnswerIsASoftmax() {
    assertThat(LOSS.probabilities(new double[] {Math.log(3), 0}, 2))
        .containsExactly(new float[] {0.75f, 0.25f}, within(1e-6f));
  }

  @Test
  void ofSeveralClassesEachHasASigmoid() {
    HeadLoss several = new BinaryCrossEntropy(1).ofSeveral();
    assertThat(several.probabilities(new double[] {Math.log(3), 0, -Math.log(3), 800, -800}, 5))
        .containsExactly(new float[] {0.75f, 0.5f, 0.25f, 1, 0}, within(1e-6f));
    double[] z = {0.3, -1.2, 2.5, 0.7, -0.1, -3};
    double[] targets = {1, 1, 0, 0, 0, 0};
    double[] gradient = new double[6];
    several.losses(targets, z, 3, gradient);
    double step = 1e-6;
    for (int i = 0; i < 6; i++) {
      double[] above = z.clone();
      double[] below = z.clone();
      above[i] += step;
      below[i] -= step;
      double slope =
          several.losses(targets, above, 3, null)[i / 3]
              - several.losses(targets, below, 3, null)[i / 3];
      assertThat(gradient[i]).isCloseTo(slope / (2 * step), within(1e-9));
    }
  }

  /**
   * As above, with p = (4, 2, 1): yes (4, 0.4, 0), no (0, 0.8, 1).
   *
   * <pre>
   * 4 * 0.287682 = 1.150728;  -0.4 log(1/4) - 0.8 log(3/4) = 0.784663;  0.693147
   * loss = 2.628539 / 3 = 0.876180;  d/dz = (4 (3/4 - 1), 1.2 / 4 - 0.4, 1/2) / 3
   * </pre>
   */
  @Test
  void aClassThatIsThereMayCountMore() {
    HeadLoss weighted = new BinaryCrossEntropy(1, true, true, 0, 1);
    double[] gradient = new double[3];
    double[] z = {Math.log(3), -Math.log(3), 0};
    assertThat(weighted.losses(new double[] {4, 0.4, 0, 0, 0.8, 1}, z, 3, gradient))
        .containsExactly(new double[] {0.876180}, within(1e-6));
    assertThat(gradient).containsExactly(new double[] {-1.0 / 3, -0.1 / 3, 0.5 / 3}, within(1e-12));
    assertThat(weighted.losses(new double[] {1, 0.2, 0, 0, 0.8, 1}, z, 3, gradient))
        .as("weights of 1")
        .containsExactly(LOSS.losses(new double[] {1, 0.2, 0}, z, 3, null), within(1e-12));
    assertThat(
            weighted.losses(
                new double[] {1, 0, 0, 1}, new double[] {1000, -1000}, 2, new double[2]))
        .containsExactly(0);
  }

  /** z = 2 ln 3 and T = 2, so s_T = 3/4; q = 1/2: KL = log(2/3) / 2 + log 2 / 2 = 0.143841. */
  @Test
  void aTeacherIsLearnedFromClassByClass() {
    double[] z = {2 * Math.log(3)};
    double[] gradient = new double[1];
    HeadLoss all = new BinaryCrossEntropy(1, true, false, 1, 2);
    assertThat(all.losses(new double[] {1, 0.5}, z, 1, gradient))
        .containsExactly(new double[] {4 * 0.143841}, within(1e-5));
    assertThat(gradient).containsExactly(new double[] {2 * 0.25}, within(1e-12));
    HeadLoss half = new BinaryCrossEntropy(1, true, true, 0.5, 2);
    double plain =
        new BinaryCrossEntropy(1, true, true, 0, 2).losses(new double[] {3, 0}, z, 1, null)[0];
    assertThat(half.losses(new double[] {3, 0, 0.5}, z, 1, gradient)[0])
        .isCloseTo(plain / 2 + 2 * 0.143841, within(1e-5));
    assertThat(all.losses(new double[] {1, 0.75}, z, 1, gradient)[0])
        .as("a perfect student")
        .isCloseTo(0, within(1e-12));
    assertThat(all.losses(new double[] {1, 1}, z, 1, null)[0])
        .isCloseTo(-4 * Math.log(0.75), within(1e-12));
  }

  @Test
  void labelsOfTheWrongWidthAreRefused() {
    assertThatThrownBy(() -> LOSS.losses(new double[8], new double[4], 2, null))
        .hasMessage("labels are [2, 4.0], expected [2, 2]");
  }
}
