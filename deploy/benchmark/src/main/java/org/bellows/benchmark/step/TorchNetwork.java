// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.network.FlatLayout;

/**
 * A network in PyTorch. Its operations are called one by one, as DJL's blocks call them; a result
 * is released after its last use, as in Python.
 */
final class TorchNetwork implements AutoCloseable {
  private static final String ENGINE = "PyTorch";

  private static final int CLASSES_AXIS = 1;

  /** Where DJL unpacks its native libraries, 450 MB. */
  private static final String CACHE = "DJL_CACHE_DIR";

  private final InputShape input;
  private final String image;

  /** Of one sample. */
  private final LayerShape answer;

  private final boolean isOfPixels;
  private final TorchMode mode;
  private final Engine engine;
  private final NDManager manager;
  private final TorchParameters parameters;
  private final List<TorchOperation> operations;

  /** For each operation, the results that no later one needs. */
  private final List<List<String>> dead = new ArrayList<>();

  /**
   * @param mode how it is computed
   * @param flat initial parameters, in the layout's order
   */
  TorchNetwork(NetworkGraph graph, TorchMode mode, FlatLayout layout, float[] flat) {
    this.mode = mode;
    this.input = graph.inputShape();
    this.image = graph.input();
    this.answer = graph.shape(graph.answer());
    this.isOfPixels = graph.pixelHead().isPresent();
    this.engine = Engine.getEngine(ENGINE);
    this.manager = engine.newBaseManager();
    this.parameters = new TorchParameters(manager, mode, layout, flat);
    this.operations = TorchTranslator.translate(graph, parameters);
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      for (String name : operations.get(i).inputs()) {
        last.put(name, i);
      }
      dead.add(new ArrayList<>());
    }
    last.remove(image);
    last.forEach((name, i) -> dead.get(i).add(name));
  }

  /**
   * The properties that DJL reads when PyTorch is loaded: everything from the jars, nothing from
   * the network.
   *
   * @param threads of an operation
   */
  static void setUp(int threads) {
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    if (System.getenv(CACHE) == null) {
      String folder = "bellows-djl-" + System.getProperty("user.name");
      System.setProperty(CACHE, Path.of(System.getProperty("java.io.tmpdir"), folder).toString());
    }
  }

  TorchParameters parameters() {
    return parameters;
  }

  NDManager manager() {
    return manager;
  }

  /** [n, channels, height, width] in PyTorch's memory. */
  NDArray images(float[] pixels) {
    long n = pixels.length / input.elements();
    return parameters.maps(
        mode.format().array(manager, pixels, n, input.channels(), input.height(), input.width()));
  }

  /** [n, classes], or of pixels [n, 2, height, width], in PyTorch's memory. */
  NDArray targets(float[] targets, long n) {
    return manager.create(
        targets,
        isOfPixels
            ? new Shape(n, 2, answer.asMap().height(), answer.asMap().width())
            : new Shape(n, targets.length / n));
  }

  /**
   * Forward and backward; the gradients of the mean loss are added to those that the parameters
   * have.
   *
   * @param images [n, channels, height, width]
   * @param targets [n, classes], each row a distribution; of pixels [n, 2, height, width]
   * @return mean loss, in nats
   */
  float gradient(NDArray images, NDArray targets) {
    try (NDManager pass = manager.newSubManager();
        GradientCollector collector = engine.newGradientCollector()) {
      pass.tempAttachAll(images, targets);
      NDArray logits = parameters.floats(forward(images, true)).logSoftmax(CLASSES_AXIS);
      NDArray each = isOfPixels ? ofPixels(logits, targets) : logits.mul(targets);
      NDArray loss = each.sum().mul(-1f / images.getShape().get(0));
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  /** The labels' logarithms times the pixels' weights. */
  private static NDArray ofPixels(NDArray logarithms, NDArray targets) {
    NDArray labels = targets.get(":, 0:1").toType(DataType.INT64, false);
    return logarithms.gather(labels, CLASSES_AXIS).mul(targets.get(":, 1:2"));
  }

  /**
   * @return [n, classes], or [n, classes, height, width], row-major
   */
  float[] probabilities(NDArray images) {
    try (NDManager pass = manager.newSubManager()) {
      pass.tempAttachAll(images);
      return parameters
          .floats(forward(images, false))
          .softmax(CLASSES_AXIS)
          .reshape(-1)
          .toFloatArray();
    }
  }

  private NDArray forward(NDArray images, boolean training) {
    Map<String, NDArray> results = new HashMap<>(Map.of(image, images));
    for (int i = 0; i < operations.size(); i++) {
      TorchOperation operation = operations.get(i);
      List<NDArray> inputs = operation.inputs().stream().map(results::get).toList();
      NDArray result = operation.function().apply(inputs, training);
      results.put(operation.name(), result);
      for (String name : dead.get(i)) {
        NDArray unneeded = results.remove(name);
        if (unneeded != result) {
          unneeded.close();
        }
      }
    }
    return results.get(operations.get(operations.size() - 1).name());
  }

  /** In the layout's order; 0 for running statistics. */
  float[] flatGradient(FlatLayout layout) {
    float[] flat = new float[layout.length()];
    for (TorchParameters.Tensor tensor : parameters.trainable()) {
      float[] values = tensor.gradient();
      System.arraycopy(values, 0, flat, tensor.segment().offset(), values.length);
    }
    return flat;
  }

  /** For the benchmark's record. */
  static String version() {
    return "PyTorch " + Engine.getEngine(ENGINE).getVersion() + ", DJL " + Engine.getDjlVersion();
  }

  @Override
  public void close() {
    manager.close();
  }
}
