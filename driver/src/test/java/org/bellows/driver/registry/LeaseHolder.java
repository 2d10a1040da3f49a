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
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseHeldException;
import org.bellows.data.storage.lease.LeaseTerms;
import org.bellows.data.storage.lease.LostLeaseException;

/**
 * A process that takes a lease and says its token, or why it has none; for each line that it is
 * sent it creates a file of that name beside the lease and says whether it did.
 */
public final class LeaseHolder {
  private LeaseHolder() {}

  /** FOLDER EXPIRY-SECONDS. */
  public static void main(String[] args) throws IOException {
    LeaseTerms terms = LeaseTerms.refusing(Duration.ofSeconds(Long.parseLong(args[1])));
    Path folder = new Path(args[0]);
    Lease lease;
    try {
      lease = Lease.take(new Configuration(), folder, terms);
    } catch (LeaseHeldException e) {
      System.out.println("held: " + e.getMessage());
      return;
    }
    System.out.println("token " + lease.token());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        Path file = new Path(folder.getParent(), line);
        System.out.println(lease.create(file, new byte[] {1}) ? "created" : "there already");
      } catch (LostLeaseException e) {
        System.out.println("lost: " + e.getMessage());
      }
    }
  }
}
