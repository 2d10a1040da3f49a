// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_dst_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_src_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_weights_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;

import org.bellows.conf.TrainSettings;
import org.bellows.worker.engine.onednn.node.AffineNode;
import org.bellows.worker.engine.onednn.node.Elementwise;
import org.bellows.worker.engine.onednn.node.ImageNode;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.node.WindowGeometry;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PostOperations;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/** Convolution, whole or depthwise, with bias and activation. */
public final class ConvolutionNode extends AffineNode {
  /** oneDNN's result for a row-major image and a kernel of 11 x 11 was wrong. */
  private static final long WIDEST_ROW_MAJOR = 7;

  private final Filters filters;
  private final WindowGeometry given;

  /** Whether {@link Pointwise#pixels} of the input are read, without a stride. */
  private boolean skipsPixels;

  private boolean activationDerivedBehind;
  private ConvolutionShapes shapes;
  private ForwardConvolution forward;
  private Tensor source;
  private Tensor weights;

  /**
   * @param maps of the output
   * @param depthwise one filter a channel
   * @param trained whether the weights learn
   * @param transposed whether the convolution is: {@link
   *     org.bellows.models.layer.TransposedConvolution}
   */
  public record Filters(
      long maps, boolean depthwise, boolean hasBias, boolean trained, boolean transposed) {}

  public ConvolutionNode(
      String name,
      Node input,
      Filters filters,
      WindowGeometry geometry,
      ActivationFunction activation) {
    super(name, input, activation);
    this.filters = filters;
    this.given = geometry;
  }

  /** The only consumer multiplies its error with the activation's derivative itself. */
  public void setActivationDerivedBehind() {
    activationDerivedBehind = true;
  }

  @Override
  protected boolean isTrained() {
    return filters.trained() || filters.hasBias();
  }

  /** After a transposed convolution oneDNN takes the activation element by element. */
  @Override
  public boolean canActivate() {
    return !filters.transposed();
  }

  @Override
  public boolean canAdd() {
    return !filters.transposed();
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    source = source(plan);
    ConvolutionWeights bank = shapes.bank();
    Tensor ownWeights = bank.ownWeights(plan);
    weights = bank.weights(plan, folded(plan, ownWeights));
    Tensor output = result(plan, forward.outputLayout());
    Tensor bias = hasBias() ? bias(plan, ownWeights.shape()[0]) : null;
    forward.run(plan, source, weights, forwardBias() == null ? null : bias, output);
    if (hasBias() && filters.transposed()) {
      addBias(plan, bias, output);
    }
    if (!plan.isTraining()) {
      plan.release(source);
    } else if (!activation().isIdentity()) {
      plan.retain(output);
    }
    return plan.view(output, OneDnn.narrowed(output.layout(), filters.maps()));
  }

  /** Chooses shapes and primitive; returns what this reads, retained for the caller. */
  private Tensor source(PlanBuilder plan) {
    Tensor map = input().output();
    if (isPlain() && Pointwise.skipsPixels(plan, given, map)) {
      skipsPixels = true;
      Tensor pixels = Pointwise.pixels(plan, given, map);
      choose(plan, shapes(pixels.shape(), filters.maps()));
      Tensor laid = plan.inLayout(pixels, forward.inputLayout());
      plan.release(pixels);
      return laid;
    }
    boolean few = isPlain() && map.shape()[1] < OneDnn.channelBlock();
    if (few && readsRowMajor(plan, map)) {
      return plan.inLayout(map, forward.inputLayout());
    }
    if (few && input() instanceof ImageNode) {
      RowConvolution rows = new RowConvolution(map.shape(), given, OneDnn.channelBlock());
      choose(plan, shapes(rows, wideMaps()));
      if (!canNarrowOutput()) {
        choose(plan, shapes(rows, filters.maps()));
      }
      return rows.read(plan, map, forward.inputLayout());
    }
    Tensor wide = plan.widened(map);
    choose(plan, shapes(wide.shape(), wideMaps()));
    boolean isWide = shapes.to()[1] != filters.maps() || wide.shape()[1] != map.shape()[1];
    if (isWide && !canNarrowOutput()) {
      wide = map;
      choose(plan, shapes(map.shape(), filters.maps()));
    }
    return plan.inLayout(wide, forward.inputLayout());
  }

  /**
   * Whether oneDNN reads few channels row-major, without those that would fill a block; then shapes
   * and primitive are such. In inference alone: training keeps the bits of older builds.
   */
  private boolean readsRowMajor(PlanBuilder plan, Tensor map) {
    boolean isNarrow = Math.max(given.kernel()[0], given.kernel()[1]) <= WIDEST_ROW_MAJOR;
    if (plan.isTraining() || !isNarrow) {
      return false;
    }
    choose(plan, shapes(map.shape(), wideMaps()));
    return !OneDnn.isBlocked(forward.inputLayout()) && canNarrowOutput();
  }

