// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.storage.Storage;

/** Where the samples of a split came from: of its shards the column of sources is read. */
public final class SampleSources {
  private static final MessageType SOURCE_ONLY =
      new MessageType(
          ShardSchema.WITHOUT_MASK.getName(), ShardSchema.WITHOUT_MASK.getType(ShardSchema.SOURCE));

  private SampleSources() {}

  /** Takes samples in the order of their ids. */
  public interface Reader {
    /**
     * @param source path relative to the source, or file#index
     */
    void accept(long sampleId, String source) throws IOException;
  }

  /**
   * @throws BellowsException (data) naming a shard that is missing or damaged
   * @throws UncheckedIOException the exception of the reader
   */
  public static void forEach(Configuration hadoop, String dataPath, Split split, Reader reader) {
    Path dataset = Storage.qualify(dataPath);
    long first = 0;
    for (Shard shard : split.shards()) {
      read(hadoop, new Path(dataset, shard.path()), shard, first, reader);
      first += shard.samples();
    }
  }

  private static void read(
      Configuration hadoop, Path path, Shard shard, long first, Reader reader) {
    List<String> sources =
        ShardFile.tell(hadoop, path, "reading the sources", () -> sources(hadoop, path, shard));
    for (int row = 0; row < sources.size(); row++) {
      give(reader, first + row, sources.get(row));
    }
  }

  private static List<String> sources(Configuration hadoop, Path path, Shard shard)
      throws IOException {
    List<String> sources = new ArrayList<>();
    try (ParquetFileReader file = ShardFile.open(hadoop, path, shard)) {
      file.getRowGroups().forEach(block -> ShardFile.requireInside(block, shard.bytes()));
      file.setRequestedSchema(SOURCE_ONLY);
      for (PageReadStore pages = file.readNextRowGroup();
          pages != null;
          pages = file.readNextRowGroup()) {
        RecordReader<Group> rows =
            new ColumnIOFactory()
                .getColumnIO(SOURCE_ONLY)
                .getRecordReader(pages, new GroupRecordConverter(SOURCE_ONLY));
        for (long row = 0; row < pages.getRowCount(); row++) {
          sources.add(rows.read().getString(0, 0));
        }
      }
    }
    if (sources.size() != shard.samples()) {
      throw BellowsException.data(
          "has %d samples, the manifest says %d".formatted(sources.size(), shard.samples()));
    }
    return sources;
  }

  /** Its failure is none of the shard's. */
  private static void give(Reader reader, long id, String source) {
    try {
      reader.accept(id, source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
