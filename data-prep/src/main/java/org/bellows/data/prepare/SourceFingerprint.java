package org.bellows.data.prepare;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.prepare.Source.SourceSplit;
import org.bellows.data.storage.Sha256;

/**
 * Tells whether a dataset was prepared from the same source with the same settings: relative paths,
 * sizes and labels, and what shapes the shards. Times of change do not count: copying changes them.
 */
final class SourceFingerprint {
  private SourceFingerprint() {}

  static String of(Source source, Settings.Prepare prepare) {
    MessageDigest digest = Sha256.digest();
    add(
        digest,
        "%d %s seed=%d shard=%d block=%d max-pixels=%d"
            .formatted(
                DatasetManifest.FORMAT_VERSION,
                source.format(),
                prepare.seed(),
                prepare.shardMebibytes(),
                prepare.blockKibibytes(),
                prepare.maxPixels()));
    source.classes().forEach(name -> add(digest, name));
    for (SourceSplit split : source.splits()) {
      add(digest, split.name());
      for (SourceItem item : split.items()) {
        add(digest, item.path() + "\t" + item.bytes() + "\t" + item.label());
      }
    }
    return Sha256.hex(digest.digest());
  }

  /** A zero byte after each text: it occurs in no file name. */
  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