  /** Not where maps are not in blocks, as with AMX, or in smaller ones than the surplus fills. */
  private boolean canNarrowOutput() {
    return OneDnn.canNarrow(forward.outputLayout(), filters.maps());
  }

  private void choose(PlanBuilder plan, ConvolutionShapes chosen) {
    shapes = chosen;
    forward = ForwardConvolution.of(plan, shapes, forwardBias(), postOperations());
  }

  private boolean isPlain() {
    return !filters.depthwise() && !filters.transposed() && !given.isDilated();
  }

  private Tensor bias(PlanBuilder plan, long maps) {
    Tensor own = filters.hasBias() ? shapes.bank().ownBias(plan) : null;
    return shapes.bank().bias(plan, foldedBias(plan, own, maps));
  }

  /** In a pass of its own: oneDNN's transposed convolution adds a bias in a slow loop. */
  private static void addBias(PlanBuilder plan, Tensor bias, Tensor output) {
    long maps = output.shape()[1];
    Tensor ofMaps =
        plan.parameterInLayout(
            plan.view(bias, OneDnn.plain(1, maps, 1, 1)),
            OneDnn.like(output.layout(), 1, maps, 1, 1));
    binary(plan, dnnl_binary_add, output, ofMaps, output, ActivationFunction.IDENTITY);
  }

  /** The memory of the result: that of the summand, if no other vertex needs it. */
  private Tensor result(PlanBuilder plan, dnnl_memory_desc_t layout) {
    if (addend() == null) {
      return plan.tensor(layout);
    }
    Tensor other = addend().output();
    dnnl_memory_desc_t narrow = OneDnn.narrowed(layout, filters.maps());
    boolean fits = plan.isOnlyReference(other) && OneDnn.isEqual(other.layout(), narrow);
    Tensor result = fits ? other : plan.tensor(narrow);
    if (fits) {
      plan.retain(other);
    } else {
      plan.copy(other, result);
    }
    return plan.view(result, layout);
  }

  /** A folded BatchNorm has one. */
  private boolean hasBias() {
    return filters.hasBias() || norm() != null;
  }

  private ConvolutionShapes shapes(RowConvolution rows, long maps) {
    ConvolutionWeights bank = rows.filters(name(), filters.maps(), maps);
    return ConvolutionShapes.of(rows.shape(), bank, rows.sliding(), false);
  }

  /**
   * @param from the input's shape, with as many channels as the primitives see
   * @param maps that the primitives give, where the filters are not depthwise
   */
  private ConvolutionShapes shapes(long[] from, long maps) {
    long channels = input().output().shape()[1];
    ConvolutionWeights bank =
        filters.depthwise() ? depthwiseBank(channels, from[1]) : denseBank(channels, from[1], maps);
    return ConvolutionShapes.of(
        from, bank, skipsPixels ? Pointwise.GEOMETRY : given, filters.transposed());
  }

  /** DL4J's are [height, width, channels, 1], those of a transposed one [channels, 1, ..]. */
  private ConvolutionWeights depthwiseBank(long channels, long wideChannels) {
    long[] kernel = given.kernel();
    long[] order = {channels, 1, 1, kernel[0], kernel[1]};
    dnnl_memory_desc_t flat =
        filters.transposed()
            ? OneDnn.plain(order)
            : OneDnn.strided(order, new long[] {1, 1, 1, kernel[1] * channels, channels});
    long[] shape = {wideChannels, 1, 1, kernel[0], kernel[1]};
    return new ConvolutionWeights(name(), flat, shape, OneDnn.plain(order), filters.maps());
  }

  /** Ours are [out, in, height, width], those of a transposed one [in, out, height, width]. */
  private ConvolutionWeights denseBank(long channels, long wideChannels, long maps) {
    long[] kernel = given.kernel();
    long[] order = {filters.maps(), channels, kernel[0], kernel[1]};
    long area = kernel[0] * kernel[1];
    dnnl_memory_desc_t flat =
        filters.transposed()
            ? OneDnn.strided(order, new long[] {area, filters.maps() * area, kernel[1], 1})
            : OneDnn.plain(order);
    dnnl_memory_desc_t inside =
        OneDnn.strided(order, new long[] {wideChannels * area, area, kernel[1], 1});
    long[] shape = {maps, wideChannels, kernel[0], kernel[1]};
    return new ConvolutionWeights(name(), flat, shape, inside, filters.maps());
  }

  /** Surplus maps must be zero after the activation, too. */
  private long wideMaps() {
    return activation().keepsZero()
        ? OneDnn.roundUp(filters.maps(), OneDnn.channelBlock())
        : filters.maps();
  }

