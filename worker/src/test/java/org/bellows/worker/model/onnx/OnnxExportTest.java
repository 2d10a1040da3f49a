// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bellows.conf.BellowsException;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.network.Losses;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.model.RandomModel;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.RandomBatch;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What ONNX Runtime answers to the exported network is what the network itself answers. */
@Tag("instructions")
@Tag("once")
class OnnxExportTest {
  private static final int CLASSES = 5;
  private static final double TOLERANCE = 1e-4;

  private static TrainedModel model(String name, InputShape input, int seed) {
    return RandomModel.of(NetworkRegistry.standard().get(name), input, CLASSES, seed);
  }

  /** Logits and probabilities, [samples, classes] each. */
  private record Answers(float[] logits, float[] probabilities) {}

  private static Answers ours(
      TrainedModel model, NetworkDefinition definition, float[] pixels, int samples) {
    InputShape input = model.card().input();
    NetworkGraph network = definition.graph(input, CLASSES);
    ComputationGraph graph = Dl4jGraph.unwritten(network);
    graph.params().assign(Nd4j.createFromArray(model.parameters()));
    INDArray images =
        Nd4j.create(
            pixels, new long[] {samples, input.channels(), input.height(), input.width()}, 'c');
    Map<String, INDArray> outputs = graph.feedForward(images, false);
    String last = network.vertex(Heads.OUTPUT).from();
    INDArray features = outputs.get(last).dup('c').reshape('c', samples, -1);
    boolean dense = graph.paramTable().containsKey("output_W");
    INDArray logits =
        dense
            ? features.mmul(graph.getParam("output_W")).addiRowVector(graph.getParam("output_b"))
            : features;
    return new Answers(floats(logits), floats(outputs.get(Heads.OUTPUT)));
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static byte[] exported(TrainedModel model, boolean fold) throws IOException {
    return exported(model, NetworkRegistry.standard().get(model.card().network()), fold);
  }

  private static byte[] exported(TrainedModel model, NetworkDefinition definition, boolean fold)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxExport.write(model, definition, fold, out);
    return out.toByteArray();
  }

