package org.bellows.data.prepare.source;

import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.bellows.conf.BellowsException;
import org.bellows.data.prepare.source.ItemContent.EncodedBytes;
import org.bellows.data.storage.Storage;

/**
 * The records of a sequence file that begin behind {@code start} and before {@code end}, as
 * Hadoop's own input format cuts it. The key is a path (Text, "class/name" or "split/class/name"),
 * the value the image (BytesWritable).
 */
record SequenceFilePart(String place, long start, long end, String defaultSplit)
    implements SourcePart {

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    SequenceFile.Reader reader;
    try {
      reader = new SequenceFile.Reader(hadoop, SequenceFile.Reader.file(new Path(place)));
    } catch (EOFException | RuntimeException e) {
      throw damaged(e);
    }
    try {
      requireTypes(reader);
      if (start > reader.getPosition()) {
        reader.sync(start);
      }
      return new Records(reader, withContent);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** By name, before Hadoop makes an object of whatever class the file asks for. */
  private void requireTypes(SequenceFile.Reader reader) {
    String key = reader.getKeyClassName();
    String value = reader.getValueClassName();
    if (!key.equals(Text.class.getName()) || !value.equals(BytesWritable.class.getName())) {
      throw BellowsException.data(
          "%s holds keys of %s and values of %s, expected %s and %s"
              .formatted(place, key, value, Text.class.getName(), BytesWritable.class.getName()));
    }
  }

  private BellowsException damaged(Exception cause) {
    return cause instanceof BellowsException understood
        ? understood
        : BellowsException.data(
            "%s cannot be read as a sequence file: %s".formatted(place, Storage.reason(cause)),
            cause);
  }

  private final class Records extends ItemIterator {
    private final SequenceFile.Reader reader;
    private final boolean withContent;
    private final Text key = new Text();
    private final BytesWritable value = new BytesWritable();

    Records(SequenceFile.Reader reader, boolean withContent) {
      this.reader = reader;
      this.withContent = withContent;
    }

    @Override
    protected SourceItem advance() throws IOException {
      try {
        long position = reader.getPosition();
        boolean isThere = reader.next(key, value);
        // A record behind the first mark after the end is the next part's.
        return !isThere || position >= end && reader.syncSeen() ? null : item();
      } catch (EOFException | RuntimeException e) {
        throw damaged(e);
      }
    }

    private SourceItem item() {
      String path = key.toString();
      String[] steps = path.split("/", -1);
      String split = steps.length == 3 ? steps[0] : defaultSplit;
      boolean isPath = steps.length == 2 || steps.length == 3;
      if (!isPath || steps[steps.length - 2].isBlank() || !SplitNames.isValid(split)) {
        return SourceItem.refused(
            defaultSplit,
            path,
            ManifestPart.BAD_ROW,
            "has a key that is neither class/name nor split/class/name");
      }
      ItemContent content = withContent ? new EncodedBytes(value.copyBytes()) : null;
      return SourceItem.of(split, path, steps[steps.length - 2], value.getLength(), content);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
