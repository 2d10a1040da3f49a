// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.IOException;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SparkConf;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;

/**
 * The identity for an HDFS with Kerberos: the login that spark-submit does, also for starts without
 * it.
 */
final class KerberosLogin {
  private static final String KEYTAB = "spark.kerberos.keytab";
  private static final String PRINCIPAL = "spark.kerberos.principal";

  private KerberosLogin() {}

  /**
   * Logs in with the keytab, where one is given; does nothing without Kerberos.
   *
   * @throws BellowsException (infrastructure) when the login fails, or there is no other proof
   */
  static void require(SparkConf conf) {
    if (!UserGroupInformation.isSecurityEnabled()) {
      return;
    }
    try {
      if (UserGroupInformation.isLoginKeytabBased()) {
        return;
      }
      if (conf.contains(KEYTAB) && conf.contains(PRINCIPAL)) {
        login(conf.get(PRINCIPAL), conf.get(KEYTAB));
        return;
      }
      UserGroupInformation user = UserGroupInformation.getCurrentUser();
      if (!user.hasKerberosCredentials() && user.getCredentials().numberOfTokens() == 0) {
        throw BellowsException.infrastructure(
            "HDFS wants Kerberos (hadoop.security.authentication = kerberos), and this process has"
                + " neither a ticket (kinit) nor a delegation token; or set %s and %s"
                    .formatted(KEYTAB, PRINCIPAL));
      }
    } catch (IOException e) {
      throw BellowsException.infrastructure(
          "cannot find out the Kerberos identity of this process: " + Storage.reason(e), e);
    }
  }

  private static void login(String principal, String keytab) {
    try {
      UserGroupInformation.loginUserFromKeytab(principal, keytab);
    } catch (IOException e) {
      throw BellowsException.infrastructure(
          "logging in to Kerberos as %s with %s %s failed: %s"
              .formatted(principal, KEYTAB, keytab, Storage.reason(e)),
          e);
    }
  }
}
