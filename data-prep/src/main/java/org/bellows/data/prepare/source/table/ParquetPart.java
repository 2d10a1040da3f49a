// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;
import org.bellows.conf.BellowsException;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.Storage;

/**
 * One Parquet file. While only listing, a column of encoded images is not read: an image then
 * counts with the mean length of its row group. A column of encoded masks is read only where the
 * file does not say that each row has one.
 *
 * @param image the column of encoded images, or of their paths
 * @param path of the column that has paths where there is none of images
 * @param mask the column of masks, or of their paths; empty: there are none
 * @param label empty: nothing is asked of labels
 * @param rule how they are read
 */
record ParquetPart(
    String place,
    String image,
    ManifestPart.ImagePath path,
    String mask,
    String label,
    LabelRule rule,
    String split,
    String defaultSplit)
    implements SourcePart {

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    FailureTrackingFile file = new FailureTrackingFile(file(hadoop, new Path(place)));
    return read(
        hadoop,
        file,
        reader -> {
          requireInside(reader.getRowGroups(), file.getLength());
          ParquetColumns columns = ParquetColumns.of(reader.getFileMetaData().getSchema(), this);
          MaskColumn masks = columns.mask();
          boolean withMasks =
              masks != null && (withContent || masks.mayLackSome(reader.getRowGroups()));
          MessageType projection =
              columns.projection(reader.getFileMetaData().getSchema(), withContent, withMasks);
          reader.setRequestedSchema(projection);
          return new Rows(hadoop, file, reader, projection, columns, withContent, withMasks);
        });
  }

  /** Names of classes that the file itself has. */
  Optional<ClassLabels> classes(Configuration hadoop) throws IOException {
    FailureTrackingFile file = new FailureTrackingFile(file(hadoop, new Path(place)));
    return read(
        hadoop,
        file,
        reader -> {
          FileMetaData metadata = reader.getFileMetaData();
          Optional<ClassLabels> classes =
              TableColumn.find(metadata.getSchema(), label)
                  .filter(this::mayBeNumbered)
                  .flatMap(
                      column ->
                          HuggingFaceFeatures.classes(
                              metadata.getKeyValueMetaData(), column.path(), place))
                  .map(names -> ClassLabels.named(names, place));
          reader.close();
          return classes;
        });
  }

  /** One label a row must be a number to have a name; of several, text may be among them. */
  private boolean mayBeNumbered(TableColumn column) {
    return rule.areSeveral()
        ? LabelListColumn.of(column, rule).isPresent()
        : LabelColumn.isNumber(column.type());
  }

  private interface Use<T> {
    T of(ParquetFileReader reader) throws IOException;
  }

  private <T> T read(Configuration hadoop, FailureTrackingFile file, Use<T> use)
      throws IOException {
    ParquetFileReader reader = null;
    try {
      reader =
          ParquetFileReader.open(file, HadoopReadOptions.builder(hadoop, new Path(place)).build());
      return use.of(reader);
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
    private final boolean withMasks;
    private final ParquetColumns columns;
    private final ManifestFiles files;
    private final LabelListColumn labels;
    private final LabelColumn splits;
    private RecordReader<Group> records;
    private int rowGroup;
    private long left;
    private long index;
    private long meanBytes;
    private long maskBytes;

    Rows(
        Configuration hadoop,
        FailureTrackingFile file,
        ParquetFileReader reader,
        MessageType projection,
        ParquetColumns columns,
        boolean withContent,
        boolean withMasks) {
      this.hadoop = hadoop;
      this.file = file;
      this.reader = reader;
      this.projection = projection;
      this.withContent = withContent;
      this.withMasks = withMasks;
      this.columns = columns;
      this.files = new ManifestFiles(hadoop, new Path(place).getParent());
      this.labels = columns.label();
      this.splits = columns.split() == null ? null : new LabelColumn(columns.split());
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
          BlockMetaData block = reader.getRowGroups().get(rowGroup++);
          meanBytes = imageBytes(block) / Math.max(1, left);
          maskBytes = columns.mask() == null ? 0 : columns.mask().bytes(block);
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
      return columns.image() == null
          ? 0
          : columns.image().largest(block).getTotalUncompressedSize();
    }

    private SourceItem item(Group row, String path) throws IOException {
      LabelColumn.Value named = splits == null ? null : splits.of(row);
      if (named != null && named.problem() != null) {
        return bad(defaultSplit, path, named.problem());
      }
      String of = named == null || named.label() == null ? defaultSplit : named.label();
      if (!SplitNames.isValid(of)) {
        return bad(defaultSplit, path, SplitNames.problem(of));
      }
      LabelListColumn.Value value = labels == null ? null : labels.of(row);
      if (value != null && value.problem() != null) {
        return bad(of, path, value.problem());
      }
      MaskColumn.Value mask =
          columns.mask() == null
              ? MaskColumn.Value.NONE
              : columns.mask().of(row, path, withMasks, maskBytes, files);
      if (mask.refusal() != null) {
        return SourceItem.refused(of, path, mask.refusal().kind(), mask.refusal().reason());
      }
      List<String> ofRow = value == null ? null : value.labels();
      if (ofRow == null && mask.mask() == null && !label.isEmpty()) {
        return bad(of, path, "has no " + (labels == null ? ParquetPart.this.mask : label));
      }
      SourceItem item = columns.paths() == null ? carried(row, of, path) : file(row, of, path);
      return item.refusal() == null
          ? item.withLabels(ofRow).withMasks(mask.mask() == null ? List.of() : List.of(mask.mask()))
          : item;
    }

    /** The row has the image itself. */
    private SourceItem carried(Group row, String of, String path) {
      if (!withContent) {
        return SourceItem.of(of, path, null, meanBytes, null);
      }
      ImageColumn.Value content = columns.image().of(row);
      return content.problem() == null
          ? SourceItem.of(of, path, null, content.content().bytes().length, content.content())
          : bad(of, path, content.problem());
    }

    /** The row's path leads to a file. */
    private SourceItem file(Group row, String of, String place) throws IOException {
      LabelColumn.Value written = columns.paths().of(row);
      if (written.label() == null) {
        String problem = written.problem();
        return bad(of, place, problem == null ? "has no " + columns.paths().name() : problem);
      }
      String full = path.of(written.label());
      ManifestFiles.Named file = files.find(full);
      return file.refusal() != null
          ? SourceItem.refused(of, place, file.refusal().kind(), file.refusal().reason())
          : SourceItem.of(
              of, full, null, file.status().getLen(), new WholeFile(file.path().toString()));
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
