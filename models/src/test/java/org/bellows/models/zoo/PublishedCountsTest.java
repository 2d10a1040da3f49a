// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Parameters and multiply-adds of every network at its usual input, against what was published:
 * trainable parameters; the same without auxiliary heads; multiply-adds; millions of multiply-adds
 * as published, with the relative tolerance that their rounding and reckoning need.
 */
class PublishedCountsTest {
  private static final NetworkRegistry REGISTRY = NetworkRegistry.standard();
  private static final String COUNTS =
      """
      # LeCun et al. 1998, figure 2, with C3 fully connected to S2
      lenet5,              61706, 61706, 416520, 0.4165, 0.01
      lenet5-dropout,      61706, 61706, 416520, 0.4165, 0.01
      lenet5-tanh,         61706, 61706, 416520, 0.4165, 0.01
      # He et al. 2015, table 6: 0.27, 0.46, 0.66, 0.85, 1.7 million; Keras and others' listings
      resnet20-cifar,      269722, 269722, 40551040, 41, 0.02
      resnet32-cifar,      464154, 464154, 68862592, 69, 0.02
      resnet44-cifar,      658586, 658586, 97174144, 97, 0.02
      resnet56-cifar,      853018, 853018, 125485696, 126, 0.02
      resnet110-cifar,     1727962, 1727962, 252887680, 253, 0.02
      # torchvision's table; Krizhevsky et al. 2012: 60 million, Caffe's bvlc_alexnet 724 M
      alexnet,             61100840, 61100840, 714188480, 710, 0.01
      alexnet-two-group,   60965224, 60965224, 724406816, 724, 0.01
      # no published counts: by hand in AlexNetTest
      alexnet-1x224,       46764746, 46764746, 938146176, 938, 0.01
      alexnet-32,          3172554, 3172554, 78417920, 78.4, 0.01
      alexnet-32-lrn,      3172554, 3172554, 78417920, 78.4, 0.01
      # torchvision's table
      vgg11,               132863336, 132863336, 7609090048, 7610, 0.01
      vgg13,               133047848, 133047848, 11308466176, 11310, 0.01
      vgg16,               138357544, 138357544, 15470264320, 15470, 0.01
      vgg19,               143667240, 143667240, 19632062464, 19630, 0.01
      vgg11-bn,            132868840, 132868840, 7609090048, 7610, 0.01
      vgg13-bn,            133053736, 133053736, 11308466176, 11310, 0.01
      vgg16-bn,            138365992, 138365992, 15470264320, 15470, 0.01
      vgg19-bn,            143678248, 143678248, 19632062464, 19630, 0.01
      # torchvision's table; He et al. 2015, table 1 (1.8, 3.6, 3.8, 7.6, 11.3) strides in the 1x1.
      # Plain: the residual networks' counts less the projections' 173,824 parameters
      plain18,             11515688, 11515688, 1794805760, 1800, 0.01
      plain34,             21623848, 21623848, 3644493824, 3600, 0.02
      resnet18,            11689512, 11689512, 1814073344, 1810, 0.01
      resnet34,            21797672, 21797672, 3663761408, 3660, 0.01
      resnet50,            25557032, 25557032, 4089184256, 4090, 0.01
      resnet101,           44549160, 44549160, 7801405440, 7800, 0.01
      resnet152,           60192808, 60192808, 11513626624, 11510, 0.01
      resnet18-zero-gamma, 11689512, 11689512, 1814073344, 1810, 0.01
      resnet34-zero-gamma, 21797672, 21797672, 3663761408, 3660, 0.01
      resnet50-zero-gamma, 25557032, 25557032, 4089184256, 4090, 0.01
      resnet101-zero-gamma, 44549160, 44549160, 7801405440, 7800, 0.01
      resnet152-zero-gamma, 60192808, 60192808, 11513626624, 11510, 0.01
      # Caffe's model zoo (29 MiB of floats); Lin et al. 2013: 0.97 million
      nin,                 7595176, 7595176, 1100188800, 1100, 0.01
      nin-cifar,           966986, 966986, 222486528, 222, 0.01
      # Szegedy et al. 2014: 1.5 billion; parameters of Caffe's bvlc_googlenet
      googlenet,           13378280, 6998552, 1582671872, 1500, 0.06
      # torchvision's table
      inception-v3,        27161264, 23834568, 5713216096, 5710, 0.01
      # Howard et al. 2017, tables 6 and 7: 4.2, 2.6, 1.3, 0.5 million; 569, 325, 149, 41 million
      mobilenet-v1,        4231976, 4231976, 568740352, 569, 0.01
      mobilenet-v1-0.75,   2585560, 2585560, 325400448, 325, 0.01
      mobilenet-v1-0.5,    1331592, 1331592, 149497088, 149, 0.01
      mobilenet-v1-0.25,   470072, 470072, 41030272, 41, 0.01
      # torchvision's table; Sandler et al. 2018, table 4: 300 million
      mobilenet-v2,        3504872, 3504872, 300774272, 300, 0.01
      # torchvision's parameters; Tan and Le 2019, table 2: 0.39 ... 37 billion
      efficientnet-b0,     5288548, 5288548, 385814752, 390, 0.02
      efficientnet-b1,     7794184, 7794184, 686802832, 700, 0.02
      efficientnet-b2,     9109994, 9109994, 993561872, 1000, 0.02
      efficientnet-b3,     12233232, 12233232, 1827141392, 1800, 0.02
      efficientnet-b4,     19341616, 19341616, 4393771024, 4200, 0.05
      efficientnet-b5,     30389784, 30389784, 10266384752, 9900, 0.05
      efficientnet-b6,     43040704, 43040704, 19067593536, 19000, 0.02
      efficientnet-b7,     66347960, 66347960, 37745884192, 37000, 0.03
      # Shelhamer et al. 2017, table 1: 134 and 57 million. Multiply-adds of those that answer for
      # each pixel were reckoned by other programs; where none was at hand the figure is ours
      fcn32s-vgg16,        134346581, 134346581, 180925453056,180900, 0.01
      fcn16s-vgg16,        134357354, 134357354, 180949193472,180900, 0.01
      fcn8s-vgg16,         134362751, 134362751, 180992697408,180900, 0.01
      fcn-alexnet,         56954261, 56954261, 20997741088, 20997.7, 0.01
      # torchvision's table, with the auxiliary head: 35,322,218 and 54,314,346
      fcn-resnet50,        35322218, 32957013, 138367991808,138370, 0.01
      fcn-resnet101,       54314346, 51949141, 215945838592,215950, 0.01
      # usually given as 31.03 million
      unet-valid,          31030658, 31030658, 150428424448,150430, 0.01
      unet-same,           31033045, 31033045, 193005092864,193010, 0.01
      unet-8,              486643, 486643, 496742400,497, 0.01
      unet-16,             1942747, 1942747, 1961287680,1961, 0.01
      unet-32,             7763371, 7763371, 7793786880,7794, 0.01
      # Badrinarayanan et al. 2017, table: 29.45 million; basic by its published definition
      segnet,              29449355, 29449355, 106712432640,106290, 0.01
      segnet-basic,        1416587, 1416587, 59188838400,59190, 0.01
      pspnet-resnet50,     48957802, 46592597, 155566584512, 155566.6, 0.01
      pspnet-resnet101,    67949930, 65584725, 223750238912, 223750.2, 0.01
      # Chen et al. 2015, table 2: 134.3, 65.1, 20.5 million
      deeplab-v1-7x7,      134346581, 134346581, 242284734144, 242284.7, 0.01
      deeplab-v1-4x4,      65140565, 65140565, 125949421248, 125949.4, 0.01
      deeplab-v1-large-fov, 20505429, 20505429, 50928085696, 50928.1, 0.01
      deeplab-v2-vgg16,    37877652, 37877652, 80120358592, 80120.4, 0.01
      deeplab-v2-resnet101, 44048532, 44048532, 75295716544, 75295.7, 0.01
      # torchvision's table: 42,004,074 and 60,996,202
      deeplab-v3-resnet50, 42004074, 39638869, 163579428864,163580, 0.01
      deeplab-v3-resnet101, 60996202, 58630997, 241157275648,241160, 0.01
      deeplab-v3-mobilenet-v2, 5113877, 5113877, 5674188800, 5674.2, 0.01
      deeplab-v3plus-resnet50, 26696133, 26696133, 39550874992, 39550.9, 0.01
      deeplab-v3plus-resnet101, 45688261, 45688261, 60176430448, 60176.4, 0.01
      deeplab-v3plus-xception65, 41055413, 41055413, 54035303024,54170, 0.01
      deeplab-v3plus-mobilenet-v2, 2719813, 2719813, 5804159152, 5804.2, 0.01
      """;

  @ParameterizedTest
  @CsvSource(textBlock = COUNTS)
  void hasThePublishedCounts(
      String name,
      long parameters,
      long inferenceParameters,
      long multiplyAdds,
      double publishedMillions,
      double tolerance) {
    NetworkCost cost = NetworkCost.of(REGISTRY.get(name));
    assertThat(cost).isEqualTo(new NetworkCost(parameters, inferenceParameters, multiplyAdds));
    double published = 1e6 * publishedMillions;
    assertThat((double) cost.flops()).isCloseTo(published, within(tolerance * published));
  }

  @Test
  void looksAtEveryNetwork() {
    Stream<String> looked =
        COUNTS.lines().filter(line -> !line.startsWith("#")).map(line -> line.split(",")[0]);
    List<String> all = REGISTRY.all().stream().map(NetworkDefinition::name).toList();
    assertThat(looked).containsExactlyInAnyOrderElementsOf(all);
  }
}