  private static Answers theirs(byte[] onnx, InputShape input, float[] pixels, int samples)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {samples, input.channels(), input.height(), input.width()};
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(onnx, options);
          OnnxTensor images =
              OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
          OrtSession.Result result = session.run(Map.of("image", images))) {
        return new Answers(
            floats((OnnxTensor) result.get("logits").orElseThrow()),
            floats((OnnxTensor) result.get("probabilities").orElseThrow()));
      }
    }
  }

  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static double largestDifference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
  }

  private static double range(float[] values) {
    List<Float> sorted = new ArrayList<>();
    for (float value : values) {
      sorted.add(value);
    }
    Collections.sort(sorted);
    return sorted.get(sorted.size() - 1) - sorted.get(0);
  }

  /**
   * @param folds whether BatchNorm is folded into the layer before it; each is compared
   */
  private static void compare(String name, int side, boolean... folds)
      throws IOException, OrtException {
    NetworkDefinition definition = NetworkRegistry.standard().get(name);
    InputShape input = new InputShape(definition.usualInput().channels(), side, side);
    compare(definition, input, folds);
  }

  private static void compare(NetworkDefinition definition, InputShape input, boolean... folds)
      throws IOException, OrtException {
    String name = definition.name();
    TrainedModel model = RandomModel.of(definition, input, CLASSES, 11);
    int samples = 3;
    float[] pixels = RandomBatch.of(definition.graph(input, CLASSES), CLASSES, samples).pixels();
    Answers ours = ours(model, definition, pixels, samples);
    for (boolean fold : folds) {
      Answers theirs = theirs(exported(model, definition, fold), input, pixels, samples);
      double range = range(ours.logits());
      double logits = largestDifference(ours.logits(), theirs.logits()) / range;
      double answers = largestDifference(ours.probabilities(), theirs.probabilities());
      System.out.printf(
          "%s at %d%s: logits %.1e of their range %.3g, probabilities %.1e%n",
          name, input.height(), fold ? ", folded" : "", logits, range, answers);
      assertThat(range).as("range of the logits").isGreaterThan(1e-4);
      assertThat(logits).as("logits, fold %s", fold).isLessThan(TOLERANCE);
      // A softmax moves by at most half of what its logits move by.
      assertThat(answers)
          .as("probabilities, fold %s", fold)
          .isLessThan(Math.max(TOLERANCE, logits * range / 2));
    }
  }

  /** One of each family and each kind of layer. */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 28",
    "lenet5-tanh, 13",
    "resnet20-cifar, 16",
    "alexnet-32-lrn, 33",
    "alexnet-two-group, 64",
    "vgg11-bn, 32",
    "plain18, 33",
    "resnet18, 48",
    "resnet50, 32",
    "nin, 40",
    "nin-cifar, 16",
    "nin-cifar, 18",
    "nin-cifar, 19",
    "googlenet, 96",
    "googlenet, 79",
    "inception-v3, 75",
    "mobilenet-v1-0.25, 33",
    "mobilenet-v2, 48",
    "efficientnet-b0, 40"
  })
  void answersTheSameInOnnxRuntime(String name, int side) throws IOException, OrtException {
    compare(name, side, false, true);
  }

  /** A dense head and one without parameters, of samples of any number of classes. */
  @ParameterizedTest
  @CsvSource({"lenet5, 28", "nin-cifar, 16"})
  void ofSeveralClassesEachHasItsSigmoidInOnnxRuntime(String name, int side)
      throws IOException, OrtException {
    NetworkDefinition definition = Losses.multiLabel(NetworkRegistry.standard().get(name));
    InputShape input = new InputShape(definition.usualInput().channels(), side, side);
    compare(definition, input, false);
    TrainedModel model = RandomModel.of(definition, input, CLASSES, 11);
    float[] pixels = RandomBatch.of(definition.graph(input, CLASSES), CLASSES, 2).pixels();
    Answers theirs = theirs(exported(model, definition, false), input, pixels, 2);
    for (int i = 0; i < theirs.logits().length; i++) {
      assertThat((double) theirs.probabilities()[i])
          .isCloseTo(1 / (1 + Math.exp(-theirs.logits()[i])), within(1e-6));
    }
  }

  /** Each kind of layer that networks have that answer for each pixel, in a chain. */
  private static String decoder(NetworkBuilder net) {
    String first = net.convolution("first", Heads.INPUT, Kernel.same(3), 8);
    String pool = net.layer("pool", new Pool(PoolingType.MAX, Kernel.of(2).stride(2), true), first);
    String far = net.convolution("far", pool, Kernel.of(3).padding(4).dilation(4), 8);
    String sparse = net.depthwiseNormActivation("sparse", far, Kernel.of(3).padding(2).dilation(2));
    String up = Decoders.unpool(net, "unpool", sparse, pool);
    String bins = Decoders.adaptiveAverage(net, "bins", pool, 3);
    bins = Decoders.resize(net, "aligned", bins, Interpolation.BILINEAR_ALIGNED, up);
    String linear = Decoders.resize(net, "linear", pool, Interpolation.BILINEAR, up);
    String nearest = Decoders.resize(net, "nearest", pool, Interpolation.NEAREST, 1.7);
    nearest = Decoders.resize(net, "back", nearest, Interpolation.NEAREST, up);
    String kernels = Decoders.bilinearDeconvolution(net, "kernels", pool, Kernel.of(4).stride(2));
    kernels = Decoders.crop(net, "crop", kernels, up, 1, 2);
    String learned =
        Decoders.transposedConvolution(net, "learned", pool, Kernel.of(4).stride(2), 6);
    String all = net.merge("all", up, bins, linear, nearest, kernels);
    all = Decoders.mergeCropped(net, "cropped", learned, all);
    all = net.layer("norm", new BatchNorm(1e-3, 0.9, 1).frozen(), all);
    return net.convolution("maps", net.activation("act", all), Kernel.of(3).stride(2), 9);
  }

  @ParameterizedTest
  @CsvSource({"13, 18", "16, 16", "21, 15"})
  void decodersAnswerTheSameInOnnxRuntime(int height, int width) throws IOException, OrtException {
    InputShape input = new InputShape(3, height, width);
    LayerDefaults defaults = LayerDefaults.of(Activation.TANH, WeightInitializers.HE);
    NetworkDefinition definition =
        new NetworkDefinition(
            "decoder",
            "none",
            input,
            CLASSES,
            8,
            (picture, classes) -> {
              NetworkBuilder net = new NetworkBuilder(picture, defaults);
              return net.build(Heads.classifier(net, decoder(net), classes, WeightInitializers.HE));
            });
    compare(definition, input, false, true);
  }

  @Test
  void refusesUnpoolingWhereWindowsOverlap() {
    InputShape input = new InputShape(1, 9, 9);
    LayerDefaults defaults = LayerDefaults.of(Activation.TANH, WeightInitializers.HE);
    NetworkDefinition definition =
        new NetworkDefinition(
            "overlapping",
            "none",
            input,
            CLASSES,
            8,
            (picture, classes) -> {
              NetworkBuilder net = new NetworkBuilder(picture, defaults);
              net.maxPool("pool", Heads.INPUT, Kernel.of(3).stride(2));
              String up = Decoders.unpool(net, "unpool", "pool", "pool");
              return net.build(Heads.classifier(net, up, classes, WeightInitializers.HE));
            });
    TrainedModel model = RandomModel.of(definition, input, CLASSES, 11);
    assertThatThrownBy(() -> exported(model, definition, false))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "ONNX has no unpooling of windows that overlap, as those of vertex unpool do: 3 x 3"
                + " /2");
  }

  /** Answers of one of each family and each kind of layer, as above. */
  private static final String ABOVE =
      "lenet5.*|resnet20-cifar|alexnet-32-lrn|alexnet-two-group|vgg11-bn|plain18|resnet18|resnet50"
          + "|nin|nin-cifar|googlenet|inception-v3|mobilenet-v1.*|mobilenet-v2|efficientnet-b0";

  /** More of the same blocks, or wider ones: no layer and no connection that the least lacks. */
  private static final String LARGER =
      "resnet(32|44|56|110)-cifar|vgg1[369].*|plain34|resnet(34|101|152)|efficientnet-b[1-7]"
          + "|unet-(16|32)|(fcn|pspnet|deeplab-v3|deeplab-v3plus)-resnet101";

  /** Files of half a gigabyte that hold no layer that others lack. */
  private static final String HUGE = "fcn(32|16)s.*|deeplab-v1-[47].*";

  static Stream<NetworkDefinition> others() {
    return NetworkRegistry.standard().all().stream()
        .filter(network -> !network.name().matches(ABOVE + "|" + LARGER + "|" + HUGE));
  }

  /** Folded: every kind of layer is compared unfolded above. */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("others")
  void otherNetworksAnswerTheSame(NetworkDefinition network) throws IOException, OrtException {
    compare(network.name(), Math.max(32, network.smallestSide()), true);
  }

  @Test
  void statesItsVersionInputAndCard() throws IOException, OrtException {
    InputShape input = new InputShape(1, 28, 28);
    TrainedModel model = model("lenet5", input, 1);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(exported(model, false))) {
      assertThat(session.getInputInfo().get("image").getInfo().toString())
          .contains("shape=[-1, 1, 28, 28]");
      assertThat(session.getOutputInfo().keySet()).containsExactly("logits", "probabilities");
      assertThat(session.getMetadata().getProducerName()).isEqualTo("Bellows");
      assertThat(session.getMetadata().getCustomMetadata().get("bellows-card"))
          .contains("\"class4\"", "\"lenet5\"");
    }
  }

  @Test
  void foldingLeavesNoBatchNorm() throws IOException {
    TrainedModel model = model("resnet20-cifar", new InputShape(3, 16, 16), 1);
    assertThat(new String(exported(model, false), StandardCharsets.ISO_8859_1))
        .contains("BatchNormalization");
    assertThat(new String(exported(model, true), StandardCharsets.ISO_8859_1))
        .doesNotContain("BatchNormalization");
  }
}
