// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.part.SplitNames;

/**
 * Tables with a column of encoded images, as other Spark jobs write them: a Parquet, TFRecord or
 * sequence file, or a folder of such files. A part is a file, or a stretch of a sequence file.
 */
public final class TableSource {
  private static final int RGB = 3;

  /** Names of datasets' shards, as Hugging Face writes them: train-00000-of-00001.parquet. */
  private static final Pattern SHARD =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*?)-\\d{5}-of-\\d{5}(-[0-9a-f]+)?\\.parquet");

  /** Sequence files can be entered at sync marks. */
  private static final long STRETCH_BYTES = 256L << 20;

  private final FileSystem files;
  private final FileStatus root;
  private final SourceSettings settings;
  private final Format format;

  public TableSource(FileSystem files, FileStatus root, SourceSettings settings, Format format) {
    this.files = files;
    this.root = root;
    this.settings = settings;
    this.format = format;
  }

  /** Also {@code x.tfrecord-00000-of-00064}, and {@code train-00000-of-01024} without an ending. */
  private static final Pattern TF_RECORDS =
      Pattern.compile(".*\\.tfrecords?(-\\d+-of-\\d+)?|.+-\\d{5}-of-\\d{5}");

  public static boolean isTable(Path path) {
    String name = path.getName();
    return TF_RECORDS.matcher(name).matches()
        || name.endsWith(".parquet")
        || name.endsWith(".seq")
        || name.startsWith("part-");
  }

  /**
   * @param entries of the root, or the root itself where it is a file
   */
  public Source list(FileStatus[] entries) throws IOException {
    List<SourcePart> parts = new ArrayList<>();
    List<FileStatus> tables =
        Arrays.stream(entries)
            .filter(entry -> isTable(entry.getPath()) || !root.isDirectory())
            .filter(entry -> entry.isFile() && entry.getLen() > 0)
            .sorted()
            .toList();
    // At least one must be a usual one for names to count as splits.
    boolean areNamedAfterSplits =
        tables.stream().anyMatch(table -> SplitNames.isUsual(splitOf(table.getPath())));
    for (FileStatus table : tables) {
      if (format == Format.TFRECORD) {
        parts.add(records(table.getPath()));
        continue;
      }
      String named = areNamedAfterSplits ? splitOf(table.getPath()) : "";
      addParts(table, named.isEmpty() ? settings.defaultSplit() : named, parts);
    }
    if (parts.isEmpty()) {
      throw BellowsException.data(
          "source %s holds no %s"
              .formatted(
                  root.getPath(),
                  switch (format) {
                    case PARQUET -> "Parquet files (*.parquet, part-*)";
                    case TFRECORD -> "TFRecord files (*.tfrecord, *-00000-of-00001)";
                    default -> "sequence files (*.seq, part-*)";
                  }));
    }
    Path folder = root.isDirectory() ? root.getPath() : root.getPath().getParent();
    return new Source(
        root.getPath().toString(),
        format,
        RGB,
        format != Format.TFRECORD,
        List.of(),
        classes(folder, parts.get(0)),
        parts);
  }

  /** Names beside the tables, else those that a Parquet file itself has. */
  private ClassLabels classes(Path folder, SourcePart first) throws IOException {
    ClassLabels named = ClassLabels.fromFolder(files, folder);
    return named.names().isEmpty() && first instanceof ParquetPart table
        ? table.classes(files.getConf()).orElse(named)
        : named;
  }

  /** Whether it begins as a file of TensorFlow's records. */
  public static boolean isTfRecord(FileSystem files, Path file) throws IOException {
    return TfRecordReader.isStart(files.getConf(), file);
  }

  private SourcePart records(Path file) {
    return new TfRecordPart(
        file.toString(),
        settings.imageColumn(),
        settings.maskColumn(),
        settings.labelColumn(),
        LabelRule.of(settings),
        SplitNames.inName(file.getName(), settings.defaultSplit()));
  }

  /** The split that a shard's name says; empty where it says none. */
  private static String splitOf(Path shard) {
    Matcher matcher = SHARD.matcher(shard.getName());
    return matcher.matches() && SplitNames.isValid(matcher.group(1)) ? matcher.group(1) : "";
  }

  /**
   * @param split of rows that name none
   */
  private void addParts(FileStatus file, String split, List<SourcePart> parts) {
    String path = file.getPath().toString();
    if (format == Format.PARQUET) {
      parts.add(
          new ParquetPart(
              path,
              settings.imageColumn(),
              new ManifestPart.ImagePath(
                  settings.pathColumn(), settings.pathPrefix(), settings.pathSuffix()),
              settings.maskColumn(),
              settings.labelColumn(),
              LabelRule.of(settings),
              settings.splitColumn(),
              split));
      return;
    }
    for (long start = 0; start < file.getLen(); start += STRETCH_BYTES) {
      long end = Math.min(file.getLen(), start + STRETCH_BYTES);
      parts.add(new SequenceFilePart(path, start, end, settings.defaultSplit()));
    }
  }
}
