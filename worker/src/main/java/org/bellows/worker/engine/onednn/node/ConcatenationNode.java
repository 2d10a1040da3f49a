// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MULTIPLE_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_concat_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_dst_md;

import java.util.ArrayList;
import java.util.List;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.Attributes;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PostOperations;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** Maps with their channels concatenated. */
public final class ConcatenationNode extends Node {

  public ConcatenationNode(String name, List<Node> inputs) {
    super(name, inputs);
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    int count = inputs().size();
    dnnl_memory_desc_t layouts = new dnnl_memory_desc_t(count);
    List<Tensor> maps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Tensor map = inputs().get(i).output();
      maps.add(plan.inLayout(map, OneDnn.ofType(plan.mapType(), map.layout())));
      layouts.getPointer(i).put(maps.get(i).layout());
    }
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    try (Attributes attributes = new Attributes(PostOperations.NONE)) {
      OneDnn.check(
          "a concatenation",
          dnnl_concat_primitive_desc_create(
              description, null, count, 1, layouts, attributes.get(), plan.oneDnn().engine()));
    }
    PrimitiveOperation operation = plan.operation(description);
    Tensor output = plan.tensor(operation.layout(dnnl_query_dst_md));
    Arguments arguments = new Arguments();
    for (int i = 0; i < count; i++) {
      arguments.with(DNNL_ARG_MULTIPLE_SRC + i, maps.get(i));
    }
    plan.run("concatenation", operation, arguments.with(DNNL_ARG_DST, output));
    maps.forEach(plan::release);
    return output;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    long first = 0;
    for (Node input : inputs()) {
      long channels = input.output().shape()[1];
      if (input.needsGradient()) {
        pass(plan, input, Channels.read(plan, outputGradient, first, input.output().layout()));
      }
      first += channels;
    }
    plan.release(outputGradient);
  }
}
