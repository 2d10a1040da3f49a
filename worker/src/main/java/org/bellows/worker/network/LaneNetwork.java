// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.batch.ClassTargets;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.GradientSums;
import org.bellows.worker.engine.NetworkSizes;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.parallel.LaneCombiner;
import org.bellows.worker.parallel.VectorParts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network that computes sums over one lane batch. Parameters and gradients are flat vectors in
 * {@link FlatLayout}'s order. Nothing is kept between calls but the parameters and sums of
 * gradients that were asked for, so that one network can serve all lanes of a worker in turn.
 *
 * <p>Calls exclude one another. Not for speed: when the process receives a signal to end, another
 * thread closes the network, and its native memory must not be released while a pass is reading it.
 */
public final class LaneNetwork implements GradientSums, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LaneNetwork.class);

  private final StepEngine engine;
  private final FlatLayout layout;
  private final int classes;

  private final NetworkGraph graph;
  private final NetworkSizes sizes;
  private final AllowedSides sides;

  /** Made by {@link #beside}. */
  private final List<LaneNetwork> others = new ArrayList<>();

  private boolean closed;

  /** On oneDNN. */
  public LaneNetwork(NetworkDefinition definition, InputShape input, int classes, long seed) {
    this(definition, input, classes, seed, EngineRequest.named(StepEngines.USUAL));
  }

  /**
   * @param seed of the initial parameters, which are the same for every engine
   * @param engine that computes
   * @throws BellowsException (configuration) when the engine does not know a layer
   */
  public LaneNetwork(
      NetworkDefinition definition,
      InputShape input,
      int classes,
      long seed,
      EngineRequest engine) {
    this(definition, input, classes, seed, graph -> chosen(engine, graph));
  }

  /**
   * @param seed of the initial parameters, which are the same for every engine
   * @param engine that computes
   */
  public LaneNetwork(
      NetworkDefinition definition,
      InputShape input,
      int classes,
      long seed,
      StepEngineProvider engine) {
    this(definition, input, classes, seed, graph -> engine);
  }

  private LaneNetwork(
      NetworkDefinition definition,
      InputShape input,
      int classes,
      long seed,
      Function<NetworkGraph, StepEngineProvider> engines) {
    this.sizes = sizes(definition, input, classes);
    this.sides = definition.sides();
    this.graph = sizes.at(input);
    this.classes = classes;
    StepEngineProvider provider = engines.apply(graph);
    EngineNetwork initial = EngineNetwork.of(graph, sizes, seed);
    this.layout = initial.layout();
    this.engine = provider.open(initial);
  }

  private LaneNetwork(LaneNetwork other, StepEngine engine) {
    this.sizes = other.sizes;
    this.sides = other.sides;
    this.graph = other.graph;
    this.classes = other.classes;
    this.layout = other.layout;
    this.engine = engine;
  }

  /**
   * The same network for another thread: both may compute at the same time. It is closed with this
   * one, if it was not before.
   *
   * @param ownParameters whether it has parameters of its own, zeros until they are written, and
   *     not those that are written here
   */
  public synchronized LaneNetwork beside(boolean ownParameters) {
    LaneNetwork other = new LaneNetwork(this, open().beside(ownParameters));
    others.add(other);
    return other;
  }

  /** As {@link StepEngine#meet}. */
  public synchronized void meet(LaneCombiner lanes) {
    open().meet(lanes);
  }

  private static NetworkSizes sizes(NetworkDefinition definition, InputShape input, int classes) {
    NativeLibraries.load();
    return new NetworkSizes(
        definition.graph(input, classes), picture -> definition.graph(picture, classes));
  }

  private static StepEngineProvider chosen(EngineRequest engine, NetworkGraph graph) {
    StepEngines.Choice choice = StepEngines.standard().choose(engine, graph);
    LOG.debug("{}", choice.text());
    return choice.provider();
  }

  public FlatLayout layout() {
    return layout;
  }

  public int classes() {
    return classes;
  }

  /** Whether it says a class of each pixel. */
  public boolean isOfPixels() {
    return graph.pixelHead().isPresent();
  }

  /** Whether each class has a probability of its own: a sample is of any number of classes. */
  public boolean isMultiLabel() {
    return graph.isMultiLabel();
  }

  /** The shape of the pictures that it was made for. */
  public InputShape input() {
    return graph.inputShape();
  }

  /** For pictures of {@link #input}. */
  public NetworkGraph graph() {
    return graph;
  }

  /** The heights and widths that it can take. */
  public AllowedSides sides() {
    return sides;
  }

  /**
   * The shape of the answer to one picture of a shape.
   *
   * @throws BellowsException (configuration) when the network's parameters depend on the size
   */
  public LayerShape.FeatureMap map(InputShape picture) {
    NetworkGraph sized = sizes.at(picture);
    return sized.shape(sized.answer()).asMap();
  }

  /**
   * Forward in inference mode to what the softmax of each pixel is taken of.
   *
   * @param pixels [channels, height, width]
   * @param picture shape of them
   * @return [classes, height, width], row-major
   */
  public synchronized float[] logits(float[] pixels, InputShape picture) {
    String logits = graph.vertex(graph.answer()).from();
    return picture.equals(graph.inputShape())
        ? open().activations(pixels, 1, logits)
        : open().activations(pixels, 1, picture, logits);
  }

  /** Copies out [layout().length()] parameters; target may be longer. */
  public synchronized void readParameters(float[] target) {
    open().readParameters(target);
  }

  /** Takes over the first layout().length() floats. */
  public synchronized void writeParameters(float[] source) {
    open().writeParameters(source);
  }

  /** As {@link StepEngine#divideCopies}. */
  public synchronized void divideCopies(VectorParts parts) {
    open().divideCopies(parts);
  }

  @Override
  public synchronized Sum ofLane(float[] pixels, float[] targets, long seed) {
    return open().gradientSums().ofLane(pixels, targets, seed);
  }

  @Override
  public synchronized void expect(float[] pixels) {
    open().gradientSums().expect(pixels);
  }

  @Override
  public synchronized boolean tellsProgress() {
    return open().gradientSums().tellsProgress();
  }

  @Override
  public synchronized StepVector ofLane(
      float[] pixels, float[] targets, long seed, VectorProgress progress) {
    return open().gradientSums().ofLane(pixels, targets, seed, progress);
  }

  @Override
  public synchronized Sum add(Sum left, Sum right, VectorParts parts) {
    return open().gradientSums().add(left, right, parts);
  }

  @Override
  public synchronized boolean isFinite(Sum sum, float factor, VectorParts parts) {
    return open().gradientSums().isFinite(sum, factor, parts);
  }

  @Override
  public synchronized BooleanSupplier askFinite(Sum sum, float factor, VectorParts parts) {
    return open().gradientSums().askFinite(sum, factor, parts);
  }

  @Override
  public synchronized StepVector take(Sum sum) {
    return open().gradientSums().take(sum);
  }

  @Override
  public synchronized void recycle(StepVector vector) {
    open().gradientSums().recycle(vector);
  }

  /** As below, with each sample of one class: labels [n], 0 .. classes-1. */
  public double gradient(float[] pixels, int[] labels, long seed, float[] gradient) {
    return gradient(pixels, ClassTargets.oneHot(labels, classes), seed, gradient);
  }

  /**
   * Forward and backward.
   *
   * @param pixels [n, channels, height, width]
   * @param targets [n, width], row-major: what the network's loss takes. for plain cross-entropy
   *     [n, classes], each row a distribution t over the classes; other losses specify it in {@code
   *     models.loss}
   * @param seed of dropout in this pass
   * @param gradient [at least layout().length()], overwritten: for trainable parameters the sum
   *     over the n samples, for running statistics this batch's moments ({@link
   *     org.bellows.worker.engine.BatchStatistics})
   * @return sum over the n samples of the loss, in nats: the cross-entropy of the network's answer
   *     plus, times their weights, those of its auxiliary heads
   */
  public synchronized double gradient(
      float[] pixels, float[] targets, long seed, float[] gradient) {
    return open().gradient(pixels, targets, seed, gradient);
  }

  /**
   * Forward in inference mode (running statistics, no dropout, no auxiliary heads).
   *
   * @param pixels [n, channels, height, width]
   * @return probabilities [n, classes], or of each pixel [n, classes, height, width], row-major
   */
  public synchronized float[] probabilities(float[] pixels, int n) {
    return open().probabilities(pixels, n);
  }

  /**
   * Forward in inference mode of several views of each sample; the answers to them are averaged.
   *
   * @param pixels [n, views, channels, height, width]
   * @return probabilities [n, classes], row-major
   */
  public float[] probabilities(float[] pixels, int n, int views) {
    return Views.means(probabilities(pixels, n * views), n, views, classes);
  }

  /**
   * Forward in inference mode to one layer: its features.
   *
   * @param pixels [n, channels, height, width]
   * @param layer name of a layer or vertex; that of the network's answer gives its probabilities
   * @throws BellowsException (configuration) for an unknown name, with those that there are
   */
  public synchronized LayerOutput activations(float[] pixels, int n, String layer) {
    requireLayer(layer);
    return new LayerOutput(graph.shape(layer).batch(n), open().activations(pixels, n, layer));
  }

  /**
   * As above, of pictures of another size.
   *
   * @param picture shape of each
   * @throws BellowsException (configuration) for an unknown name, and when the network's parameters
   *     depend on the size
   */
  public synchronized LayerOutput activations(
      float[] pixels, int n, InputShape picture, String layer) {
    requireLayer(layer);
    float[] values = open().activations(pixels, n, picture, layer);
    return new LayerOutput(sizes.at(picture).shape(layer).batch(n), values);
  }

  private void requireLayer(String layer) {
    if (!graph.names().contains(layer)) {
      throw BellowsException.configuration(
          "the network has no layer \"%s\"; it has %s".formatted(layer, Words.and(graph.names())));
    }
  }

  /** As {@link StepEngine#profile}. */
  synchronized Optional<StepProfile> profile(float[] pixels, float[] targets, int rounds) {
    return open().profile(pixels, targets, rounds);
  }

  /** As {@link StepEngine#profileInference}. */
  public synchronized Optional<StepProfile> profileInference(float[] pixels, int rounds) {
    return open().profileInference(pixels, rounds);
  }

  /**
   * @throws BellowsException (infrastructure) after {@link #close}: a caller that still computes
   *     then is in a process that ends
   */
  private StepEngine open() {
    if (closed) {
      throw BellowsException.infrastructure("the network was closed: this process is ending");
    }
    return engine;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      others.forEach(LaneNetwork::close);
      engine.close();
    }
  }
}
