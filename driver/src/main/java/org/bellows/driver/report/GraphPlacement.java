// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the boxes of a graph stand: Sugiyama, Tagawa, Toda, "Methods for Visual Understanding of
 * Hierarchical System Structures", 1981. A box's rank is the longest way to it; an edge that passes
 * ranks gets a place in each; the places of a rank are ordered by the mean of their neighbours'
 * positions, and then moved towards it as far as the others let them.
 */
final class GraphPlacement {
  /** Width of a box, in pixels. */
  static final int BOX = 200;

  private static final int LANE = 14;
  private static final int SPACE = 16;
  private static final int SWEEPS = 12;

  private final List<BoxPosition> places = new ArrayList<>();
  private final List<List<BoxPosition>> ranks = new ArrayList<>();
  private final Map<Column, BoxPosition> lanes = new HashMap<>();

  /** The place of the edge between two boxes in a rank that it passes. */
  private record Column(int from, int to, int rank) {}

  private static final class BoxPosition {
    final int rank;
    final int width;
    final List<BoxPosition> above = new ArrayList<>();
    final List<BoxPosition> below = new ArrayList<>();
    double center;

    BoxPosition(int rank, int width) {
      this.rank = rank;
      this.width = width;
    }

    double wanted(boolean downwards) {
      List<BoxPosition> neighbours = downwards ? above : below;
      return neighbours.stream().mapToDouble(place -> place.center).average().orElse(center);
    }
  }

  /**
   * @param inputs for each box the boxes that it reads, all earlier ones
   */
  GraphPlacement(List<List<Integer>> inputs) {
    for (List<Integer> read : inputs) {
      int rank = read.stream().mapToInt(box -> places.get(box).rank + 1).max().orElse(0);
      BoxPosition place = add(new BoxPosition(rank, BOX));
      places.add(place);
    }
    for (int box = 0; box < inputs.size(); box++) {
      for (int from : inputs.get(box)) {
        connect(from, box);
      }
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      sweep(sweep % 2 == 0, sweep < SWEEPS / 2);
    }
    moveToTheEdge();
  }

  int ranks() {
    return ranks.size();
  }

  int rank(int box) {
    return places.get(box).rank;
  }

  double center(int box) {
    return places.get(box).center;
  }

  double lane(int from, int to, int rank) {
    return lanes.get(new Column(from, to, rank)).center;
  }

  double width() {
    return ranks.stream()
        .flatMap(List::stream)
        .mapToDouble(place -> place.center + place.width / 2.0)
        .max()
        .orElse(0);
  }

  private BoxPosition add(BoxPosition place) {
    while (ranks.size() <= place.rank) {
      ranks.add(new ArrayList<>());
    }
    ranks.get(place.rank).add(place);
    return place;
  }

  private void connect(int from, int to) {
    BoxPosition last = places.get(from);
    for (int rank = last.rank + 1; rank < places.get(to).rank; rank++) {
      BoxPosition lane = add(new BoxPosition(rank, LANE));
      lanes.put(new Column(from, to, rank), lane);
      link(last, lane);
      last = lane;
    }
    link(last, places.get(to));
  }

  private static void link(BoxPosition above, BoxPosition below) {
    above.below.add(below);
    below.above.add(above);
  }

  private void sweep(boolean downwards, boolean reorder) {
    for (int i = 0; i < ranks.size(); i++) {
      List<BoxPosition> rank = ranks.get(downwards ? i : ranks.size() - 1 - i);
      Map<BoxPosition, Double> wanted = new HashMap<>();
      rank.forEach(place -> wanted.put(place, place.wanted(downwards)));
      if (reorder) {
        rank.sort(Comparator.comparingDouble(wanted::get));
      }
      spread(rank, wanted);
    }
  }

  /** As near to the wanted places as order and widths allow: pushed right, then back as a whole. */
  private static void spread(List<BoxPosition> rank, Map<BoxPosition, Double> wanted) {
    double free = Double.NEGATIVE_INFINITY;
    double excess = 0;
    for (BoxPosition place : rank) {
      double target = wanted.get(place);
      place.center = Math.max(target, free + place.width / 2.0);
      free = place.center + place.width / 2.0 + SPACE;
      excess += place.center - target;
    }
    double back = rank.isEmpty() ? 0 : excess / rank.size();
    rank.forEach(place -> place.center -= back);
  }

  private void moveToTheEdge() {
    double left =
        ranks.stream()
            .flatMap(List::stream)
            .mapToDouble(place -> place.center - place.width / 2.0)
            .min()
            .orElse(0);
    ranks.forEach(rank -> rank.forEach(place -> place.center -= left));
  }
}
