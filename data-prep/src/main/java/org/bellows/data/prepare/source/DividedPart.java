// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.ListedEntry;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;

/** A part whose images are divided into splits. */
record DividedPart(SourcePart part, SplitRules rules) implements SourcePart {
  @Override
  public String place() {
    return part.place();
  }

  @Override
  public List<String> names() {
    return part.names();
  }

  @Override
  public boolean isOfFolder() {
    return part.isOfFolder();
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    ItemIterator all = part.open(hadoop, withContent);
    return new ItemIterator() {
      @Override
      protected ListedEntry advance() {
        ListedEntry found = all.hasNext() ? all.next() : null;
        return found instanceof SourceItem item ? rules.divided(item) : found;
      }

      @Override
      public void close() throws IOException {
        all.close();
      }
    };
  }
}
