// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.bytedeco.dnnl.global.dnnl.dnnl_aBcd16b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_aBcd4b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_aBcd8b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_aBcde16b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_abcd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_acdb;
import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_blocked;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_amx;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_format_tag_any;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_equal;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_init_by_strides;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_init_by_tag;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_init_submemory;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_default_flags;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_destroy;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_stream;

/** oneDNN's engine for the CPU and its stream, which runs each primitive before it returns. */
public final class OneDnn implements AutoCloseable {
  /** Channels of a block with AVX-512, and of {@link #inBlocks}. */
  public static final long BLOCK = 16;

  private final dnnl_engine engine = new dnnl_engine();
  private final dnnl_stream stream = new dnnl_stream();

  public OneDnn() {
    check("an engine", dnnl_engine_create(engine, dnnl_cpu, 0));
    check("a stream", dnnl_stream_create(stream, engine, dnnl_stream_default_flags));
  }

  public dnnl_engine engine() {
    return engine;
  }

  public dnnl_stream stream() {
    return stream;
  }

  /**
   * @param what was asked of oneDNN
   * @param status its answer: 0, or dnnl_status_t
   */
  public static void check(String what, int status) {
    if (status != 0) {
      throw new IllegalStateException("oneDNN refused %s: status %d".formatted(what, status));
    }
  }

  /** Row-major floats. */
  public static dnnl_memory_desc_t plain(long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strided(shape, strides);
  }

  /**
   * @param strides in floats, one a dimension
   */
  public static dnnl_memory_desc_t strided(long[] shape, long[] strides) {
    dnnl_memory_desc_t layout = new dnnl_memory_desc_t();
    check(
        "a layout",
        dnnl_memory_desc_init_by_strides(layout, shape.length, shape, dnnl_f32, strides));
    return layout;
  }

  /** The layout is oneDNN's choice. */
  public static dnnl_memory_desc_t any(long... shape) {
    return anyOf(dnnl_f32, shape);
  }

  /**
   * The same in a number format.
   *
   * @param type a dnnl_data_type_t
   */
  public static dnnl_memory_desc_t anyOf(int type, long... shape) {
    dnnl_memory_desc_t layout = new dnnl_memory_desc_t();
    check(
        "a layout",
        dnnl_memory_desc_init_by_tag(layout, shape.length, shape, type, dnnl_format_tag_any));
    return layout;
  }

  /** The same elements in the same places, as numbers of another format. */
  public static dnnl_memory_desc_t ofType(int type, dnnl_memory_desc_t layout) {
    if (layout.data_type() == type) {
      return layout;
    }
    dnnl_memory_desc_t other = new dnnl_memory_desc_t();
    other.put(layout);
    other.data_type(type);
    return other;
  }

  /** Row-major, in the number format of a map. */
  public static dnnl_memory_desc_t plainLike(dnnl_memory_desc_t map, long... shape) {
    return ofType(map.data_type(), plain(shape));
  }

  /** The layout of another shape that is blocked and ordered as a map's is. */
  public static dnnl_memory_desc_t like(dnnl_memory_desc_t map, long... shape) {
    dnnl_memory_desc_t layout = new dnnl_memory_desc_t();
    check(
        "a layout",
        dnnl_memory_desc_init_by_tag(layout, shape.length, shape, map.data_type(), tag(map)));
    return layout;
  }

  /**
   * Floats of a map with depth, in one block of 16 channels.
   *
   * @param shape [samples, 16, depth, height, width]
   */
  public static dnnl_memory_desc_t deep(long... shape) {
    dnnl_memory_desc_t layout = new dnnl_memory_desc_t();
    check(
        "a layout",
        dnnl_memory_desc_init_by_tag(layout, shape.length, shape, dnnl_f32, dnnl_aBcde16b));
    return layout;
  }

  /** Blocks of 16 channels, in the number format of a map. */
  public static dnnl_memory_desc_t inBlocks(dnnl_memory_desc_t map, long... shape) {
    dnnl_memory_desc_t layout = new dnnl_memory_desc_t();
    check(
        "a layout",
        dnnl_memory_desc_init_by_tag(layout, shape.length, shape, map.data_type(), dnnl_aBcd16b));
    return layout;
  }

  private static int tag(dnnl_memory_desc_t map) {
    if (!isBlocked(map)) {
      boolean channelsLast = strides(map)[1] == 1;
      return channelsLast && shape(map)[1] > 1 ? dnnl_acdb : dnnl_abcd;
    }
    long block = block(map);
    return switch (Math.toIntExact(block)) {
      case 4 -> dnnl_aBcd4b;
      case 8 -> dnnl_aBcd8b;
      case 16 -> dnnl_aBcd16b;
      default -> throw new IllegalStateException("a map in blocks of " + block + " channels");
    };
  }

  /** For a person: "64x8x28x28 in blocks of 8, strides [...]". */
  public static String text(dnnl_memory_desc_t layout) {
    String blocks = isBlocked(layout) ? " in blocks of " + block(layout) : "";
    return Arrays.toString(shape(layout))
        + blocks
        + ", strides "
        + Arrays.toString(strides(layout));
  }

