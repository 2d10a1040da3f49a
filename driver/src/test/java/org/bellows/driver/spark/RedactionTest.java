// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final Pattern REDACTED = Pattern.compile(Redaction.DEFAULT);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.authenticate.secret",
        "spark.ssl.keyStorePassword",
        "spark.executorEnv.MLFLOW_TRACKING_TOKEN",
        "spark.executorEnv.AWS_SECRET_ACCESS_KEY",
        "spark.executorEnv.AZURE_STORAGE_KEY",
        "spark.executorEnv.TRACKING_API_KEY",
        "spark.hadoop.fs.s3a.access.key",
        "spark.hadoop.fs.s3a.secret.key",
        "spark.hadoop.fs.s3a.session.token",
        "spark.hadoop.fs.s3a.encryption.key",
        "spark.hadoop.fs.s3a.server-side-encryption.key",
        "spark.hadoop.fs.azure.account.key.site.dfs.core.windows.net",
        "spark.hadoop.fs.azure.sas.pictures.site.blob.core.windows.net",
        "spark.hadoop.fs.azure.account.oauth2.client.secret",
        "spark.hadoop.fs.gs.auth.service.account.private.key",
        // Values count as well as names.
        "-Djavax.net.ssl.trustStorePassword=x",
      })
  void isHidden(String name) {
    assertThat(name).containsPattern(REDACTED);
  }

  /** What one needs to find a mistake. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.authenticate",
        "spark.executor.memory",
        "spark.kerberos.keytab",
        "spark.kerberos.principal",
        "spark.hadoop.fs.s3a.aws.credentials.provider",
        "spark.hadoop.hadoop.security.credential.provider.path",
        "spark.network.crypto.enabled",
        "spark.security.credentials.hadoopfs.enabled",
        "spark.ssl.keyStore",
      })
  void isShown(String name) {
    assertThat(name).doesNotContainPattern(REDACTED);
  }

  @Test
  void aSitesOwnExpressionStays() {
    SparkConf conf = new SparkConf(false).set(Redaction.KEY, "pin");
    Redaction.setDefault(conf);
    assertThat(conf.get(Redaction.KEY)).isEqualTo("pin");
    SparkConf unset = new SparkConf(false);
    Redaction.setDefault(unset);
    assertThat(unset.get(Redaction.KEY)).isEqualTo(Redaction.DEFAULT);
  }
}
