// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.lenet;

import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.network.NetworkDefinition;

/**
 * LeNet-5 of LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
 * recognition", Proc. IEEE 86(11), 1998, section II.B and figure 2.
 *
 * <pre>
 * stage  kernel        output (28x28 input)
 * C1     5x5, pad 2    6 x 28 x 28
 * S2     pool 2x2 /2   6 x 14 x 14
 * C3     5x5          16 x 10 x 10
 * S4     pool 2x2 /2  16 x  5 x  5
 * C5     5x5 (dense)  120
 * F6     dense         84
 * output dense         classes
 * </pre>
 *
 * <p>Deviations, common to today's reimplementations: C3 sees all maps of S2 (the paper's Table I
 * leaves some out), the pools have no trainable coefficients, the output is a softmax instead of
 * Euclidean RBF units; 28x28 images are padded by 2 in C1, which is the paper's 32x32 frame. {@code
 * lenet5} has ReLU and max pooling with He's initialisation; {@code lenet5-tanh} has the paper's
 * scaled-tanh spirit (plain tanh), average pooling and Xavier's initialisation; {@code
 * lenet5-dropout} is {@code lenet5} with dropout of one half after C5 and F6 (Hinton et al. 2012,
 * "Improving neural networks by preventing co-adaptation of feature detectors").
 */
public final class LeNet5 {
  private static final InputShape USUAL_INPUT = new InputShape(1, 28, 28);
  private static final int USUAL_CLASSES = 10;

  /** C3 needs 5 x 5 after S2 and S4 needs 2 x 2 after C3. */
  private static final int SMALLEST_SIDE = 12;

  private static final Kernel FILTER = Kernel.of(5);
  private static final Kernel POOL = Kernel.of(2).stride(2);
  private static final String PAPER = "LeCun et al. 1998, Proc. IEEE 86(11), section II.B";

  private LeNet5() {}

  public static List<NetworkDefinition> family() {
    return List.of(
        definition(
            "lenet5",
            new Form(LayerDefaults.of(Activation.RELU, WeightInitializers.HE), PoolingType.MAX, 0)),
        definition(
            "lenet5-dropout",
            new Form(
                LayerDefaults.of(Activation.RELU, WeightInitializers.HE), PoolingType.MAX, 0.5)),
        definition(
            "lenet5-tanh",
            new Form(
                LayerDefaults.of(Activation.TANH, WeightInitializers.XAVIER), PoolingType.AVG, 0)));
  }

  /**
   * @param dropout probability after the dense layers; 0: none
   */
  private record Form(LayerDefaults style, PoolingType pooling, double dropout) {}

  private static NetworkDefinition definition(String name, Form form) {
    return new NetworkDefinition(
        name,
        PAPER,
        USUAL_INPUT,
        USUAL_CLASSES,
        SMALLEST_SIDE,
        (input, classes) -> build(form, input, classes));
  }

  private static NetworkGraph build(Form form, InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, form.style());
    String last = builder.convolution("c1", Heads.INPUT, FILTER.padding(2), 6);
    last = builder.pool("s2", last, form.pooling(), POOL);
    last = builder.convolution("c3", last, FILTER, 16);
    last = builder.pool("s4", last, form.pooling(), POOL);
    last = dense(builder, "c5", last, 120, form);
    last = dense(builder, "f6", last, 84, form);
    return builder.build(Heads.classifier(builder, last, classes, WeightInitializers.XAVIER));
  }

  private static String dense(
      NetworkBuilder builder, String name, String from, int units, Form form) {
    String last = builder.dense(name, from, units);
    return form.dropout() == 0 ? last : builder.dropout(name + "-dropout", last, form.dropout());
  }
}
