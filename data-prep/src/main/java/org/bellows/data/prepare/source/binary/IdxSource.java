// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.binary;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.ItemContent;
import org.bellows.data.prepare.source.part.ItemContent.RawPixels;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.Storage;

/**
 * A folder of IDX files as MNIST and Fashion-MNIST come: train-images-idx3-ubyte[.gz] and so on. A
 * part is one file of images with its file of labels.
 */
public final class IdxSource {
  private static final Map<String, String> SPLITS = new LinkedHashMap<>();

  static {
    SPLITS.put("train", "train");
    SPLITS.put("t10k", "test");
  }

  private final FileSystem files;
  private final Path root;

  public IdxSource(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  public static boolean isIdx(Path path) {
    return path.getName().matches("(train|t10k)-images[-.]idx3-ubyte(\\.gz)?");
  }

  /**
   * @param entries of the root
   */
  public Source list(FileStatus[] entries) throws IOException {
    List<String> names = Arrays.stream(entries).map(entry -> entry.getPath().getName()).toList();
    List<String> splits = new ArrayList<>();
    List<SourcePart> parts = new ArrayList<>();
    for (Map.Entry<String, String> split : SPLITS.entrySet()) {
      Optional<String> images = find(names, split.getKey() + "-images", "idx3");
      if (images.isPresent()) {
        String labels =
            find(names, split.getKey() + "-labels", "idx1")
                .orElseThrow(
                    () ->
                        BellowsException.data(
                            "source %s holds %s but no %s-labels-idx1-ubyte"
                                .formatted(root, images.get(), split.getKey())));
        splits.add(split.getValue());
        parts.add(new ImagesAndLabels(root.toString(), split.getValue(), images.get(), labels));
      }
    }
    if (parts.isEmpty()) {
      throw BellowsException.data(
          "source %s holds no IDX files: neither train-images-idx3-ubyte[.gz] nor t10k-images-idx3-ubyte[.gz]"
              .formatted(root));
    }
    return new Source(
        root.toString(), Format.IDX, 1, true, splits, ClassLabels.fromFolder(files, root), parts);
  }

  /** The plain file where both it and its gzipped form are there. */
  private static Optional<String> find(List<String> names, String prefix, String type) {
    String pattern = prefix + "[-.]" + type + "-ubyte(\\.gz)?";
    return names.stream().filter(name -> name.matches(pattern)).sorted().findFirst();
  }

  /** Limit for one image: it is in memory whole. */
  private static final int MOST_PIXELS = 1 << 28;

  private static final int MOST_IMAGES = 100_000_000;

  private record ImagesAndLabels(String root, String split, String images, String labels)
      implements SourcePart {
    @Override
    public String place() {
      return root + "/" + images;
    }

    @Override
    public List<String> names() {
      return List.of(images, labels);
    }

    @Override
    public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
      Path path = new Path(place());
      FileSystem files = Storage.fileSystem(hadoop, path);
      IdxFile in = new IdxFile(files, path, 3);
      try {
        requireFew(path, in.dimensions());
        IdxFile labelOf = new IdxFile(files, new Path(root, labels), 1);
        if (in.count() != labelOf.count()) {
          labelOf.close();
          throw BellowsException.data(
              "%s holds %d images, but %s holds %d labels"
                  .formatted(path, in.count(), labels, labelOf.count()));
        }
        return new Images(in, labelOf, withContent);
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    }

    private static void requireFew(Path path, int[] dimensions) {
      if (dimensions[0] > MOST_IMAGES) {
        throw BellowsException.data(
            "%s says that it holds %d images, allowed are %d"
                .formatted(path, dimensions[0], MOST_IMAGES));
      }
      if ((long) dimensions[1] * dimensions[2] > MOST_PIXELS) {
        throw BellowsException.data(
            "%s holds images of %d x %d, allowed are %d pixels"
                .formatted(path, dimensions[1], dimensions[2], MOST_PIXELS));
      }
    }

    /**
     * Reads both files to their ends in any case: a truncated one is found while listing. No more
     * labels are kept than images: a small file can inflate to more than fits.
     */
    private final class Images extends ItemIterator {
      private final IdxFile in;
      private final IdxFile labelOf;
      private final boolean withContent;
      private final int height;
      private final int width;
      private final String file = images.replaceFirst("\\.gz$", "");
      private int index;

      Images(IdxFile in, IdxFile labelOf, boolean withContent) {
        this.in = in;
        this.labelOf = labelOf;
        this.withContent = withContent;
        this.height = in.dimensions()[1];
        this.width = in.dimensions()[2];
      }

      @Override
      protected SourceItem advance() throws IOException {
        if (index == in.count()) {
          in.requireEnd();
          labelOf.requireEnd();
          return null;
        }
        long bytes = (long) height * width;
        ItemContent content = null;
        if (withContent) {
          content = new RawPixels(height, width, 1, in.read((int) bytes));
        } else {
          in.skipFully(bytes);
        }
        String label = Integer.toString(labelOf.read(1)[0] & 0xFF);
        return SourceItem.of(split, file + "#" + index++, label, bytes, content);
      }

      @Override
      public void close() throws IOException {
        try {
          in.close();
        } finally {
          labelOf.close();
        }
      }
    }
  }
}
