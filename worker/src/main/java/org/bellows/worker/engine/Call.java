package org.bellows.worker.engine;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;

import org.bytedeco.dnnl.dnnl_exec_arg_t;

/** One thing that a pass does. */
sealed interface Call {
  /** The vertex that it is done for. */
  String vertex();

  /** What is done, for a profile. */
  String what();

  void run(OneDnn oneDnn, Pass pass);

  /** A primitive with its arrays. */
  record Primitive(
      String vertex, String what, Operation operation, int count, dnnl_exec_arg_t arguments)
      implements Call {
    @Override
    public void run(OneDnn oneDnn, Pass pass) {
      int status =
          dnnl_primitive_execute(operation.primitive(), oneDnn.stream(), count, arguments);
      if (status != 0) {
        throw new IllegalStateException(
            "oneDNN failed at %s of %s: status %d".formatted(what, vertex, status));
      }
    }
  }

  /** Something that Java does itself. */
  record Own(String vertex, String what, Work work) implements Call {
    @Override
    public void run(OneDnn oneDnn, Pass pass) {
      work.run(pass);
    }
  }

  /** Java's part of a pass. */
  @FunctionalInterface
  interface Work {
    void run(Pass pass);
  }
}
