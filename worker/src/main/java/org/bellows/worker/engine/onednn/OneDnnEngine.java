// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.GradientProgress;
import org.bellows.worker.engine.GradientSums;
import org.bellows.worker.engine.HostGradientSums;
import org.bellows.worker.engine.NetworkSizes;
import org.bellows.worker.engine.PassTimes;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.onednn.arithmetic.Processor;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.plan.FlatVectors;
import org.bellows.worker.engine.onednn.plan.Instruction;
import org.bellows.worker.engine.onednn.plan.InstructionClock;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.Pass;
import org.bellows.worker.engine.onednn.plan.Plan;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.StepContext;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bellows.worker.engine.onednn.translate.GraphTranslator;
import org.bellows.worker.engine.onednn.translate.InferenceFusion;
import org.bellows.worker.parallel.LaneCombiner;
import org.bellows.worker.parallel.VectorParts;

/**
 * A network's forward and backward pass on oneDNN. Plans are compiled at the first pass of each
 * batch size and kept, so that a pass allocates no native memory.
 */
final class OneDnnEngine implements StepEngine {
  /** Training has one batch size, evaluation that of full batches and that of the rest. */
  private static final int LARGEST_PLANS = 4;

  private final NetworkGraph network;
  private final NetworkSizes sizes;
  private final FlatLayout layout;
  private final boolean fuses;
  private final Arithmetic arithmetic;
  private final OneDnn oneDnn = new OneDnn();
  private final FlatVectors vectors;
  private final HostGradientSums sums;
  private LaneCombiner lanes = LaneCombiner.ONE_LANE;
  private final Map<Key, Plan> plans = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param vertex whose output is asked for; empty: the network's answer, and with it the heads'
   *     losses in training
   * @param picture shape of each
   */
  private record Key(int samples, boolean training, String vertex, InputShape picture) {}

  /**
   * @throws BellowsException (configuration) naming the vertex that the engine does not know
   */
  OneDnnEngine(EngineNetwork network, Arithmetic arithmetic) {
    this(network, arithmetic, true);
  }

  /**
   * @param fuses whether inference fuses following layers into others
   */
  OneDnnEngine(EngineNetwork network, Arithmetic arithmetic, boolean fuses) {
    requireKnown(network.graph());
    this.network = network.graph();
    this.sizes = network.sizes();
    this.layout = network.layout();
    this.fuses = fuses;
    this.arithmetic = arithmetic;
    this.vectors = new FlatVectors(layout);
    this.sums = new HostGradientSums(this);
    writeParameters(network.parameters());
  }

  private OneDnnEngine(OneDnnEngine other, boolean ownParameters) {
    this.network = other.network;
    this.sizes = other.sizes;
    this.layout = other.layout;
    this.fuses = other.fuses;
    this.arithmetic = other.arithmetic;
    this.vectors = ownParameters ? new FlatVectors(layout) : other.vectors.beside();
    this.sums = other.sums.beside(this);
  }

  /**
   * @throws BellowsException (configuration) naming the vertex that the engine does not know
   */
  static void requireKnown(NetworkGraph network) {
    new GraphTranslator(network, network.heads());
  }

  @Override
  public FlatLayout layout() {
    return layout;
  }

  @Override
  public void divideCopies(VectorParts parts) {
    vectors.divideCopies(parts);
  }

  @Override
  public void writeParameters(float[] source) {
    vectors.write(source);
  }

  @Override
  public void readParameters(float[] target) {
    vectors.read(target);
  }

  @Override
  public double gradient(float[] pixels, float[] targets, long seed, float[] gradient) {
    return gradient(pixels, new StepContext(targets, seed, lanes), gradient, InstructionClock.NONE);
  }

  @Override
  public boolean tellsWhatIsFinal() {
    return true;
  }

  @Override
  public double gradient(
      float[] pixels, float[] targets, long seed, float[] gradient, GradientProgress progress) {
    StepContext context = new StepContext(targets, seed, lanes);
    int[] copied = {layout.length()};
    plan(key(samples(pixels), true, ""))
        .runTold(
            pixels,
            context,
            from -> {
              vectors.readGradient(gradient, from, copied[0]);
              copied[0] = from;
              progress.isFinal(from, context.loss());
            });
    return context.loss();
  }

  private double gradient(
      float[] pixels, StepContext context, float[] gradient, InstructionClock clock) {
    plan(key(samples(pixels), true, "")).run(pixels, context, clock);
    vectors.readGradient(gradient);
    return context.loss();
  }

  @Override
  public GradientSums gradientSums() {
    return sums;
  }

  @Override
  public float[] probabilities(float[] pixels, int n) {
    return infer(pixels, key(n, false, ""), InstructionClock.NONE);
  }

  @Override
  public float[] activations(float[] pixels, int n, String vertex) {
    return infer(pixels, key(n, false, vertex), InstructionClock.NONE);
  }

  @Override
  public float[] activations(float[] pixels, int n, InputShape picture, String vertex) {
    return infer(pixels, new Key(n, false, vertex, picture), InstructionClock.NONE);
  }

  /** Of pictures of the usual size. */
  private Key key(int samples, boolean training, String vertex) {
    return new Key(samples, training, vertex, network.inputShape());
  }

  @Override
  public StepEngine beside(boolean ownParameters) {
    return new OneDnnEngine(this, ownParameters);
  }

  @Override
  public void meet(LaneCombiner others) {
    lanes = others;
  }

  private float[] infer(float[] pixels, Key key, InstructionClock clock) {
    StepContext context = StepContext.ofInference();
    plan(key).run(pixels, context, clock);
    return context.output();
  }

