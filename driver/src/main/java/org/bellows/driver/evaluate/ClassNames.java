package org.bellows.driver.evaluate;

import java.util.List;
import org.bellows.conf.BellowsException;

/** A label means the same class to a model and to a dataset, or nothing that follows means much. */
final class ClassNames {
  private ClassNames() {}

  static void requireSame(List<String> ofModel, List<String> ofDataset) {
    if (ofModel.equals(ofDataset)) {
      return;
    }
    int first = 0;
    int both = Math.min(ofModel.size(), ofDataset.size());
    while (first < both && ofModel.get(first).equals(ofDataset.get(first))) {
      first++;
    }
    throw BellowsException.data(
        "the model knows %d classes, the dataset has %d; label %d is %s in the model and %s in the dataset"
            .formatted(
                ofModel.size(), ofDataset.size(), first, at(ofModel, first), at(ofDataset, first)));
  }

  private static String at(List<String> names, int label) {
    return label < names.size() ? "\"" + names.get(label) + "\"" : "missing";
  }
}
