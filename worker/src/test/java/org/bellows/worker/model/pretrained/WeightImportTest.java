// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.bellows.data.storage.Sha256;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.pretrained.ForeignParameter;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.models.zoo.PretrainedForms;
import org.bellows.worker.model.ModelFiles;
import org.bellows.worker.model.safetensors.Safetensors;
import org.bellows.worker.model.tensor.StoredTensor;
import org.bellows.worker.model.tensor.TensorFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Weights of other projects in our networks. */
@Tag("instructions")
@Tag("once")
class WeightImportTest {
  private static final String RESNET20 = "resnet20-12fca82f.th";
  private static final InputShape CIFAR = new InputShape(3, 32, 32);

  private static WeightImport.Target target(
      String network, InputShape input, int classes, boolean newHead) {
    NetworkDefinition definition = NetworkRegistry.standard().get(network);
    return new WeightImport.Target(definition, input, classes, newHead, 3);
  }

  private static NetworkGraph graph(String network, InputShape input, int classes) {
    return NetworkRegistry.standard().get(network).graph(input, classes);
  }

  private static TensorFile resnet20() throws IOException {
    Path file = ModelFiles.weights(RESNET20);
    return WeightFiles.parse(Files.readAllBytes(file), RESNET20);
  }

  /** As {@code pictures} of pretrained_reference.py makes them. */
  private static INDArray pictures(int count) {
    float[] pixels = new float[count * 3 * 32 * 32];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) ((long) i * 7919 % 1009 / 256.0 - 2);
    }
    return Nd4j.create(pixels, new long[] {count, 3, 32, 32}, 'c');
  }

  /** Every array of the file is one of the network's, and each has the file's values. */
  @Test
  void matchesEachArrayOfAPublishedResNet20() throws IOException {
    TensorFile file = resnet20();
    WeightImport.Outcome outcome =
        WeightImport.run(file, RESNET20, target("resnet20-cifar", CIFAR, 10, false));
    ImportReport report = outcome.report();
    assertThat(report.isComplete()).as(report.table()).isTrue();
    assertThat(report.summary())
        .isEqualTo(
            RESNET20
                + ": all 97 arrays of resnet20-cifar matched by pytorch_resnet_cifar10's names");
    assertThat(report.format()).isEqualTo("PyTorch before 1.6");
    NetworkGraph network = graph("resnet20-cifar", CIFAR, 10);
    ComputationGraph graph = Dl4jGraph.unwritten(network);
    graph.params().assign(Nd4j.createFromArray(outcome.parameters()));
    List<ForeignParameter> parameters =
        ForeignParameter.of(network, outcome.parameters(), outcome.form());
    assertThat(parameters).hasSize(97).hasSameSizeAs(file.tensors().keySet());
    for (ForeignParameter parameter : parameters) {
      float[] expected = file.tensors().get(parameter.name()).floats();
      assertThat(parameter.read()).as(parameter.name()).isEqualTo(expected);
      float[] ours = graph.getParam(parameter.parameter()).dup('c').data().asFloat();
      assertThat(sorted(ours)).as(parameter.parameter()).isEqualTo(sorted(expected));
    }
  }

  private static float[] sorted(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Against PyTorch in double precision. */
  @Test
  void answersAsThePublishedResNet20DoesInPyTorch() throws IOException {
    ComputationGraph graph = Dl4jGraph.unwritten(graph("resnet20-cifar", CIFAR, 10));
    float[] parameters =
        WeightImport.run(resnet20(), RESNET20, target("resnet20-cifar", CIFAR, 10, false))
            .parameters();
    graph.params().assign(Nd4j.createFromArray(parameters));
    INDArray features = graph.feedForward(pictures(4), false).get("pool");
    double[] logits =
        features
            .mmul(graph.getParam("output_W"))
            .addiRowVector(graph.getParam("output_b"))
            .dup('c')
            .data()
            .asDouble();
    double[] expected = numbers("resnet20-cifar.txt");
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(logits[i] - expected[i]));
    }
    System.out.printf("resnet20-cifar: largest difference of a logit %.2g%n", largest);
    assertThat(logits).hasSameSizeAs(expected).containsExactly(expected, within(1e-4));
  }

  private static double[] numbers(String name) throws IOException {
    String text = new String(ModelFiles.reference(name), StandardCharsets.US_ASCII);
    return Arrays.stream(text.trim().split("\\s+")).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  void leavesTheHeadForOtherClasses() throws IOException {
    ImportReport strict =
        WeightImport.run(resnet20(), RESNET20, target("resnet20-cifar", CIFAR, 3, false)).report();
    assertThat(strict.isComplete()).isFalse();
    assertThat(strict.summary())
        .isEqualTo(
            RESNET20
                + " does not fit resnet20-cifar by pytorch_resnet_cifar10's names: 95 arrays"
                + " matched and 2 of another shape (first: linear.weight, expected [3, 64], actual"
                + " [10, 64])");
    WeightImport.Outcome outcome =
        WeightImport.run(resnet20(), RESNET20, target("resnet20-cifar", CIFAR, 3, true));
    assertThat(outcome.report().isComplete()).isTrue();
    assertThat(outcome.report().initial()).containsExactly("output_W", "output_b");
    assertThat(outcome.report().leftOut()).containsExactly("linear.weight", "linear.bias");
    float[] start = Dl4jGraph.initialParameters(graph("resnet20-cifar", CIFAR, 3), 3);
    int head = 3 * 64 + 3;
    float[] parameters = outcome.parameters();
    assertThat(Arrays.copyOfRange(parameters, parameters.length - head, parameters.length))
        .isEqualTo(Arrays.copyOfRange(start, start.length - head, start.length));
  }

  @Test
  void saysWhatIsMissingAndWhatIsTooMuch() throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(resnet20().tensors());
    tensors.put("extra.weight", tensors.remove("layer1.0.bn1.bias"));
    ImportReport report =
        WeightImport.run(
                new TensorFile("test", tensors, Map.of()),
                "FILE",
                target("resnet20-cifar", CIFAR, 10, false))
            .report();
    assertThat(report.isComplete()).isFalse();
    assertThat(report.summary())
        .isEqualTo(
            "FILE does not fit resnet20-cifar by pytorch_resnet_cifar10's names: 96 arrays"
                + " matched, 1 missing (first: layer1.0.bn1.bias [16]) and 1 unexpected (first:"
                + " extra.weight)");
    assertThat(report.table().lines())
        .anyMatch(line -> line.matches("matched +stem_W +conv1.weight +\\[16, 3, 3, 3] FLOAT32"))
        .anyMatch(line -> line.matches("MISSING +stage1-block1-a-norm_beta +layer1.0.bn1.* +.16]"))
        .anyMatch(line -> line.matches("UNEXPECTED +extra.weight +\\[16]"));
  }

  @Test
  void fitsNoOtherNetwork() throws IOException {
    ImportReport report =
        WeightImport.run(resnet20(), "FILE", target("mobilenet-v2", CIFAR, 10, false)).report();
    assertThat(report.isComplete()).isFalse();
    assertThat(report.matched()).isEmpty();
    assertThat(report.unexpected()).hasSize(97);
  }

  /** 1e-5 there, 1e-3 here: var + eps is what counts. */
  @Test
  void shiftsVariancesWhereEpsilonsDiffer() {
    InputShape small = new InputShape(3, 32, 32);
    NetworkGraph graph = graph("efficientnet-b0", small, 5);
    FlatLayout layout = FlatLayout.of(graph);
    float[] flat = new float[layout.length()];
    PretrainedForm form = PretrainedForms.of("efficientnet-b0").get(0);
    ForeignParameter variance =
        ForeignParameter.of(graph, flat, form).stream()
            .filter(parameter -> parameter.name().equals("features.0.1.running_var"))
            .findFirst()
            .orElseThrow();
    float[] theirs = new float[32];
    Arrays.fill(theirs, 0.25f);
    variance.write(theirs);
    FlatLayout.ParameterSlot own =
        layout.segments().stream()
            .filter(slot -> slot.name().equals("stem-norm_var"))
            .findFirst()
            .orElseThrow();
    double ours = flat[own.offset() + 7];
    assertThat(ours + 1e-3).isCloseTo(0.25 + 1e-5, within(1e-7));
    assertThat(variance.read()[7]).isCloseTo(0.25f, within(1e-7f));
  }

  /** Written under our own names and read again: not a bit differs, whatever the layers. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "mobilenet-v2", "googlenet", "efficientnet-b0", "vgg11-bn"})
  void returnsFromSafetensorsBitForBit(String network) throws IOException {
    InputShape input = new InputShape(3, 80, 80);
    NetworkGraph graph = graph(network, input, 4);
    float[] before = Dl4jGraph.initialParameters(graph, 3);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < before.length; i++) {
      before[i] += (float) random.nextDouble(0.1);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    for (ForeignParameter parameter :
        ForeignParameter.of(graph, before, PretrainedForm.own(graph))) {
      arrays.put(parameter.name(), new Safetensors.Array(parameter.shape(), parameter.read()));
    }
    Safetensors.write(out, arrays, Map.of());
    WeightImport.Outcome outcome =
        WeightImport.run(
            WeightFiles.parse(out.toByteArray(), "FILE"), "FILE", target(network, input, 4, false));
    assertThat(outcome.report().isComplete()).as(outcome.report().summary()).isTrue();
    assertThat(outcome.report().source()).isEqualTo(PretrainedForm.OWN);
    assertThat(outcome.parameters()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alexnet",
        "inception-v3",
        "mobilenet-v2",
        "resnet18",
        "resnet34",
        "resnet50",
        "resnet101",
        "resnet152",
        "vgg11",
        "vgg11-bn",
        "vgg13",
        "vgg13-bn",
        "vgg16",
        "vgg16-bn",
        "vgg19",
        "vgg19-bn",
        "efficientnet-b0",
        "efficientnet-b1",
        "efficientnet-b2",
        "efficientnet-b3",
        "efficientnet-b4",
        "efficientnet-b5",
        "efficientnet-b6",
        "efficientnet-b7",
        "fcn-resnet50",
        "fcn-resnet101",
        "deeplab-v3-resnet50",
        "deeplab-v3-resnet101"
      })
  void namesArraysAsTorchvisionDoes(String network) throws IOException {
    compareNames(network);
  }

  /** The digest of all names and shapes. */
  private static void compareNames(String network) throws IOException {
    NetworkDefinition definition = NetworkRegistry.standard().get(network);
    NetworkGraph graph = graph(network, definition.usualInput(), 1000);
    PretrainedForm form = PretrainedForms.of(network).get(0);
    TreeSet<String> lines = new TreeSet<>();
    for (ForeignParameter parameter : ForeignParameter.of(graph, new float[0], form)) {
      lines.add(parameter.name() + " " + Arrays.toString(parameter.shape()) + "\n");
    }
    byte[] all = String.join("", lines).getBytes(StandardCharsets.US_ASCII);
    String line = "%s %d %s".formatted(network, lines.size(), Sha256.of(all));
    assertThat(new String(ModelFiles.reference("torchvision.txt"), StandardCharsets.US_ASCII))
        .contains(line);
  }
}
