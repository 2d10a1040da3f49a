// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.TestSettings;

/**
 * Prepares a source and prints rate and peak memory. Not a test; run by hand. Arguments: threads,
 * source, target, settings.
 */
final class PrepareLoad {
  private static final double MEBIBYTE = 1 << 20;

  private PrepareLoad() {}

  public static void main(String[] args) {
    try (JavaSparkContext spark = TestSpark.local(Integer.parseInt(args[0]))) {
      PrepareSummary summary =
          PrepareJob.run(
              spark,
              PrepareSettings.of(
                  TestSettings.prepare(
                      Path.of(args[1]),
                      Path.of(args[2]),
                      Arrays.copyOfRange(args, 3, args.length))),
              done -> System.out.printf("%,d/%,d images%n", done.images(), done.totalImages()));
      double heap =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .mapToLong(pool -> pool.getPeakUsage().getUsed())
              .sum();
      System.out.printf(
          "%,d images, %d shards, %.1f s, %,.0f images/s, %.2f MB/s, peak heap at most %.0f MiB%n",
          summary.images(),
          summary.shards(),
          summary.seconds(),
          summary.imagesPerSecond(),
          summary.megabytesPerSecond(),
          heap / MEBIBYTE);
    }
  }
}
