// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM over another channel's bytes (NIST SP 800-38D): what is taken at once becomes one
 * record, its length (4 bytes, big-endian), the ciphertext and a tag of 16 bytes. Each direction
 * has a key of its own and numbers its records from 0; the number is the initialization vector (4
 * zero bytes, 8 bytes big-endian, the deterministic construction of section 8.2.1), so that a
 * record that is changed, left out, repeated or moved fails its tag. A length that is changed moves
 * the tag.
 */
final class EncryptedChannel implements Channel {
  static final int LENGTH_BYTES = Integer.BYTES;
  static final int TAG_BYTES = 16;
  private static final int IV_BYTES = 12;

  private final PlainChannel below;
  private final Direction sending;
  private final Direction receiving;

  /**
   * @param sendingKey 32 bytes, of this direction of this connection alone
   * @param receivingKey 32 bytes
   */
  EncryptedChannel(SocketChannel socket, byte[] sendingKey, byte[] receivingKey) {
    this.below = new PlainChannel(socket);
    this.sending = new Direction(Cipher.ENCRYPT_MODE, sendingKey);
    this.receiving = new Direction(Cipher.DECRYPT_MODE, receivingKey);
    sending.record.limit(0);
    receiving.record.limit(LENGTH_BYTES);
  }

  /** On the heap, where ciphers work. */
  @Override
  public ByteBuffer buffer() {
    return ByteBuffer.allocate(MAX_BYTES);
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    if (!flush()) {
      return;
    }
    ByteBuffer record = sending.record.clear();
    record.putInt(from.remaining());
    sending.next(from, record);
    record.flip();
    flush();
  }

  @Override
  public boolean flush() throws IOException {
    below.write(sending.record);
    return !sending.record.hasRemaining();
  }

  @Override
  public void read(ByteBuffer to) throws IOException {
    ByteBuffer record = receiving.record;
    below.read(record);
    if (record.position() == LENGTH_BYTES && record.limit() == LENGTH_BYTES) {
      int length = record.getInt(0);
      if (length < 1 || length > to.remaining()) {
        throw receiving.unexpected(
            "has %d bytes, expected 1 to %d".formatted(length, to.remaining()), null);
      }
      record.limit(LENGTH_BYTES + length + TAG_BYTES);
      below.read(record);
    }
    if (!record.hasRemaining()) {
      receiving.next(record.position(LENGTH_BYTES), to);
      record.clear().limit(LENGTH_BYTES);
    }
  }

  /** Used by one thread at a time; its buffer serves every record. */
  private static final class Direction {
    private final int mode;
    private final Cipher cipher;
    private final SecretKeySpec key;
    private final ByteBuffer iv = ByteBuffer.allocate(IV_BYTES);
    private final ByteBuffer record = ByteBuffer.allocate(LENGTH_BYTES + MAX_BYTES + TAG_BYTES);
    private long records;

    Direction(int mode, byte[] key) {
      this.mode = mode;
      this.key = new SecretKeySpec(key, "AES");
      try {
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java platform has AES-GCM", e);
      }
    }

    /** One record from one buffer to another. */
    void next(ByteBuffer from, ByteBuffer to) throws IOException {
      int count = from.remaining();
      try {
        iv.putLong(IV_BYTES - Long.BYTES, records);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, iv.array()));
        cipher.doFinal(from, to);
        records++;
      } catch (AEADBadTagException e) {
        throw unexpected("fails its authentication: bytes were changed on the way", e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("record " + records + " of " + count + " bytes", e);
      }
    }

    IOException unexpected(String what, Exception cause) {
      return new IOException("record " + records + " " + what, cause);
    }
  }
}
