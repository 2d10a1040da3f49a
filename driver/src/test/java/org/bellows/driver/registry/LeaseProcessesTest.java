// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseTerms;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes; the other one is killed, or stopped and waked up again. */
@Tag("alone")
@Timeout(120)
class LeaseProcessesTest {
  private static final Duration EXPIRY = Duration.ofSeconds(3);
  private static final LeaseTerms TERMS = LeaseTerms.refusing(EXPIRY);

  @TempDir java.nio.file.Path folder;

  private final Configuration hadoop = new Configuration();

  private Path lease() {
    return Storage.qualify(folder.resolve("lease").toString());
  }

  /** Another process that holds the lease. */
  private final class Holder implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Holder() throws IOException {
      List<String> command = new ArrayList<>();
      command.add(java.nio.file.Path.of(System.getProperty("java.home"), "bin/java").toString());
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(LeaseHolder.class.getName(), lease().toString()));
      command.add(Long.toString(EXPIRY.toSeconds()));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      out = process.inputReader(StandardCharsets.UTF_8);
    }

    String line() throws IOException {
      return out.readLine();
    }

    /** Tries to create a file beside the lease. */
    String create(String name) throws IOException {
      process.getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      return line();
    }

    void signal(String name) throws IOException, InterruptedException {
      Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
      assertThat(kill.waitFor()).isZero();
    }

    @Override
    public void close() throws InterruptedException {
      process.destroyForcibly();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  /** Tries until the other one is taken for dead; how many seconds that took. */
  private double takeAfterSilence(int token) throws InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      try (Lease lease = Lease.take(hadoop, lease(), TERMS)) {
        lease.requireHeld();
        assertThat(lease.token()).isEqualTo(token);
        return (System.nanoTime() - begun) * 1e-9;
      } catch (BellowsException e) {
        assertThat(e).hasMessageContaining("last sign of life");
        Thread.sleep(100);
      }
    }
  }

  @Test
  void aKilledHolderIsSucceededAndAStoppedOneFencedOff() throws Exception {
    try (Holder first = new Holder()) {
      assertThat(first.line()).isEqualTo("token 1");
      // Longer than a silent one would live.
      Thread.sleep(EXPIRY.toMillis() + 500);
      assertThatThrownBy(() -> Lease.take(hadoop, lease(), TERMS))
          .hasMessageContaining("is held by another start (process " + first.process.pid());
      assertThat(first.create("first")).isEqualTo("created");
      first.signal("-KILL");
      assertThat(takeAfterSilence(2)).isBetween(1.0, 30.0);
    }
    try (Holder second = new Holder()) {
      assertThat(second.line()).isEqualTo("token 3");
      second.signal("-STOP");
      takeAfterSilence(4);
      second.signal("-CONT");
      assertThat(second.create("second"))
          .matches(
              "lost: %s was taken over by another start \\(process %d on host .+, token 4, this one has 3\\), which saw no sign of life of this one for 3 s"
                  .formatted(lease(), ProcessHandle.current().pid()));
    }
    assertThat(folder.resolve("first")).exists();
    assertThat(folder.resolve("second")).doesNotExist();
  }

  @Test
  void ofTwoProcessesAtOnceOneHolds() throws Exception {
    try (Holder one = new Holder();
        Holder other = new Holder()) {
      List<String> said = List.of(one.line(), other.line());
      assertThat(said).containsOnlyOnce("token 1");
      assertThat(said)
          .filteredOn(line -> line.startsWith("held: "))
          .singleElement()
          .asString()
          .contains("/lease is held by another start (process ", "token 1; ");
    }
  }
}
