// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.NumberedEntries;
import org.bellows.data.storage.ObjectStores;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.lease.Fence;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedModel;

/** One model of a registry: its versions and which of them is current. */
public final class RegisteredModel {
  private static final String CARD = "version.json";
  private static final String TEMPORARY = ".tmp-";

  private final Configuration hadoop;
  private final Path folder;

  RegisteredModel(Configuration hadoop, Path folder) {
    this.hadoop = hadoop;
    this.folder = folder;
  }

  /**
   * The content of a new version.
   *
   * @param files by name, the files beside the model and the card
   */
  public record Draft(VersionCard card, TrainedModel model, Map<String, byte[]> files) {}

  public String name() {
    return folder.getName();
  }

  public Path folder() {
    return folder;
  }

  /** Numbers of the versions, rising. */
  public List<Integer> versions() {
    return NumberedEntries.list(hadoop, folder, "");
  }

  /** As a sentence ends: "1, 2 and 3". */
  private String versionsThere() {
    return Words.and(versions());
  }

  /** The folder of a version: what {@code model.path} is given. */
  public Path version(int number) {
    return new Path(folder, Integer.toString(number));
  }

  /**
   * @throws BellowsException (data) naming the versions that there are
   */
  public VersionCard card(int number) {
    if (!versions().contains(number)) {
      throw BellowsException.data(
          "%s has no version %d; it has %s".formatted(name(), number, versionsThere()));
    }
    return readCard(number);
  }

  private VersionCard readCard(int number) {
    VersionCard card = Json.read(read(number, CARD), VersionCard.class, file(number, CARD));
    VersionCard.FORMAT.require(file(number, CARD), card.formatVersion());
    return card;
  }

  /** A file of a version. */
  public byte[] read(int number, String name) {
    return NumberedEntries.read(hadoop, file(number, name));
  }

  private Path file(int number, String name) {
    return new Path(version(number), name);
  }

  /** The version that was made for a decision. */
  public Optional<Integer> ofDecision(int decision) {
    return versions().stream().filter(n -> readCard(n).decision() == decision).findFirst();
  }

  /**
   * Puts a version there under the next number, whole or not at all. A decision has one version: if
   * that of the draft is there already, it stays and the draft is dropped.
   *
   * @param fence puts it there
   * @return its number
   */
  public int publish(Draft draft, Fence fence) {
    Path temporary = new Path(folder, TEMPORARY + UUID.randomUUID());
    try {
      draft.model().write(hadoop, temporary.toString());
      draft
          .files()
          .forEach((name, content) -> AtomicFile.write(hadoop, new Path(temporary, name), content));
      AtomicFile.write(hadoop, new Path(temporary, CARD), Json.pretty(draft.card()));
      while (true) {
        // In this order: a version that comes after the list was read takes the number.
        int next = NumberedEntries.last(versions()) + 1;
        Optional<Integer> there = ofDecision(draft.card().decision());
        if (there.isPresent()) {
          return there.get();
        }
        if (fence.move(temporary, version(next))) {
          return next;
        }
      }
    } finally {
      delete(temporary);
    }
  }

  /** Removes files that dead starts were writing. For the holder of the lease. */
  public void removeLeftovers() {
    NumberedEntries.names(hadoop, folder).stream()
        .filter(name -> name.startsWith(TEMPORARY))
        .forEach(name -> delete(new Path(folder, name)));
    if (ObjectStores.replacesOnClose(Storage.fileSystem(hadoop, folder))) {
      // A move is a copy there, and its writer ended in it.
      versions().stream()
          .filter(number -> !exists(file(number, CARD)))
          .map(this::version)
          .forEach(this::delete);
    }
  }

  private boolean exists(Path path) {
    try {
      return Storage.fileSystem(hadoop, path).exists(path);
    } catch (IOException e) {
      throw Storage.failure("looking for " + path, e);
    }
  }

  private void delete(Path path) {
    try {
      Storage.fileSystem(hadoop, path).delete(path, true);
    } catch (IOException e) {
      throw Storage.writeFailure(path, e);
    }
  }

  public CurrentPointer pointer() {
    return new CurrentPointer(hadoop, new Path(folder, "current"));
  }

  /**
   * @throws BellowsException (data) when no version is current
   */
  public Promotion requireCurrent() {
    return pointer()
        .head()
        .orElseThrow(
            () ->
                BellowsException.data(
                    "no version of %s is current; it has %s".formatted(name(), versionsThere())));
  }

  /** As below, by a person and without a lease. */
  public Promotion promote(int base, int version, String why) {
    return promote(base, version, null, why, Fence.none(hadoop));
  }

  /**
   * Makes a version the current one. Its model is read first, from end to end.
   *
   * @param base entry of the pointer that the caller has seen as head, 0: none
   * @param decision of retrain, or null
   * @param fence puts the entry there
   * @throws BellowsException (data) when the version is not there or damaged, or gave answers that
   *     are not finite; (infrastructure) when something else became current meanwhile
   */
  public Promotion promote(int base, int version, Integer decision, String why, Fence fence) {
    VersionCard card = card(version);
    requireFinite(version, card, "it cannot become the current one");
    TrainedModel model = TrainedModel.read(hadoop, version(version).toString());
    if (!model.card().parametersSha256().equals(card.parametersSha256())) {
      throw BellowsException.data(
          "the model in %s has parameters of SHA-256 %s, its %s says %s"
              .formatted(
                  version(version),
                  model.card().parametersSha256(),
                  CARD,
                  card.parametersSha256()));
    }
    return pointer().advance(base, new Promotion(0, version, base, decision, why, ""), fence);
  }

  /**
   * Makes current again what was so before; once more goes back further.
   *
   * @throws BellowsException (configuration) when there is nothing before
   */
  public Promotion rollback(String why) {
    Promotion head = requireCurrent();
    if (head.previous() == 0) {
      throw BellowsException.configuration(
          "version %d of %s is the first that was current; there is none to roll back to"
              .formatted(head.version(), name()));
    }
    Promotion before = pointer().entry(head.previous());
    requireFinite(
        before.version(),
        card(before.version()),
        "name the version that is to be current (models promote)");
    TrainedModel.read(hadoop, version(before.version()).toString());
    return pointer()
        .advance(
            head.number(),
            new Promotion(0, before.version(), before.previous(), null, why, ""),
            Fence.none(hadoop));
  }

  private void requireFinite(int version, VersionCard card, String then) {
    if (!card.score().allFinite()) {
      throw BellowsException.data(
          "%s:%d: %s; %s".formatted(name(), version, card.score().complaint(), then));
    }
  }

  /** Where retrain keeps its decisions. */
  public Path history() {
    return new Path(folder, "history");
  }

  /** Where retrain keeps its lease. */
  public Path lease() {
    return new Path(folder, "lease");
  }
}
