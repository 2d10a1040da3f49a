// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.alexnet;

import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.network.NetworkDefinition;

/**
 * The network of Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional
 * Neural Networks", NIPS 2012, section 3.5 and figure 2. Conv2, conv4 and conv5 see only the maps
 * of their own group, which was a GPU; response normalisation follows the ReLU of conv1 and conv2.
 *
 * <pre>
 * stage    kernel                   output (224x224 input)
 * conv1    11x11 /4, pad 2          96 x 55 x 55
 * pool1    LRN, max 3x3 /2          96 x 27 x 27
 * conv2    5x5, pad 2, two groups  256 x 27 x 27
 * pool2    LRN, max 3x3 /2         256 x 13 x 13
 * conv3    3x3, pad 1              384 x 13 x 13
 * conv4    3x3, pad 1, two groups  384 x 13 x 13
 * conv5    3x3, pad 1, two groups  256 x 13 x 13
 * pool5    max 3x3 /2              256 x  6 x  6
 * fc6, fc7 dense, dropout          4096
 * output   dense                   classes
 * </pre>
 *
 * <p>Section 5's initialisation: weights N(0, 0.01^2), biases 1 in conv2, conv4, conv5, fc6 and
 * fc7, else 0. Deviation: 2 pixels of padding in conv1 make the 55 x 55 map of the paper's figure,
 * which 224 pixels without padding (as its text says) do not.
 */
final class TwoGroupAlexNet {
  private static final InputShape USUAL_INPUT = new InputShape(3, 224, 224);
  private static final int USUAL_CLASSES = 1000;
  private static final int SMALLEST_SIDE = 63;
  private static final int UNITS = 4096;
  private static final double DROPOUT = 0.5;
  private static final Kernel POOL = Kernel.of(3).stride(2);
  private static final Kernel FILTER = Kernel.same(3);
  private static final WeightInitializers WEIGHTS = WeightInitializers.gaussian(0.01);
  private static final LayerDefaults STYLE = LayerDefaults.of(Activation.RELU, WEIGHTS);
  private static final LayerDefaults BIASED = STYLE.bias(1);

  private TwoGroupAlexNet() {}

  static NetworkDefinition definition() {
    return new NetworkDefinition(
        "alexnet-two-group",
        "Krizhevsky et al. 2012, NIPS, section 3.5",
        USUAL_INPUT,
        USUAL_CLASSES,
        SMALLEST_SIDE,
        TwoGroupAlexNet::build);
  }

  private static NetworkGraph build(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, STYLE);
    String last = builder.convolution("conv1", Heads.INPUT, Kernel.of(11).stride(4).padding(2), 96);
    last = builder.maxPool("pool1", normalise(builder, "norm1", last), POOL);
    last = builder.groupedConvolution("conv2", last, Kernel.same(5), 256, BIASED);
    last = builder.maxPool("pool2", normalise(builder, "norm2", last), POOL);
    last = builder.convolution("conv3", last, FILTER, 384);
    last = builder.groupedConvolution("conv4", last, FILTER, 384, BIASED);
    last = builder.groupedConvolution("conv5", last, FILTER, 256, BIASED);
    last = builder.maxPool("pool5", last, POOL);
    for (String name : new String[] {"fc6", "fc7"}) {
      last = builder.dropout(name + "-dropout", builder.dense(name, last, UNITS, BIASED), DROPOUT);
    }
    return builder.build(Heads.classifier(builder, last, classes, WEIGHTS));
  }

  /** Section 3.3: k = 2, n = 5, alpha = 1e-4, beta = 0.75; alpha is not divided by n. */
  static String normalise(NetworkBuilder builder, String name, String from) {
    return builder.responseNorm(name, from, 2, 1e-4);
  }
}
