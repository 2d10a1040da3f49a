// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class JobSecretTest {

  /** RFC 5869, appendix A.1: the first 32 bytes of OKM are T(1). */
  @Test
  void derivesAsTheStandardSays() {
    HexFormat hex = HexFormat.of();
    byte[] pseudorandomKey =
        hex.parseHex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    assertThat(new JobSecret(pseudorandomKey).derive(hex.parseHex("f0f1f2f3f4f5f6f7f8f9")))
        .isEqualTo(
            hex.parseHex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
  }

  @Test
  void eachIsAnother() {
    JobSecret secret = JobSecret.random();
    assertThat(secret).isNotEqualTo(JobSecret.random());
    assertThat(secret.derive(new byte[1])).isNotEqualTo(secret.derive(new byte[2]));
    assertThatThrownBy(() -> new JobSecret(new byte[16]))
        .hasMessage("a secret has 32 bytes, not 16");
  }

  @Test
  void equalPhrasesAreEqualSecrets() {
    assertThat(JobSecret.of("a phrase"))
        .isEqualTo(JobSecret.of("a phrase"))
        .isNotEqualTo(JobSecret.of("another"));
  }

  @Test
  void saysNothingOfItselfInText() {
    byte[] bytes = new byte[32];
    bytes[0] = 77;
    Session session = new Session(new JobSecret(bytes), 3, true);
    assertThat(session)
        .hasToString("Session[secret=JobSecret[redacted], attempt=3, encrypted=true]");
    assertThat(new JobSecret(bytes)).hasSameHashCodeAs(JobSecret.random());
  }

  @Test
  void travelsInATask() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Session(JobSecret.random(), 1, false));
    }
    assertThat(bytes.size()).isPositive();
  }
}
