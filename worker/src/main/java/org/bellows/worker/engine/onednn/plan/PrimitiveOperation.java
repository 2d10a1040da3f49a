// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_impl_info_str;

import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** A primitive and what oneDNN says of it. */
public record PrimitiveOperation(dnnl_primitive primitive, dnnl_primitive_desc description) {

  /**
   * @param query which array, a dnnl_query_..._md
   */
  public dnnl_memory_desc_t layout(int query) {
    return layout(description, query);
  }

  public static dnnl_memory_desc_t layout(dnnl_primitive_desc description, int query) {
    dnnl_memory_desc_t copy = new dnnl_memory_desc_t();
    copy.put(dnnl_primitive_desc_query_md(description, query, 0));
    return copy;
  }

  /** oneDNN's name of the code that runs, such as "jit:avx2"; "ref" ones are slow. */
  String implementation() {
    return implementation(description);
  }

  static String implementation(dnnl_primitive_desc description) {
    try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
      OneDnn.check(
          "a name", dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, name));
      return name.get(BytePointer.class, 0).getString();
    }
  }
}
