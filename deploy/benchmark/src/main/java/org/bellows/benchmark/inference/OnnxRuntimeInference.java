// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bellows.benchmark.measure.Workload;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.model.onnx.OnnxExport;

/**
 * ONNX Runtime on the exported model. It optimises the graph as far as it can, its threads wait
 * actively, images are where it reads them and answers where it writes them.
 */
final class OnnxRuntimeInference implements Inference {
  private final OrtSession.SessionOptions options;
  private final OrtSession session;
  private final OnnxTensor images;
  private final OnnxTensor answers;
  private final FloatBuffer probabilities;

  /**
   * @param pixels [samples, channels, height, width]
   */
  OnnxRuntimeInference(TrainedModel model, Workload workload, float[] pixels, int threads)
      throws OrtException, IOException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    NetworkGraph graph = workload.graph();
    this.options = options(threads);
    this.session = session(environment, model);
    FloatBuffer input = floats(pixels.length);
    input.put(pixels).rewind();
    this.images = OnnxTensor.createTensor(environment, input, shape(workload));
    long[] shape = graph.shape(graph.answer()).batch(workload.samples());
    this.probabilities = floats(elements(shape));
    this.answers = OnnxTensor.createTensor(environment, probabilities, shape);
  }

  static String version() {
    return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
  }

  private static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    return options;
  }

  /** From a file: a large model would be in Java's heap twice. */
  private OrtSession session(OrtEnvironment environment, TrainedModel model)
      throws OrtException, IOException {
    Path file = Files.createTempFile("bellows-inference", ".onnx");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        OnnxExport.write(model, true, out);
      }
      return environment.createSession(file.toString(), options);
    } finally {
      Files.delete(file);
    }
  }

  private static long[] shape(Workload workload) {
    InputShape input = workload.input();
    return new long[] {workload.samples(), input.channels(), input.height(), input.width()};
  }

  private static int elements(long[] shape) {
    long product = 1;
    for (long side : shape) {
      product *= side;
    }
    return Math.toIntExact(product);
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public void run() {
    try {
      session.run(Map.of(Heads.INPUT, images), Map.of(OnnxExport.PROBABILITIES, answers)).close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  @Override
  public float[] probabilities() {
    float[] copy = new float[probabilities.capacity()];
    probabilities.duplicate().rewind().get(copy);
    return copy;
  }

  @Override
  public void close() {
    try {
      answers.close();
      images.close();
      session.close();
      options.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed to close: " + e.getMessage(), e);
    }
  }
}