  /**
   * A pointer to a member does not keep the layout, which JavaCPP frees when nothing refers to it.
   */
  private static <T> T read(
      dnnl_memory_desc_t layout, Function<? super dnnl_memory_desc_t, ? extends T> members) {
    try {
      return members.apply(layout);
    } finally {
      Reference.reachabilityFence(layout);
    }
  }

  public static long[] shape(dnnl_memory_desc_t layout) {
    return read(
        layout,
        members -> {
          long[] shape = new long[members.ndims()];
          members.dims().get(shape);
          return shape;
        });
  }

  /** In elements, those of a blocked dimension from block to block. */
  public static long[] strides(dnnl_memory_desc_t layout) {
    return read(
        layout,
        members -> {
          long[] strides = new long[members.ndims()];
          members.format_desc_blocking().strides().get(strides);
          return strides;
        });
  }

  /** Channels of a block of a map that {@link #isBlocked}. */
  public static long block(dnnl_memory_desc_t map) {
    return read(map, members -> members.format_desc_blocking().inner_blks().get(0));
  }

  /** Channels that a vector register of this processor holds: how oneDNN blocks maps. */
  public static long channelBlock() {
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core
        ? 16
        : 8;
  }

  /** Whether oneDNN may use AMX. */
  public static boolean hasAmx() {
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_amx)
        == dnnl_cpu_isa_avx512_core_amx;
  }

  /** Whether a map's pixels are stored one after the other, each with all its channels. */
  public static boolean isChannelsLast(dnnl_memory_desc_t map) {
    long[] shape = shape(map);
    if (isBlocked(map) || shape.length != 4) {
      return false;
    }
    long row = shape[3] * shape[1];
    return Arrays.equals(strides(map), new long[] {shape[2] * row, 1, row, shape[1]});
  }

  public static long roundUp(long value, long multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }

  /**
   * Bytes from an array's start to the end of its last element, the zeros that fill its blocks
   * included. oneDNN's own size of an array is the product of sides and strides: less, where rows
   * overlap, and more, where some are left out.
   */
  static long extent(dnnl_memory_desc_t layout) {
    return read(layout, OneDnn::bytes);
  }

  private static long bytes(dnnl_memory_desc_t layout) {
    long[] sides = new long[layout.ndims()];
    layout.padded_dims().get(sides);
    long[] strides = strides(layout);
    long inner = 1;
    for (int i = 0; i < layout.format_desc_blocking().inner_nblks(); i++) {
      long block = layout.format_desc_blocking().inner_blks().get(i);
      sides[(int) layout.format_desc_blocking().inner_idxs().get(i)] /= block;
      inner *= block;
    }
    long elements = layout.offset0() + inner;
    for (int i = 0; i < sides.length; i++) {
      elements += (sides[i] - 1) * strides[i];
    }
    return elements * (layout.data_type() == dnnl_bf16 ? 2 : 4);
  }

  /** Channels with those that fill the last block up. */
  public static long paddedChannels(dnnl_memory_desc_t layout) {
    return read(layout, members -> members.padded_dims().get(1));
  }

  public static boolean isBlocked(dnnl_memory_desc_t layout) {
    return read(
        layout,
        members ->
            members.format_kind() == dnnl_blocked
                && members.format_desc_blocking().inner_nblks() > 0);
  }

  /** A map's layout with the zeros that fill its last block as channels of their own. */
  public static dnnl_memory_desc_t widened(dnnl_memory_desc_t map) {
    long[] shape = shape(map);
    if (shape.length != 4 || shape[1] == paddedChannels(map)) {
      return map;
    }
    return like(map, shape[0], paddedChannels(map), shape[2], shape[3]);
  }

  /** The opposite: a map of fewer channels in the same memory. */
  public static dnnl_memory_desc_t narrowed(dnnl_memory_desc_t map, long channels) {
    long[] shape = shape(map);
    return shape[1] == channels ? map : like(map, shape[0], channels, shape[2], shape[3]);
  }

  /**
   * A part of a map's height and width, with its first channels.
   *
   * @param shape of the part
   */
  public static dnnl_memory_desc_t part(dnnl_memory_desc_t map, long[] shape, long top, long left) {
    dnnl_memory_desc_t view = new dnnl_memory_desc_t();
    check(
        "a part " + Arrays.toString(shape) + " of a map " + text(map),
        dnnl_memory_desc_init_submemory(view, map, shape, new long[] {0, 0, top, left}));
    return view;
  }

  /** Whether the map of fewer channels is stored as {@link #narrowed} says. */
  public static boolean canNarrow(dnnl_memory_desc_t map, long channels) {
    long whole = shape(map)[1];
    return whole == channels || paddedChannels(narrowed(map, channels)) == whole;
  }

  public static boolean isEqual(dnnl_memory_desc_t one, dnnl_memory_desc_t other) {
    return dnnl_memory_desc_equal(one, other) != 0;
  }

  @Override
  public void close() {
    check("the end of a stream", dnnl_stream_destroy(stream));
    check("the end of an engine", dnnl_engine_destroy(engine));
  }
}
