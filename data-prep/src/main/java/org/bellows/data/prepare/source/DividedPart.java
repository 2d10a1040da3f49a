package org.bellows.data.prepare.source;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** A part whose images are divided into splits. */
record DividedPart(SourcePart part, Division division) implements SourcePart {
  @Override
  public String place() {
    return part.place();
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    ItemIterator items = part.open(hadoop, withContent);
    return new ItemIterator() {
      @Override
      protected SourceItem advance() {
        return items.hasNext() ? division.divided(items.next()) : null;
      }

      @Override
      public void close() throws IOException {
        items.close();
      }
    };
  }
}
