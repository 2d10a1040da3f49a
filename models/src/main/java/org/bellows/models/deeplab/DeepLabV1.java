// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.deeplab;

import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.vgg.Vgg;

/**
 * Chen, Papandreou, Kokkinos, Murphy, Yuille, "Semantic Image Segmentation with Deep Convolutional
 * Nets and Fully Connected CRFs", 2015, section 3.1 and table 2: three forms of fc6 on VGG16's
 * dilated convolutions.
 *
 * <pre>
 * form                    fc6, ReLU, dropout     fc7, ReLU, dropout   score
 * deeplab-v1-7x7          7x7, rate  4, 4096     1x1, 4096            1x1, classes
 * deeplab-v1-4x4          4x4, rate  4, 4096     1x1, 4096            1x1, classes
 * deeplab-v1-large-fov    3x3, rate 12, 1024     1x1, 1024            1x1, classes
 * </pre>
 *
 * <p>Trained at an eighth of the image's sides, on every eighth label (section 3.2); the answers
 * are brought to the image's size when they are used. Names and parameters up to pool5 are VGG16's.
 */
public final class DeepLabV1 {
  private static final InputShape USUAL_INPUT = new InputShape(3, 321, 321);
  private static final int USUAL_CLASSES = 21;
  private static final double DROPOUT = 0.5;
  private static final LayerDefaults SCORE =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.gaussian(0.01));

  private DeepLabV1() {}

  /** All of them. */
  public static List<NetworkDefinition> family() {
    return List.of(
        definition("deeplab-v1-7x7", DilatedVgg.dilated(7, 4), 4096),
        definition("deeplab-v1-4x4", DilatedVgg.dilated(4, 4), 4096),
        definition("deeplab-v1-large-fov", DilatedVgg.dilated(3, 12), 1024));
  }

  private static NetworkDefinition definition(String name, Kernel fc6, int maps) {
    return new NetworkDefinition(
        name,
        "Chen et al. 2015, \"DeepLab\", table 2",
        USUAL_INPUT,
        USUAL_CLASSES,
        AllowedSides.from(1),
        (input, classes) -> build(fc6, maps, new NetworkBuilder(input, Vgg.DEFAULTS), classes));
  }

  private static NetworkGraph build(Kernel fc6, int maps, NetworkBuilder builder, int classes) {
    String last = builder.convolution("fc6", DilatedVgg.pool5(builder), fc6, maps);
    last = builder.dropout("fc6-dropout", last, DROPOUT);
    last = builder.convolution("fc7", last, Kernel.of(1), maps);
    last = builder.dropout("fc7-dropout", last, DROPOUT);
    last = builder.convolution("score", last, Kernel.of(1), classes, SCORE);
    return builder.build(Heads.pixels(builder, last, LabelFit.SHRINK));
  }
}
