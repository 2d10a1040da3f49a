// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.manifest.Provenance;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.folder.ShardRecord;
import org.bellows.data.prepare.mask.MaskRulesReader;
import org.bellows.data.prepare.shard.ShardPlan;
import org.bellows.data.prepare.source.part.ClassLabels;

/** Joins what is known of the shards into a manifest. */
final class ManifestMaker {
  private final Contents contents;
  private final Settings.Prepare prepare;

  ManifestMaker(Contents contents, Settings.Prepare prepare) {
    this.contents = contents;
    this.prepare = prepare;
  }

  /**
   * @param plans of all shards, in their order
   * @param records of all shards, by name
   * @throws BellowsException (data) when nothing is left of a split, or masks hold values that are
   *     hardly labels
   */
  DatasetManifest make(List<ShardPlan> plans, Map<String, ShardRecord> records, long refused) {
    List<Split> splits = new ArrayList<>();
    for (String split : contents.listing().splitNames(contents.source())) {
      List<ShardRecord> shards =
          plans.stream()
              .filter(plan -> plan.split().equals(split))
              .map(plan -> records.get(plan.name()))
              .toList();
      splits.add(ShardRecord.split(split, contents.source().channels(), shards));
    }
    List<String> classes = contents.listing().classes(contents.source()).names();
    if (classes.isEmpty() && contents.isMultiLabel()) {
      throw BellowsException.data(
          "no image of source %s has a label, and there is no %s that names classes"
              .formatted(contents.source().root(), ClassLabels.FILE));
    }
    DatasetManifest manifest =
        DatasetManifest.of(classes, splits, pixelClasses(splits), provenance(refused));
    if (contents.isMultiLabel()) {
      return manifest.withSeveralLabels();
    }
    boolean areNumbered = contents.masks().instances() != SourceSettings.MaskInstances.NONE;
    return manifest.hasPixelClasses() && areNumbered ? manifest.withInstances() : manifest;
  }

  private List<PixelClass> pixelClasses(List<Split> splits) {
    if (!contents.listing().hasMasks()) {
      return List.of();
    }
    List<PixelClass> stated = contents.masks().classes();
    boolean isNoneLeft = splits.stream().allMatch(split -> split.labelPixels().isEmpty());
    return stated.isEmpty() && !isNoneLeft ? found(splits) : stated;
  }

  /**
   * The number of classes was not given: as many as labels are found. A few labels far apart are
   * brightness or ids rather than labels.
   */
  private static List<PixelClass> found(List<Split> splits) {
    BitSet labels = new BitSet();
    splits.stream()
        .flatMap(split -> split.labelPixels().stream())
        .mapToInt(LabelPixels::label)
        .filter(label -> label != PixelClass.VOID)
        .forEach(labels::set);
    if (labels.isEmpty()) {
      throw BellowsException.data(
          "the masks hold void alone, expected a label at least; is source.mask-void right?");
    }
    if (2 * labels.cardinality() < labels.length()) {
      String shown =
          labels.stream().limit(16).mapToObj(String::valueOf).collect(Collectors.joining(", "));
      throw BellowsException.data(
          "the masks hold the labels %s%s: %d of 0 to %d; expected labels without such gaps: set source.mask-values=[%s] if these are the classes in their order, or source.pixel-classes to the names of all"
              .formatted(
                  shown,
                  labels.cardinality() > 16 ? ", ..." : "",
                  labels.cardinality(),
                  labels.length() - 1,
                  shown));
    }
    return MaskRulesReader.numbered(labels.length());
  }

  private Provenance provenance(long refused) {
    String version = PrepareJob.class.getPackage().getImplementationVersion();
    return new Provenance(
        contents.source().root(),
        contents.source().format().name().toLowerCase(Locale.ROOT),
        contents.fingerprint(prepare),
        prepare.seed(),
        version == null ? "development" : version,
        contents.source().channels(),
        refused,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
