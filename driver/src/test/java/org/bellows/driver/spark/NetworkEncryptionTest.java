// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.bellows.conf.Settings.Encryption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkEncryptionTest {
  private final SparkConf conf = new SparkConf(false);

  @Test
  void withoutSparksItIsOffUnlessAskedFor() {
    assertThat(NetworkEncryption.isOn(conf, Encryption.AUTO)).isFalse();
    assertThat(NetworkEncryption.isOn(conf, Encryption.OFF)).isFalse();
    assertThat(NetworkEncryption.isOn(conf, Encryption.ON)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spark.network.crypto.enabled", "spark.authenticate.enableSaslEncryption"})
  void withSparksItIsOnUnlessSwitchedOff(String key) {
    conf.set(key, "true");
    assertThat(NetworkEncryption.isOn(conf, Encryption.AUTO)).isTrue();
    assertThat(NetworkEncryption.isOn(conf, Encryption.ON)).isTrue();
    assertThat(NetworkEncryption.isOn(conf, Encryption.OFF)).isFalse();
  }
}
