// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.data.prepare.folder.ListFile;
import org.bellows.data.prepare.folder.StagingFolder;
import org.bellows.data.prepare.listing.SourceLister;
import org.bellows.data.prepare.source.part.PassedOver;
import org.bellows.data.storage.AtomicFile;

/** Writes the parts of {@link ListFile#PASSED_OVER}, sorted by path, in tasks. */
final class PassedOverList {
  /** The part of the list that a task keeps in memory. */
  private static final int LINES_A_PART = 100_000;

  private PassedOverList() {}

  /**
   * @param count of what was passed over
   * @return the parts' files in order
   */
  static List<Path> write(
      JavaSparkContext spark, SourceLister lister, long count, StagingFolder work) {
    if (count == 0) {
      return List.of();
    }
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    int parts = Math.toIntExact((count + LINES_A_PART - 1) / LINES_A_PART);
    return lister
        .passedOver()
        .map(PassedOverList::line)
        .sortBy(line -> line, true, parts)
        .mapPartitionsWithIndex((part, lines) -> write(hadoop, work, part, lines), true)
        .collect()
        .stream()
        .map(work::passedOver)
        .toList();
  }

  private static String line(PassedOver entry) {
    return "%s\t%s\n".formatted(ListFile.cell(entry.path()), entry.kind());
  }

  private static Iterator<Integer> write(
      SerializableConfiguration hadoop, StagingFolder work, int part, Iterator<String> lines)
      throws IOException {
    StringBuilder text = new StringBuilder();
    lines.forEachRemaining(text::append);
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(hadoop.value(), work.passedOver(part), bytes);
    return List.of(part).iterator();
  }
}
