// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every augmentation by name, with settings that show it well in a preview. */
public final class AugmentationCatalogue {
  /** Everything off: the picture stretched to the network's size. */
  private static final Map<String, String> OFF =
      ordered(
          "augment.crop=resize",
          "augment.mirror=false",
          "augment.vertical-flip=false",
          "augment.rotation-degrees=0",
          "augment.elastic-deviation-pixels=0",
          "augment.auto-augment=none",
          "augment.brightness=0",
          "augment.contrast=0",
          "augment.saturation=0",
          "augment.hue=0",
          "augment.lighting-deviation=0",
          "augment.erasing-probability=0",
          "augment.cutout-pixels=0",
          "augment.mix=none");

  /**
   * @param name lower case with dashes
   * @param settings key to value, as for {@code --set}: everything off but this one
   * @param description one line
   * @param needsColour whether it is refused where {@code model.channels} is 1
   * @param needsPartners whether it mixes samples and so has nothing to do with one alone
   */
  public record Entry(
      String name,
      Map<String, String> settings,
      String description,
      boolean needsColour,
      boolean needsPartners) {

    /** {@code key=value}, as for {@code --set}. */
    public List<String> assignments() {
      return settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }
  }

  private AugmentationCatalogue() {}

  /**
   * In the order in which they follow each other in training.
   *
   * @param side the smaller of the network's height and width: what is in pixels follows it
   */
  public static List<Entry> entries(int side) {
    List<Entry> entries = new ArrayList<>();
    entries.add(entry("centre-crop", "the middle", "augment.crop=centre"));
    entries.add(
        entry(
            "padded-crop",
            "a random window of the padded picture",
            "augment.crop=padded",
            "augment.padding-pixels=" + Math.max(1, side / 8)));
    entries.add(
        entry(
            "random-resized-crop",
            "a random area and aspect ratio",
            "augment.crop=random-resized"));
    entries.add(
        entry(
            "random-scale-crop",
            "zoomed by 0.5 to 2, then a random window",
            "augment.crop=random-scale"));
    entries.add(entry("mirror", "left and right swapped half of the time", "augment.mirror=true"));
    entries.add(
        entry(
            "vertical-flip",
            "top and bottom swapped half of the time",
            "augment.vertical-flip=true"));
    entries.add(entry("rotation", "turned by up to 15 degrees", "augment.rotation-degrees=15"));
    entries.add(
        entry(
            "elastic",
            "deformed by random displacements of a grid of 3 x 3 points",
            "augment.elastic-deviation-pixels=" + Math.max(1, side / 20)));
    addAutoAugment(entries);
    addRandomOperations(entries);
    addColour(entries);
    addErasing(entries, side);
    addMixing(entries);
    return List.copyOf(entries);
  }

  private static void addAutoAugment(List<Entry> entries) {
    for (String policy : List.of("imagenet", "cifar10", "svhn")) {
      entries.add(
          entry(
              "auto-augment-" + policy,
              "one of 25 learned pairs of operations",
              "augment.auto-augment=" + policy));
    }
  }

  private static void addRandomOperations(List<Entry> entries) {
    entries.add(
        entry(
            "rand-augment",
            "two random operations of one strength",
            "augment.auto-augment=rand-augment"));
    entries.add(
        entry(
            "trivial-augment",
            "one random operation of random strength",
            "augment.auto-augment=trivial-augment"));
  }

  private static void addColour(List<Entry> entries) {
    entries.add(entry("brightness", "times 0.6 to 1.4", "augment.brightness=0.4"));
    entries.add(entry("contrast", "times 0.6 to 1.4", "augment.contrast=0.4"));
    entries.add(colour("saturation", "times 0.6 to 1.4", "augment.saturation=0.4"));
    entries.add(colour("hue", "turned by up to a tenth of the circle", "augment.hue=0.1"));
    entries.add(
        colour(
            "lighting",
            "shifted along the principal components of RGB",
            "augment.lighting-deviation=0.1"));
  }

  private static void addErasing(List<Entry> entries, int side) {
    for (String fill : List.of("random", "mean", "black", "white")) {
      entries.add(
          entry(
              "random-erasing-" + fill,
              "a random rectangle replaced",
              "augment.erasing-probability=1",
              "augment.erasing-fill=" + fill));
    }
    entries.add(
        entry(
            "cutout",
            "a square set to the mean",
            "augment.cutout-pixels=" + Math.max(1, side / 2)));
  }

  private static void addMixing(List<Entry> entries) {
    entries.add(mixing("mixup", "blended with another sample"));
    entries.add(mixing("cutmix", "a rectangle from another sample"));
    entries.add(mixing("ricap", "patched together from four samples"));
    entries.add(mixing("mixup-or-cutmix", "one of the two, drawn at random"));
  }

  private static Entry entry(String name, String description, String... assignments) {
    return new Entry(name, with(assignments), description, false, false);
  }

  private static Entry colour(String name, String description, String assignment) {
    return new Entry(name, with(assignment), description, true, false);
  }

  private static Entry mixing(String name, String description) {
    Map<String, String> settings =
        with("augment.mix=" + name, "augment.mix-alpha=8", "augment.mix-probability=1");
    return new Entry(name, settings, description, false, true);
  }

  private static Map<String, String> with(String... assignments) {
    Map<String, String> settings = new LinkedHashMap<>(OFF);
    settings.putAll(ordered(assignments));
    return settings;
  }

  private static Map<String, String> ordered(String... assignments) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      settings.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    return settings;
  }
}
