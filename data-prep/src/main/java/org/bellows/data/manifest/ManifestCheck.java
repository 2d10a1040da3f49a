// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;

/** Checks of a manifest from any source. */
final class ManifestCheck {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern COLOUR = Pattern.compile("#[0-9a-f]{6}");
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
  private static final Set<String> NO_FILE = Set.of("", ".", "..");
  private static final int GREY = 1;
  private static final int RGB = 3;

  private final Object file;
  private final Set<String> paths = new HashSet<>();

  private ManifestCheck(Object file) {
    this.file = file;
  }

  /**
   * @param file names the manifest in messages
   * @throws BellowsException (data) saying the first thing that no dataset can be like
   */
  static void check(Object file, DatasetManifest manifest) {
    new ManifestCheck(file).check(manifest);
  }

  private void check(DatasetManifest manifest) {
    requireFormat(manifest);
    requireLabels(manifest);
    if (!manifest.hasPixelClasses() || !manifest.classes().isEmpty()) {
      requireDistinct("classes", manifest.classes());
    }
    if (manifest.hasPixelClasses()) {
      check(manifest.pixelClasses());
    }
    if (manifest.instances() && !manifest.hasPixelClasses()) {
      throw refused("it has instances, but no pixel classes");
    }
    requireDistinct("splits", manifest.splits().stream().map(Split::name).toList());
    manifest.splits().forEach(this::check);
    manifest.splits().forEach(split -> checkLabels(split, manifest.pixelClasses().size()));
  }

  private void requireFormat(DatasetManifest manifest) {
    boolean isOfPixels = manifest.formatVersion() == DatasetManifest.PIXEL_FORMAT_VERSION;
    if (isOfPixels != manifest.hasPixelClasses()) {
      throw refused(
          "format version %d with %d pixel classes, expected %s"
              .formatted(
                  manifest.formatVersion(),
                  manifest.pixelClasses().size(),
                  isOfPixels ? "at least one" : "none"));
    }
  }

  private void requireLabels(DatasetManifest manifest) {
    boolean isOfSeveral = manifest.formatVersion() == DatasetManifest.MULTI_LABEL_FORMAT_VERSION;
    if (isOfSeveral != manifest.multiLabel()) {
      throw refused(
          "format version %d, but it %s samples of any number of classes"
              .formatted(
                  manifest.formatVersion(), manifest.multiLabel() ? "says" : "does not say"));
    }
  }

  private void check(List<PixelClass> classes) {
    requireDistinct("pixel classes", classes.stream().map(PixelClass::name).toList());
    if (classes.size() > PixelClass.MOST) {
      throw refused(
          "it has %d pixel classes, allowed: 1 to %d".formatted(classes.size(), PixelClass.MOST));
    }
    for (PixelClass pixelClass : classes) {
      if (!COLOUR.matcher(pixelClass.colour()).matches()) {
        throw refused(
            "pixel class \"%s\" has the colour \"%s\", expected #rrggbb"
                .formatted(pixelClass.name(), pixelClass.colour()));
      }
    }
  }

  private void checkLabels(Split split, int classes) {
    int last = -1;
    for (LabelPixels label : split.labelPixels()) {
      boolean isKnown = label.label() < classes || label.label() == PixelClass.VOID;
      if (!isKnown || label.label() <= last) {
        throw refused(
            "split \"%s\" counts pixels of label %d, expected rising labels of 0 to %d, or %d (void)"
                .formatted(split.name(), label.label(), classes - 1, PixelClass.VOID));
      }
      boolean isCount =
          label.pictures() > 0
              && label.pictures() <= split.samples()
              && label.pixels() >= label.pictures()
              && label.pixels() <= label.pixelsOfPictures();
      if (!isCount) {
        throw refused(
            "split \"%s\" counts %d pixels of label %d in %d pictures of %d pixels"
                .formatted(
                    split.name(),
                    label.pixels(),
                    label.label(),
                    label.pictures(),
                    label.pixelsOfPictures()));
      }
      last = label.label();
    }
  }

  private void requireDistinct(String what, List<String> names) {
    if (names.isEmpty()) {
      throw refused("it has no " + what);
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw refused("of its %s two have the name \"%s\"".formatted(what, name));
      }
    }
  }

  private void check(Split split) {
    String name = "split \"%s\"".formatted(split.name());
    if (split.shards().isEmpty()) {
      throw refused(name + " has no shards");
    }
    if (split.samples() < 1 || split.bytes() < 0) {
      throw refused(
          "%s has %d samples of %d bytes".formatted(name, split.samples(), split.bytes()));
    }
    int channels = split.mean().size();
    boolean isKnown = channels == GREY || channels == RGB;
    if (!isKnown || split.standardDeviation().size() != channels) {
      throw refused(
          "%s has %d means and %d standard deviations, expected 1 or 3 of each"
              .formatted(name, channels, split.standardDeviation().size()));
    }
    requireShares(name + " has a mean", split.mean());
    requireShares(name + " has a standard deviation", split.standardDeviation());
    split.shards().forEach(this::check);
  }

  private void requireShares(String what, List<Double> values) {
    for (double value : values) {
      if (!(value >= 0 && value <= 1)) {
        throw refused("%s of %s, expected 0 to 1".formatted(what, value));
      }
    }
  }

  private void check(Shard shard) {
    String path = shard.path();
    if (!isInside(path)) {
      throw refused("shard \"%s\" is outside of the dataset's folder".formatted(path));
    }
    if (!paths.add(path)) {
      throw refused("shard \"%s\" is listed twice".formatted(path));
    }
    if (!SHA256.matcher(shard.sha256()).matches()) {
      throw refused("shard \"%s\" has the SHA-256 \"%s\"".formatted(path, shard.sha256()));
    }
    if (shard.blockSamples().isEmpty()
        || shard.blockSamples().stream().anyMatch(samples -> samples < 1)) {
      throw refused("shard \"%s\" has a block without samples, or no block".formatted(path));
    }
    // Room for the samples is made before they are read; each takes more than a byte.
    if (shard.bytes() < shard.samples()) {
      throw refused(
          "shard \"%s\" has %d samples in %d bytes"
              .formatted(path, shard.samples(), shard.bytes()));
    }
  }

  private static boolean isInside(String path) {
    return !SCHEME.matcher(path).matches()
        && path.indexOf('\\') < 0
        && path.chars().noneMatch(Character::isISOControl)
        && List.of(path.split("/", -1)).stream().noneMatch(NO_FILE::contains);
  }

  private BellowsException refused(String why) {
    return BellowsException.data(file + " is no manifest of a dataset: " + why);
  }
}
