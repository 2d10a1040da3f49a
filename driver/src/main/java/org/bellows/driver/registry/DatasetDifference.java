// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bellows.conf.text.Words;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.driver.registry.ModelRegistry.VersionReference;

/**
 * The changes of a dataset, as far as manifests show them. Samples are shuffled over all shards, so
 * a single new image may change them all; what can be counted is samples, and shards that stayed.
 *
 * @param beforeSha256 identity of the old dataset
 * @param afterSha256 identity of the new one
 * @param addedClasses that only the new one has
 * @param removedClasses that only the old one has
 */
public record DatasetDifference(
    String beforeSha256,
    String afterSha256,
    List<String> addedClasses,
    List<String> removedClasses,
    List<SplitDifference> splits) {

  /** The manifest's name in a version's folder. */
  public static final String MANIFEST = "dataset.json";

  /**
   * One split; 0 where a dataset does not have it.
   *
   * @param keptShards of the new dataset's that have the content of one of the old's
   */
  public record SplitDifference(
      String name, long samplesBefore, long samplesAfter, int keptShards, int shards) {}

  public boolean nothingIsNew() {
    return beforeSha256.equals(afterSha256);
  }

  static DatasetManifest dataset(VersionReference reference) {
    return dataset(reference.model(), reference.version());
  }

  /** The manifest that a version was trained on. */
  public static DatasetManifest dataset(RegisteredModel model, int version) {
    return ManifestFile.parse(
        model.version(version) + "/" + MANIFEST, model.read(version, MANIFEST));
  }

  public static DatasetDifference of(DatasetManifest before, DatasetManifest after) {
    Set<String> names = new TreeSet<>();
    before.splits().forEach(split -> names.add(split.name()));
    after.splits().forEach(split -> names.add(split.name()));
    List<SplitDifference> splits = new ArrayList<>();
    names.forEach(name -> splits.add(split(name, before, after)));
    return new DatasetDifference(
        ManifestFile.sha256(before),
        ManifestFile.sha256(after),
        without(after.classes(), before.classes()),
        without(before.classes(), after.classes()),
        splits);
  }

  private static SplitDifference split(String name, DatasetManifest before, DatasetManifest after) {
    List<Shard> old = before.hasSplit(name) ? before.split(name).shards() : List.of();
    List<Shard> now = after.hasSplit(name) ? after.split(name).shards() : List.of();
    Set<String> contents = old.stream().map(Shard::sha256).collect(Collectors.toSet());
    int kept = (int) now.stream().filter(shard -> contents.contains(shard.sha256())).count();
    return new SplitDifference(name, samples(name, before), samples(name, after), kept, now.size());
  }

  private static long samples(String split, DatasetManifest manifest) {
    return manifest.splits().stream()
        .filter(known -> known.name().equals(split))
        .mapToLong(Split::samples)
        .sum();
  }

  private static List<String> without(List<String> all, List<String> others) {
    Set<String> taken = new HashSet<>(others);
    return all.stream().filter(name -> !taken.contains(name)).toList();
  }

  /** In one sentence, such as "train 144 -> 288 samples, test 24 samples as before". */
  public String text() {
    String text = splits.stream().map(DatasetDifference::text).collect(Collectors.joining(", "));
    return text
        + (addedClasses.isEmpty() ? "" : "; new classes: " + Words.and(addedClasses))
        + (removedClasses.isEmpty() ? "" : "; classes gone: " + Words.and(removedClasses));
  }

  private static String text(SplitDifference split) {
    if (split.samplesBefore() != split.samplesAfter()) {
      return "%s %,d -> %,d samples"
          .formatted(split.name(), split.samplesBefore(), split.samplesAfter());
    }
    return "%s %,d samples%s"
        .formatted(
            split.name(),
            split.samplesAfter(),
            split.keptShards() == split.shards() ? " as before" : ", others than before");
  }
}
