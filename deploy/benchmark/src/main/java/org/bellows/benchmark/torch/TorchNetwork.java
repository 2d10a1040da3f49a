// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.natives.TorchLibraries;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network in PyTorch, with autograd. Its operations are called one by one; a result is released
 * after its last use, as in Python.
 */
public final class TorchNetwork implements AutoCloseable {
  private static final int CLASSES_AXIS = 1;

  private final InputShape input;
  private final String image;

  /** The output's shape for one sample. */
  private final LayerShape answer;

  private final boolean isOfPixels;
  private final TorchMode mode;
  private final TorchParameters parameters;
  private final List<TorchOperation> operations;

  /** For each operation, the results that no later one needs. */
  private final List<List<String>> dead = new ArrayList<>();

  /**
   * @param mode how it is computed
   * @param flat initial parameters, in the layout's order
   */
  public TorchNetwork(NetworkGraph graph, TorchMode mode, FlatLayout layout, float[] flat) {
    this.mode = mode;
    this.input = graph.inputShape();
    this.image = graph.input();
    this.answer = graph.shape(graph.answer());
    this.isOfPixels = graph.pixelHead().isPresent();
    this.parameters = new TorchParameters(mode, layout, flat);
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
   * Loads PyTorch; must come first.
   *
   * @param threads of an operation
   * @return the version, for the benchmark's record
   */
  public static String setUp(int threads) {
    String version = TorchLibraries.load();
    torch.set_num_threads(threads);
    return version;
  }

  public TorchParameters parameters() {
    return parameters;
  }

  /** [n, channels, height, width] in PyTorch's memory. */
  public Tensor images(float[] pixels) {
    long n = pixels.length / input.elements();
    Tensor images = mode.format().array(pixels, n, input.channels(), input.height(), input.width());
    return mode.bfloat16() ? images.to(ScalarType.BFloat16) : images;
  }

  /** [n, classes], or of pixels [n, 2, height, width], in PyTorch's memory. */
  public Tensor targets(float[] targets, long n) {
    return isOfPixels
        ? Tensor.create(targets, n, 2, answer.asMap().height(), answer.asMap().width())
        : Tensor.create(targets, n, targets.length / n);
  }

  /**
   * Forward and backward; the gradients of the mean loss are added to those that the parameters
   * have.
   *
   * @param images [n, channels, height, width]
   * @param targets [n, classes], each row a distribution; of pixels [n, 2, height, width]
   * @return mean loss, in nats
   */
  public float gradient(Tensor images, Tensor targets) {
    try (PointerScope pass = new PointerScope()) {
      Tensor logits = torch.log_softmax(floats(forward(images, true)), CLASSES_AXIS);
      Tensor each = isOfPixels ? ofPixels(logits, targets) : torch.mul(logits, targets);
      Tensor loss = torch.mul(each.sum(), new Scalar(-1f / images.size(0)));
      loss.backward();
      return loss.item_float();
    }
  }

  private Tensor floats(Tensor answers) {
    return mode.bfloat16() ? answers.to(ScalarType.Float) : answers;
  }

  /** The labels' logarithms times the pixels' weights. */
  private static Tensor ofPixels(Tensor logarithms, Tensor targets) {
    Tensor labels = targets.narrow(CLASSES_AXIS, 0, 1).to(ScalarType.Long);
    return torch.mul(logarithms.gather(CLASSES_AXIS, labels), targets.narrow(CLASSES_AXIS, 1, 1));
  }

  /**
   * @return [n, classes], or [n, classes, height, width], row-major
   */
  public float[] probabilities(Tensor images) {
    try (PointerScope pass = new PointerScope();
        AutoGradMode none = new AutoGradMode(false)) {
      Tensor rows = torch.softmax(floats(forward(images, false)), CLASSES_AXIS).contiguous();
      float[] values = new float[Math.toIntExact(rows.numel())];
      rows.data_ptr_float().get(values);
      return values;
    }
  }

  @SuppressWarnings("ReferenceEquality") // The same tensor, not an equal one.
  private Tensor forward(Tensor images, boolean training) {
    Map<String, Tensor> results = new HashMap<>(Map.of(image, images));
    for (int i = 0; i < operations.size(); i++) {
      TorchOperation operation = operations.get(i);
      List<Tensor> inputs = operation.inputs().stream().map(results::get).toList();
      Tensor result = operation.function().apply(inputs, training);
      results.put(operation.name(), result);
      for (String name : dead.get(i)) {
        Tensor unneeded = results.remove(name);
        if (unneeded != result) {
          unneeded.close();
        }
      }
    }
    return results.get(operations.get(operations.size() - 1).name());
  }

  /** In the layout's order; 0 for running statistics. */
  public float[] flatGradient(FlatLayout layout) {
    float[] flat = new float[layout.length()];
    for (TorchParameters.Parameter parameter : parameters.trainable()) {
      float[] values = parameter.gradient();
      System.arraycopy(values, 0, flat, parameter.segment().offset(), values.length);
    }
    return flat;
  }

  @Override
  public void close() {
    parameters.close();
  }
}
