// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.prepare.source.archive.TarHeader.DamagedException;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.Storage;

/**
 * A tar archive in WebDataset's form: entries that follow each other and have one name up to the
 * first dot are a sample, what stands after the dot names a field. Images of a compressed one are
 * carried, since they can only be read in passing.
 *
 * @param path of the archive relative to the source, as if it were not compressed
 */
record WebDatasetShard(String place, String path, String split, WebDatasetFields fields)
    implements SourcePart {
  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    Path file = new Path(place);
    FileSystem files = Storage.fileSystem(hadoop, file);
    long bytes = files.getFileStatus(file).getLen();
    if (!TarStream.isOne(place)) {
      TarReader reader = new TarReader(Storage.open(hadoop, file), 0, bytes);
      return new WebDatasetSamples(this, reader, ImageAccess.IN_PLACE);
    }
    InputStream in = Storage.open(hadoop, file);
    try {
      TarStream stream = TarStream.open(place, in, bytes);
      TarReader reader =
          TarReader.ofStream(stream, (name, length) -> fields.isKept(name, length, withContent));
      return new WebDatasetSamples(
          this, reader, withContent ? ImageAccess.CARRIED : ImageAccess.NOT_ASKED);
    } catch (DamagedException e) {
      return damaged(e.getMessage());
    }
  }

  /** How the images of a shard are had. */
  enum ImageAccess {
    /** By their positions in the file. */
    IN_PLACE,
    /** With the items. */
    CARRIED,
    /** Not while the source is listed the first time. */
    NOT_ASKED
  }

  private ItemIterator damaged(String problem) {
    return new ItemIterator() {
      private boolean hasEnded;

      @Override
      protected SourceItem advance() {
        boolean isFirst = !hasEnded;
        hasEnded = true;
        return isFirst ? SourceItem.refused(split, path, TarReader.DAMAGED, problem) : null;
      }
    };
  }
}
