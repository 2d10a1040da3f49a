// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.const_dnnl_op_desc_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.Pointer;

/** Makes oneDNN's objects for one plan, and ends them with it. */
final class NativeObjects {
  private final OneDnn oneDnn;
  private final boolean isCounting;
  private final List<Runnable> destructors = new ArrayList<>();

  /**
   * @param isCounting primitives are only described, and cannot run
   */
  NativeObjects(OneDnn oneDnn, boolean isCounting) {
    this.oneDnn = oneDnn;
    this.isCounting = isCounting;
  }

  /**
   * @param start null for an array that is given later
   */
  dnnl_memory memory(dnnl_memory_desc_t layout, Pointer start) {
    dnnl_memory memory = new dnnl_memory();
    OneDnn.check("memory", dnnl_memory_create(memory, layout, oneDnn.engine(), start));
    destructors.add(() -> OneDnn.check("the end of memory", dnnl_memory_destroy(memory)));
    return memory;
  }

  /**
   * @param vertex whose it is, for errors
   * @param intent a dnnl_..._desc_t
   * @param hint the forward primitive of a backward one, else null
   */
  PrimitiveOperation operation(
      String vertex, Pointer intent, PrimitiveOperation hint, PostOperations then) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    try (Attributes attributes = new Attributes(then)) {
      OneDnn.check(
          "a primitive for " + vertex + " (" + intent.getClass().getSimpleName() + ")",
          dnnl_primitive_desc_create(
              description,
              new const_dnnl_op_desc_t(intent),
              attributes.get(),
              oneDnn.engine(),
              hint == null ? null : hint.description()));
    }
    return operation(vertex, description);
  }

  /** A primitive of a description, which it takes over. */
  PrimitiveOperation operation(String vertex, dnnl_primitive_desc description) {
    if (isCounting) {
      destructors.add(() -> end(description));
      return new PrimitiveOperation(null, description);
    }
    dnnl_primitive primitive = new dnnl_primitive();
    OneDnn.check("a primitive for " + vertex, dnnl_primitive_create(primitive, description));
    destructors.add(
        () -> {
          OneDnn.check("the end of a primitive", dnnl_primitive_destroy(primitive));
          end(description);
        });
    return new PrimitiveOperation(primitive, description);
  }

  /** Copies elements from layout to layout. */
  PrimitiveOperation reorder(String vertex, dnnl_memory_desc_t from, dnnl_memory_desc_t to) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    try (Attributes attributes = new Attributes(PostOperations.NONE)) {
      OneDnn.check(
          "a reorder for " + vertex,
          dnnl_reorder_primitive_desc_create(
              description, from, oneDnn.engine(), to, oneDnn.engine(), attributes.get()));
    }
    return operation(vertex, description);
  }

  private static void end(dnnl_primitive_desc description) {
    OneDnn.check("the end of a description", dnnl_primitive_desc_destroy(description));
  }

  /** Ends all, in the order in which they were made. */
  void end() {
    destructors.forEach(Runnable::run);
  }
}
