// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a test has started, and must not leave behind when it fails or its time is over. */
final class Processes {
  private static final int END_SECONDS = 30;

  private Processes() {}

  /** With all that they have started themselves. */
  static void end(List<Process> started) throws InterruptedException {
    for (Process process : started) {
      List<ProcessHandle> all =
          Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
      all.forEach(ProcessHandle::destroyForcibly);
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " does not end");
      }
    }
  }
}
