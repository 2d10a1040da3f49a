// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.fault;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.bellows.driver.fault.Fault.How;

/** A file on a disk whose head moves slowly while the schedule says so: once for each block. */
final class SlowEvaluationHead extends FSInputStream {
  private final FSDataInputStream in;

  SlowEvaluationHead(FSDataInputStream in) {
    this.in = in;
  }

  @Override
  public void seek(long position) throws IOException {
    for (Fault fault : FaultSchedule.here().map(FaultSchedule::faults).orElse(List.of())) {
      if (fault.how() == How.SLOW && fault.rank() == FaultyRank.rank()) {
        sleep(fault.argument());
      }
    }
    in.seek(position);
  }

  private static void sleep(int milliseconds) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public long getPos() throws IOException {
    return in.getPos();
  }

  @Override
  public boolean seekToNewSource(long position) throws IOException {
    return in.seekToNewSource(position);
  }

  @Override
  public int read() throws IOException {
    return in.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return in.read(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
