// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.driver.picture.PartFile;

/**
 * The properties that all files of features of a job share.
 *
 * @param folder folder of the files
 * @param footer keys and values
 * @param classes of the network
 */
record FeatureFiles(
    String folder, Map<String, String> footer, List<String> classes, boolean withTop)
    implements Serializable {
  Path file(int number) {
    return new Path(folder, "part-%05d.parquet".formatted(number));
  }

  PartFile<FeatureRow> open(Configuration hadoop, int number, String attempt) throws IOException {
    return new PartFile<>(
        hadoop,
        file(number),
        new FeatureWriteSupport(footer, classes, withTop),
        Map.of(FeatureSchema.SPLIT, true, "features.values.list.element", false),
        attempt);
  }
}
