// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.List;
import org.bellows.models.layer.LocalResponseNorm;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * {@link LocalResponseNorm} in DL4J, with its symbols.
 *
 * <p>DL4J's own layer computes the same forward, but its gradient takes s_i for every s_j: it is
 * right for alpha towards 0 only. With e at the output the gradient is
 *
 * <pre>
 * e_i * s_i^-beta - 2 * alpha * beta * a_i * sum over j of (e_j * a_j * s_j^(-beta - 1))
 * </pre>
 */
final class LocalResponseNormVertex extends ArrayVertex {
  private static final long serialVersionUID = 1L;

  private final double k;
  private final double alpha;

  LocalResponseNormVertex(LocalResponseNorm norm) {
    this.k = norm.k();
    this.alpha = norm.alpha();
  }

  @Override
  Object identity() {
    return List.of(k, alpha);
  }

  @Override
  int inputs() {
    return 1;
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
      return inputs[0].shape();
    }

    @Override
    void forward(boolean training, INDArray output) {
      inputs[0].mul(Transforms.pow(scale(), -LocalResponseNorm.BETA, false), output);
    }

    @Override
    void backward(INDArray epsilon, INDArray[] gradients) {
      INDArray input = inputs[0];
      INDArray scale = scale();
      INDArray power = Transforms.pow(scale, -LocalResponseNorm.BETA, true);
      INDArray others = neighbours(epsilon.mul(input).muli(power).divi(scale));
      epsilon.mul(power, gradients[0]);
      gradients[0].subi(others.muli(input).muli(2 * alpha * LocalResponseNorm.BETA));
    }

    private INDArray scale() {
      return neighbours(inputs[0].mul(inputs[0])).muli(alpha).addi(k);
    }

    /** Sum over the channels around each, [n, channels, height, width] as the input. */
    private INDArray neighbours(INDArray array) {
      INDArray sum = array.dup();
      long channels = array.size(1);
      for (int shift = 1; shift <= LocalResponseNorm.REACH && shift < channels; shift++) {
        sum.get(range(shift, channels)).addi(array.get(range(0, channels - shift)));
        sum.get(range(0, channels - shift)).addi(array.get(range(shift, channels)));
      }
      return sum;
    }

    private static INDArrayIndex[] range(long from, long to) {
      INDArrayIndex all = NDArrayIndex.all();
      return new INDArrayIndex[] {all, NDArrayIndex.interval(from, to), all, all};
    }
  }
}
