// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_eltwise;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_sum;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_post_ops;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scratchpad_mode;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;

import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;

/** How a primitive is to be made: working memory from us, and what it does at its end. */
public final class Attributes implements AutoCloseable {
  private final dnnl_primitive_attr attributes = new dnnl_primitive_attr();

  public Attributes(PostOperations then) {
    OneDnn.check("attributes", dnnl_primitive_attr_create(attributes));
    OneDnn.check(
        "a scratchpad mode",
        dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user));
    if (!then.equals(PostOperations.NONE)) {
      append(then);
    }
  }

  private void append(PostOperations then) {
    dnnl_post_ops operations = new dnnl_post_ops();
    OneDnn.check("post-operations", dnnl_post_ops_create(operations));
    if (then.sum()) {
      OneDnn.check("a sum", dnnl_post_ops_append_sum(operations, 1));
    }
    ActivationFunction activation = then.activation();
    if (!activation.isIdentity()) {
      OneDnn.check(
          "a post-operation",
          dnnl_post_ops_append_eltwise(
              operations, 1, activation.forward(), activation.alpha(), activation.beta()));
    }
    OneDnn.check("post-operations", dnnl_primitive_attr_set_post_ops(attributes, operations));
    OneDnn.check("the end of post-operations", dnnl_post_ops_destroy(operations));
  }

  public dnnl_primitive_attr get() {
    return attributes;
  }

  @Override
  public void close() {
    OneDnn.check("the end of attributes", dnnl_primitive_attr_destroy(attributes));
  }
}
