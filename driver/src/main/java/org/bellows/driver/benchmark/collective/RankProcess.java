// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.collective;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.driver.benchmark.InterleavedRuns;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.transport.JobSecret;
import org.bellows.worker.collective.transport.Rendezvous;
import org.bellows.worker.collective.transport.Session;
import org.bellows.worker.files.Json;

/**
 * One rank of the measurement. Arguments: the folder that the ranks share, rank, ranks, floats,
 * rounds. Rank 0 writes its {@link InterleavedRuns} to {@link #RESULT} there.
 */
final class RankProcess {
  static final String RESULT = "result.json";
  static final String SECRET = "secret";
  static final String EXCHANGE = "exchange";
  static final String COPY = "copy";

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** Slices begin at multiples of it, as they do in training. */
  private static final int BLOCK_FLOATS = 1024;

  /** With fewer the compilers are not done with what moves the bytes. */
  private static final int WARM_UP_ROUNDS = 12;

  private final ProcessRendezvous ranks;
  private final ShardedVector sharded;
  private final SocketCopy copy;
  private final float[] vector;
  private final Map<LaneTree.Node, float[]> sums = new HashMap<>();

  private RankProcess(
      ProcessRendezvous ranks, Communicator communicator, SocketCopy copy, int floats) {
    this.ranks = ranks;
    this.copy = copy;
    this.sharded = new ShardedVector(communicator, floats, ranks.size(), BLOCK_FLOATS);
    this.vector = new float[floats];
    sharded.nodes(ranks.rank()).forEach(node -> sums.put(node, new float[floats]));
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    ProcessRendezvous ranks =
        new ProcessRendezvous(
            folder, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    JobSecret secret = JobSecret.of(Files.readString(folder.resolve(SECRET)));
    Session session = new Session(secret, 0, false);
    try (Rendezvous rendezvous = Rendezvous.open("localhost");
        SocketCopy copy =
            new SocketCopy(InetAddress.getLoopbackAddress(), ranks.rank(), ranks.size())) {
      copy.connect(ranks.swap("port", copy.address()));
      List<String> addresses = ranks.swap("address", rendezvous.address());
      try (Communicator communicator =
          rendezvous.connect(session, addresses, ranks.rank(), TIMEOUT)) {
        InterleavedRuns turns =
            new RankProcess(ranks, communicator, copy, Integer.parseInt(arguments[3]))
                .run(Integer.parseInt(arguments[4]));
        if (ranks.rank() == 0) {
          Files.write(folder.resolve(RESULT), Json.pretty(turns));
        }
        // No rank ends while another is still measuring.
        ranks.swap("end", "");
      }
    }
  }

  private InterleavedRuns run(int rounds) {
    // The same order on every rank.
    Map<String, InterleavedRuns.Work> work = new LinkedHashMap<>();
    work.put(EXCHANGE, this::exchanged);
    work.put(COPY, this::copied);
    InterleavedRuns.take(work, WARM_UP_ROUNDS);
    return InterleavedRuns.take(work, rounds);
  }

  private double exchanged() {
    float[] owned = sharded.reduceScatter("a round", sums);
    sharded.owned().write(owned, vector);
    sharded.allGatherInPlace("a round", vector);
    sharded.all("its end", true);
    return bytes();
  }

  private double copied() {
    copy.swap(bytes() / (ranks.size() - 1));
    sharded.all("its end", true);
    return bytes();
  }

  /** That this rank sends: gradients to their owners, new parameters to everybody. */
  private long bytes() {
    long others = ranks.size() - 1L;
    return 2L * Float.BYTES * vector.length / ranks.size() * others;
  }
}
