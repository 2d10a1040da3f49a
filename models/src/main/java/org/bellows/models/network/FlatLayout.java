// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.List;
import java.util.Set;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.ParameterKind;

/**
 * The place of each of a graph's parameters in its flat vector of {@code length} floats.
 *
 * @param segments in order, without gaps
 */
public record FlatLayout(List<ParameterSlot> segments, int length) {

  /**
   * One parameter array.
   *
   * @param name layer_parameter, as DL4J calls it
   * @param offset first index in the flat vector
   * @param length number of floats
   * @param decay BatchNorm's weight of the old running statistics; 0 elsewhere
   */
  public record ParameterSlot(
      String name, int offset, int length, ParameterKind kind, double decay) {
    public int end() {
      return offset + length;
    }

    /** Name of the layer that it is a parameter of. */
    public String layer() {
      return name.substring(0, name.lastIndexOf('_'));
    }
  }

  /**
   * @throws ArithmeticException when there are more parameters than an array can have
   */
  public static FlatLayout of(NetworkGraph graph) {
    List<ParameterSlot> slots =
        graph.storedArrays().stream()
            .map(
                stored ->
                    new ParameterSlot(
                        stored.name(),
                        stored.offset(),
                        stored.length(),
                        stored.array().kind(),
                        stored.array().decay()))
            .toList();
    return new FlatLayout(slots, slots.isEmpty() ? 0 : slots.get(slots.size() - 1).end());
  }

  /** The same, with what belongs to these layers marked as frozen. */
  public FlatLayout frozen(Set<String> layers) {
    return new FlatLayout(
        segments.stream()
            .map(
                slot ->
                    layers.contains(slot.layer())
                        ? new ParameterSlot(
                            slot.name(), slot.offset(), slot.length(), ParameterKind.FROZEN, 0)
                        : slot)
            .toList(),
        length);
  }

  public long trainableParameters() {
    return segments.stream()
        .filter(slot -> slot.kind().isTrainable())
        .mapToLong(ParameterSlot::length)
        .sum();
  }
}
