package org.bellows.data.prepare;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.Settings;

/**
 * What a source holds.
 *
 * @param channels of the split statistics: 1 or 3
 */
record Source(
    Path root,
    Settings.SourceFormat format,
    List<String> classes,
    int channels,
    List<SourceSplit> splits) {
  /** One split in byte order of its items' paths. */
  record SourceSplit(String name, SourceLayout layout, List<SourceItem> items) {}

  long images() {
    return splits.stream().mapToLong(split -> split.items().size()).sum();
  }
}
