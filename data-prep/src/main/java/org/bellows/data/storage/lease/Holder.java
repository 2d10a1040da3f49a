// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The process that holds a lease.
 *
 * @param host only to be shown
 * @param process its number on that host, only to be shown
 * @param run identifies one taking of one lease; null in files of older builds
 */
record Holder(int token, String host, long process, String run) {
  private static final String UNKNOWN = "unknown";

  Holder {
    host = host == null ? UNKNOWN : host;
  }

  /** This process. */
  static Holder here(int token, String run) {
    return new Holder(token, hostName(), ProcessHandle.current().pid(), run);
  }

  /** For a file with other content, or one that is missing. */
  static Holder unknown(int token) {
    return new Holder(token, UNKNOWN, 0, null);
  }

  String text() {
    return process == 0 ? "an unknown process" : "process %d on host %s".formatted(process, host);
  }

  /** A host without a name can hold a lease as well. */
  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return UNKNOWN;
    }
  }
}
