// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every family as a whole, in double precision, dropout and auxiliary heads included: the gradient
 * is what differences of the loss give, at some single elements and along a direction that moves
 * all parameters. Small images, few of them; LeNet-5, the CIFAR ResNets and each kind of layer have
 * closer looks in their own tests.
 */
@Tag("integration")
class NetworkGradientTest {
  private static final int CLASSES = 5;
  private static final int ARRAYS = 4;
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @CsvSource({
    "alexnet-32-lrn, 15, 4",
    "alexnet-two-group, 63, 2",
    "nin, 47, 4",
    "nin-cifar, 16, 4",
    "resnet18-zero-gamma, 33, 4",
    "mobilenet-v1-0.25, 33, 6",
    "mobilenet-v2, 33, 4",
    "googlenet, 79, 2"
  })
  void isThatOfDifferences(String name, int side, int samples) {
    check(name, side, samples);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "alexnet, 63, 4",
    "alexnet-1x224, 95, 4",
    "vgg11, 32, 2",
    "vgg16-bn, 32, 4",
    "plain18, 33, 4",
    "resnet18, 64, 4",
    "resnet50, 64, 4",
    "mobilenet-v1, 33, 6",
    "efficientnet-b0, 32, 4",
    "inception-v3, 75, 4"
  })
  void isThatOfDifferencesInLargeOnes(String name, int side, int samples) {
    check(name, side, samples);
  }

  private static void check(String name, int side, int samples) {
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    InputShape input = new InputShape(network.usualInput().channels(), side, side);
    Nd4j.getRandom().setSeed(3);
    INDArray images = Nd4j.rand(DataType.DOUBLE, samples, input.channels(), side, side);
    NumericalGradient.Errors errors =
        NumericalGradient.errorsAwayFromTheStart(
            new NumericalGradient.Start(network.graph(input, CLASSES), 7),
            images,
            NumericalGradient.someLabels(samples, CLASSES),
            ARRAYS);
    assertThat(errors.single()).as("single elements of %s", name).isLessThan(TOLERANCE);
    assertThat(errors.along()).as("all parameters of %s", name).isLessThan(TOLERANCE);
  }
}
