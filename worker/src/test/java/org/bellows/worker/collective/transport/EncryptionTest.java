// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.worker.Ranks;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EncryptionTest {
  private static final int FLOATS = 200_001;

  private static Session session(boolean encrypted) {
    return new Session(JobSecret.random(), 1, encrypted);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void everyRankGetsWhatEveryOtherSends(int size) {
    List<Boolean> right =
        Ranks.run(
            size,
            session(true),
            Duration.ofSeconds(20),
            communicator -> {
              boolean all = true;
              for (int round = 0; round < 3; round++) {
                all &= swapped(communicator, round);
              }
              return all;
            });
    assertThat(right).hasSize(size).containsOnly(true);
  }

  /** Pieces of uneven lengths: several records and parts of records a frame. */
  private static boolean swapped(Communicator communicator, int round) {
    float[][] got = new float[communicator.size()][FLOATS];
    float[] mine = message(communicator.rank() + 10 * round);
    communicator.exchange(
        "test",
        other -> List.of(new BufferRegion(mine, 0, 1), new BufferRegion(mine, 1, FLOATS - 1)),
        other ->
            List.of(
                new BufferRegion(got[other], 0, 1), new BufferRegion(got[other], 1, FLOATS - 1)));
    boolean all = true;
    for (int other = 0; other < communicator.size(); other++) {
      all &= other == communicator.rank() || Arrays.equals(got[other], message(other + 10 * round));
    }
    return all;
  }

  private static float[] message(int from) {
    float[] message = new float[FLOATS];
    for (int i = 0; i < FLOATS; i++) {
      message[i] = from * 1e3f + i % 997;
    }
    return message;
  }

  /** Rank 1 talks to rank 0 through somebody who listens and may change one bit. */
  private static byte[] overheard(Session session, long flipped) throws Exception {
    try (Rendezvous zero = Rendezvous.open("127.0.0.1");
        Rendezvous one = Rendezvous.open("127.0.0.1");
        Relay relay = new Relay(zero.address(), flipped)) {
      CompletableFuture<Boolean> first =
          CompletableFuture.supplyAsync(
              () -> exchanges(zero, session, List.of(zero.address(), one.address()), 0));
      CompletableFuture<Boolean> second =
          CompletableFuture.supplyAsync(
              () -> exchanges(one, session, List.of(relay.address(), one.address()), 1));
      assertThat(first.join()).isTrue();
      second.join();
      return relay.overheard();
    }
  }

  private static boolean exchanges(
      Rendezvous door, Session session, List<String> addresses, int rank) {
    try (Communicator communicator =
        door.connect(session, addresses, rank, Duration.ofSeconds(10))) {
      return swapped(communicator, 0);
    }
  }

  private static final int HANDSHAKE_BYTES = Handshake.HELLO_BYTES + Handshake.PROOF_BYTES;
  private static final int HEADER_BYTES = 16;

  @Test
  void nothingOfAMessageCanBeReadOnTheWay() throws Exception {
    byte[] plain = overheard(session(false), -1);
    byte[] encrypted = overheard(session(true), -1);
    // "FLOT", the magic of a frame.
    assertThat(Arrays.copyOfRange(plain, HANDSHAKE_BYTES, HANDSHAKE_BYTES + 4))
        .containsExactly('F', 'L', 'O', 'T');
    assertThat(Arrays.copyOfRange(encrypted, HANDSHAKE_BYTES, HANDSHAKE_BYTES + 4))
        .isNotEqualTo(new byte[] {'F', 'L', 'O', 'T'});
    int frame = HEADER_BYTES + FLOATS * Float.BYTES;
    int records = (frame + Channel.MAX_BYTES - 1) / Channel.MAX_BYTES;
    assertThat(plain).hasSize(HANDSHAKE_BYTES + frame);
    assertThat(encrypted)
        .hasSize(
            plain.length + records * (EncryptedChannel.LENGTH_BYTES + EncryptedChannel.TAG_BYTES));
  }

  /** In a header, in the first float, in the first tag, in the middle, in the last tag. */
  @ParameterizedTest
  @ValueSource(longs = {4, 21, 262_150, 400_000, 800_090})
  void oneChangedBitIsNoticedAndTheRankNamed(long where) {
    assertChangeIsNoticed(
        where, "record \\d fails its authentication: bytes were changed on the way");
  }

  /** Of the first record, in the byte of the highest order and in that of the lowest. */
  @ParameterizedTest
  @ValueSource(longs = {0, 3})
  void aChangedLengthIsNoticed(long where) {
    assertChangeIsNoticed(where, "record 0 has \\d+ bytes, expected 1 to 262144");
  }

  private static void assertChangeIsNoticed(long where, String message) {
    assertThatThrownBy(() -> overheard(session(true), HANDSHAKE_BYTES + where))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            BellowsException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
        .hasMessageMatching("rank 1 at /127.0.0.1:\\d+ was lost \\(" + message + "\\) during test");
  }

  /** What package-info says of a connection that is not encrypted. */
  @Test
  void withoutEncryptionAChangedFloatPassesAndAChangedHeaderDoesNot() {
    assertThatThrownBy(() -> overheard(session(false), HANDSHAKE_BYTES + HEADER_BYTES + 1000))
        .hasMessageContaining("Expecting value to be true");
    assertThatThrownBy(() -> overheard(session(false), HANDSHAKE_BYTES))
        .hasMessageContaining("magic 424c4f54");
  }
}
