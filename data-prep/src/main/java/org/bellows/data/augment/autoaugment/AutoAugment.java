// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.augment.picture.PixelAugmentation;
import org.bellows.data.random.SampleRandom;

/**
 * Cubuk et al. 2018, "AutoAugment: Learning Augmentation Strategies from Data" (arXiv 1805.09501):
 * for each sample one of the policy's sub-policies, each as likely as the others; of its two steps,
 * in order, each is carried out with its probability. An operation that has a direction goes either
 * way with probability 1/2.
 *
 * @param fill grey value 0..255 of what is uncovered; the authors' code for ImageNet has 128
 * @param maskFill label of what is uncovered in a label map
 */
public record AutoAugment(Policy policy, int fill, int maskFill) implements PixelAugmentation {
  @Override
  public MaskedPicture apply(MaskedPicture picture, SampleRandom random) {
    Policy.SubPolicy chosen = policy.subPolicies().get(random.nextInt(policy.subPolicies().size()));
    return apply(apply(picture, chosen.first(), random), chosen.second(), random);
  }

  private MaskedPicture apply(MaskedPicture picture, Policy.Step step, SampleRandom random) {
    boolean isDone = random.nextDouble() < step.probability();
    boolean isNegative = random.nextBoolean();
    if (!isDone) {
      return picture;
    }
    Magnitude strength = new Magnitude(step.magnitude(), isNegative, policy.translation());
    return step.operation().apply(picture, strength, fill, maskFill);
  }
}
