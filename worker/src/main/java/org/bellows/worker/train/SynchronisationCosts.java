package org.bellows.worker.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainingSettings;
import org.bellows.worker.collective.reduce.EvenPartition;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.engine.StepVector;

/**
 * The costs of keeping the ranks together according to {@code sync.mode} and {@code sync.wire}:
 * memory, traffic and checkpoints. Follows from the settings alone; what {@code sync.mode =
 * dl4j-spark} costs is not known here.
 */
public final class SynchronisationCosts {
  /** {@code collective.transport.Peer} has as much for each direction. */
  private static final long CONNECTION_BUFFER = 1 << 18;

  private final TrainingSettings settings;
  private final long parameters;
  private final long vector;
  private final int executors;
  private final int stateArrays;

  /**
   * @param parameters of the network, BatchNorm's running statistics among them
   */
  public SynchronisationCosts(TrainingSettings settings, int executors, long parameters) {
    this.settings = settings;
    this.parameters = parameters;
    this.vector = StepVector.bytes(parameters);
    this.executors = executors;
    this.stateArrays = StateArrays.of(settings).count();
  }

  /** Whether each lane has parameters and optimizer state of its own until the ranks meet. */
  private boolean hasReplicas() {
    return settings.sync().mode() == Settings.SyncMode.AVERAGING;
  }

  private boolean isRounding() {
    return settings.sync().communicationDtype() == Settings.CommunicationDtype.FLOAT16;
  }

  /** Bytes of Java's arrays by what they are for, of the executor that needs most. */
  Map<String, Long> heap() {
    Map<String, Long> heap = new LinkedHashMap<>();
    if (hasReplicas()) {
      // The sums are taken in the lanes' own places.
      heap.put("parameters", 2 * vector * mostLanes());
      heap.put("gradients", vector);
      heap.put("exchange", exchange() + 2 * vector);
      heap.put("optimizer state", stateArrays * vector * mostLanes());
    } else {
      heap.put("parameters", 2 * vector);
      heap.put("gradients", vector * gradientVectors());
      heap.put("exchange", exchange());
      heap.put("optimizer state", stateArrays * slice());
    }
    heap.put("checkpoint", (2L * stateArrays + 1) * vector);
    return heap;
  }

  /** Those of the sums that are done, and of the branch of the tree that is being added up. */
  private int gradientVectors() {
    int most = 0;
    for (int rank = 0; rank < executors; rank++) {
      List<Node> nodes = nodes(rank);
      for (int done = 0; done < nodes.size(); done++) {
        int lanes = nodes.get(done).to() - nodes.get(done).from();
        int depth = Integer.SIZE - Integer.numberOfLeadingZeros(lanes - 1);
        most = Math.max(most, done + depth + 1);
      }
    }
    return most;
  }

  private long mostLanes() {
    return IntStream.range(0, executors).map(rank -> hosted(rank).length()).max().orElse(0);
  }

  private IndexRange hosted(int rank) {
    return EvenPartition.of(settings.train().lanes(), rank, executors);
  }

  private List<Node> nodes(int rank) {
    IndexRange hosted = hosted(rank);
    return LaneTree.cover(settings.train().lanes(), hosted.from(), hosted.to());
  }

  /** Bytes of the data that arrive from other ranks, and of the connections to them. */
  private long exchange() {
    if (executors == 1) {
      return 0;
    }
    int nodes = IntStream.range(0, executors).map(rank -> nodes(rank).size()).sum();
    // Rounded, own ones too; packed, half as long each, what comes and what this rank sends.
    long arriving = isRounding() ? nodes : nodes - 1;
    long packed = isRounding() ? nodes * slice() / 2 + mostNodes() * vector / 2 : 0;
    return arriving * slice() + packed + connections();
  }

  /**
   * Bytes of the connections' buffers: outside the heap, or in it where they are encrypted, and
   * their records beside them.
   */
  long connections() {
    return 4 * CONNECTION_BUFFER * (executors - 1);
  }

  private long mostNodes() {
    return IntStream.range(0, executors).map(rank -> nodes(rank).size()).max().orElse(0);
  }

  private long slice() {
    return vector / executors + Float.BYTES * ParameterNorms.BLOCK_FLOATS;
  }

  /**
   * Bytes that the busiest executor sends when the ranks meet: its partial sums of the others'
   * slices, then its slice to each of them. With averaging the optimizer's state is averaged, too.
   */
  public double sentBytes() {
    double slice = parameters / (double) executors;
    double floats = (mostNodes() + 1) * slice * (executors - 1);
    int bytes = isRounding() ? Short.BYTES : Float.BYTES;
    return bytes * floats * (hasReplicas() ? 1 + stateArrays : 1);
  }

  /** Arrays of one float a parameter that an update keeps and a checkpoint holds. */
  public int stateArrays() {
    return stateArrays;
  }

  /** Bytes of a checkpoint's arrays. */
  public double checkpointBytes() {
    return (double) Float.BYTES * parameters * (1 + stateArrays);
  }
}
