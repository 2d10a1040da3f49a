// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Words;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.Storage;

/**
 * One Parquet file. While only listing, the column of images is not read: an image then counts with
 * the mean length of its row group.
 */
record ParquetPart(String place, String image, String label, String split, String defaultSplit)
    implements SourcePart {

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    Path path = new Path(place);
    FailureTrackingFile file = new FailureTrackingFile(file(hadoop, path));
    ParquetFileReader reader = null;
    try {
      reader = ParquetFileReader.open(file, HadoopReadOptions.builder(hadoop, path).build());
      requireInside(reader.getRowGroups(), file.getLength());
      MessageType projection = projection(reader.getFileMetaData().getSchema(), withContent);
      reader.setRequestedSchema(projection);
      return new Rows(hadoop, file, reader, projection, withContent);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      if (reader != null) {
        reader.close();
      }
      throw failure(hadoop, file, e);
    }
  }

  /** Parquet's own for Hadoop opens files as Hadoop does, which has no place for a colon. */
  private static InputFile file(Configuration hadoop, Path path) throws IOException {
    long length = Storage.fileSystem(hadoop, path).getFileStatus(path).getLen();
    return new InputFile() {
      @Override
      public long getLength() {
        return length;
      }

      @Override
      public SeekableInputStream newStream() throws IOException {
        return HadoopStreams.wrap(Storage.open(hadoop, path));
      }
    };
  }

  /** Before memory is asked for in the size that a footer names. */
  private void requireInside(List<BlockMetaData> blocks, long bytes) {
    for (BlockMetaData block : blocks) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        long start = chunk.getStartingPos();
        long size = chunk.getTotalSize();
        if (start < 0 || size < 0 || start > bytes - size) {
          throw BellowsException.data(
              "%s cannot be read as Parquet: its column %s has %d bytes from %d, the file has %d"
                  .formatted(place, chunk.getPath(), size, start, bytes));
        }
      }
    }
  }

  private MessageType projection(MessageType schema, boolean withContent) {
    requireColumn(schema, image, "a column of bytes", LabelColumn::isBytes);
    requireColumn(
        schema,
        label,
        "a column of text or whole numbers",
        column -> LabelColumn.isText(column) || LabelColumn.isNumber(column));
    List<Type> columns = new ArrayList<>();
    columns.add(schema.getType(label));
    if (schema.containsField(split)) {
      requireColumn(schema, split, "a column of text", LabelColumn::isText);
      columns.add(schema.getType(split));
    }
    if (withContent) {
      columns.add(schema.getType(image));
    }
    return new MessageType(schema.getName(), columns);
  }

  private void requireColumn(
      MessageType schema, String name, String expected, Predicate<Type> isGood) {
    if (!schema.containsField(name)) {
      throw BellowsException.data(
          "%s has the columns %s, expected %s \"%s\" among them"
              .formatted(place, Words.and(schema.getFields()), expected, name));
    }
    if (!isGood.test(schema.getType(name))) {
      throw BellowsException.data(
          "%s has \"%s\" as %s, expected %s"
              .formatted(
                  place,
                  name,
                  schema.getType(name).toString().lines().findFirst().orElse("nothing"),
                  expected));
    }
  }

  /** The problem that Parquet reported. */
  private BellowsException failure(
      Configuration hadoop, FailureTrackingFile file, Throwable cause) {
    if (cause instanceof BellowsException understood) {
      return understood;
    }
    if (file.failure() != null) {
      return Storage.readFailure("reading " + place, hadoop, new Path(place), file.failure());
    }
    return BellowsException.data(
        "%s cannot be read as Parquet: %s".formatted(place, Storage.reason(cause)), cause);
  }

  private final class Rows extends ItemIterator {
    private final String name = place.substring(place.lastIndexOf('/') + 1);
    private final Configuration hadoop;
    private final FailureTrackingFile file;
    private final ParquetFileReader reader;
    private final MessageType projection;
    private final boolean withContent;
    private final LabelColumn labels;
    private final LabelColumn splits;
    private RecordReader<Group> records;
    private int rowGroup;
    private long left;
    private long index;
    private long meanBytes;

    Rows(
        Configuration hadoop,
        FailureTrackingFile file,
        ParquetFileReader reader,
        MessageType projection,
        boolean withContent) {
      this.hadoop = hadoop;
      this.file = file;
      this.reader = reader;
      this.projection = projection;
      this.withContent = withContent;
      this.labels = new LabelColumn(projection.getType(label));
      this.splits =
          projection.containsField(split) ? new LabelColumn(projection.getType(split)) : null;
    }

    @Override
    protected SourceItem advance() throws IOException {
      try {
        while (left == 0) {
          PageReadStore pages = reader.readNextRowGroup();
          if (pages == null) {
            return null;
          }
          left = pages.getRowCount();
          meanBytes = imageBytes(reader.getRowGroups().get(rowGroup++)) / Math.max(1, left);
          records =
              new ColumnIOFactory()
                  .getColumnIO(projection)
                  .getRecordReader(pages, new GroupRecordConverter(projection));
        }
        left--;
        return item(records.read(), name + "#" + index++);
      } catch (IOException | RuntimeException e) {
        throw failure(hadoop, file, e);
      }
    }

    private long imageBytes(BlockMetaData block) {
      return block.getColumns().stream()
          .filter(column -> column.getPath().toDotString().equals(image))
          .mapToLong(ColumnChunkMetaData::getTotalUncompressedSize)
          .sum();
    }

    private SourceItem item(Group row, String path) {
      LabelColumn.Value named = splits == null ? null : splits.of(row);
      if (named != null && named.problem() != null) {
        return bad(defaultSplit, path, named.problem());
      }
      String of = named == null || named.label() == null ? defaultSplit : named.label();
      if (!SplitNames.isValid(of)) {
        return bad(defaultSplit, path, SplitNames.problem(of));
      }
      LabelColumn.Value value = labels.of(row);
      if (value.label() == null) {
        return bad(of, path, value.problem() == null ? "has no " + label : value.problem());
      }
      if (!withContent) {
        return SourceItem.of(of, path, value.label(), meanBytes, null);
      }
      if (row.getFieldRepetitionCount(image) == 0) {
        return bad(of, path, "has no " + image);
      }
      byte[] bytes = row.getBinary(image, 0).getBytes();
      return SourceItem.of(of, path, value.label(), bytes.length, new EncodedBytes(bytes));
    }

    private static SourceItem bad(String split, String path, String problem) {
      return SourceItem.refused(split, path, ManifestPart.BAD_ROW, problem);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
