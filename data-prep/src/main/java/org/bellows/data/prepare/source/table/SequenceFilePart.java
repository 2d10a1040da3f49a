// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.prepare.source.part.ItemContent;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.prepare.source.table.SequenceFileReader.KeyAndValue;
import org.bellows.data.text.Utf8;

/**
 * The records of a sequence file that begin after {@code start} and before {@code end}, as Hadoop's
 * own input format cuts it. The key is a path (Text, "class/name" or "split/class/name"), the value
 * the image (BytesWritable).
 */
record SequenceFilePart(String place, long start, long end, String defaultSplit)
    implements SourcePart {

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    SequenceFileReader reader = new SequenceFileReader(hadoop, place);
    try {
      reader.enter(start);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
    return new ItemIterator() {
      @Override
      protected SourceItem advance() throws IOException {
        KeyAndValue record = reader.next(end, withContent);
        return record == null ? null : item(record);
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  private SourceItem item(KeyAndValue record) {
    String path = Utf8.decode(record.key());
    if (!Utf8.isValid(path)) {
      return bad(Utf8.shown(path), "has a key that " + Utf8.problem(path));
    }
    String[] steps = path.split("/", -1);
    String split = steps.length == 3 ? steps[0] : defaultSplit;
    boolean isPath = steps.length == 2 || steps.length == 3;
    if (!isPath || steps[steps.length - 2].isBlank() || !SplitNames.isValid(split)) {
      return bad(path, "has a key that is neither class/name nor split/class/name");
    }
    if (record.problem() != null) {
      return SourceItem.refused(split, path, ManifestPart.BAD_ROW, record.problem());
    }
    ItemContent content = record.value() == null ? null : new EncodedBytes(record.value());
    return SourceItem.of(split, path, steps[steps.length - 2], record.bytes(), content);
  }

  private SourceItem bad(String path, String problem) {
    return SourceItem.refused(defaultSplit, path, ManifestPart.BAD_ROW, problem);
  }
}
