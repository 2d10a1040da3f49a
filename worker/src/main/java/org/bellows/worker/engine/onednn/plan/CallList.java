// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_scratchpad_md;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.javacpp.Pointer;

/**
 * A plan's calls in the order in which they will run, each with the vertex and the part of the pass
 * that it belongs to. All primitives work in one scratchpad, since they run one after the other.
 */
final class CallList {
  private final NativeObjects natives;
  private final List<Instruction> parameters = new ArrayList<>();
  private final List<Instruction> pass = new ArrayList<>();
  private final List<dnnl_memory> scratchpads = new ArrayList<>();
  private long scratchpadBytes;
  private String vertex = "";
  private Instruction.Phase phase = Instruction.Phase.FORWARD;

  CallList(NativeObjects natives) {
    this.natives = natives;
  }

  /** The following calls belong to this vertex. */
  void enter(String name, Instruction.Phase ofPass) {
    vertex = name;
    phase = ofPass;
  }

  String vertex() {
    return vertex;
  }

  void run(String what, PrimitiveOperation operation, Arguments arguments) {
    pass.add(primitive(phase, what, operation, arguments));
  }

  void run(String what, Instruction.Work work) {
    pass.add(new Instruction.JavaInstruction(place(phase), what, work));
  }

  /** When parameters have changed, before what was asked for later. */
  void onNewParameters(String what, PrimitiveOperation operation, Arguments arguments) {
    parameters.add(primitive(Instruction.Phase.PARAMETERS, what, operation, arguments));
  }

  /** As above. */
  void onNewParameters(String what, Instruction.Work work) {
    parameters.add(
        new Instruction.JavaInstruction(place(Instruction.Phase.PARAMETERS), what, work));
  }

  private Instruction.PassPosition place(Instruction.Phase ofPass) {
    return new Instruction.PassPosition(vertex, ofPass);
  }

  private Instruction primitive(
      Instruction.Phase ofPass, String what, PrimitiveOperation operation, Arguments arguments) {
    int count = arguments.size() + 1;
    dnnl_exec_arg_t array = new dnnl_exec_arg_t(count);
    for (int i = 0; i < arguments.size(); i++) {
      array.getPointer(i).arg(arguments.kind(i)).memory(arguments.tensor(i).memory());
    }
    array.getPointer(count - 1).arg(DNNL_ARG_SCRATCHPAD).memory(scratchpad(operation));
    String name = what + " " + operation.implementation();
    return new Instruction.PrimitiveInstruction(place(ofPass), name, operation, count, array);
  }

  private dnnl_memory scratchpad(PrimitiveOperation operation) {
    dnnl_memory_desc_t layout = operation.layout(dnnl_query_scratchpad_md);
    scratchpadBytes = Math.max(scratchpadBytes, dnnl_memory_desc_get_size(layout));
    dnnl_memory memory = natives.memory(layout, null);
    scratchpads.add(memory);
    return memory;
  }

  /** What the primitive that needs most needs. */
  long scratchpadBytes() {
    return scratchpadBytes;
  }

  /**
   * @param start of {@link #scratchpadBytes}
   */
  void setScratchpad(Pointer start) {
    for (dnnl_memory memory : scratchpads) {
      OneDnn.check("a scratchpad", dnnl_memory_set_data_handle(memory, start));
    }
  }

  /** Those that bring changed parameters into the plan's layouts. */
  List<Instruction> parameters() {
    return parameters;
  }

  /** All the rest. */
  List<Instruction> pass() {
    return pass;
  }
}
