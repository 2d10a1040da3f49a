// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.model.ModelCard;

/**
 * From the parameters of a trained model to those of the same network for other classes, or of
 * another one whose layers have the same names. An array is taken where one of its name and shape
 * is in the model; a dense layer's matrix is also the kernel of the convolution that sees the whole
 * map at once (Shelhamer, Long, Darrell 2017, section 3.1). Where as many classes have other names
 * nothing differs in shape; then those arrays are not taken whose shape would change with the
 * number of classes: the heads.
 */
final class ParameterTransfer {
  private final List<Move> moves = new ArrayList<>();
  private final List<String> taken = new ArrayList<>();
  private final List<String> fresh = new ArrayList<>();
  private final int modelLength;

  /** Floats from one flat vector to another. */
  private record Move(int from, int to, int length) {}

  /** The place of an array in a flat vector. */
  private record ArrayPosition(int offset, List<Long> shape) {
    int length() {
      return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    }

    boolean hasShapeOf(ArrayPosition other) {
      return other != null && shape.equals(other.shape);
    }

    /** Whether the floats are those of a dense layer, [in, out] with in running fastest. */
    boolean isKernelOf(ArrayPosition dense) {
      return dense != null
          && dense.shape.size() == 2
          && shape.size() == 4
          && shape.get(0).equals(dense.shape.get(1))
          && length() == dense.length();
    }
  }

  private ParameterTransfer(
      Map<String, ArrayPosition> model,
      Map<String, ArrayPosition> own,
      Map<String, ArrayPosition> ofOtherClasses) {
    modelLength = model.values().stream().mapToInt(ArrayPosition::length).sum();
    own.forEach(
        (name, place) -> {
          ArrayPosition there = model.get(name);
          boolean isHead = !place.hasShapeOf(ofOtherClasses.get(name));
          if ((place.hasShapeOf(there) || place.isKernelOf(there)) && !isHead) {
            moves.add(new Move(there.offset(), place.offset(), place.length()));
            taken.add(name);
          } else {
            fresh.add(name);
          }
        });
  }

  /**
   * @param from the model's network
   * @param network that the run trains
   * @param input of the run
   * @param classes of the run
   */
  static ParameterTransfer of(
      NetworkDefinition from,
      ModelCard card,
      NetworkDefinition network,
      InputShape input,
      List<String> classes) {
    Map<String, ArrayPosition> model = places(from, card.input(), card.classes().size());
    Map<String, ArrayPosition> own = places(network, input, classes.size());
    if (card.classes().equals(classes)) {
      return new ParameterTransfer(model, own, own);
    }
    boolean asMany = card.classes().size() == classes.size();
    int others = asMany ? classes.size() + 1 : card.classes().size();
    return new ParameterTransfer(model, own, places(network, input, others));
  }

  private static Map<String, ArrayPosition> places(
      NetworkDefinition network, InputShape input, int classes) {
    Map<String, ArrayPosition> places = new LinkedHashMap<>();
    for (NetworkGraph.StoredArray stored : network.graph(input, classes).storedArrays()) {
      places.put(stored.name(), new ArrayPosition(stored.offset(), stored.array().shape()));
    }
    return places;
  }

  List<String> taken() {
    return taken;
  }

  List<String> fresh() {
    return fresh;
  }

  /**
   * Overwrites the arrays that are taken and leaves the others.
   *
   * @param model the model's flat vector
   * @throws BellowsException (data) when it is not as long as its card makes it
   */
  void apply(float[] model, float[] vector) {
    if (model.length != modelLength) {
      throw BellowsException.data(
          "the model holds %d parameters, its card says a network of %d"
              .formatted(model.length, modelLength));
    }
    for (Move move : moves) {
      System.arraycopy(model, move.from(), vector, move.to(), move.length());
    }
  }
}
