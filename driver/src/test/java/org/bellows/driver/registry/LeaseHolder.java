// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A process that takes a lease, says its token, and at each line that it is sent whether it holds.
 */
public final class LeaseHolder {
  private LeaseHolder() {}

  /** FOLDER EXPIRY-SECONDS. */
  public static void main(String[] args) throws IOException {
    Duration expiry = Duration.ofSeconds(Long.parseLong(args[1]));
    Lease lease = Lease.take(new Configuration(), new Path(args[0]), expiry);
    System.out.println("token " + lease.token());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      try {
        lease.requireHeld();
        System.out.println("held");
      } catch (LostLeaseException e) {
        System.out.println("lost: " + e.getMessage());
      }
    }
  }
}
