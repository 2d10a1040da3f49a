// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.unet;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Crop;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;

/**
 * Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation",
 * 2015, figure 1, with c maps in the first stage (64 in the paper).
 *
 * <pre>
 * stage          layers                                        maps
 * down1 .. 4     two 3x3 convolutions, ReLU; max pool 2x2 /2   c, 2c, 4c, 8c
 * bottom         two 3x3 convolutions, ReLU                    16c
 * up4 .. 1       transposed 2x2 /2 to half the maps; the map of down4 .. 1 before its pool, beside
 *                it; two 3x3 convolutions, ReLU                8c, 4c, 2c, c
 * output         1x1 convolution, softmax of each pixel        classes
 * </pre>
 *
 * <p>{@code unet-valid} is the paper's: convolutions without padding, skips cut to their middle,
 * dropout of one half behind down4 and the bottom, an answer for all but 92 pixels at each border
 * (572 x 572 gives 388 x 388). A side must be 16 k + 12, so that each pool sees an even one. {@code
 * unet-same} pads each convolution by a pixel and answers for the whole image, of any size: a pool
 * rounds an odd side up, and what comes back is cut at the bottom and right. {@code unet-8}, {@code
 * unet-16} and {@code unet-32} are like it with c = 8, 16 and 32, with BatchNorm between a
 * convolution, which then has no bias, and its ReLU.
 *
 * <p>He initialisation: the paper's section 3, deviation sqrt(2 / N) with N the fan-in.
 */
public final class UNet {
  private static final String PAPER = "Ronneberger et al. 2015, \"U-Net\", figure 1";
  private static final int PAPERS_MAPS = 64;
  private static final int DEPTH = 4;
  private static final double DROPOUT = 0.5;
  private static final Kernel POINT = Kernel.of(1);
  private static final Kernel DOUBLE = Kernel.of(2).stride(2);
  private static final LayerDefaults DEFAULTS =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE);
  private static final LayerDefaults LINEAR =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);

  /** Each pool sees an even side, and the answer has a pixel or more. */
  private static final AllowedSides VALID = new AllowedSides(188, 16);

  private static final AllowedSides ANY = AllowedSides.from(1);

  private UNet() {}

  private record Form(int maps, boolean isPadded, boolean isNormalised) {
    Kernel filter() {
      return isPadded ? Kernel.same(3) : Kernel.of(3);
    }
  }

  /** All of them. */
  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    family.add(
        definition(
            "unet-valid", new InputShape(1, 572, 572), 2, VALID, new Form(64, false, false)));
    family.add(
        definition(
            "unet-same", new InputShape(3, 512, 512), 21, ANY, new Form(PAPERS_MAPS, true, false)));
    for (int maps : new int[] {8, 16, 32}) {
      family.add(
          definition(
              "unet-" + maps, new InputShape(3, 176, 240), 11, ANY, new Form(maps, true, true)));
    }
    return family;
  }

  private static NetworkDefinition definition(
      String name, InputShape usual, int usualClasses, AllowedSides sides, Form form) {
    return new NetworkDefinition(
        name,
        PAPER,
        usual,
        usualClasses,
        sides,
        (input, classes) -> build(form, new NetworkBuilder(input, DEFAULTS), classes));
  }

  private static NetworkGraph build(Form form, NetworkBuilder builder, int classes) {
    List<String> skips = new ArrayList<>();
    String last = Heads.INPUT;
    for (int level = 1; level <= DEPTH; level++) {
      last = twoConvolutions(form, builder, "down" + level, last, form.maps() << (level - 1));
      if (level == DEPTH) {
        last = dropout(form, builder, "down" + level, last);
      }
      skips.add(last);
      last = pool(form, builder, "pool" + level, last);
    }
    last = twoConvolutions(form, builder, "bottom", last, form.maps() << DEPTH);
    last = dropout(form, builder, "bottom", last);
    for (int level = DEPTH; level >= 1; level--) {
      last = up(form, builder, "up" + level, last, skips.get(level - 1));
    }
    String score = builder.convolution("score", last, POINT, classes, LINEAR);
    return builder.build(Heads.pixels(builder, score, LabelFit.CENTRE));
  }

  private static String up(
      Form form, NetworkBuilder builder, String name, String from, String skip) {
    int maps = builder.channels(from) / 2;
    String up =
        Decoders.transposedConvolution(builder, name + "-transposed", from, DOUBLE, maps, LINEAR);
    String beside = skip;
    if (!form.isPadded()) {
      beside = Decoders.crop(builder, name + "-skip", skip, up);
    } else if (isLarger(builder.map(up), builder.map(skip))) {
      up = builder.layer(name + "-crop", Crop.at(0, 0), up, skip);
    }
    return twoConvolutions(form, builder, name, builder.merge(name + "-merge", beside, up), maps);
  }

  private static boolean isLarger(LayerShape.FeatureMap up, LayerShape.FeatureMap skip) {
    return up.height() > skip.height() || up.width() > skip.width();
  }

  private static String pool(Form form, NetworkBuilder builder, String name, String from) {
    return builder.layer(name, new Pool(PoolingType.MAX, DOUBLE, form.isPadded()), from);
  }

  /** Only in the paper's own form: BatchNorm and dropout do not go together. */
  private static String dropout(Form form, NetworkBuilder builder, String name, String from) {
    return form.isNormalised() ? from : builder.dropout(name + "-dropout", from, DROPOUT);
  }

  private static String twoConvolutions(
      Form form, NetworkBuilder builder, String name, String from, int maps) {
    String last = from;
    for (String half : new String[] {"-a", "-b"}) {
      last =
          form.isNormalised()
              ? builder.convolutionNormActivation(name + half, last, form.filter(), maps)
              : builder.convolution(name + half, last, form.filter(), maps);
    }
    return last;
  }
}
