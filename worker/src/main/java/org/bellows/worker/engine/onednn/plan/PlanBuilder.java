// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;

import java.util.List;
import org.bellows.conf.TrainSettings;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Collects a plan's calls, arrays and native objects while nodes are compiled one by one. */
public final class PlanBuilder {
  private final OneDnn oneDnn;
  private final FlatVectors vectors;
  private final Pass pass;
  private final Arena arena;
  private final NativeObjects natives;
  private final CallList calls;
  private final FinalGradients finalGradients = new FinalGradients();

  public PlanBuilder(OneDnn oneDnn, FlatVectors vectors, Pass pass) {
    this(oneDnn, vectors, new Arena(), pass);
  }

  private PlanBuilder(OneDnn oneDnn, FlatVectors vectors, Arena arena, Pass pass) {
    this.oneDnn = oneDnn;
    this.vectors = vectors;
    this.arena = arena;
    this.pass = pass;
    this.natives = new NativeObjects(oneDnn, vectors == null);
    this.calls = new CallList(natives);
  }

  /**
   * A builder of a plan that only computes how much memory it needs and cannot run: no large array
   * is made for it.
   */
  public static PlanBuilder counting(OneDnn oneDnn, Pass pass) {
    return new PlanBuilder(oneDnn, null, Arena.counting(), pass);
  }

  private boolean isCounting() {
    return vectors == null;
  }

  public int samples() {
    return pass.samples();
  }

  public boolean isTraining() {
    return pass.training();
  }

  /** The number format of maps and weights, a dnnl_data_type_t. */
  public int mapType() {
    return switch (pass.precision()) {
      // TF32 has been refused: this library has none.
      case FLOAT32, TF32 -> dnnl_f32;
      case BFLOAT16 -> dnnl_bf16;
    };
  }

  public TrainSettings.Convolutions convolutions() {
    return pass.convolutions();
  }

  /** The following calls belong to this vertex. */
  public void enter(String name, Instruction.Phase ofPass) {
    calls.enter(name, ofPass);
  }

  /** A new array that the caller holds. */
  public Tensor tensor(dnnl_memory_desc_t layout) {
    MemoryBlock block = arena.acquire(dnnl_memory_desc_get_size(layout));
    return new Tensor(layout, natives.memory(layout, block.start()), block.start(), block);
  }

  /** A new array of zeros that keeps its memory for good. */
  public Tensor zeros(dnnl_memory_desc_t layout) {
    MemoryBlock block = arena.acquireZeros(dnnl_memory_desc_get_size(layout));
    return new Tensor(layout, natives.memory(layout, block.start()), block.start(), block);
  }

  /** Fills an array with zeros at this point of the plan. */
  public void clear(Tensor tensor) {
    Pointer start = tensor.start();
    long bytes = dnnl_memory_desc_get_size(tensor.layout());
    run("zeros", context -> Pointer.memset(start, 0, bytes));
  }

  /**
   * A view of the same memory in another layout; does not retain it.
   *
   * @throws IllegalStateException for a layout that reaches beyond the memory: what is read there
   *     may be NaN, and NaN it stays where it is multiplied with zero
   */
  public Tensor view(Tensor whole, dnnl_memory_desc_t layout) {
    long bytes = OneDnn.extent(layout);
    long there = OneDnn.extent(whole.layout());
    if (bytes > there) {
      throw new IllegalStateException(
          "%s views %d bytes of an array of %d bytes".formatted(calls.vertex(), bytes, there));
    }
    return new Tensor(layout, natives.memory(layout, whole.start()), whole.start(), whole.block());
  }

  /**
   * A view of one sample.
   *
   * @param whole samples of that layout, one after the other
   */
  public Tensor sample(Tensor whole, dnnl_memory_desc_t layout, long index) {
    if (isCounting()) {
      return view(whole, layout);
    }
    long offset = index * dnnl_memory_desc_get_size(layout);
    Pointer start = new BytePointer(whole.start()).getPointer(offset);
    return new Tensor(layout, natives.memory(layout, start), start, whole.block());
  }

  /**
   * A parameter in the flat vector.
   *
   * @param name layer_parameter
   * @param layout of its elements there
   */
  public Tensor parameter(String name, dnnl_memory_desc_t layout) {
    return isCounting()
        ? nowhere(layout)
        : flat(vectors.segment(name), layout, vectors.parameters(vectors.segment(name)));
  }

  /** As above, in the flat gradient. */
  public Tensor gradient(String name, dnnl_memory_desc_t layout) {
    if (isCounting()) {
      return nowhere(layout);
    }
    ParameterSlot slot = vectors.segment(name);
    finalGradients.ask(slot, calls.vertex());
    return flat(slot, layout, vectors.gradient(slot));
  }

  private Tensor nowhere(dnnl_memory_desc_t layout) {
    return new Tensor(layout, natives.memory(layout, null), new FloatPointer(), null);
  }

  private Tensor flat(ParameterSlot slot, dnnl_memory_desc_t layout, FloatPointer start) {
    long bytes = dnnl_memory_desc_get_size(layout);
    if (bytes != (long) slot.length() * Float.BYTES) {
      throw new IllegalStateException(
          "parameter %s has %d floats, its layout %d bytes"
              .formatted(slot.name(), slot.length(), bytes));
    }
    return new Tensor(layout, natives.memory(layout, start), start, null);
  }

