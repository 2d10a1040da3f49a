// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import java.util.Locale;
import org.bellows.data.prepare.shard.ProgressListener;

/** prepare 12,345/100,000 images 45.1/360.2 MB 1,234 images/s left 1:11. */
public final class PrepareProgress implements ProgressListener {
  private static final double MEGABYTE = 1e6;

  private final ProgressLine line;
  private long firstNanos;
  private ProgressListener.Done first;

  public PrepareProgress(ProgressLine line) {
    this.line = line;
  }

  /** Rates are this run's: what an earlier one had done counts as done, but took no time. */
  @Override
  public synchronized void progress(ProgressListener.Done now) {
    if (first == null) {
      first = now;
      firstNanos = System.nanoTime();
    }
    line.show(text(now, (System.nanoTime() - firstNanos) * 1e-9));
  }

  String text(ProgressListener.Done now, double seconds) {
    double rate = (now.images() - first.images()) / Math.max(seconds, 1e-9);
    return String.format(
        Locale.ROOT,
        "prepare  %,d/%,d images  %,.1f/%,.1f MB  %,.0f images/s  left %s",
        now.images(),
        now.totalImages(),
        now.bytes() / MEGABYTE,
        now.totalBytes() / MEGABYTE,
        rate,
        rate == 0 ? "?" : ProgressLine.clock((now.totalImages() - now.images()) / rate));
  }
}
