// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.bellows.data.prepare.source.part.SourceItem.Refusal;
import org.bellows.data.prepare.source.part.SourceMask;

/**
 * The masks of a table's rows: a column of encoded masks, a struct with such a field {@code bytes},
 * or text, which is the path of a mask's file.
 */
final class MaskColumn {
  /** Null where rows have the masks themselves. */
  private final LabelColumn paths;

  /** Null where rows have paths. */
  private final ImageColumn masks;

  private final TableColumn column;

  private MaskColumn(TableColumn column, LabelColumn paths, ImageColumn masks) {
    this.column = column;
    this.paths = paths;
    this.masks = masks;
  }

  /** A mask, or why there is none; both null where the row has no value. */
  record Value(SourceMask mask, Refusal refusal) {
    static final Value NONE = new Value(null, null);

    static Value bad(String problem) {
      return new Value(null, new Refusal(ManifestPart.BAD_ROW, problem));
    }
  }

  /** Empty where a column of its type holds no masks. */
  static Optional<MaskColumn> of(TableColumn column) {
    return LabelColumn.isMarkedText(column.type())
        ? Optional.of(new MaskColumn(column, new LabelColumn(column), null))
        : ImageColumn.of(column)
            .filter(masks -> !masks.isPixels())
            .map(masks -> new MaskColumn(column, null, masks));
  }

  /**
   * Those that it reads.
   *
   * @param areRead whether encoded masks are read
   */
  List<List<String>> paths(boolean areRead) {
    if (paths != null) {
      return List.of(paths.path());
    }
    return areRead ? masks.columns().stream().map(TableColumn::path).toList() : List.of();
  }

  /** Whether the file's own counts do not say that each row has an encoded mask. */
  boolean mayLackSome(List<BlockMetaData> blocks) {
    return paths == null
        && blocks.stream()
            .map(masks::largest)
            .anyMatch(chunk -> chunk.getStatistics().getNumNulls() != 0);
  }

  /** Bytes of a row group's encoded masks; 0 of paths. */
  long bytes(BlockMetaData block) {
    return paths == null ? masks.largest(block).getTotalUncompressedSize() : 0;
  }

  /**
   * @param place of the row, which names an encoded mask
   * @param areRead whether encoded masks have been read
   * @param bytes of the row group's masks, in the place of one that has not been read
   */
  Value of(Group row, String place, boolean areRead, long bytes, ManifestFiles files)
      throws IOException {
    String name = place + "." + column.name();
    if (paths != null) {
      LabelColumn.Value written = paths.of(row);
      return written.label() == null
          ? written.problem() == null ? Value.NONE : Value.bad(written.problem())
          : file(files.findMask(written.label()));
    }
    if (!areRead) {
      return new Value(new SourceMask(name, null, bytes), null);
    }
    if (!masks.isThere(row)) {
      return Value.NONE;
    }
    ImageColumn.Value content = masks.of(row);
    return content.problem() == null
        ? new Value(new SourceMask(name, content.content(), content.content().bytes().length), null)
        : Value.bad(content.problem());
  }

  private static Value file(ManifestFiles.Named mask) {
    return mask.refusal() == null
        ? new Value(SourceMask.file(mask.path().toString()), null)
        : new Value(null, mask.refusal());
  }
}
