// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.prepare.source.archive.TarReader.Entry;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.Storage;

/**
 * The images of one tar archive.
 *
 * @param file the file that contains the archive
 * @param name of the archive, for paths of what is refused
 * @param start first byte of the archive in the file
 * @param end position after its last byte; -1: the file's end
 * @param labels the class of an entry
 */
record TarPart(String file, String name, long start, long end, String split, TarLabels labels)
    implements SourcePart {

  @Override
  public String place() {
    return file;
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    Path path = new Path(file);
    FileSystem files = Storage.fileSystem(hadoop, path);
    TarLabels.Lookup lookup = labels.open(hadoop);
    long last = end < 0 ? files.getFileStatus(path).getLen() : end;
    TarReader reader = new TarReader(files.open(path), start, last);
    return new ItemIterator() {
      @Override
      protected SourceItem advance() throws IOException {
        Entry entry = reader.next();
        return entry == null ? null : item(entry, lookup);
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  private SourceItem item(Entry entry, TarLabels.Lookup lookup) {
    if (entry.refusal() != null) {
      return SourceItem.refused(
          split, name + entry.name(), entry.refusal().kind(), entry.refusal().reason());
    }
    String image = entry.name().substring(entry.name().lastIndexOf('/') + 1);
    String label = lookup.labelOf(image);
    if (label == null) {
      return SourceItem.refused(
          split, name + ":" + entry.name(), "NO_LABEL", "has no label in " + labels.place());
    }
    // As if it were in a tree: a tree of the same files becomes the same dataset.
    return SourceItem.of(
        split,
        split + "/" + label + "/" + image,
        label,
        entry.bytes(),
        new FileRange(file, entry.offset(), entry.bytes()));
  }
}
