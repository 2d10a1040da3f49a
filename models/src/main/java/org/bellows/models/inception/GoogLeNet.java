// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.inception;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * GoogLeNet, or Inception v1: Szegedy et al., "Going Deeper with Convolutions", 2014, table 1.
 *
 * <pre>
 * stage    1x1  3x3 reduce  3x3  5x5 reduce  5x5  pool proj   output (224x224 input)
 * stem     7x7 /2, 64; max pool 3x3 /2; LRN                    64 x 56 x 56
 *          1x1, 64; 3x3, 192; LRN; max pool 3x3 /2            192 x 28 x 28
 * 3a        64   96         128   16          32   32         256 x 28 x 28
 * 3b       128  128         192   32          96   64         480 x 28 x 28, then max pool 3x3 /2
 * 4a       192   96         208   16          48   64         512 x 14 x 14
 * 4b       160  112         224   24          64   64         512 x 14 x 14
 * 4c       128  128         256   24          64   64         512 x 14 x 14
 * 4d       112  144         288   32          64   64         528 x 14 x 14
 * 4e       256  160         320   32         128  128         832 x 14 x 14, then max pool 3x3 /2
 * 5a       256  160         320   32         128  128         832 x  7 x  7
 * 5b       384  192         384   48         128  128        1024 x  7 x  7
 * output   average, dropout 40 %, dense                       classes
 * </pre>
 *
 * <p>In training two auxiliary heads (section 5) sit on 4a and 4d: mean 5x5 /3, 1x1 with 128 maps,
 * dense with 1024 units, dropout 70 %, dense; their losses count 0.3 each.
 *
 * <p>No BatchNorm: that came with Ioffe and Szegedy 2015 (torchvision's googlenet has it, and
 * counts 6,624,904 parameters). Details that the paper leaves open are as in the authors' Caffe
 * model: Xavier's initialisation, biases 0.2 (0 in the three classifiers), response normalisation
 * with k = 1 and alpha = 1e-4 / 5, pools that round sizes up. Counts are of that model: 6,998,552
 * parameters, with the two heads 13,378,280. Other input sizes make the heads' dense layers larger
 * or smaller.
 */
public final class GoogLeNet {
  private static final InputShape USUAL_INPUT = new InputShape(3, 224, 224);
  private static final int USUAL_CLASSES = 1000;

  /** The auxiliary heads' pool needs 5 x 5 after four halvings. */
  private static final int SMALLEST_SIDE = 79;

  private static final double AUXILIARY_WEIGHT = 0.3;
  private static final double AUXILIARY_DROPOUT = 0.7;
  private static final double DROPOUT = 0.4;
  private static final double RESPONSE_ALPHA = 1e-4 / 5;
  private static final Kernel POINT = Kernel.of(1);
  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel LARGE = Kernel.same(5);
  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.RELU, WeightInitializers.XAVIER_UNIFORM).bias(0.2);

  /** Table 1's columns: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj. */
  private record Module(int one, int threeIn, int three, int fiveIn, int five, int pool) {}

  private static final Map<String, Module> MODULES = modules();

  private GoogLeNet() {}

  private static Map<String, Module> modules() {
    Map<String, Module> modules = new LinkedHashMap<>();
    modules.put("3a", new Module(64, 96, 128, 16, 32, 32));
    modules.put("3b", new Module(128, 128, 192, 32, 96, 64));
    modules.put("4a", new Module(192, 96, 208, 16, 48, 64));
    modules.put("4b", new Module(160, 112, 224, 24, 64, 64));
    modules.put("4c", new Module(128, 128, 256, 24, 64, 64));
    modules.put("4d", new Module(112, 144, 288, 32, 64, 64));
    modules.put("4e", new Module(256, 160, 320, 32, 128, 128));
    modules.put("5a", new Module(256, 160, 320, 32, 128, 128));
    modules.put("5b", new Module(384, 192, 384, 48, 128, 128));
    return modules;
  }

  public static List<NetworkDefinition> family() {
    return List.of(
        new NetworkDefinition(
            "googlenet",
            "Szegedy et al. 2014, \"Going Deeper with Convolutions\", table 1",
            USUAL_INPUT,
            USUAL_CLASSES,
            SMALLEST_SIDE,
            (input, classes) -> build(new NetworkBuilder(input, STYLE), classes)));
  }

  private static NetworkGraph build(NetworkBuilder builder, int classes) {
    String last = stem(builder);
    for (Map.Entry<String, Module> module : MODULES.entrySet()) {
      String name = module.getKey();
      last = module(builder, name, last, module.getValue());
      if (name.equals("3b") || name.equals("4e")) {
        last = builder.poolRoundingUp(name + "-pool", last, PoolingType.MAX);
      }
    }
    last = builder.dropout("dropout", builder.globalAverage("pool", last), DROPOUT);
    String main = Heads.classifier(builder, last, classes, WeightInitializers.XAVIER_UNIFORM);
    String first = auxiliary(builder, "auxiliary1", "4a", classes);
    String second = auxiliary(builder, "auxiliary2", "4d", classes);
    return builder.build(List.of(main, first, second));
  }

  private static String stem(NetworkBuilder builder) {
    String last = builder.convolution("stem1", Heads.INPUT, Kernel.same(7).stride(2), 64);
    last = builder.poolRoundingUp("stem1-pool", last, PoolingType.MAX);
    last = builder.responseNorm("stem1-norm", last, 1, RESPONSE_ALPHA);
    last = builder.convolution("stem2-reduce", last, POINT, 64);
    last = builder.convolution("stem2", last, FILTER, 192);
    last = builder.responseNorm("stem2-norm", last, 1, RESPONSE_ALPHA);
    return builder.poolRoundingUp("stem2-pool", last, PoolingType.MAX);
  }

  private static String module(NetworkBuilder builder, String name, String from, Module widths) {
    String one = builder.convolution(name + "-1x1", from, POINT, widths.one());
    String three = builder.convolution(name + "-3x3-reduce", from, POINT, widths.threeIn());
    three = builder.convolution(name + "-3x3", three, FILTER, widths.three());
    String five = builder.convolution(name + "-5x5-reduce", from, POINT, widths.fiveIn());
    five = builder.convolution(name + "-5x5", five, LARGE, widths.five());
    String pool = builder.maxPool(name + "-pool3x3", from, FILTER);
    pool = builder.convolution(name + "-pool-projection", pool, POINT, widths.pool());
    return builder.merge(name, one, three, five, pool);
  }

  private static String auxiliary(NetworkBuilder builder, String name, String from, int classes) {
    Kernel kernel = Kernel.of(5).stride(3);
    String last = builder.pool(name + "-pool", from, PoolingType.AVG, kernel);
    last = builder.convolution(name + "-1x1", last, POINT, 128);
    last = builder.dense(name + "-dense", last, 1024);
    last = builder.dropout(name + "-dropout", last, AUXILIARY_DROPOUT);
    Heads.AuxiliaryStyle style =
        new Heads.AuxiliaryStyle(WeightInitializers.XAVIER_UNIFORM, AUXILIARY_WEIGHT);
    return Heads.auxiliary(builder, name, last, classes, style);
  }
}
