// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.encode.LabelPalette;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.prepare.mask.ColourFile;
import org.bellows.data.prepare.mask.ColourTable;

/** The colours that label maps are drawn in. */
final class ClassColours {
  private static final String KEY = "predict.colours";

  private ClassColours() {}

  /**
   * @param classes of the model, by label
   * @param stated {@code predict.colours}
   * @param ofDataset the dataset's classes of pixels; empty: there is none
   * @throws BellowsException (data) when there is no such file, or it has no colour of a class
   */
  static LabelPalette of(
      Configuration hadoop, List<String> classes, String stated, List<PixelClass> ofDataset) {
    if (stated.equals(ColourTable.VOC)) {
      return named(classes, List.of());
    }
    if (stated.isBlank()) {
      return named(classes, ofDataset);
    }
    List<PixelClass> table = ColourFile.stated(hadoop, KEY, stated).classes();
    List<String> missing =
        classes.stream()
            .filter(name -> table.stream().noneMatch(known -> known.name().equals(name)))
            .toList();
    if (!missing.isEmpty()) {
      throw BellowsException.data(
          "%s is %s, which has no colour of %s"
              .formatted(KEY, stated, Words.and(missing.subList(0, Math.min(5, missing.size())))));
    }
    return named(classes, table);
  }

  /** A class that has none there has VOC's colour of its label. */
  private static LabelPalette named(List<String> classes, List<PixelClass> table) {
    Map<String, PixelClass> known = new HashMap<>();
    table.forEach(named -> known.put(named.name(), named));
    List<PixelClass> coloured = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      String name = classes.get(label);
      coloured.add(known.getOrDefault(name, PixelClass.of(label, name)));
    }
    return new LabelPalette(coloured);
  }
}
