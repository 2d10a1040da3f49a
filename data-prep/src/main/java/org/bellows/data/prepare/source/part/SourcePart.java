// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * The part of a source that one task lists: a class folder, an archive, a file. Travels to the
 * tasks.
 */
public interface SourcePart extends Serializable {
  /** The path that it reads, for messages. */
  String place();

  /** Names of the files that it reads, where {@link #place} is not the only one. */
  default List<String> names() {
    return List.of(place().substring(place().lastIndexOf('/') + 1));
  }

  /** Whether it lists a folder, which alone can hold what is passed over. */
  default boolean isOfFolder() {
    return false;
  }

  /**
   * @param withContent whether {@link Source#carriesContent() carried} images are read as well
   * @return its items, each time the same in the same order
   * @throws org.bellows.conf.BellowsException when the part as a whole cannot be used; also from
   *     the iterator
   */
  ItemIterator open(Configuration hadoop, boolean withContent) throws IOException;
}
