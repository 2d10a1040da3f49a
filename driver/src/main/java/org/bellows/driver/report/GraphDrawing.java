// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.models.network.LayerCost;

/**
 * Draws a network as an SVG picture: boxes from top to bottom in the order of the computation,
 * branches side by side. Layers that only normalise, activate or drop the output of one other
 * vertex are drawn in that vertex's box.
 */
public final class GraphDrawing {
  private static final int LINE = 15;
  private static final int PADDING = 6;
  private static final int GAP = 26;
  private static final int MARGIN = 20;
  private static final int TITLE = 34;
  private static final int TITLE_LETTER = 10;
  private static final String STYLE =
      """
      svg{background:#fff;font:12px system-ui,sans-serif}
      .box{fill:#eef3fb;stroke:#5b7fb5}.box.plain{fill:#f5f5f2;stroke:#a5a59a}
      .box.auxiliary{fill:#fdf1e3;stroke:#c98a3a}.edge{fill:none;stroke:#8a8f98}
      .name{font-weight:600}.title{font-size:16px;font-weight:600}text{fill:#1d2430}
      """;

  private final List<Box> boxes;
  private final GraphPlacement placement;

  /**
   * One box.
   *
   * @param inputs indices of the boxes that it reads
   * @param lines of text, the name first
   */
  record Box(List<Integer> inputs, List<String> lines, String look) {
    int height() {
      return lines.size() * LINE + 2 * PADDING;
    }
  }

  private GraphDrawing(List<Box> boxes) {
    this.boxes = boxes;
    this.placement = new GraphPlacement(boxes.stream().map(Box::inputs).toList());
  }

  /**
   * @param title for a person
   * @param image the network's input, as text
   */
  public static String svg(String title, String image, List<LayerCost> layers) {
    return new GraphDrawing(boxes(image, layers)).draw(title);
  }

  static List<Box> boxes(String image, List<LayerCost> layers) {
    Map<String, Integer> readers = new LinkedHashMap<>();
    layers.forEach(layer -> layer.inputs().forEach(from -> readers.merge(from, 1, Integer::sum)));
    List<Box> boxes = new ArrayList<>();
    Map<String, Integer> boxOf = new LinkedHashMap<>(Map.of("image", 0));
    boxes.add(new Box(List.of(), List.of("image", image), "plain"));
    for (LayerCost layer : layers) {
      String first = layer.inputs().get(0);
      int inside = boxOf.get(first);
      if (layer.companion() && readers.get(first) == 1 && inside > 0) {
        List<String> lines = boxes.get(inside).lines();
        lines.add(lines.size() - 1, layer.what());
        boxOf.put(layer.name(), inside);
      } else {
        boxOf.put(layer.name(), boxes.size());
        List<Integer> inputs = layer.inputs().stream().map(boxOf::get).toList();
        boxes.add(new Box(inputs, lines(layer), look(layer)));
      }
    }
    return boxes;
  }

  private static List<String> lines(LayerCost layer) {
    return new ArrayList<>(List.of(layer.name(), layer.what(), layer.shapeText()));
  }

  private static String look(LayerCost layer) {
    if (layer.auxiliary()) {
      return "auxiliary";
    }
    return layer.trainableParameters() > 0 ? "weights" : "plain";
  }

  private String draw(String title) {
    double[] top = tops();
    int last = placement.ranks() - 1;
    int drawn = (int) Math.ceil(placement.width());
    int width = Math.max(drawn, title.length() * TITLE_LETTER) + 2 * MARGIN;
    int height = (int) Math.ceil(top[last] + tallest(last)) + MARGIN;
    Markup out = new Markup();
    out.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "width",
        "" + width,
        "height",
        "" + height,
        "viewBox",
        "0 0 " + width + " " + height,
        "role",
        "img");
    out.element("title", title).element("style", STYLE);
    out.element("text", title, "class", "title", "x", "" + MARGIN, "y", "24");
    for (int box = 0; box < boxes.size(); box++) {
      for (int input : boxes.get(box).inputs()) {
        out.empty("path", "class", "edge", "d", edge(input, box, top));
      }
    }
    for (int box = 0; box < boxes.size(); box++) {
      drawBox(out, box, top);
    }
    return out.close().toString();
  }

  private double[] tops() {
    double[] top = new double[placement.ranks()];
    top[0] = TITLE;
    for (int rank = 1; rank < top.length; rank++) {
      top[rank] = top[rank - 1] + tallest(rank - 1) + GAP;
    }
    return top;
  }

  private int tallest(int rank) {
    int tallest = 0;
    for (int box = 0; box < boxes.size(); box++) {
      tallest = placement.rank(box) == rank ? Math.max(tallest, boxes.get(box).height()) : tallest;
    }
    return tallest;
  }

  private double x(double column) {
    return MARGIN + column;
  }

  /** Down from box to box, through the lane that is kept free if there are boxes between. */
  private String edge(int from, int to, double[] top) {
    StringBuilder path = new StringBuilder("M");
    double x = x(placement.center(from));
    double y = top[placement.rank(from)] + boxes.get(from).height();
    path.append(NumberText.coordinate(x)).append(' ').append(NumberText.coordinate(y));
    for (int rank = placement.rank(from) + 1; rank <= placement.rank(to); rank++) {
      boolean arrived = rank == placement.rank(to);
      double nextX = x(arrived ? placement.center(to) : placement.lane(from, to, rank));
      double start = top[rank - 1] + tallest(rank - 1);
      path.append('V').append(NumberText.coordinate(start));
      curve(path, x, start, nextX, top[rank]);
      x = nextX;
    }
    return path.toString();
  }

  private static void curve(StringBuilder path, double x, double y, double toX, double toY) {
    double middle = (y + toY) / 2;
    double[] points = {x, middle, toX, middle, toX, toY};
    char separator = 'C';
    for (double point : points) {
      path.append(separator).append(NumberText.coordinate(point));
      separator = ' ';
    }
  }

  private void drawBox(Markup out, int index, double[] top) {
    Box box = boxes.get(index);
    double center = x(placement.center(index));
    double y = top[placement.rank(index)];
    out.empty(
        "rect",
        "class",
        "box " + box.look(),
        "x",
        NumberText.coordinate(center - GraphPlacement.BOX / 2.0),
        "y",
        NumberText.coordinate(y),
        "width",
        "" + GraphPlacement.BOX,
        "height",
        "" + box.height(),
        "rx",
        "4");
    for (int line = 0; line < box.lines().size(); line++) {
      out.element(
          "text",
          box.lines().get(line),
          "class",
          line == 0 ? "name" : null,
          "text-anchor",
          "middle",
          "x",
          NumberText.coordinate(center),
          "y",
          NumberText.coordinate(y + PADDING + (line + 1) * LINE - 3));
    }
  }
}