  /**
   * Where a map's last block is not full, the map with the zeros that fill it as channels of their
   * own: oneDNN is slow where it must leave them out. Does not retain it.
   */
  public Tensor widened(Tensor map) {
    return view(map, OneDnn.widened(map.layout()));
  }

  /**
   * The first channels of a map: the map itself where they fill its blocks but for the last, whose
   * surplus is zero, else a copy.
   *
   * @param map taken over
   * @return retained for the caller
   */
  public Tensor narrowed(Tensor map, long channels) {
    long[] shape = map.shape();
    if (OneDnn.canNarrow(map.layout(), channels)) {
      return view(map, OneDnn.narrowed(map.layout(), channels));
    }
    shape[1] = channels;
    Tensor copy = tensor(OneDnn.like(map.layout(), shape));
    copy(view(map, OneDnn.part(map.layout(), shape, 0, 0)), copy);
    release(map);
    return copy;
  }

  /** One holder more. */
  public void retain(Tensor tensor) {
    if (tensor.block() != null) {
      tensor.block().retain(1);
    }
  }

  /** One holder less. */
  public void release(Tensor tensor) {
    if (tensor.block() != null) {
      arena.release(tensor.block());
    }
  }

  /** Whether the caller, which owns the array, may overwrite it. */
  public boolean isOnlyReference(Tensor tensor) {
    return tensor.block() != null && tensor.block().refCount() == 1;
  }

  /** How many still need what a tensor of the plan's own memory holds. */
  public int refCount(Tensor tensor) {
    return tensor.block().refCount();
  }

  /**
   * A primitive.
   *
   * @param intent a dnnl_..._desc_t
   * @param hint the forward primitive of a backward one, else null
   */
  public PrimitiveOperation operation(
      Pointer intent, PrimitiveOperation hint, PostOperations then) {
    return natives.operation(calls.vertex(), intent, hint, then);
  }

  public PrimitiveOperation operation(
      Pointer intent, PrimitiveOperation hint, ActivationFunction activation) {
    return operation(intent, hint, new PostOperations(false, activation));
  }

  public PrimitiveOperation operation(Pointer intent, PrimitiveOperation hint) {
    return operation(intent, hint, PostOperations.NONE);
  }

  /** A primitive of a description, which it takes over. */
  public PrimitiveOperation operation(dnnl_primitive_desc description) {
    return natives.operation(calls.vertex(), description);
  }

  /** Runs a primitive at this point of the plan. */
  public void run(String what, PrimitiveOperation operation, Arguments arguments) {
    calls.run(what, operation, arguments);
  }

  /** Runs Java code at this point of the plan. */
  public void run(String what, Instruction.Work work) {
    calls.run(what, work);
  }

  /** Runs Java code when parameters have changed, before what was asked for later. */
  public void onNewParameters(String what, Runnable work) {
    calls.onNewParameters(what, context -> work.run());
  }

  /**
   * The array itself if it has that layout already, else a copy.
   *
   * @return held once by the caller, whatever it is; {@code tensor}'s own holders stay
   */
  public Tensor inLayout(Tensor tensor, dnnl_memory_desc_t layout) {
    if (OneDnn.isEqual(tensor.layout(), layout)) {
      retain(tensor);
      return tensor;
    }
    Tensor copy = tensor(layout);
    copy(tensor, copy);
    return copy;
  }

  /** As above, but of parameters: copied only when these have changed. */
  public Tensor parameterInLayout(Tensor parameter, dnnl_memory_desc_t layout) {
    if (OneDnn.isEqual(parameter.layout(), layout)) {
      return parameter;
    }
    Tensor copy = zeros(layout);
    copyParameter(parameter, copy);
    return copy;
  }

  /** Copies parameters from layout to layout when they have changed. */
  public void copyParameter(Tensor from, Tensor to) {
    calls.onNewParameters(
        "weights", natives.reorder(calls.vertex(), from.layout(), to.layout()), copying(from, to));
  }

  /** Copies elements from layout to layout. */
  public void copy(Tensor from, Tensor to) {
    String what = "%s -> %s".formatted(OneDnn.text(from.layout()), OneDnn.text(to.layout()));
    run(what, natives.reorder(calls.vertex(), from.layout(), to.layout()), copying(from, to));
  }

  private static Arguments copying(Tensor from, Tensor to) {
    return new Arguments().with(DNNL_ARG_FROM, from).with(DNNL_ARG_TO, to);
  }

  public OneDnn oneDnn() {
    return oneDnn;
  }

  /**
   * The plan of all that was collected.
   *
   * @param input where the pixels go
   */
  public Plan finish(Tensor input) {
    calls.setScratchpad(arena.acquireZeros(calls.scratchpadBytes()).start());
    Runnable destructor =
        () -> {
          natives.end();
          arena.close();
        };
    int[] finalFrom =
        isCounting() ? new int[0] : finalGradients.after(calls.pass(), vectors.length());
    Plan.Calls all =
        new Plan.Calls(List.copyOf(calls.parameters()), List.copyOf(calls.pass()), finalFrom);
    return new Plan(oneDnn, vectors, input, all, arena.totalBytes(), destructor);
  }
}
