package org.bellows.data.manifest;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.FormatVersion;

/**
 * A prepared dataset. The file's layout stands in this package's documentation.
 *
 * @param classes names; a sample's label is an index into them
 */
public record DatasetManifest(
    int formatVersion, List<String> classes, List<Split> splits, Provenance provenance)
    implements Serializable {
  /** What this version of Bellows reads and writes. */
  public static final int FORMAT_VERSION = 1;

  static final FormatVersion FORMAT = new FormatVersion(1, FORMAT_VERSION);

  public DatasetManifest {
    classes = List.copyOf(classes);
    splits = List.copyOf(splits);
  }

  public boolean hasSplit(String name) {
    return splits.stream().anyMatch(split -> split.name().equals(name));
  }

  /**
   * @throws BellowsException (data) naming the splits that there are
   */
  public Split split(String name) {
    return splits.stream()
        .filter(split -> split.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                BellowsException.data(
                    "the dataset has no split \""
                        + name
                        + "\"; it has "
                        + splits.stream().map(Split::name).collect(Collectors.joining(", "))));
  }
}
