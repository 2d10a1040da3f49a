// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.data.manifest.PixelClass;

/**
 * Which colour of a mask is which class.
 *
 * @param classes by label
 * @param labels by colour, red x 65536 + green x 256 + blue; void is {@link PixelClass#VOID}
 */
public record ColourTable(List<PixelClass> classes, TreeMap<Integer, Integer> labels)
    implements Serializable {
  /** No colours: masks are of values. */
  public static final ColourTable NONE = new ColourTable(List.of(), new TreeMap<>());

  /** Name of pixels that are of no class, in any case. */
  static final String VOID = "void";

  /** The word in place of a file. */
  public static final String VOC = "voc";

  private static final List<String> VOC_NAMES =
      List.of(
          "background",
          "aeroplane",
          "bicycle",
          "bird",
          "boat",
          "bottle",
          "bus",
          "car",
          "cat",
          "chair",
          "cow",
          "diningtable",
          "dog",
          "horse",
          "motorbike",
          "person",
          "pottedplant",
          "sheep",
          "sofa",
          "train",
          "tvmonitor");
  private static final int VOC_VOID = 0xE0E0C0;

  public ColourTable {
    classes = List.copyOf(classes);
    labels = new TreeMap<>(labels);
  }

  /** A colour and its name, as a table has them. */
  record Named(int colour, String name) {}

  /** In the order of the labels; those that are called void have none. */
  static ColourTable of(List<Named> rows) {
    List<PixelClass> classes = new ArrayList<>();
    TreeMap<Integer, Integer> labels = new TreeMap<>();
    for (Named row : rows) {
      if (row.name().equalsIgnoreCase(VOID)) {
        labels.put(row.colour(), PixelClass.VOID);
      } else {
        labels.put(row.colour(), classes.size());
        classes.add(new PixelClass(row.name(), PixelClass.text(row.colour())));
      }
    }
    return new ColourTable(classes, labels);
  }

  /** PASCAL VOC's 20 classes and background; the border of its objects is void. */
  public static ColourTable voc() {
    List<Named> rows = new ArrayList<>();
    for (int label = 0; label < VOC_NAMES.size(); label++) {
      rows.add(new Named(PixelClass.vocColour(label), VOC_NAMES.get(label)));
    }
    rows.add(new Named(VOC_VOID, VOID));
    return of(rows);
  }

  boolean isEmpty() {
    return labels.isEmpty();
  }

  /** A label, {@link PixelClass#VOID}, or {@link MaskRules#NONE}. */
  int label(int colour) {
    return labels.getOrDefault(colour, MaskRules.NONE);
  }

  /** For messages: "#000000 background, #804080 road". */
  String shown(int most) {
    StringBuilder text = new StringBuilder();
    int count = 0;
    for (Map.Entry<Integer, Integer> entry : labels.entrySet()) {
      if (count++ == most) {
        return text.append(" and ").append(labels.size() - most).append(" more").toString();
      }
      String name =
          entry.getValue() == PixelClass.VOID ? VOID : classes.get(entry.getValue()).name();
      text.append(count == 1 ? "" : ", ")
          .append(PixelClass.text(entry.getKey()))
          .append(' ')
          .append(name);
    }
    return text.toString();
  }
}
