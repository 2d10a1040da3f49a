// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bellows.data.TestImages;
import org.bellows.data.augment.autoaugment.Policy.Step;
import org.bellows.data.augment.autoaugment.Policy.SubPolicy;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AutoAugmentTest {
  private final RasterImage picture = TestImages.counting(32, 32, 3);

  static Stream<Policy> policies() {
    return Stream.of(Policies.imageNet(), Policies.cifar10(), Policies.svhn());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void policiesAreWhole(Policy policy) {
    assertThat(policy.subPolicies()).hasSize(25);
    assertThat(steps(policy))
        .hasSize(50)
        .allMatch(step -> step.probability() >= 0 && step.probability() <= 1)
        .allMatch(step -> step.magnitude() >= 0 && step.magnitude() <= 9)
        // All of the paper's probabilities are tenths.
        .allMatch(step -> Math.abs(step.probability() * 10 % 1) < 1e-9);
  }

  @Test
  void togetherTheyUseEveryOperation() {
    Set<Operation> used = EnumSet.noneOf(Operation.class);
    policies().forEach(policy -> steps(policy).forEach(step -> used.add(step.operation())));
    assertThat(used).isEqualTo(EnumSet.complementOf(EnumSet.of(Operation.IDENTITY)));
  }

  /** Sums over the printed tables: a slip in one row would show. */
  @Test
  void tablesAddUp() {
    assertThat(probabilities(Policies.imageNet())).isEqualTo(31.0);
    assertThat(magnitudes(Policies.imageNet())).isEqualTo(159);
    assertThat(probabilities(Policies.cifar10())).isEqualTo(26.5);
    assertThat(magnitudes(Policies.cifar10())).isEqualTo(187);
    assertThat(probabilities(Policies.svhn())).isEqualTo(32.9);
    assertThat(magnitudes(Policies.svhn())).isEqualTo(143);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void isAFunctionOfItsRandomNumbers(Policy policy) {
    AutoAugment augment = new AutoAugment(policy, 128, 0);
    int changed = 0;
    for (int seed = 0; seed < 100; seed++) {
      RasterImage out = apply(augment, seed);
      assertThat(out.interleaved()).isEqualTo(apply(augment, seed).interleaved());
      changed += java.util.Arrays.equals(out.interleaved(), picture.interleaved()) ? 0 : 1;
    }
    assertThat(changed).isGreaterThan(60);
    assertThat(picture.interleaved()).isEqualTo(TestImages.counting(32, 32, 3).interleaved());
  }

  /** Of two steps the second sees what the first made: inverted, then posterized to 4 bits. */
  @Test
  void stepsFollowEachOther() {
    Policy policy =
        new Policy(
            0,
            List.of(
                new SubPolicy(
                    new Step(Operation.INVERT, 1, 0), new Step(Operation.POSTERIZE, 1, 9))));
    RasterImage out = apply(new AutoAugment(policy, 128, 0), 1);
    for (int i = 0; i < out.interleaved().length; i++) {
      int inverted = 255 - (picture.interleaved()[i] & 0xFF);
      assertThat(out.interleaved()[i] & 0xFF).isEqualTo(inverted / 16 * 16);
    }
  }

  @Test
  void probabilitiesAreKept() {
    Policy policy =
        new Policy(
            0,
            List.of(
                new SubPolicy(
                    new Step(Operation.INVERT, 0.3, 0), new Step(Operation.INVERT, 0, 0))));
    AutoAugment augment = new AutoAugment(policy, 128, 0);
    int inverted = 0;
    for (int seed = 0; seed < 2000; seed++) {
      inverted += apply(augment, seed).at(0, 0, 0) == 255 ? 1 : 0;
    }
    // 600 +- 5 standard deviations of sqrt(2000 * 0.3 * 0.7) = 20.5
    assertThat(inverted).isBetween(497, 703);
  }

  /** Translation by 10 of 32 pixels goes both ways; the map goes along, with its own fill. */
  @Test
  void labelMapMovesWithThePicture() {
    Policy policy =
        new Policy(
            10.0 / 32,
            List.of(
                new SubPolicy(
                    new Step(Operation.TRANSLATE_X, 1, 9), new Step(Operation.INVERT, 1, 0))));
    RasterImage map = TestImages.counting(32, 32, 1);
    int left = 0;
    for (int seed = 0; seed < 50; seed++) {
      MaskedPicture out =
          new AutoAugment(policy, 128, 9)
              .apply(new MaskedPicture(map, map), new SampleRandom(seed));
      boolean isLeft = out.mask().at(0, 31, 0) == 9;
      left += isLeft ? 1 : 0;
      for (int column = 0; column < 32; column++) {
        int from = column + (isLeft ? 10 : -10);
        boolean isInside = from >= 0 && from < 32;
        assertThat(out.mask().at(5, column, 0)).isEqualTo(isInside ? map.at(5, from, 0) : 9);
        assertThat(out.pixels().at(5, column, 0))
            .isEqualTo(255 - (isInside ? map.at(5, from, 0) : 128));
      }
    }
    assertThat(left).isBetween(10, 40);
  }

  private RasterImage apply(AutoAugment augment, long seed) {
    return augment.apply(new MaskedPicture(picture, null), new SampleRandom(seed)).pixels();
  }

  private static List<Step> steps(Policy policy) {
    return policy.subPolicies().stream().flatMap(p -> Stream.of(p.first(), p.second())).toList();
  }

  private static double probabilities(Policy policy) {
    double sum = steps(policy).stream().mapToDouble(Step::probability).sum();
    return Math.round(sum * 10) / 10.0;
  }

  private static int magnitudes(Policy policy) {
    return steps(policy).stream().mapToInt(Step::magnitude).sum();
  }
}
