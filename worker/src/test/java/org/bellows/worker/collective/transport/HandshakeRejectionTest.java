// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rank 0 of three waits at a real socket while all sorts of callers come. Each gets one line in the
 * log, and afterwards the real ranks meet and add up right.
 */
@Tag("integration")
@Timeout(60)
class HandshakeRejectionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int RANKS = 3;

  private final Session session = new Session(JobSecret.random(), 2, true);
  private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
  private final List<Rendezvous> doors = new ArrayList<>();
  private List<String> addresses;
  private CompletableFuture<Communicator> zero;

  @BeforeEach
  void rankZeroWaits() {
    for (int rank = 0; rank < RANKS; rank++) {
      doors.add(Rendezvous.open("127.0.0.1", refusals::add));
    }
    addresses = doors.stream().map(Rendezvous::address).toList();
    zero = connect(0, addresses);
  }

  @AfterEach
  void close() {
    doors.forEach(Rendezvous::close);
  }

  private CompletableFuture<Communicator> connect(int rank, List<String> seen) {
    return CompletableFuture.supplyAsync(
        () -> doors.get(rank).connect(session, seen, rank, TIMEOUT));
  }

  private void theRanksMeetAndAddUpRight() throws Exception {
    CompletableFuture<Communicator> one = connect(1, addresses);
    CompletableFuture<Communicator> two = connect(2, addresses);
    addUp(List.of(zero, one, two));
  }

  private static void addUp(List<CompletableFuture<Communicator>> joining) throws Exception {
    List<CompletableFuture<Float>> sums = new ArrayList<>();
    for (CompletableFuture<Communicator> rank : joining) {
      Communicator communicator = rank.get(30, TimeUnit.SECONDS);
      sums.add(CompletableFuture.supplyAsync(() -> sum(communicator)));
    }
    for (CompletableFuture<Float> sum : sums) {
      assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(1 + 10 + 100);
    }
    for (CompletableFuture<Communicator> rank : joining) {
      rank.get().close();
    }
  }

  /** Each rank gives 10 to the power of its number. */
  private static float sum(Communicator communicator) {
    float[] values = new float[communicator.size()];
    int rank = communicator.rank();
    values[rank] = (float) Math.pow(10, rank);
    communicator.exchange(
        "test",
        other -> List.of(new BufferRegion(values, rank, 1)),
        other -> List.of(new BufferRegion(values, other, 1)));
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private interface Bytes {
    void to(DataOutputStream out) throws IOException;
  }

  /** What the caller is answered with before it is disconnected. */
  private byte[] answer(Bytes bytes) throws IOException {
    try (Socket socket = Relay.connect(addresses.get(0))) {
      socket.setSoTimeout(20_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      bytes.to(out);
      out.flush();
      return socket.getInputStream().readAllBytes();
    } catch (SocketException e) {
      // Closed while bytes of ours were unread: a reset, which turns us away just as well.
      return new byte[0];
    }
  }

  private static byte[] hello(int magic, int attempt, int caller, int callee, int encrypted) {
    return ByteBuffer.allocate(Handshake.HELLO_BYTES)
        .putInt(magic)
        .putInt(Handshake.VERSION)
        .putInt(attempt)
        .putInt(caller)
        .putInt(callee)
        .putInt(RANKS)
        .putInt(encrypted)
        .array();
  }

  private String refusal() throws InterruptedException {
    return refusals.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void garbage() throws Exception {
    String request =
        "GET / HTTP/1.1\r\nHost: there\r\nUser-Agent: somebody who lost the way\r\n\r\n";
    assertThat(answer(out -> out.writeBytes(request))).isEmpty();
    assertThat(refusal())
        .matches(
            "rejected /127.0.0.1:\\d+: magic 47455420, version 790644820, expected 42454c4c, 3");
    theRanksMeetAndAddUpRight();
    assertThat(refusals).isEmpty();
  }

  /** Version 1 began with a length; a huge one must not be believed, nor waited for. */
  @Test
  void aHugeLength() throws Exception {
    byte[] many = new byte[1 << 20];
    Arrays.fill(many, (byte) 0x7F);
    answer(out -> out.write(many));
    assertThat(refusal()).contains("magic 7f7f7f7f");
    theRanksMeetAndAddUpRight();
  }

  @Test
  void halfAHelloAndThenSilence() throws Exception {
    assertThat(answer(out -> out.write(new byte[30]))).isEmpty();
    assertThat(refusal()).matches("rejected .*: sent 30 of 60 bytes in time");
    theRanksMeetAndAddUpRight();
  }

  @Test
  void aCallerThatHangsUp() throws Exception {
    Relay.connect(addresses.get(0)).close();
    assertThat(refusal()).matches("rejected .*: (closed after 0 of 60 bytes|Connection reset)");
    theRanksMeetAndAddUpRight();
  }

  /** More than are kept: the ranks behind them do not wait for their timeouts. */
  @Test
  void aCrowdThatSaysNothing() throws Exception {
    List<Socket> crowd = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Socket socket = Relay.connect(addresses.get(0));
      socket.getOutputStream().write(new byte[i % 59]);
      crowd.add(socket);
    }
    long start = System.nanoTime();
    theRanksMeetAndAddUpRight();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    for (Socket socket : crowd) {
      socket.close();
    }
  }

  /** It is the longest there when the crowd comes: its first words took too long. */
  @Test
  void aRankThatACrowdPushesOutIsToldSo() throws Exception {
    try (Socket slow = Relay.connect(addresses.get(0))) {
      List<Socket> crowd = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        crowd.add(Relay.connect(addresses.get(0)));
      }
      assertThat(refusal())
          .matches(
              "rejected /127.0.0.1:\\d+: it was not authenticated when 64 others had connected");
      Handshake handshake = new Handshake(slow, session, System.nanoTime() + TIMEOUT.toNanos());
      assertThatThrownBy(() -> handshake.call(new Handshake.Pair(1, 0, RANKS)))
          .isInstanceOf(Handshake.TooManyConnectionsException.class)
          .hasMessage("too many others are at its door");
      theRanksMeetAndAddUpRight();
      for (Socket socket : crowd) {
        socket.close();
      }
    }
    doors.forEach(Rendezvous::close);
    assertThat(refusals).noneMatch(line -> line.endsWith("null"));
  }

  @Test
  void aRankThatWasPushedOutCallsAgain() throws Exception {
    try (Relay crowded = Relay.thatTurnsAwayFirst(addresses.get(0), 3)) {
      List<String> seen = List.of(crowded.address(), addresses.get(1), addresses.get(2));
      addUp(List.of(zero, connect(1, seen), connect(2, addresses)));
    }
  }

  private static void call(String address, Session session, int rank, int ranks)
      throws IOException {
    try (Socket socket = Relay.connect(address)) {
      new Handshake(socket, session, System.nanoTime() + TIMEOUT.toNanos())
          .call(new Handshake.Pair(rank, 0, ranks));
    }
  }

  @Test
  void aWrongSecretIsNoticedByBothEnds() throws Exception {
    Session other = new Session(JobSecret.random(), session.attempt(), true);
    assertThatThrownBy(() -> call(addresses.get(0), other, 1, RANKS))
        .hasMessage("the process that listens there does not know the job's secret");
    refusal();
    byte[] hello = hello(Handshake.MAGIC, 2, 1, 0, 1);
    assertThat(answer(out -> out.write(Arrays.copyOf(hello, 60 + 32)))).hasSize(64);
    assertThat(refusal())
        .endsWith(": it says that it is rank 1, but does not know the job's secret");
    theRanksMeetAndAddUpRight();
  }

  @Test
  void anOldAttempt() throws Exception {
    Session old = new Session(session.secret(), 1, true);
    assertThatThrownBy(() -> call(addresses.get(0), old, 1, RANKS))
        .hasMessageContaining("rejected this rank");
    assertThat(refusal()).endsWith(": it is of attempt 1, this is attempt 2");
    theRanksMeetAndAddUpRight();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, 7})
  void aRankThatThereIsNot(int rank) throws Exception {
    assertThatThrownBy(() -> call(addresses.get(0), session, rank, RANKS))
        .hasMessageContaining("rejected this rank");
    assertThat(refusal())
        .endsWith(
            ": rank %d of 3 calls rank 0, expected one of ranks 1 to 2 of 3 to call rank 0"
                .formatted(rank));
    theRanksMeetAndAddUpRight();
  }

  @Test
  void anotherNumberOfRanksOrOneThatDoesNotEncrypt() throws Exception {
    assertThatThrownBy(() -> call(addresses.get(0), session, 1, 4)).isInstanceOf(IOException.class);
    assertThat(refusal()).contains("rank 1 of 4 calls rank 0");
    Session plain = new Session(session.secret(), session.attempt(), false);
    assertThatThrownBy(() -> call(addresses.get(0), plain, 1, RANKS))
        .isInstanceOf(IOException.class);
    assertThat(refusal()).endsWith("one end encrypts and the other does not");
    theRanksMeetAndAddUpRight();
  }

  /** The real rank 1 is in already; somebody who knows the secret says that it is rank 1, too. */
  @Test
  void aRankThatIsThereAlready() throws Exception {
    try (Relay relay = new Relay(addresses.get(0), -1)) {
      CompletableFuture<Communicator> one = rankOneIsIn(relay);
      assertThatThrownBy(() -> call(addresses.get(0), session, 1, RANKS))
          .hasMessageContaining("rejected this rank");
      assertThat(refusal()).endsWith(": rank 1 is connected already");
      addUp(List.of(zero, one, connect(2, addresses)));
    }
  }

  /** What rank 1 said was written down on the way, and is said again, byte for byte. */
  @Test
  void aReplay() throws Exception {
    try (Relay relay = new Relay(addresses.get(0), -1)) {
      CompletableFuture<Communicator> one = rankOneIsIn(relay);
      assertThat(answer(out -> out.write(relay.overheard()))).hasSize(64);
      assertThat(refusal())
          .endsWith("it says that it is rank 1, but does not know the job's secret");
      addUp(List.of(zero, one, connect(2, addresses)));
    }
  }

  private CompletableFuture<Communicator> rankOneIsIn(Relay relay) throws InterruptedException {
    CompletableFuture<Communicator> one =
        connect(1, List.of(relay.address(), addresses.get(1), addresses.get(2)));
    while (relay.answered() < Handshake.NONCE_BYTES + 2 * Handshake.PROOF_BYTES) {
      Thread.sleep(5);
    }
    return one;
  }

  @Test
  void aPortThatSomebodyElseTookOverIsNamed() throws Exception {
    try (Relay stranger = new Relay(addresses.get(0), 5)) {
      List<String> seen = List.of(stranger.address(), addresses.get(1), addresses.get(2));
      assertThatThrownBy(() -> doors.get(1).connect(session, seen, 1, TIMEOUT))
          .isInstanceOfSatisfying(
              BellowsException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
          .hasMessageMatching("rank 1 cannot reach rank 0 at 127.0.0.1:\\d+: it rejected .*");
    }
  }
}
