package org.bellows.worker.collective;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM over another channel's bytes (NIST SP 800-38D): what is written in one call becomes
 * one record, ciphertext and then a tag of 16 bytes. Each direction has a key of its own and
 * numbers its records from 0; the number is the initialization vector (4 zero bytes, 8 bytes
 * big-endian, the deterministic construction of section 8.2.1), so that a record that is changed,
 * left out, repeated or moved fails its tag.
 */
final class EncryptedChannel implements Channel {
  static final int TAG_BYTES = 16;
  private static final int IV_BYTES = 12;

  private final PlainChannel below;
  private final Direction sending;
  private final Direction receiving;

  /**
   * @param sendingKey 32 bytes, of this direction of this connection alone
   * @param receivingKey 32 bytes
   */
  EncryptedChannel(Socket socket, byte[] sendingKey, byte[] receivingKey) throws IOException {
    this.below = new PlainChannel(socket);
    this.sending = new Direction(Cipher.ENCRYPT_MODE, sendingKey);
    this.receiving = new Direction(Cipher.DECRYPT_MODE, receivingKey);
  }

  @Override
  public void write(byte[] bytes, int count) throws IOException {
    int sealed = sending.next(bytes, count, sending.sealed);
    below.write(sending.sealed, sealed);
  }

  @Override
  public void flush() throws IOException {
    below.flush();
  }

  @Override
  public void read(byte[] bytes, int count) throws IOException {
    below.read(receiving.sealed, count + TAG_BYTES);
    receiving.next(receiving.sealed, count + TAG_BYTES, bytes);
  }

  /** Used by one thread at a time; its buffers serve every record. */
  private static final class Direction {
    private final int mode;
    private final Cipher cipher;
    private final SecretKeySpec key;
    private final ByteBuffer iv = ByteBuffer.allocate(IV_BYTES);
    private final byte[] sealed = new byte[MAX_BYTES + TAG_BYTES];
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

    /** One record from one array to another; returns its new length. */
    int next(byte[] from, int count, byte[] to) throws IOException {
      try {
        iv.putLong(IV_BYTES - Long.BYTES, records);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, iv.array()));
        int length = cipher.doFinal(from, 0, count, to, 0);
        records++;
        return length;
      } catch (AEADBadTagException e) {
        throw new IOException(
            "record " + records + " fails its authentication: bytes were changed on the way", e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("record " + records + " of " + count + " bytes", e);
      }
    }
  }
}
