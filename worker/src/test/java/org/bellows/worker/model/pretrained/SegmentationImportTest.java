// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.pretrained.ForeignParameter;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.models.zoo.PretrainedForms;
import org.bellows.worker.model.ModelFiles;
import org.bellows.worker.model.tensor.ByteSlice;
import org.bellows.worker.model.tensor.ElementType;
import org.bellows.worker.model.tensor.StoredTensor;
import org.bellows.worker.model.tensor.TensorFile;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * torchvision's networks for segmentation. Parameters are written by a formula, here and in
 * pretrained_reference.py, so that no weights need be stored.
 */
@Tag("instructions")
@Tag("once")
class SegmentationImportTest {
  private static final InputShape PICTURE = new InputShape(3, 33, 41);
  private static final int CLASSES = 5;

  /** Of the logits the fixture has every 97th. */
  private static final int STEP = 97;

  @ParameterizedTest
  @ValueSource(strings = {"fcn-resnet50", "deeplab-v3-resnet50"})
  void answersAsTorchvisionDoes(String network) throws IOException {
    NetworkDefinition definition = NetworkRegistry.standard().get(network);
    WeightImport.Outcome outcome =
        WeightImport.run(
            new TensorFile("test", tensors(definition), Map.of()),
            "FILE",
            new WeightImport.Target(definition, PICTURE, CLASSES, false, 3));
    assertThat(outcome.report().summary()).matches("FILE: all \\d+ arrays .* torchvision's names");
    assertThat(outcome.report().initial()).isEmpty();
    double[][] expected = fixture(network);
    try (LaneNetwork lane = new LaneNetwork(definition, PICTURE, CLASSES, 3)) {
      lane.writeParameters(outcome.parameters());
      assertAgrees(network, lane.logits(picture(), lane.input()), expected[0]);
      float[] auxiliary = lane.activations(picture(), 1, "auxiliary-up").values();
      assertAgrees(network + ", auxiliary head", auxiliary, expected[1]);
    }
  }

  /** Within a ten-thousandth of their range. */
  private static void assertAgrees(String what, float[] logits, double[] expected) {
    double range =
        Arrays.stream(expected).max().orElseThrow() - Arrays.stream(expected).min().orElseThrow();
    double[] actual = new double[expected.length];
    for (int i = 0; i < actual.length; i++) {
      actual[i] = logits[i * STEP];
    }
    assertThat((logits.length + STEP - 1) / STEP).as(what).isEqualTo(expected.length);
    assertThat(actual).as(what).containsExactly(expected, within(1e-4 * range));
  }

  @Test
  void auxiliaryHeadsThatTheFileLacksKeepTheirStart() {
    NetworkDefinition definition = NetworkRegistry.standard().get("fcn-resnet50");
    Map<String, StoredTensor> tensors = tensors(definition);
    tensors.keySet().removeIf(name -> name.startsWith("aux_classifier."));
    WeightImport.Target target = new WeightImport.Target(definition, PICTURE, CLASSES, false, 3);
    ImportReport report =
        WeightImport.run(new TensorFile("test", tensors, Map.of()), "FILE", target).report();
    assertThat(report.isComplete()).as(report.table()).isTrue();
    assertThat(report.initial())
        .containsExactlyInAnyOrder(
            "auxiliary-conv_W",
            "auxiliary-conv-norm_gamma",
            "auxiliary-conv-norm_beta",
            "auxiliary-conv-norm_mean",
            "auxiliary-conv-norm_var",
            "auxiliary-logits_W",
            "auxiliary-logits_b");
  }

  /** The convolutions that say classes, of both heads. */
  @Test
  void leavesTheClassifiersForOtherClasses() {
    NetworkDefinition definition = NetworkRegistry.standard().get("fcn-resnet50");
    TensorFile file = new TensorFile("test", tensors(definition), Map.of());
    WeightImport.Target target = new WeightImport.Target(definition, PICTURE, 3, true, 3);
    ImportReport report = WeightImport.run(file, "FILE", target).report();
    assertThat(report.isComplete()).as(report.table()).isTrue();
    assertThat(report.initial())
        .containsExactlyInAnyOrder(
            "head-logits_W", "head-logits_b", "auxiliary-logits_W", "auxiliary-logits_b");
    assertThat(report.leftOut())
        .containsExactlyInAnyOrder(
            "classifier.4.weight",
            "classifier.4.bias",
            "aux_classifier.4.weight",
            "aux_classifier.4.bias");
  }

  /** As {@code fill} of pretrained_reference.py: arrays in the order of their names. */
  private static Map<String, StoredTensor> tensors(NetworkDefinition definition) {
    PretrainedForm form = PretrainedForms.of(definition.name()).get(0);
    Map<String, long[]> shapes = new TreeMap<>();
    for (ForeignParameter array :
        ForeignParameter.of(definition.graph(PICTURE, CLASSES), new float[0], form)) {
      shapes.put(array.name(), array.shape());
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (String name : shapes.keySet()) {
      ByteBuffer bytes = bytes(name, shapes.get(name), tensors.size());
      tensors.put(
          name,
          StoredTensor.dense(
              name, ElementType.FLOAT32, shapes.get(name), ByteSlice.of(bytes.array())));
    }
    return tensors;
  }

  private static ByteBuffer bytes(String name, long[] shape, int number) {
    int elements = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    double spread = shape.length == 4 ? Math.sqrt(24.0 / (elements / shape[0])) : 0;
    ByteBuffer bytes = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      double noise = noise(number, i);
      double value;
      if (shape.length == 4) {
        value = noise * spread;
      } else if (name.endsWith("running_var")) {
        value = 1 + noise;
      } else if (name.endsWith("weight")) {
        value = 1 + noise / 2;
      } else {
        value = noise / 4;
      }
      bytes.putFloat((float) value);
    }
    return bytes;
  }

  /** SplitMix64, which the reference computes alike: 24 bits, in -0.5..0.5. */
  private static double noise(int array, int index) {
    long z = (index + 1) * 0x9E3779B97F4A7C15L + array;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 40) / (double) (1 << 24) - 0.5;
  }

  private static float[] picture() {
    float[] pixels = new float[PICTURE.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) ((long) i * 7919 % 1009 / 256.0 - 2);
    }
    return pixels;
  }

  private static double[][] fixture(String network) throws IOException {
    String text =
        new String(ModelFiles.reference(network + ".txt"), StandardCharsets.US_ASCII).trim();
    List<String> heads = List.of(text.split("\n"));
    return heads.stream()
        .map(line -> Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }
}