  /** Of the primitive that computes the output; null: it adds none. */
  private dnnl_memory_desc_t forwardBias() {
    return filters.transposed() ? null : biasLayout();
  }

  private dnnl_memory_desc_t biasLayout() {
    return hasBias() ? shapes.bank().biasLayout() : null;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor inner = outputGradient;
    if (!activation().isIdentity()) {
      if (!activationDerivedBehind) {
        inner = Elementwise.backward(plan, activation(), output(), outputGradient);
      }
      plan.release(output());
    }
    Tensor narrow = plan.inLayout(inner, output().layout());
    plan.release(inner);
    Tensor wide = shapes.to()[1] == filters.maps() ? narrow : plan.widened(narrow);
    if (filters.depthwise() && !filters.transposed() && Phases.suit(given)) {
      backwardInPhases(plan, wide);
    } else {
      if (isTrained()) {
        if (inColumns(plan)) {
          KernelColumns.backwardWeights(plan, shapes, source, wide);
        } else if (Pointwise.suits(plan, shapes, source, wide)) {
          Pointwise.backwardWeights(plan, shapes.bank(), source, wide, filters.hasBias());
        } else {
          backwardWeights(plan, new Passes(shapes, forward.operation()), source, wide);
        }
      }
      plan.release(source);
      if (input().needsGradient()) {
        give(plan, backwardData(plan, new Passes(shapes, forward.operation()), wide));
      }
    }
    plan.release(wide);
  }

  /** What the backward primitives are made of. */
  private record Passes(ConvolutionShapes shapes, PrimitiveOperation forward) {}

  /** Of a dilated depthwise convolution oneDNN's backward pass is a matrix product a channel. */
  private void backwardInPhases(PlanBuilder plan, Tensor outputGradient) {
    Phases phases = new Phases(Math.toIntExact(given.dilation()[0]));
    long[] from = phases.shape(shapes.from());
    ConvolutionShapes inner =
        ConvolutionShapes.of(from, shapes.bank(), Phases.without(given), false);
    Passes passes = new Passes(inner, inner.forward(plan, forwardBias(), PostOperations.NONE));
    Tensor errors = phases.apart(plan, outputGradient);
    if (isTrained()) {
      Tensor sources = phases.apart(plan, source);
      backwardWeights(plan, passes, sources, errors);
      plan.release(sources);
    }
    plan.release(source);
    if (input().needsGradient()) {
      give(plan, phases.together(plan, backwardData(plan, passes, errors), shapes.from()));
    }
    plan.release(errors);
  }

  private boolean inColumns(PlanBuilder plan) {
    return plan.convolutions() == TrainSettings.Convolutions.COLUMNS
        && filters.depthwise()
        && !filters.transposed()
        && !filters.hasBias()
        && KernelColumns.suit(given, input().output().shape());
  }

  private void give(PlanBuilder plan, Tensor outgoing) {
    Tensor map = input().output();
    Tensor narrow = plan.narrowed(outgoing, map.shape()[1]);
    pass(plan, input(), skipsPixels ? Pointwise.spread(plan, given, narrow, map) : narrow);
  }

  private void backwardWeights(
      PlanBuilder plan, Passes passes, Tensor seen, Tensor outputGradient) {
    PrimitiveOperation operation = passes.shapes().weights(plan, biasLayout(), passes.forward());
    ConvolutionWeights bank = shapes.bank();
    Tensor gradient = bank.gradient(plan, operation.layout(dnnl_query_diff_weights_md));
    Tensor biasGradient = filters.hasBias() ? bank.biasGradient(plan) : null;
    WeightGradient.run(
        plan, operation, new WeightGradient.Sides(seen, outputGradient), gradient, biasGradient);
    bank.store(plan, gradient);
    if (filters.hasBias()) {
      bank.storeBias(plan, biasGradient);
    }
  }

  /** The input's error, retained for the caller. */
  private Tensor backwardData(PlanBuilder plan, Passes passes, Tensor outputGradient) {
    PrimitiveOperation operation = passes.shapes().data(plan, passes.forward());
    Tensor incoming = plan.inLayout(outputGradient, operation.layout(dnnl_query_diff_dst_md));
    Tensor outgoing = plan.tensor(operation.layout(dnnl_query_diff_src_md));
    plan.run(
        "convolution backward data",
        operation,
        new Arguments()
            .with(DNNL_ARG_DIFF_DST, incoming)
            .with(
                DNNL_ARG_WEIGHTS,
                plan.parameterInLayout(weights, operation.layout(dnnl_query_weights_md)))
            .with(DNNL_ARG_DIFF_SRC, outgoing));
    plan.release(incoming);
    return outgoing;
  }
}
