// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.worker.Ranks;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("integration")
@Timeout(60)
class MeshCommunicatorTest {

  /** Long enough to need several staging buffers and to fill the sockets' own. */
  private static final int FLOATS = 700_001;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void everyRankGetsWhatEveryOtherSends(int size) {
    List<Boolean> right =
        Ranks.run(
            size,
            communicator -> {
              float[][] got = new float[size][FLOATS];
              communicator.exchange(
                  "test",
                  other ->
                      List.of(new BufferRegion(message(communicator.rank(), other), 0, FLOATS)),
                  other ->
                      List.of(
                          new BufferRegion(got[other], 0, 5),
                          new BufferRegion(got[other], 5, FLOATS - 5)));
              boolean all = true;
              for (int other = 0; other < size; other++) {
                all &=
                    other == communicator.rank()
                        || Arrays.equals(got[other], message(other, communicator.rank()));
              }
              return all;
            });
    assertThat(right).hasSize(size).containsOnly(true);
  }

  private static float[] message(int from, int to) {
    float[] message = new float[FLOATS];
    for (int i = 0; i < FLOATS; i++) {
      message[i] = from * 1e6f + to * 1e3f + i % 997;
    }
    return message;
  }

  /** So much that the exchange sends and receives by threads of its own. */
  @Test
  void halvesWithOthersGoOnDuringAnExchange() {
    int much = 1_200_000;
    int rounds = 40;
    List<Boolean> right =
        Ranks.run(
            3,
            communicator -> {
              int rank = communicator.rank();
              // Ranks 0 and 1 exchange; each of them sends to 2 and receives from it meanwhile.
              if (rank == 2) {
                for (int i = 0; i < rounds; i++) {
                  communicator.exchange("halves", o -> floats(10), o -> floats(10));
                }
                return true;
              }
              Thread receiving =
                  new Thread(
                      () -> {
                        for (int i = 0; i < rounds; i++) {
                          communicator.receive("a half", o -> o == 2, o -> floats(10));
                        }
                      });
              AtomicReference<Throwable> failure = new AtomicReference<>();
              receiving.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
              receiving.start();
              for (int i = 0; i < rounds; i++) {
                float[] got = new float[much];
                communicator.exchange(
                    "much",
                    o -> o < 2,
                    o -> floats(much),
                    o -> List.of(new BufferRegion(got, 0, much)));
                communicator.send("a half", o -> o == 2, o -> floats(10));
              }
              join(receiving);
              return failure.get() == null;
            });
    assertThat(right).containsOnly(true);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRankThatSendsNothingIsNamedAfterTheTimeout() {
    CountDownLatch done = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                Ranks.run(
                    2,
                    Duration.ofSeconds(1),
                    communicator -> {
                      if (communicator.rank() == 1) {
                        return awaits(done);
                      }
                      try {
                        communicator.exchange("step 7", o -> floats(1), o -> floats(1));
                        return true;
                      } finally {
                        done.countDown();
                      }
                    }))
        .isInstanceOfSatisfying(BellowsException.class, MeshCommunicatorTest::isInfrastructure)
        .hasMessageMatching("rank 1 at /127.0.0.1:\\d+ sent nothing for 1 s during step 7");
  }

  /** More than the sockets' buffers hold is on its way to a rank that sent its part and hangs. */
  @Test
  void aRankThatTakesNothingIsNamedAfterTheTimeout() {
    int many = 30_000_000;
    CountDownLatch done = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                Ranks.run(
                    2,
                    Duration.ofSeconds(1),
                    communicator -> {
                      if (communicator.rank() == 1) {
                        return sendsOneFloatAndReadsNothing(communicator, done);
                      }
                      try {
                        communicator.exchange("step 7", o -> floats(many), o -> floats(1));
                        return true;
                      } finally {
                        done.countDown();
                      }
                    }))
        .isInstanceOfSatisfying(BellowsException.class, MeshCommunicatorTest::isInfrastructure)
        .hasMessageMatching(
            "rank 1 at /127.0.0.1:\\d+ did not read what was sent to it for 1 s during step 7");
  }

  private static boolean sendsOneFloatAndReadsNothing(
      Communicator communicator, CountDownLatch done) {
    communicator.exchange(
        "step 7",
        other -> floats(1),
        other -> {
          awaits(done);
          return floats(1);
        });
    return true;
  }

  @Test
  void aRankThatDiesIsNamed() {
    assertThatThrownBy(
            () ->
                Ranks.run(
                    2,
                    communicator -> {
                      if (communicator.rank() == 0) {
                        communicator.exchange("step 7", o -> floats(1), o -> floats(1));
                      }
                      return true;
                    }))
        .isInstanceOfSatisfying(BellowsException.class, MeshCommunicatorTest::isInfrastructure)
        .hasMessageMatching(
            "rank 1 at /127.0.0.1:\\d+ (closed the connection|was lost .*) during step 7");
  }

  /** Nothing is wrong with rank 1, and nobody may be told so. */
  @Test
  void aRankWhoseProcessEndsDoesNotBlameTheOther() {
    CountDownLatch done = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                Ranks.run(
                    2,
                    communicator -> {
                      if (communicator.rank() == 1) {
                        return awaits(done);
                      }
                      Thread end = new Thread(communicator::close);
                      try {
                        end.start();
                        communicator.exchange("step 7", o -> floats(1), o -> floats(1));
                      } finally {
                        done.countDown();
                      }
                      return true;
                    }))
        .isInstanceOfSatisfying(BellowsException.class, MeshCommunicatorTest::isInfrastructure)
        .hasMessageMatching(
            "closed its own connection to rank 1 at /127.0.0.1:\\d+ during step 7: its process is"
                + " ending");
  }

  @Test
  void ranksThatDisagreeOnALengthAreToldBoth() {
    CountDownLatch told = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                Ranks.run(
                    2,
                    communicator -> {
                      int mine = communicator.rank() == 0 ? 3 : 4;
                      try {
                        communicator.exchange("step 7", o -> floats(mine), o -> floats(mine));
                      } finally {
                        // The other rank must see the frame, not the end of the connection.
                        if (communicator.rank() == 0) {
                          told.countDown();
                        } else {
                          awaits(told);
                        }
                      }
                      return true;
                    }))
        .hasMessageMatching(
            "rank 1 at /127.0.0.1:\\d+ sent frame 0 of 4 floats \\(magic 464c4f54\\), expected frame 0"
                + " of 3 floats \\(magic 464c4f54\\), during step 7");
  }

  @Test
  void ranksThatNeverComeAreNamed() {
    try (Rendezvous zero = Rendezvous.open("127.0.0.1")) {
      assertThatThrownBy(
              () ->
                  zero.connect(
                      new Session(JobSecret.random(), 1, false),
                      List.of(zero.address(), "x:1", "y:2"),
                      0,
                      Duration.ofSeconds(1)))
          .hasMessage("rank 0 waited 1 s for rank 1 (x:1) and rank 2 (y:2) to connect");
    }
  }

  private static List<BufferRegion> floats(int count) {
    return List.of(new BufferRegion(new float[count], 0, count));
  }

  private static boolean awaits(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static void isInfrastructure(BellowsException e) {
    assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE);
  }
}
