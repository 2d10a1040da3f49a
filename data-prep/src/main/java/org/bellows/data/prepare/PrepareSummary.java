package org.bellows.data.prepare;

import java.util.List;
import org.bellows.data.manifest.DatasetManifest;

/**
 * What {@link PrepareJob} did.
 *
 * @param images in all splits
 * @param bytes of these images
 * @param refused empty, too, when the dataset was there already; its refused.tsv has them then
 * @param shards in all splits
 * @param alreadyPrepared the same source was prepared with the same settings before; nothing was
 *     written
 */
public record PrepareSummary(
    long images,
    List<String> classes,
    long bytes,
    List<RefusedFile> refused,
    int shards,
    double seconds,
    boolean alreadyPrepared,
    DatasetManifest manifest) {
  static PrepareSummary of(
      DatasetManifest manifest,
      List<RefusedFile> refused,
      boolean alreadyPrepared,
      double seconds) {
    return new PrepareSummary(
        manifest.splits().stream().mapToLong(split -> split.samples()).sum(),
        manifest.classes(),
        manifest.splits().stream().mapToLong(split -> split.bytes()).sum(),
        List.copyOf(refused),
        manifest.splits().stream().mapToInt(split -> split.shards().size()).sum(),
        seconds,
        alreadyPrepared,
        manifest);
  }
}
