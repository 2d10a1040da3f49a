// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bellows.conf.OptimizerSettings;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each optimizer against its paper's formula in double precision, written out here once more: 30
 * steps over 40 elements of very different gradients, with a rate that jumps twice, weight decay
 * off, as L2, as L1 and decoupled.
 */
class OptimizerReferenceTest {
  private static final int STEPS = 30;
  private static final int SIZE = 40;

  /** Float arithmetic over 30 steps: errors of a few 2^-24 each, relative to the way travelled. */
  private static final double TOLERANCE = 2e-5;

  private static final double BASE = 0.02;

  private static double rate(int step) {
    return step < 10 ? BASE : step < 20 ? 10 * BASE : BASE / 5;
  }

  private static OptimizerSettings settings(String name, String... more) {
    List<String> all = new ArrayList<>(List.of("optimizer.name=" + name));
    all.addAll(List.of(more));
    return new SettingsLoader().set(all).load(List.of(), List.of()).optimizer();
  }

  /** One element of a reference: moves w by g, keeping its own state between calls. */
  private interface Rule {
    double next(double w, double g, double lr, int t);
  }

  private static void assertFollows(
      OptimizerSettings settings, java.util.function.Supplier<Rule> rule) {
    Optimizer optimizer = Optimizers.of(settings, BASE);
    WeightDecay pull = new WeightDecay(settings);
    SplittableRandom random = new SplittableRandom(7);
    float[] w = new float[SIZE];
    double[] expected = new double[SIZE];
    double[] travelled = new double[SIZE];
    Rule[] rules = new Rule[SIZE];
    float[][] state = new float[optimizer.stateSize()][SIZE];
    for (int i = 0; i < SIZE; i++) {
      w[i] = (float) (random.nextDouble() * 4 - 2);
      expected[i] = w[i];
      travelled[i] = Math.abs(w[i]);
      rules[i] = rule.get();
    }
    for (int step = 0; step < STEPS; step++) {
      float[] g = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        g[i] = (float) ((random.nextDouble() - 0.3) * Math.pow(10, i % 7 - 4));
      }
      double[] gradient = new double[SIZE];
      Arrays.setAll(gradient, i -> g[i]);
      Optimizer.ElementRange range = new Optimizer.ElementRange(0, SIZE, 0, rate(step), step);
      pull.applyInPlace(w, g, range);
      optimizer.updateInPlace(w, g, state, range);
      for (int i = 0; i < SIZE; i++) {
        double l2 = settings.isDecoupled() ? 0 : settings.weightDecay();
        double pulled =
            gradient[i] + l2 * expected[i] + settings.weightDecayL1() * Math.signum(expected[i]);
        double shrunk =
            settings.isDecoupled() ? rate(step) * settings.weightDecay() * expected[i] : 0;
        double next = rules[i].next(expected[i], pulled, rate(step), step + 1) - shrunk;
        travelled[i] += Math.abs(next - expected[i]);
        expected[i] = next;
      }
    }
    for (int i = 0; i < SIZE; i++) {
      assertThat((double) w[i])
          .as("element %d", i)
          .isCloseTo(expected[i], within(TOLERANCE * travelled[i]));
    }
  }

  private static String[] decay(String form) {
    return switch (form) {
      case "none" -> new String[] {"optimizer.weight-decay=0"};
      case "l2" -> new String[] {"optimizer.weight-decay=0.1"};
      case "l1" -> new String[] {"optimizer.weight-decay=0", "optimizer.weight-decay-l1=0.05"};
      default ->
          new String[] {"optimizer.weight-decay=0.1", "optimizer.weight-decay-form=decoupled"};
    };
  }

  private static String[] with(String form, String... more) {
    List<String> all = new ArrayList<>(List.of(decay(form)));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "l1", "decoupled"})
  void sgd(String form) {
    assertFollows(settings("sgd", decay(form)), () -> (w, g, lr, t) -> w - lr * g);
  }

  /**
   * Goyal et al. 2017, equation 10 with remark 2: the velocity holds the rate and is multiplied by
   * the quotient of new and old rate. That is the form with the rate outside.
   */
  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "l1", "decoupled"})
  void momentumWithCorrection(String form) {
    assertFollows(
        settings("momentum", with(form, "optimizer.momentum=0.9")),
        () -> {
          double[] v = {0, BASE};
          return (w, g, lr, t) -> {
            v[0] = 0.9 * (lr / v[1]) * v[0] + lr * g;
            v[1] = lr;
            return w - v[0];
          };
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2"})
  void momentumWithoutCorrection(String form) {
    assertFollows(
        settings("momentum", with(form, "optimizer.momentum-correction=false")),
        () -> {
          double[] v = {0};
          return (w, g, lr, t) -> w - (v[0] = 0.9 * v[0] + lr * g);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "l1", "decoupled"})
  void nesterov(String form) {
    assertFollows(
        settings("nesterov", decay(form)),
        () -> {
          double[] v = {0};
          return (w, g, lr, t) -> {
            v[0] = 0.9 * v[0] + g;
            return w - lr * (g + 0.9 * v[0]);
          };
        });
  }

  /** Sutskever et al. 2013: v = m v - lr g, looked-ahead parameters move by m v - lr g. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "l2"})
  void nesterovWithoutCorrection(String form) {
    assertFollows(
        settings("nesterov", with(form, "optimizer.momentum-correction=false")),
        () -> {
          double[] v = {0};
          return (w, g, lr, t) -> {
            v[0] = 0.9 * v[0] - lr * g;
            return w + 0.9 * v[0] - lr * g;
          };
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void rmsprop(String correction) {
    boolean outside = Boolean.parseBoolean(correction);
    assertFollows(
        settings(
            "rmsprop",
            "optimizer.beta2=0.9",
            "optimizer.momentum=0.8",
            "optimizer.epsilon=0.001",
            "optimizer.weight-decay=0.1",
            "optimizer.momentum-correction=" + correction),
        () -> {
          double[] s = {0, 0};
          return (w, g, lr, t) -> {
            s[0] = 0.9 * s[0] + 0.1 * g * g;
            s[1] = 0.8 * s[1] + (outside ? 1 : lr) * g / Math.sqrt(s[0] + 0.001);
            return w - (outside ? lr : 1) * s[1];
          };
        });
  }

  private static Rule adam() {
    double[] s = {0, 0};
    return (w, g, lr, t) -> {
      s[0] = 0.9 * s[0] + 0.1 * g;
      s[1] = 0.999 * s[1] + 0.001 * g * g;
      double mean = s[0] / (1 - Math.pow(0.9, t));
      double square = s[1] / (1 - Math.pow(0.999, t));
      return w - lr * mean / (Math.sqrt(square) + 1e-8);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "l1"})
  void adam(String form) {
    assertFollows(settings("adam", decay(form)), OptimizerReferenceTest::adam);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2"})
  void adamwDecouplesWhateverTheForm(String form) {
    OptimizerSettings settings = settings("adamw", decay(form));
    assertThat(settings.isDecoupled()).isTrue();
    assertFollows(settings, OptimizerReferenceTest::adam);
  }

  /** A sign is not continuous: a direction near 0 could differ in float, so none is. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "l2"})
  void lionDecouplesWhateverTheForm(String form) {
    OptimizerSettings settings = settings("lion", with(form, "optimizer.beta2=0.99"));
    assertThat(settings.isDecoupled()).isTrue();
    assertFollows(
        settings,
        () -> {
          double[] m = {0};
          return (w, g, lr, t) -> {
            double direction = 0.9 * m[0] + 0.1 * g;
            m[0] = 0.99 * m[0] + 0.01 * g;
            return w - lr * Math.signum(direction);
          };
        });
  }

  /** final 0.1 at the base rate, gamma 0.05: the band closes far enough in 30 steps to clip. */
  private static Rule bound(boolean largest) {
    double[] s = {0, 0, 0};
    return (w, g, lr, t) -> {
      s[0] = 0.9 * s[0] + 0.1 * g;
      s[1] = 0.999 * s[1] + 0.001 * g * g;
      s[2] = Math.max(s[2], s[1]);
      double root = Math.sqrt(largest ? s[2] : s[1]) + 1e-8;
      double alpha = lr * Math.sqrt(1 - Math.pow(0.999, t)) / (1 - Math.pow(0.9, t));
      double finalRate = 0.1 * lr / BASE;
      double lower = finalRate * (1 - 1 / (0.05 * t + 1));
      double upper = finalRate * (1 + 1 / (0.05 * t));
      return w - Math.min(Math.max(alpha / root, lower), upper) * s[0];
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "decoupled"})
  void adabound(String form) {
    String[] more = with(form, "optimizer.bound-gamma=0.05");
    assertFollows(settings("adabound", more), () -> bound(false));
    assertFollows(settings("amsbound", more), () -> bound(true));
  }

  /** You et al. 2017, Algorithm 1, over one array, with the norms of the whole array. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "0.1"})
  void lars(String decay) {
    double beta = Double.parseDouble(decay);
    OptimizerSettings settings =
        settings("lars", "optimizer.weight-decay=" + decay, "optimizer.trust-coefficient=0.01");
    Optimizer optimizer = Optimizers.of(settings, BASE);
    WeightDecay pull = new WeightDecay(settings);
    LarsTrustRatio layerwise = new LarsTrustRatio(settings);
    float[] w = {1, -2, 3};
    double[] expected = {1, -2, 3};
    double[] velocity = new double[3];
    float[][] state = new float[1][3];
    SplittableRandom random = new SplittableRandom(3);
    for (int step = 0; step < STEPS; step++) {
      double gamma = 50 * rate(step);
      float[] g = new float[3];
      for (int i = 0; i < 3; i++) {
        g[i] = (float) (random.nextDouble() - 0.5);
      }
      double lambda = 0.01 * norm(expected) / (norm(g) + beta * norm(expected));
      for (int i = 0; i < 3; i++) {
        // The velocity holds no rate, as momentum correction has it.
        velocity[i] = 0.9 * velocity[i] + lambda * (g[i] + beta * expected[i]);
        expected[i] -= gamma * velocity[i];
      }
      float factor = (float) layerwise.factor(norm(w), norm(g));
      Optimizer.ElementRange range = new Optimizer.ElementRange(0, 3, 0, gamma, step);
      pull.applyInPlace(w, g, range);
      for (int i = 0; i < 3; i++) {
        g[i] *= factor;
      }
      optimizer.updateInPlace(w, g, state, range);
    }
    for (int i = 0; i < 3; i++) {
      assertThat((double) w[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  /** You et al. 2020, Algorithm 2, over one array; the caller moves it, as norms need all of it. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "0.1"})
  void lamb(String decay) {
    double beta = Double.parseDouble(decay);
    OptimizerSettings settings = settings("lamb", "optimizer.weight-decay=" + decay);
    Optimizer optimizer = Optimizers.of(settings, BASE);
    WeightDecay pull = new WeightDecay(settings);
    assertThat(optimizer.givesDirection()).isTrue();
    float[] w = {1, -2, 3};
    double[] expected = {1, -2, 3};
    double[] mean = new double[3];
    double[] square = new double[3];
    float[][] state = new float[optimizer.stateSize()][3];
    SplittableRandom random = new SplittableRandom(3);
    for (int step = 0; step < STEPS; step++) {
      float[] g = new float[3];
      double[] direction = new double[3];
      for (int i = 0; i < 3; i++) {
        g[i] = (float) (random.nextDouble() - 0.5);
        mean[i] = 0.9 * mean[i] + 0.1 * g[i];
        square[i] = 0.999 * square[i] + 0.001 * g[i] * g[i];
        double unbiased = mean[i] / (1 - Math.pow(0.9, step + 1));
        double root = Math.sqrt(square[i] / (1 - Math.pow(0.999, step + 1)));
        direction[i] = unbiased / (root + 1e-8) + beta * expected[i];
      }
      double ratio = norm(expected) / norm(direction);
      for (int i = 0; i < 3; i++) {
        expected[i] -= rate(step) * ratio * direction[i];
      }
      Optimizer.ElementRange range = new Optimizer.ElementRange(0, 3, 0, rate(step), step);
      float[] before = w.clone();
      optimizer.updateInPlace(w, g, state, range);
      assertThat(w).isEqualTo(before);
      pull.applyInPlace(w, g, range);
      double factor = rate(step) * Lamb.trustRatio(norm(w), norm(g));
      for (int i = 0; i < 3; i++) {
        w[i] -= (float) (factor * g[i]);
      }
    }
    for (int i = 0; i < 3; i++) {
      assertThat((double) w[i]).isCloseTo(expected[i], within(3e-5));
    }
    assertThat(Lamb.trustRatio(0, 2)).isEqualTo(1);
    assertThat(Lamb.trustRatio(2, 0)).isEqualTo(1);
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
