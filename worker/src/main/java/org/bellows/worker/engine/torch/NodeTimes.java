// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.torch.node.Node;
import org.bellows.worker.engine.torch.pass.TorchDevice;

/**
 * Adds up the time of each node's forward and backward pass, over several passes. A GPU is waited
 * for after each, so that a pass takes longer than one that is not looked at.
 */
final class NodeTimes {
  private static final String ENDING = "Node";
  private static final double NANOS = 1e9;
  private static final double NANOS_A_MICROSECOND = 1e3;

  private final TorchDevice device;
  private final Map<Place, long[]> nanos = new LinkedHashMap<>();
  private long last;

  /** A node of each pass: it is made anew. */
  private record Place(String vertex, String phase, String what) {}

  private NodeTimes(TorchDevice device) {
    this.device = device;
  }

  /** What follows is timed from now on. */
  void begin() {
    device.await();
    last = System.nanoTime();
  }

  /**
   * @param phase forward or backward
   */
  void done(Node node, String phase) {
    device.await();
    long now = System.nanoTime();
    Place place = new Place(node.name(), phase, kind(node));
    nanos.computeIfAbsent(place, p -> new long[1])[0] += now - last;
    last = now;
  }

  private static String kind(Node node) {
    String name = node.getClass().getSimpleName();
    return name.substring(0, name.length() - ENDING.length()).toLowerCase(Locale.ROOT);
  }

  /**
   * @param samples of a pass
   * @param rounds passes; one more comes first and is not counted
   * @param pass calls {@link #begin} before its first node
   */
  static StepProfile profile(
      TorchDevice device, int samples, int rounds, Consumer<NodeTimes> pass) {
    pass.accept(new NodeTimes(device));
    NodeTimes times = new NodeTimes(device);
    long begin = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      pass.accept(times);
    }
    double seconds = (System.nanoTime() - begin) / NANOS;
    List<StepProfile.Line> lines = new ArrayList<>();
    times.nanos.forEach(
        (place, sum) ->
            lines.add(
                new StepProfile.Line(
                    place.vertex(),
                    place.phase(),
                    place.what(),
                    sum[0] / NANOS_A_MICROSECOND / rounds)));
    return new StepProfile(samples * rounds / seconds, lines);
  }
}