  /** A step loads the parameters again, as training does. */
  @Override
  public Optional<StepProfile> profile(float[] pixels, float[] targets, int rounds) {
    float[] parameters = new float[layout.length()];
    float[] gradient = new float[layout.length()];
    readParameters(parameters);
    return Optional.of(
        PassTimes.profile(
            InstructionTimes::new,
            samples(pixels),
            rounds,
            clock -> {
              writeParameters(parameters);
              clock.begin();
              gradient(pixels, new StepContext(targets, 0, lanes), gradient, clock);
            }));
  }

  @Override
  public Optional<StepProfile> profileInference(float[] pixels, int rounds) {
    Key key = key(samples(pixels), false, "");
    return Optional.of(
        PassTimes.profile(
            InstructionTimes::new,
            samples(pixels),
            rounds,
            clock -> {
              clock.begin();
              infer(pixels, key, clock);
            }));
  }

  /** Native memory of the flat vectors and all plans so far. */
  long nativeBytes() {
    return vectors.bytes() + plans.values().stream().mapToLong(Plan::bytes).sum();
  }

  private int samples(float[] pixels) {
    return pixels.length / network.inputShape().elements();
  }

  private Plan plan(Key key) {
    Plan plan = plans.get(key);
    if (plan == null) {
      if (plans.size() == LARGEST_PLANS) {
        Key oldest = plans.keySet().iterator().next();
        plans.remove(oldest).close();
      }
      plan = compile(key);
      plans.put(key, plan);
    }
    return plan;
  }

  private Plan compile(Key key) {
    NetworkGraph sized = sizes.at(key.picture());
    Pass pass = Pass.of(key.samples(), key.training(), arithmetic);
    PlanBuilder builder = new PlanBuilder(oneDnn, vectors, pass);
    return compile(builder, new GraphTranslator(sized, wanted(sized, key)), key, fuses);
  }

  private static Plan compile(
      PlanBuilder builder, GraphTranslator translator, Key key, boolean fuses) {
    List<Node> nodes = translator.nodes();
    if (fuses && !key.training()) {
      InferenceFusion.apply(nodes);
    }
    forward(builder, nodes);
    if (key.training()) {
      backward(builder, nodes);
    } else if (!key.vertex().isEmpty()) {
      answer(builder, translator.node(key.vertex()));
    }
    return builder.finish(nodes.get(0).output());
  }

  /**
   * Native memory of the plan for a batch size, found without making its arrays: as {@link
   * #nativeBytes} has it afterwards, but for the flat vectors. On a processor of other vector
   * registers maps are filled up to other numbers of channels, and the plan is somewhat larger or
   * smaller; one that cannot compute in the arithmetic counts the usual one.
   *
   * @param training forward and backward; else inference
   * @throws BellowsException (configuration) naming the vertex that the engine does not know
   */
  static long planBytes(
      NetworkGraph network, int samples, boolean training, Arithmetic arithmetic) {
    Arithmetic able = Processor.refusal(arithmetic).isEmpty() ? arithmetic : Arithmetic.USUAL;
    Key key = new Key(samples, training, "", network.inputShape());
    try (OneDnn oneDnn = new OneDnn();
        Plan plan =
            compile(
                PlanBuilder.counting(oneDnn, Pass.of(samples, training, able)),
                new GraphTranslator(network, wanted(network, key)),
                key,
                true)) {
      return plan.bytes();
    }
  }

  private static List<String> wanted(NetworkGraph network, Key key) {
    List<String> outputs = network.heads();
    if (!key.vertex().isEmpty()) {
      return List.of(key.vertex());
    }
    return key.training() ? outputs : outputs.subList(0, 1);
  }

  private static void answer(PlanBuilder builder, Node node) {
    if (node.isHead()) {
      return; // says its probabilities itself
    }
    Tensor plain = builder.inLayout(node.output(), OneDnn.plain(node.output().shape()));
    int elements = Math.toIntExact(plain.elements());
    builder.run(
        "answer",
        context -> {
          float[] values = new float[elements];
          plain.floats(elements).get(values);
          context.setOutput(values);
        });
  }

  private static void forward(PlanBuilder builder, List<Node> nodes) {
    Map<Node, Integer> consumers = new LinkedHashMap<>();
    nodes.forEach(node -> node.inputs().forEach(from -> consumers.merge(from, 1, Integer::sum)));
    for (Node node : nodes) {
      builder.enter(node.name(), Instruction.Phase.FORWARD);
      Tensor output = output(builder, node);
      node.setOutput(output);
      // The maker's hold becomes the first consumer's.
      for (int i = 1; i < consumers.getOrDefault(node, 0); i++) {
        builder.retain(output);
      }
      node.inputs().forEach(from -> builder.release(from.output()));
    }
  }

  /** Held by the caller. */
  private static Tensor output(PlanBuilder builder, Node node) {
    if (node.fusedInto() == null) {
      return node.forward(builder);
    }
    Tensor output = node.fusedInto().output();
    builder.retain(output);
    return output;
  }

  private static void backward(PlanBuilder builder, List<Node> nodes) {
    List<Node> reversed = new ArrayList<>(nodes);
    Collections.reverse(reversed);
    for (Node node : reversed) {
      builder.enter(node.name(), Instruction.Phase.BACKWARD);
      Tensor outputGradient = node.takeOutputGradient(builder);
      if (node.needsGradient() && (outputGradient != null || node.isHead())) {
        node.backward(builder, outputGradient);
      }
    }
  }

  @Override
  public void close() {
    plans.values().forEach(Plan::close);
    vectors.close();
    oneDnn.close();
  }
}
