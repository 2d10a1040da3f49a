// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.listing;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings;
import org.bellows.conf.text.Words;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.PassedOver;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.storage.Sha256;
import org.bellows.data.text.UnicodeSpelling;

/**
 * The results of listing, in numbers: its size depends on how many splits and classes there are,
 * not on how many images.
 */
public final class ListingCounts implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MOST_LABELS = 100_000;
  private static final int MOST_SPLITS = 100;

  /** Limit for endings that are no image's. */
  private static final int MOST_KINDS = 200;

  private static final String TRAIN = "train";

  private final Map<String, SplitListing> splits = new TreeMap<>();
  private final ListingDigest digest = new ListingDigest();
  private final Map<String, Long> passedOver = new TreeMap<>();
  private boolean hasMasks;
  private boolean hasUnlabelled;
  private TaskFailure failure;

  /** One split: how many images (refused ones count), of how many bytes, of which classes. */
  public static final class SplitListing implements Serializable {
    private static final long serialVersionUID = 1L;

    private long images;
    private long bytes;

    /** With the number of images. */
    private final TreeMap<String, Long> labels = new TreeMap<>();

    /** Images that listing refused, and why the first of them. */
    private long refused;

    private String firstRefused;

    private void addRefused(long count, String first) {
      refused += count;
      firstRefused = firstRefused == null ? first : firstRefused;
    }

    /** They have no class any more, which may be why one is missing. */
    private String refusedNote(String name) {
      return refused == 0
          ? ""
          : "; %d images of split %s are refused, the first: %s"
              .formatted(refused, name, firstRefused);
    }

    public long images() {
      return images;
    }

    public long bytes() {
      return bytes;
    }
  }

  /** Returns false once there is a failure: nothing more needs to be added. */
  boolean add(ListingResult listed) {
    return add(listed, digest::add);
  }

  /** As above, of a row of a table. */
  boolean addRow(ListingResult listed) {
    return add(listed, digest::addRow);
  }

  private boolean add(ListingResult listed, Consumer<SourceItem> identify) {
    if (listed.failure() != null) {
      failure = listed.failure();
      return false;
    }
    if (listed.passedOver() != null) {
      add(listed.passedOver().kind(), 1);
      return true;
    }
    SourceItem item = listed.item();
    SplitListing split = splits.computeIfAbsent(item.split(), name -> new SplitListing());
    split.images++;
    split.bytes += item.bytes();
    if (item.labels() != null) {
      item.labels().forEach(label -> split.labels.merge(label, 1L, Long::sum));
    } else if (item.refusal() != null) {
      split.addRefused(1, item.path() + " " + item.refusal().reason());
    }
    hasMasks |= !item.masks().isEmpty();
    hasUnlabelled |= item.isUnlabelled();
    identify.accept(item);
    requireFew();
    return failure == null;
  }

  /** The first failure stays: parts are merged in their order. */
  public void add(ListingCounts other) {
    other.splits.forEach(
        (name, added) -> {
          SplitListing split = splits.computeIfAbsent(name, key -> new SplitListing());
          split.images += added.images;
          split.bytes += added.bytes;
          added.labels.forEach((label, count) -> split.labels.merge(label, count, Long::sum));
          split.addRefused(added.refused, added.firstRefused);
        });
    other.passedOver.forEach(this::add);
    digest.add(other.digest);
    hasMasks |= other.hasMasks;
    hasUnlabelled |= other.hasUnlabelled;
    failure = failure == null ? other.failure : failure;
    requireFew();
  }

  /**
   * @throws BellowsException the problem of the source as a whole
   */
  public void requireSound(Source source) {
    if (failure != null) {
      throw failure.exception();
    }
    if (splits.isEmpty()) {
      throw BellowsException.data("source " + source.root() + " holds no images");
    }
    boolean hasLabelled = splits.values().stream().anyMatch(split -> !split.labels.isEmpty());
    if (hasUnlabelled && hasLabelled) {
      throw BellowsException.data(
          "source %s has images with a label, and others with a mask and no label, expected one of the two"
              .formatted(source.root()));
    }
    if (splits.containsKey(TRAIN)) {
      Set<String> refused = classes(source).refused().keySet();
      Set<String> trained = splits.get(TRAIN).labels.keySet();
      for (Map.Entry<String, SplitListing> split : splits.entrySet()) {
        for (String label : split.getValue().labels.keySet()) {
          if (!trained.contains(label) && !refused.contains(label)) {
            throw BellowsException.data(
                "split %s of source %s holds class %s, which split train %s%s"
                    .formatted(
                        split.getKey(),
                        source.root(),
                        label,
                        UnicodeSpelling.lacking(label, trained),
                        splits.get(TRAIN).refusedNote(TRAIN)));
          }
        }
      }
    }
  }

  public boolean hasMasks() {
    return hasMasks;
  }

  /** Whether images have masks and no label of their own. */
  public boolean isUnlabelled() {
    return hasUnlabelled;
  }

  /** How many entries of each kind; they are no images and no part of the fingerprint. */
  public Map<String, Long> passedOver() {
    return passedOver;
  }

  public long images() {
    return splits.values().stream().mapToLong(SplitListing::images).sum();
  }

  public long bytes() {
    return splits.values().stream().mapToLong(SplitListing::bytes).sum();
  }

  /** Those that the source knew beforehand in its order, then the others. */
  public List<String> splitNames(Source source) {
    List<String> names = new ArrayList<>(source.splits());
    names.retainAll(splits.keySet());
    splits.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
    return names;
  }

  public SplitListing split(String name) {
    return splits.get(name);
  }

  /** No classes where images have masks and no label. */
  public ClassLabels.Table classes(Source source) {
    if (hasUnlabelled) {
      return ClassLabels.Table.NONE;
    }
    Map<String, Long> all = new TreeMap<>();
    splits
        .values()
        .forEach(
            split -> split.labels.forEach((label, count) -> all.merge(label, count, Long::sum)));
    return source.classes().resolve(all);
  }

  /**
   * Tells whether a dataset was prepared from the same source with the same settings.
   *
   * @param formatVersion of the dataset's manifest
   * @param meaning tells apart what masks and labels mean; empty where labels are single and there
   *     are no masks
   * @return 64 hexadecimal digits
   */
  public String fingerprint(
      Source source, Settings.Prepare prepare, int formatVersion, String meaning) {
    MessageDigest all = Sha256.digest();
    String settings =
        "%d %s seed=%d shard=%d block=%d max-pixels=%d shrink=%d quality=%d"
            .formatted(
                formatVersion,
                source.format(),
                prepare.seed(),
                prepare.shardMebibytes(),
                prepare.blockKibibytes(),
                prepare.maxPixels(),
                prepare.shrinkShorterSidePixels(),
                prepare.shrinkShorterSidePixels() == 0 ? 0 : prepare.jpegQuality());
    List<String> texts = new ArrayList<>(List.of(settings + meaning, digest.hex()));
    texts.addAll(splitNames(source));
    texts.addAll(classes(source).names());
    for (String text : texts) {
      all.update(text.getBytes(StandardCharsets.UTF_8));
      all.update((byte) 0);
    }
    return Sha256.hex(all.digest());
  }

  private void add(String kind, long count) {
    boolean isKnown = passedOver.containsKey(kind) || passedOver.size() < MOST_KINDS;
    passedOver.merge(isKnown ? kind : PassedOver.OTHER_ENDING, count, Long::sum);
  }

  private void requireFew() {
    if (failure != null) {
      return;
    }
    if (splits.size() > MOST_SPLITS) {
      failure =
          new TaskFailure(
              ErrorCategory.DATA,
              "the source names more than %d splits, among them %s: is source.split-column right?"
                  .formatted(MOST_SPLITS, Words.and(splits.keySet().stream().limit(3).toList())));
    }
    for (SplitListing split : splits.values()) {
      if (split.labels.size() > MOST_LABELS) {
        failure =
            new TaskFailure(
                ErrorCategory.DATA,
                "the source holds more than %d different labels, among them %s: is source.label-column right?"
                    .formatted(
                        MOST_LABELS, Words.and(split.labels.keySet().stream().limit(3).toList())));
      }
    }
  }
}
