// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourcePart;

/**
 * A manifest of images: CSV (RFC 4180, with a header) or JSON lines, with path and label, and where
 * they are given mask and split; or with path and mask, and no label. Paths are relative to the
 * manifest or whole Hadoop paths. Several parts read the same manifest, each looking up the files
 * of its share of the rows: that is the slow half.
 */
public final class ManifestSource {
  public static final String CSV = "manifest.csv";
  public static final String JSONL = "manifest.jsonl";

  private static final int RGB = 3;
  private static final long BYTES_OF_A_PART = 1 << 20;
  private static final int MOST_PARTS = 64;

  private final FileSystem files;
  private final SourceSettings settings;
  private final Format format;

  public ManifestSource(FileSystem files, SourceSettings settings, Format format) {
    this.files = files;
    this.settings = settings;
    this.format = format;
  }

  /**
   * @param root the manifest, or its folder
   */
  public Source list(FileStatus root) throws IOException {
    Path manifest = root.getPath();
    if (root.isDirectory()) {
      manifest = new Path(manifest, format == Format.CSV ? CSV : JSONL);
      if (!files.exists(manifest)) {
        throw BellowsException.data(
            "source %s holds no %s; source.path may also be the manifest itself"
                .formatted(root.getPath(), manifest.getName()));
      }
    }
    long bytes = files.getFileStatus(manifest).getLen();
    int shares = (int) Math.max(1, Math.min(MOST_PARTS, bytes / BYTES_OF_A_PART));
    ManifestPart.Columns columns =
        new ManifestPart.Columns(
            new ManifestPart.ImagePath(
                settings.pathColumn(), settings.pathPrefix(), settings.pathSuffix()),
            settings.labelColumn(),
            settings.maskColumnOrUsual(),
            !settings.maskColumn().isBlank(),
            settings.splitColumn(),
            settings.defaultSplit());
    List<SourcePart> parts = new ArrayList<>();
    for (int share = 0; share < shares; share++) {
      parts.add(
          new ManifestPart(
              manifest.toString(),
              format == Format.CSV,
              columns,
              LabelRule.of(settings),
              share,
              shares));
    }
    return new Source(
        manifest.toString(),
        format,
        RGB,
        false,
        List.of(),
        ClassLabels.fromFolder(files, manifest.getParent()),
        parts);
  }
}
