package org.bellows.data.prepare.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.bellows.conf.BellowsException;
import org.bellows.data.prepare.source.ItemContent.EncodedBytes;
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
    ParquetFileReader reader;
    try {
      reader =
          ParquetFileReader.open(
              HadoopInputFile.fromPath(path, hadoop),
              HadoopReadOptions.builder(hadoop, path).build());
    } catch (RuntimeException e) {
      throw damaged(e);
    }
    try {
      MessageType projection = projection(reader.getFileMetaData().getSchema(), withContent);
      reader.setRequestedSchema(projection);
      return new Rows(reader, projection, withContent);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private MessageType projection(MessageType schema, boolean withContent) {
    requireColumn(schema, image, "a column of bytes", PrimitiveTypeName.BINARY);
    requireColumn(
        schema,
        label,
        "a column of text or whole numbers",
        PrimitiveTypeName.BINARY,
        PrimitiveTypeName.INT32,
        PrimitiveTypeName.INT64);
    List<Type> columns = new ArrayList<>();
    columns.add(schema.getType(label));
    if (schema.containsField(split)) {
      requireColumn(schema, split, "a column of text", PrimitiveTypeName.BINARY);
      columns.add(schema.getType(split));
    }
    if (withContent) {
      columns.add(schema.getType(image));
    }
    return new MessageType(schema.getName(), columns);
  }

  private void requireColumn(
      MessageType schema, String name, String expected, PrimitiveTypeName... types) {
    boolean isThere = schema.containsField(name) && schema.getType(name).isPrimitive();
    boolean isGood =
        isThere
            && !schema.getType(name).isRepetition(Type.Repetition.REPEATED)
            && List.of(types)
                .contains(schema.getType(name).asPrimitiveType().getPrimitiveTypeName());
    if (!isGood) {
      throw BellowsException.data(
          "%s has the columns %s, expected %s \"%s\" among them"
              .formatted(
                  place, schema.getFields().stream().map(Type::toString).toList(), expected, name));
    }
  }

  private BellowsException damaged(RuntimeException cause) {
    return cause instanceof BellowsException understood
        ? understood
        : BellowsException.data(
            "%s cannot be read as Parquet: %s".formatted(place, Storage.reason(cause)), cause);
  }

  private final class Rows extends ItemIterator {
    private final String name = place.substring(place.lastIndexOf('/') + 1);
    private final ParquetFileReader reader;
    private final MessageType projection;
    private final boolean withContent;
    private RecordReader<Group> records;
    private int rowGroup;
    private long left;
    private long index;
    private long meanBytes;

    Rows(ParquetFileReader reader, MessageType projection, boolean withContent) {
      this.reader = reader;
      this.projection = projection;
      this.withContent = withContent;
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
      } catch (RuntimeException e) {
        throw damaged(e);
      }
    }

    private long imageBytes(BlockMetaData block) {
      return block.getColumns().stream()
          .filter(column -> column.getPath().toDotString().equals(image))
          .mapToLong(ColumnChunkMetaData::getTotalUncompressedSize)
          .sum();
    }

    private SourceItem item(Group row, String path) {
      String named =
          projection.containsField(split) && row.getFieldRepetitionCount(split) > 0
              ? row.getBinary(split, 0).toStringUsingUTF8()
              : defaultSplit;
      if (!SplitNames.isValid(named)) {
        return SourceItem.refused(
            defaultSplit, path, ManifestPart.BAD_ROW, SplitNames.problem(named));
      }
      String of = row.getFieldRepetitionCount(label) == 0 ? "" : labelOf(row).strip();
      if (of.isEmpty()) {
        return SourceItem.refused(named, path, ManifestPart.BAD_ROW, "has no " + label);
      }
      if (!withContent) {
        return SourceItem.of(named, path, of, meanBytes, null);
      }
      if (row.getFieldRepetitionCount(image) == 0) {
        return SourceItem.refused(named, path, ManifestPart.BAD_ROW, "has no " + image);
      }
      byte[] bytes = row.getBinary(image, 0).getBytes();
      return SourceItem.of(named, path, of, bytes.length, new EncodedBytes(bytes));
    }

    private String labelOf(Group row) {
      return row.getType().getType(label).asPrimitiveType().getPrimitiveTypeName()
              == PrimitiveTypeName.BINARY
          ? row.getBinary(label, 0).toStringUsingUTF8()
          : row.getValueToString(row.getType().getFieldIndex(label), 0);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
