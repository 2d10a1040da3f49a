// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.processor;

import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_set_max_cpu_isa;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.bellows.conf.ErrorCategory;
import org.bellows.worker.natives.NativeLibraries;

/**
 * Limits the instructions that oneDNN uses in this process. oneDNN takes a limit until something
 * asks it for the first time what it uses, and keeps that for the rest of the process; it does not
 * tell the limit without being asked, so it is kept here, too.
 */
public final class InstructionLimit {
  private static final AtomicReference<InstructionSet> LIMIT = new AtomicReference<>();

  private InstructionLimit() {}

  /** The limit that was set in this process. */
  static Optional<InstructionSet> current() {
    return Optional.ofNullable(LIMIT.get());
  }

  /**
   * @param most that this process may use from now on
   * @throws UnlikeExecutorsException when it has used others already
   */
  public static void set(InstructionSet most) {
    NativeLibraries.load();
    int status = dnnl_set_max_cpu_isa(most.oneDnn());
    InstructionSet used =
        status == 0 ? most : InstructionSet.ofOneDnn(dnnl_get_effective_cpu_isa());
    if (used.compareTo(most) > 0) {
      throw new UnlikeExecutorsException(
          ErrorCategory.INFRASTRUCTURE,
          "this process has computed with %s, and from now on the run computes with %s, which oneDNN can only be told before it computes; the same command resumes in new processes"
              .formatted(used.title(), most.title()));
    }
    LIMIT.set(used);
  }
}
