// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.alexnet;

import java.util.List;
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
 * The one-column AlexNets: five convolutions and three dense layers after Krizhevsky, Sutskever,
 * Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NIPS 2012; {@link
 * TwoGroupAlexNet} is the paper's own.
 *
 * <pre>
 * name      alexnet               alexnet-1x224         alexnet-32
 * input     3 x 224 x 224         1 x 224 x 224         3 x 32 x 32
 * conv1     11x11 /4 pad 2,  64   11x11 /4,       96    5x5 pad 2,  48
 *  + pool   64 x 27 x 27          96 x 26 x 26          48 x 15 x 15
 * conv2     5x5 pad 2,      192   5x5 pad 2,     256    5x5 pad 2, 128
 *  + pool   192 x 13 x 13         256 x 12 x 12         128 x 7 x 7
 * conv3     3x3 pad 1,      384   3x3 pad 1,     384    3x3 pad 1, 192
 * conv4     3x3 pad 1,      256   3x3 pad 1,     384    3x3 pad 1, 192
 * conv5     3x3 pad 1,      256   3x3 pad 1,     256    3x3 pad 1, 128
 *  + pool   256 x 6 x 6           256 x 5 x 5           128 x 3 x 3
 * fc6, fc7  4096, 4096            4096, 4096            1024, 1024
 * output    classes               classes               classes
 * </pre>
 *
 * <p>ReLU after each; pools are max 3x3 /2; dropout of one half before fc6 and fc7 in {@code
 * alexnet}, after them elsewhere. {@code alexnet} is the column of Krizhevsky, "One weird trick for
 * parallelizing convolutional neural networks", 2014, as torchvision builds it. {@code
 * alexnet-1x224} is the form that textbooks use for Fashion-MNIST: no padding in conv1, so that the
 * maps are 54, 26, 12 and 5 wide. {@code alexnet-32} is ours: the widths of one of the paper's two
 * columns after a stem for small pictures; {@code alexnet-32-lrn} has the paper's local response
 * normalisation after conv1 and conv2.
 *
 * <p>He initialisation: the 2014 paper gives none. Deviation from torchvision: other input sizes
 * make fc6 larger or smaller, there is no adaptive pool before it.
 */
public final class AlexNet {
  private static final Kernel SMALL = Kernel.same(3);
  private static final Kernel LARGE = Kernel.same(5);
  private static final Kernel POOL = Kernel.of(3).stride(2);
  private static final double DROPOUT = 0.5;

  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE);
  private static final String COLUMN_PAPER = "Krizhevsky 2014, \"One weird trick\", section 5";
  private static final String PAPER = "after Krizhevsky et al. 2012, section 3.5";

  private static final Form COLUMN =
      new Form(stem(2), new int[] {64, 192, 384, 256, 256}, 4096, true, false);
  private static final Form WIDE_COLUMN =
      new Form(stem(0), new int[] {96, 256, 384, 384, 256}, 4096, false, false);
  private static final int[] HALF_WIDTHS = {48, 128, 192, 192, 128};
  private static final Form SMALL_IMAGES = new Form(LARGE, HALF_WIDTHS, 1024, false, false);
  private static final Form WITH_LRN = new Form(LARGE, HALF_WIDTHS, 1024, false, true);

  private AlexNet() {}

  /**
   * @param stem window of conv1
   * @param widths maps of conv1 to conv5
   * @param units of fc6 and fc7
   * @param dropoutFirst before the dense layers instead of after them
   * @param responseNormalisation after conv1 and conv2
   */
  private record Form(
      Kernel stem, int[] widths, int units, boolean dropoutFirst, boolean responseNormalisation) {}

  public static List<NetworkDefinition> family() {
    InputShape small = new InputShape(3, 32, 32);
    return List.of(
        definition("alexnet", COLUMN_PAPER, new InputShape(3, 224, 224), 1000, 63, COLUMN),
        TwoGroupAlexNet.definition(),
        definition("alexnet-1x224", PAPER, new InputShape(1, 224, 224), 10, 67, WIDE_COLUMN),
        definition("alexnet-32", PAPER, small, 10, 15, SMALL_IMAGES),
        definition("alexnet-32-lrn", PAPER, small, 10, 15, WITH_LRN));
  }

  private static Kernel stem(int padding) {
    return Kernel.of(11).stride(4).padding(padding);
  }

  private static NetworkDefinition definition(
      String name, String paper, InputShape usual, int usualClasses, int smallest, Form form) {
    return new NetworkDefinition(
        name,
        paper,
        usual,
        usualClasses,
        smallest,
        (input, classes) -> build(form, new NetworkBuilder(input, STYLE), classes));
  }

  private static NetworkGraph build(Form form, NetworkBuilder builder, int classes) {
    int[] widths = form.widths();
    String last = builder.convolution("conv1", Heads.INPUT, form.stem(), widths[0]);
    last = builder.maxPool("pool1", normalise(form, builder, "norm1", last), POOL);
    last = builder.convolution("conv2", last, LARGE, widths[1]);
    last = builder.maxPool("pool2", normalise(form, builder, "norm2", last), POOL);
    last = builder.convolution("conv3", last, SMALL, widths[2]);
    last = builder.convolution("conv4", last, SMALL, widths[3]);
    last = builder.convolution("conv5", last, SMALL, widths[4]);
    last = builder.maxPool("pool5", last, POOL);
    last = dense(form, builder, "fc6", last);
    last = dense(form, builder, "fc7", last);
    return builder.build(Heads.classifier(builder, last, classes, WeightInitializers.HE));
  }

  private static String normalise(Form form, NetworkBuilder builder, String name, String from) {
    return form.responseNormalisation() ? TwoGroupAlexNet.normalise(builder, name, from) : from;
  }

  private static String dense(Form form, NetworkBuilder builder, String name, String from) {
    String drop = name + "-dropout";
    return form.dropoutFirst()
        ? builder.dense(name, builder.dropout(drop, from, DROPOUT), form.units())
        : builder.dropout(drop, builder.dense(name, from, form.units()), DROPOUT);
  }
}
