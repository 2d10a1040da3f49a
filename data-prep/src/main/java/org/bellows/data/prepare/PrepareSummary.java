// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.util.List;
import java.util.Map;
import org.bellows.data.manifest.DatasetManifest;

/**
 * The result of {@link PrepareJob}.
 *
 * @param images in all splits
 * @param bytes of these images, as they are stored
 * @param refused that were left out, of each kind; empty, too, when the dataset was there already
 * @param shards in all splits
 * @param reusedShards of them, those that an interrupted earlier run had finished
 * @param writtenImages by this run
 * @param readBytes of the source, by this run
 * @param alreadyPrepared the same source was prepared with the same settings before; nothing was
 *     written
 * @param quarantine path of the list of what was left out; it is there if anything was
 * @param passedOver entries of the source that by their names are no images of it, of each kind
 * @param passedOverList path of the list of them; the run that wrote the dataset writes it
 */
public record PrepareSummary(
    long images,
    List<String> classes,
    long bytes,
    Map<String, Long> refused,
    int shards,
    int reusedShards,
    long writtenImages,
    long readBytes,
    double seconds,
    boolean alreadyPrepared,
    String quarantine,
    Map<String, Long> passedOver,
    String passedOverList,
    DatasetManifest manifest) {

  /**
   * Where the lists are stored, and the content of the second.
   *
   * @param passedOver how many of each kind
   */
  record Lists(String quarantine, Map<String, Long> passedOver, String passedOverList) {}

  /** The work of this run alone. */
  record Work(int reusedShards, long writtenImages, long readBytes) {
    static final Work NONE = new Work(0, 0, 0);
  }

  static PrepareSummary of(
      DatasetManifest manifest, Map<String, Long> refused, Work work, double seconds, Lists lists) {
    return new PrepareSummary(
        manifest.splits().stream().mapToLong(split -> split.samples()).sum(),
        manifest.classes(),
        manifest.splits().stream().mapToLong(split -> split.bytes()).sum(),
        Map.copyOf(refused),
        manifest.splits().stream().mapToInt(split -> split.shards().size()).sum(),
        work.reusedShards(),
        work.writtenImages(),
        work.readBytes(),
        seconds,
        work.equals(Work.NONE),
        lists.quarantine(),
        Map.copyOf(lists.passedOver()),
        lists.passedOverList(),
        manifest);
  }

  /** Entries of the source: images that were read, images that were refused, and the others. */
  public long found() {
    return images + manifest.provenance().refused() + passedOverEntries();
  }

  public long passedOverEntries() {
    return passedOver.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Images that this run wrote, a second. */
  public double imagesPerSecond() {
    return writtenImages / Math.max(seconds, 1e-9);
  }

  /** Bytes that this run read, a second, in millions. */
  public double megabytesPerSecond() {
    return readBytes / 1e6 / Math.max(seconds, 1e-9);
  }
}
