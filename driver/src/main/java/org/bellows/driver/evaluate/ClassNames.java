// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.evaluate;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.worker.model.ClassLists;

/** A label means the same class to a model and to a dataset, or nothing that follows means much. */
public final class ClassNames {
  private ClassNames() {}

  /**
   * @throws BellowsException (data) naming the first label that the two do not agree about
   */
  public static void requireSame(List<String> ofModel, List<String> ofDataset) {
    if (ofModel.equals(ofDataset)) {
      return;
    }
    int first = ClassLists.firstDifference(ofModel, ofDataset);
    throw BellowsException.data(
        "the model knows %d classes, the dataset has %d; label %d is %s in the model and %s in the dataset"
            .formatted(
                ofModel.size(),
                ofDataset.size(),
                first,
                ClassLists.at(ofModel, first),
                ClassLists.at(ofDataset, first)));
  }
}
