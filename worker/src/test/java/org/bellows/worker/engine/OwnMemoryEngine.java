// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.bellows.conf.Device;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.engine.onednn.OneDnnEngineProvider;
import org.bellows.worker.parallel.VectorParts;

/**
 * An engine as a device's would be: what it sums lies where Java sees a number only, and comes over
 * when it is asked for. Passes are oneDNN's.
 */
public final class OwnMemoryEngine implements StepEngine, GradientSums {
  /** Gradients of lanes, of all engines of this kind in this process. */
  private static final LongAdder COMPUTED = new LongAdder();

  private static OwnMemoryEngine latest;

  private final StepEngine passes;
  private final Map<Integer, StepVector> memory = new HashMap<>();
  private int made;
  private int taken;
  private int madeBeforeAnswers;
  private final List<float[]> lanes = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>();

  /**
   * What was told of the lane that is next.
   *
   * @param made lanes that had been computed by then
   * @param taken sums that had come over by then
   */
  public record Expected(float[] pixels, int made, int taken) {}

  /** Where it lies. */
  private record Place(int number) implements Sum {}

  /** Gives one engine only. */
  public static final class Provider implements StepEngineProvider {
    public static final String NAME = "own-memory";

    private final OneDnnEngineProvider passes = new OneDnnEngineProvider();
    private OwnMemoryEngine engine;

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public Set<Device> devices() {
      return Set.of(Device.CPU);
    }

    @Override
    public NumberFormat numbers() {
      return new NumberFormat("bfloat16", 8);
    }

    @Override
    public Support supports(NetworkGraph network) {
      return Support.yes();
    }

    @Override
    public long hostBytes(NetworkGraph network, int samples, boolean training, Device device) {
      return 0;
    }

    @Override
    public StepEngine open(EngineNetwork network) {
      engine = new OwnMemoryEngine(passes.open(network));
      latest = engine;
      return engine;
    }

    public OwnMemoryEngine engine() {
      return engine;
    }
  }

  /** The one that was opened last in this process. */
  public static OwnMemoryEngine latest() {
    return latest;
  }

  private OwnMemoryEngine(StepEngine passes) {
    this.passes = passes;
  }

  /** Sums that came over to Java's memory. */
  public int taken() {
    return taken;
  }

  /** Lanes' gradients that had been asked for when the first answer was waited for. */
  public int madeBeforeAnswers() {
    return madeBeforeAnswers;
  }

  /** Pixels of the lanes that were computed, in order. */
  public List<float[]> lanes() {
    return lanes;
  }

  /** The lanes that were told of, in order. */
  public List<Expected> expected() {
    return expected;
  }

  /** Sums that are there. */
  public int held() {
    return memory.size();
  }

  /** Gradients of lanes that engines of this kind have computed in this process. */
  public static long computed() {
    return COMPUTED.sum();
  }

  @Override
  public GradientSums gradientSums() {
    return this;
  }

  @Override
  public Sum ofLane(float[] pixels, float[] targets, long seed) {
    StepVector vector = new StepVector(layout().length());
    vector.setLoss((float) gradient(pixels, targets, seed, vector.floats()));
    lanes.add(pixels);
    made++;
    COMPUTED.increment();
    memory.put(made, vector);
    return new Place(made);
  }

  @Override
  public void expect(float[] pixels) {
    expected.add(new Expected(pixels, made, taken));
  }

  @Override
  public Sum add(Sum left, Sum right, VectorParts parts) {
    memory.get(number(left)).addInPlace(memory.remove(number(right)), parts);
    return left;
  }

  @Override
  public boolean isFinite(Sum sum, float factor, VectorParts parts) {
    return memory.get(number(sum)).isFinite(factor, parts);
  }

  @Override
  public BooleanSupplier askFinite(Sum sum, float factor, VectorParts parts) {
    boolean answer = isFinite(sum, factor, parts);
    return () -> {
      if (madeBeforeAnswers == 0) {
        madeBeforeAnswers = made;
      }
      return answer;
    };
  }

  @Override
  public StepVector take(Sum sum) {
    taken++;
    StepVector copy = new StepVector(layout().length());
    StepVector there = memory.remove(number(sum));
    copy.setParameters(there.floats());
    copy.setLoss(there.loss());
    return copy;
  }

  @Override
  public void recycle(StepVector vector) {}

  private static int number(Sum sum) {
    return ((Place) sum).number();
  }

  @Override
  public FlatLayout layout() {
    return passes.layout();
  }

  @Override
  public void readParameters(float[] target) {
    passes.readParameters(target);
  }

  @Override
  public void writeParameters(float[] source) {
    passes.writeParameters(source);
  }

  @Override
  public double gradient(float[] pixels, float[] targets, long seed, float[] gradient) {
    return passes.gradient(pixels, targets, seed, gradient);
  }

  @Override
  public float[] probabilities(float[] pixels, int n) {
    return passes.probabilities(pixels, n);
  }

  @Override
  public float[] activations(float[] pixels, int n, String vertex) {
    return passes.activations(pixels, n, vertex);
  }

  @Override
  public float[] activations(float[] pixels, int n, InputShape picture, String vertex) {
    return passes.activations(pixels, n, picture, vertex);
  }

  @Override
  public void close() {
    passes.close();
  }
}
