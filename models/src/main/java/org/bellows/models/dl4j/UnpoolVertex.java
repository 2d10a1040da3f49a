// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.Unpool;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link Unpool} in DL4J: it looks for the maxima again. */
final class UnpoolVertex extends ArrayVertex {
  private static final long serialVersionUID = 1L;

  private final Pool pool;

  UnpoolVertex(Unpool unpool) {
    this.pool = unpool.pool();
  }

  @Override
  Object identity() {
    return pool;
  }

  @Override
  int inputs() {
    return 2;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
    return vertexInputs[1];
  }

  @Override
  ArrayVertexRun run(ComputationGraph graph, String name, int index, DataType type) {
    return new Run(graph, name, index, type);
  }

  @SuppressWarnings("overrides")
  private final class Run extends ArrayVertexRun {
    Run(ComputationGraph graph, String name, int index, DataType type) {
      super(graph, name, index, type);
    }

    @Override
    long[] outputShape() {
      return inputs[1].shape();
    }

    @Override
    void forward(boolean training, INDArray output) {
      double[] from = values(inputs[0]);
      double[] to = new double[Math.toIntExact(inputs[1].length())];
      int[] places = places();
      for (int i = 0; i < places.length; i++) {
        to[places[i]] += from[i];
      }
      assign(output, to);
    }

    @Override
    void backward(INDArray epsilon, INDArray[] gradients) {
      double[] from = values(epsilon);
      int[] places = places();
      double[] to = new double[places.length];
      for (int i = 0; i < places.length; i++) {
        to[i] = from[places[i]];
      }
      assign(gradients[0], to);
      gradients[1].assign(0);
    }

    private static double[] values(INDArray array) {
      return array.dup('c').data().asDouble();
    }

    private static void assign(INDArray array, double[] values) {
      array.assign(
          Nd4j.createFromArray(values).castTo(array.dataType()).reshape('c', array.shape()));
    }

    /** By window, row-major over all maps: the index of its maximum in the pool's input. */
    private int[] places() {
      double[] map = values(inputs[1]);
      int high = Math.toIntExact(inputs[1].size(2));
      int wide = Math.toIntExact(inputs[1].size(3));
      LayerShape.FeatureMap size = new LayerShape.FeatureMap(1, high, wide);
      int rows = Math.toIntExact(inputs[0].size(2));
      int columns = Math.toIntExact(inputs[0].size(3));
      int[] places = new int[Math.toIntExact(inputs[0].length())];
      for (int i = 0; i < places.length; i++) {
        int y = i / columns % rows * pool.window().stride() - pool.top(size);
        int x = i % columns * pool.window().stride() - pool.left(size);
        int start = i / (rows * columns) * high * wide;
        places[i] = start + largest(map, start, size, y, x);
      }
      return places;
    }

    /** The place in a map of the first maximum of the window at a row and a column. */
    private int largest(double[] maps, int start, LayerShape.FeatureMap size, int row, int column) {
      Kernel kernel = pool.window();
      int best = -1;
      for (int i = 0; i < kernel.area(); i++) {
        int y = row + i / kernel.width() * kernel.dilation();
        int x = column + i % kernel.width() * kernel.dilation();
        int place = y * size.width() + x;
        boolean inside = y >= 0 && y < size.height() && x >= 0 && x < size.width();
        if (inside && (best < 0 || maps[start + place] > maps[start + best])) {
          best = place;
        }
      }
      return best;
    }
  }
}
