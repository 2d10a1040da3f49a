// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;

import org.bytedeco.dnnl.dnnl_exec_arg_t;

/** One thing that a pass does. */
public sealed interface Instruction {
  /** Where in a pass it is done. */
  PassPosition place();

  /** The name of the operation, for a profile. */
  String what();

  void run(OneDnn oneDnn, StepContext context);

  /** Parts of a pass. */
  enum Phase {
    /** Brings changed parameters into the plan's layouts. */
    PARAMETERS,
    FORWARD,
    BACKWARD
  }

  /**
   * @param vertex that it is done for
   */
  record PassPosition(String vertex, Phase phase) {}

  /** A primitive with its arrays. */
  record PrimitiveInstruction(
      PassPosition place,
      String what,
      PrimitiveOperation operation,
      int count,
      dnnl_exec_arg_t arguments)
      implements Instruction {
    @Override
    public void run(OneDnn oneDnn, StepContext context) {
      int status = dnnl_primitive_execute(operation.primitive(), oneDnn.stream(), count, arguments);
      if (status != 0) {
        throw new IllegalStateException(
            "oneDNN failed at %s of %s: status %d".formatted(what, place.vertex(), status));
      }
    }
  }

  /** Something that Java does itself. */
  record JavaInstruction(PassPosition place, String what, Work work) implements Instruction {
    @Override
    public void run(OneDnn oneDnn, StepContext context) {
      work.run(context);
    }
  }

  /** Java's part of a pass. */
  @FunctionalInterface
  interface Work {
    void run(StepContext context);
  }
}
