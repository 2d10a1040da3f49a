// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * 256 random bits that the driver of one job draws and sends to its tasks through Spark. Ranks
 * prove that they know it and derive keys from it; it never leaves this class as bytes, and says
 * nothing of itself in text.
 */
public final class JobSecret implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String MAC = "HmacSHA256";
  private static final int BYTES = 32;

  private final byte[] bytes;

  JobSecret(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a secret has " + BYTES + " bytes, not " + bytes.length);
    }
    this.bytes = bytes.clone();
  }

  public static JobSecret random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new JobSecret(bytes);
  }

  /**
   * The secret of processes that share a phrase instead of a job.
   *
   * @param phrase with at least 128 random bits in it; it is as confidential as the secret
   */
  public static JobSecret of(String phrase) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return new JobSecret(digest.digest(phrase.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * HKDF-Expand (RFC 5869, section 2.3) with HMAC-SHA-256 and L = 32: T(1) = HMAC(secret, info |
   * 0x01). The extract step is left out, as section 3.3 allows for a uniformly random secret.
   *
   * @return 32 bytes, which tell nothing of the secret or of other infos' bytes
   */
  byte[] derive(byte[] info) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(bytes, MAC));
      mac.update(info);
      mac.update((byte) 1);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + MAC, e);
    }
  }

  /** 16 hexadecimal digits that identify the job without revealing the secret. */
  public String jobName() {
    byte[] name = derive("bellows job name".getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(name, 0, Long.BYTES);
  }

  /** In constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof JobSecret secret && MessageDigest.isEqual(bytes, secret.bytes);
  }

  /** Tells nothing. */
  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "JobSecret[redacted]";
  }
}
