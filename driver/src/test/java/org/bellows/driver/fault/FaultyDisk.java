// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.fault;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.bellows.driver.fault.Fault.How;
import org.bellows.driver.fault.Fault.Moment;

/** The local disk, which fails around checkpoints and reads slowly, as the schedule says. */
public final class FaultyDisk extends LocalFileSystem {
  private static final Pattern CHECKPOINT = Pattern.compile(".*/checkpoints/step-(\\d+)");
  private static final Pattern WRITTEN =
      Pattern.compile(".*/checkpoints/\\.tmp-[^/]+/parameters\\.bin");

  /** Beyond the file's header. */
  private static final int ROOM_BYTES = 1000;

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    FSDataInputStream in = super.open(path, bufferSize);
    return path.getName().endsWith(".parquet")
        ? new FSDataInputStream(new SlowEvaluationHead(in))
        : in;
  }

  /** Which checkpoint it is stands in a later file: the first that is due. */
  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    FSDataOutputStream out =
        super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
    if (!WRITTEN.matcher(path.toString()).matches()) {
      return out;
    }
    Optional<FaultInjector> strike = strike(Moment.WRITING_CHECKPOINT, FaultyRank.lastStep() + 1);
    return strike.map(s -> interrupted(out, s)).orElse(out);
  }

  private static FSDataOutputStream interrupted(OutputStream out, FaultInjector strike) {
    return new FSDataOutputStream(
        new FilterOutputStream(out) {
          private long written;

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            written += length;
            if (written > ROOM_BYTES) {
              out.flush();
              if (strike.how() == How.FULL) {
                throw new IOException("No space left on device");
              }
              strike.anywhere();
            }
          }
        },
        null);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    Matcher matcher = CHECKPOINT.matcher(to.toString());
    if (!matcher.matches()) {
      return super.rename(from, to);
    }
    long step = Long.parseLong(matcher.group(1));
    strike(Moment.COMMITTING_CHECKPOINT, step).ifPresent(FaultInjector::anywhere);
    boolean renamed = super.rename(from, to);
    FaultSchedule.here().ifPresent(f -> f.note(FaultyRank.rank(), "committed " + step));
    Optional<FaultInjector> strike = strike(Moment.COMMITTED_CHECKPOINT, step);
    if (strike.isPresent()) {
      if (strike.get().how() == How.DAMAGE) {
        damage(pathToFile(new Path(to, "parameters.bin")).toPath());
      }
      strike.get().anywhere();
    }
    return renamed;
  }

  /** One bit in the middle. */
  private static void damage(java.nio.file.Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  /** The first of the schedule that is due and has not fired yet. */
  private static Optional<FaultInjector> strike(Moment moment, long step) {
    return FaultSchedule.here()
        .flatMap(
            folder ->
                folder.faults().stream()
                    .filter(f -> f.moment() == moment && f.rank() == FaultyRank.rank())
                    .filter(
                        f ->
                            moment == Moment.WRITING_CHECKPOINT
                                ? step >= f.step()
                                : step == f.step())
                    .filter(folder::claim)
                    .findFirst()
                    .map(fault -> new FaultInjector(folder, fault)));
  }
}
