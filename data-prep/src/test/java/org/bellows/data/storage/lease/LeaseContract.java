// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.NumberedEntries;
import org.bellows.data.storage.Storage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds of leases on any file system. */
@Tag("integration")
@Timeout(120)
abstract class LeaseContract {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofSeconds(1);

  protected final Configuration hadoop = configuration();

  protected Configuration configuration() {
    return new Configuration();
  }

  /** A path of its own for each test; need not be there. */
  protected abstract Path root();

  private Path folder() {
    return new Path(root(), "lease");
  }

  protected final Path target(String name) {
    return new Path(root(), name);
  }

  protected final FileSystem files() {
    return Storage.fileSystem(hadoop, root());
  }

  protected final Lease take() {
    return Lease.take(hadoop, folder(), LeaseTerms.refusing(LONG));
  }

  private Lease watch(Duration expiry) {
    return Lease.take(hadoop, folder(), LeaseTerms.watching(expiry));
  }

  private List<String> names() {
    return NumberedEntries.names(hadoop, folder());
  }

  /** The holder's pending folder. */
  protected final Path pending() {
    return new Path(
        folder(),
        names().stream().filter(name -> name.startsWith("pending-")).findFirst().orElseThrow());
  }

  protected final void write(Path file, String content) throws IOException {
    try (var out = files().create(file, true)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  protected final String read(Path file) throws IOException {
    try (var in = Storage.open(hadoop, file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** As if the holder had been paused since yesterday: its next beat is ten seconds away. */
  protected final void silence(int token) throws IOException {
    long yesterday = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
    files().setTimes(new Path(folder(), token + ".json"), yesterday, -1);
  }

  @Test
  void itIsHeldByOneAndGivenBack() {
    try (Lease first = take()) {
      first.requireHeld();
      assertThat(first.token()).isEqualTo(1);
      assertThatThrownBy(this::take)
          .isInstanceOf(LeaseHeldException.class)
          .hasMessageContaining(
              "lease is held by another start (process %d on host "
                  .formatted(ProcessHandle.current().pid()))
          .hasMessageContaining("token 1; last sign of life")
          .hasMessageEndingWith(
              "after 60 s of silence it is taken for dead); nothing was done; try again later")
          .extracting(e -> ((BellowsException) e).category())
          .isEqualTo(ErrorCategory.INFRASTRUCTURE);
    }
    assertThat(names()).containsExactly("1.json", "1.released");
    try (Lease second = take()) {
      assertThat(second.token()).isEqualTo(2);
      assertThat(names()).hasSize(2).startsWith("2.json").last().asString().startsWith("pending-2");
    }
  }

  @Test
  void ofManyThatTakeItOneSucceeds() throws Exception {
    List<Lease> taken = new ArrayList<>();
    List<Integer> tokens =
        atOnce(
            6,
            () -> {
              try {
                Lease lease = take();
                synchronized (taken) {
                  taken.add(lease);
                }
                return lease.token();
              } catch (LeaseHeldException e) {
                return 0;
              }
            });
    assertThat(tokens).containsOnlyOnce(1);
    assertThat(taken).hasSize(1);
    taken.get(0).requireHeld();
    assertThat(names()).as("folders of those that failed").hasSize(2);
    taken.get(0).close();
  }

  @Test
  void itsHolderPutsThingsInPlace() throws IOException {
    try (Lease lease = take()) {
      assertThat(lease.create(target("new/entry"), bytes("first"))).isTrue();
      assertThat(lease.create(target("new/entry"), bytes("second"))).isFalse();
      assertThat(read(target("new/entry"))).isEqualTo("first");
      lease.replace(target("new/report"), bytes("one"));
      lease.replace(target("new/report"), bytes("two"));
      assertThat(read(target("new/report"))).isEqualTo("two");
      write(target("draft/file"), "draft");
      assertThat(lease.move(target("draft"), target("1"))).isTrue();
      assertThat(read(target("1/file"))).isEqualTo("draft");
      write(target("draft/file"), "another");
      assertThat(lease.move(target("draft"), target("1"))).isFalse();
      assertThat(read(target("draft/file"))).as("stays where it was").isEqualTo("another");
      assertThat(NumberedEntries.names(hadoop, target("new"))).containsExactly("entry", "report");
    }
  }

  /** The holder was paused, another start has taken over, and the first wakes up. */
  @Test
  void aHolderThatWasReplacedPutsNothingInPlace() throws IOException {
    Lease paused = take();
    write(target("draft/file"), "draft");
    paused.replace(target("report"), bytes("before"));
    silence(1);
    try (Lease next = take()) {
      assertThat(next.token()).isEqualTo(2);
      assertLost(() -> paused.create(target("entry"), bytes("late")));
      assertLost(() -> paused.replace(target("report"), bytes("late")));
      assertLost(() -> paused.move(target("draft"), target("1")));
      assertLost(paused::requireHeld);
      assertThat(paused.isHeld()).isFalse();
      assertThat(files().exists(target("entry"))).isFalse();
      assertThat(files().exists(target("1"))).isFalse();
      assertThat(read(target("report"))).isEqualTo("before");
      paused.close();
      next.requireHeld();
      assertThat(next.create(target("entry"), bytes("next"))).isTrue();
    }
    assertThat(names()).containsExactly("2.json", "2.released");
  }

  private static void assertLost(ThrowingCallable late) {
    assertThatThrownBy(late)
        .isInstanceOf(LostLeaseException.class)
        .hasMessageMatching(
            ".*/lease was taken over by another start \\(process \\d+ on host .+, token 2, this"
                + " one has 1\\), which saw no sign of life of this one for 60 s");
  }

  @Test
  void aHolderNoticesAtItsNextSignOfLife() throws Exception {
    try (Lease lease = Lease.take(hadoop, folder(), LeaseTerms.refusing(SHORT))) {
      assertThat(lease.isHeld()).isTrue();
      write(new Path(folder(), "2.json"), "{}");
      for (int i = 0; i < 100 && lease.isHeld(); i++) {
        Thread.sleep(20);
      }
      assertThat(lease.isHeld()).isFalse();
    }
    assertThat(names()).as("not given back in the name of another").doesNotContain("2.released");
  }

  @Test
  void aDeadHolderIsWaitedOutAndALivingOneIsNot() throws IOException {
    write(new Path(folder(), "1.json"), "{\"token\": 1, \"host\": \"gone\", \"process\": 7}");
    long begun = System.nanoTime();
    try (Lease lease = watch(SHORT)) {
      assertThat(lease.token()).isEqualTo(2);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(SHORT.dividedBy(3));
      assertThatThrownBy(() -> watch(SHORT))
          .isInstanceOf(LeaseHeldException.class)
          .hasMessageContaining("token 2; it gave a sign of life just now");
      lease.requireHeld();
    }
    assertThat(files().exists(folder())).as("the folder goes with the lease").isFalse();
    assertThat(files().listStatus(root())).isEmpty();
  }

  /** Tokens begin anew with each folder; the holder of an earlier one is another run. */
  @Test
  void anEqualTokenOfAnotherRunIsNotOnesOwn() throws IOException {
    Lease paused = watch(LONG);
    silence(1);
    try (Lease second = watch(LONG)) {
      assertThat(second.token()).isEqualTo(2);
    }
    try (Lease third = watch(LONG)) {
      assertThat(third.token()).isEqualTo(1);
      assertThatThrownBy(() -> paused.create(target("entry"), bytes("late")))
          .isInstanceOf(LostLeaseException.class);
      assertThat(files().exists(target("entry"))).isFalse();
      paused.close();
      third.requireHeld();
    }
  }

  /** A clock that was set back must not keep a folder shut until it comes to that day again. */
  @Test
  void aSignOfLifeOfTomorrowIsNotWaitedFor() throws IOException {
    Path taken = new Path(folder(), "1.json");
    write(taken, "{}");
    files().setTimes(taken, System.currentTimeMillis() + Duration.ofDays(1).toMillis(), -1);
    try (Lease next = Lease.take(hadoop, folder(), LeaseTerms.refusing(SHORT))) {
      assertThat(next.token()).isEqualTo(2);
    }
  }

  /** Builds up to November 2026 wrote neither who the run is nor a pending folder. */
  @Test
  void aLeaseOfAnOlderBuildIsRespected() throws IOException {
    write(new Path(folder(), "4.json"), "{\"token\": 4, \"host\": \"older\", \"process\": 7}");
    assertThatThrownBy(this::take)
        .isInstanceOf(LeaseHeldException.class)
        .hasMessageContaining("(process 7 on host older, token 4; last sign of life")
        .extracting(e -> ((LeaseHeldException) e).host())
        .isEqualTo("older");
    write(new Path(folder(), "4.released"), "");
    try (Lease next = take()) {
      assertThat(next.token()).isEqualTo(5);
    }
  }

  @Test
  void whateverStandsInItIsALease() throws IOException {
    int token = 0;
    for (String odd : List.of("null", "{\"token\": 1e99}", "", "[]")) {
      Path taken = new Path(folder(), ++token + ".json");
      write(taken, odd);
      assertThatThrownBy(this::take)
          .as(odd)
          .isInstanceOf(LeaseHeldException.class)
          .hasMessageContaining("(an unknown process, token " + token);
    }
  }

  private static List<Integer> atOnce(int threads, Callable<Integer> attempt) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> result : pool.invokeAll(Collections.nCopies(threads, attempt))) {
        results.add(result.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }
}
