// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.NumberedEntries;
import org.bellows.data.storage.lease.Fence;
import org.bellows.worker.files.Json;

/** Which version is current, and which were. */
public final class CurrentPointer {
  private static final String SUFFIX = ".json";

  private final Configuration hadoop;
  private final Path folder;

  CurrentPointer(Configuration hadoop, Path folder) {
    this.hadoop = hadoop;
    this.folder = folder;
  }

  /** The current entry; empty as long as no version was promoted. */
  public Optional<Promotion> head() {
    int last = NumberedEntries.last(NumberedEntries.list(hadoop, folder, SUFFIX));
    return last == 0 ? Optional.empty() : Optional.of(entry(last));
  }

  /** All promotions, the oldest first. */
  public List<Promotion> all() {
    return NumberedEntries.list(hadoop, folder, SUFFIX).stream().map(this::entry).toList();
  }

  Promotion entry(int number) {
    Path file = file(number);
    Promotion entry = Json.read(NumberedEntries.read(hadoop, file), Promotion.class, file);
    boolean leadsBack = entry.previous() >= 0 && entry.previous() < number;
    if (entry.number() != number || entry.version() < 1 || !leadsBack) {
      throw BellowsException.data(
          "%s is damaged: it is entry %d, of version %d, after entry %d; expected entry %d, a version from 1 on, and an entry before it"
              .formatted(file, entry.number(), entry.version(), entry.previous(), number));
    }
    return entry;
  }

  /**
   * @param base number of the entry that the caller has seen as head, 0: none
   * @param next the next entry; its number and time are set here
   * @throws BellowsException (infrastructure) when another entry has come in between
   */
  Promotion advance(int base, Promotion next, Fence fence) {
    Promotion entry =
        new Promotion(
            base + 1,
            next.version(),
            next.previous(),
            next.decision(),
            next.why(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    int last = NumberedEntries.last(NumberedEntries.list(hadoop, folder, SUFFIX));
    if (last == base && isPut(entry, fence)) {
      return entry;
    }
    Promotion other = head().orElseThrow();
    throw BellowsException.infrastructure(
        "version %d does not become current: version %d became so meanwhile (%s, entry %d of %s, expected %d); start again"
            .formatted(next.version(), other.version(), other.why(), other.number(), folder, base));
  }

  /** A request that was sent again after a lost answer finds its own entry. */
  private boolean isPut(Promotion entry, Fence fence) {
    return fence.create(file(entry.number()), Json.pretty(entry))
        || entry(entry.number()).equals(entry);
  }

  private Path file(int number) {
    return new Path(folder, "%09d%s".formatted(number, SUFFIX));
  }
}
