// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.binary;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.SourceSettings.CifarLabels;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.ItemContent.RawPixels;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.Storage;

/**
 * CIFAR-10 and CIFAR-100, "binary version" (A. Krizhevsky, "Learning Multiple Layers of Features
 * from Tiny Images", 2009). A record is the label (CIFAR-100: coarse label, fine label), one byte
 * each, then 32 x 32 red values row by row, then green, then blue. A part is a file.
 */
public final class CifarSource {
  private static final int RGB = 3;
  private static final String TRAIN = "train";
  private static final String TEST = "test";

  private final FileSystem files;
  private final Path root;
  private final boolean isCifar10;
  private final boolean isCoarse;

  public CifarSource(FileSystem files, Path root, SourceSettings settings, Format format) {
    this.files = files;
    this.root = root;
    this.isCifar10 = format == Format.CIFAR10;
    this.isCoarse = settings.cifarLabels() == CifarLabels.COARSE;
  }

  public static boolean isCifar10(Path path) {
    return path.getName().matches("data_batch_\\d+\\.bin|test_batch\\.bin");
  }

  public static boolean isCifar100(Path path) {
    return path.getName().matches("(train|test)\\.bin");
  }

  /**
   * @param entries of the root
   */
  public Source list(FileStatus[] entries) throws IOException {
    int classes = isCifar10 ? 10 : isCoarse ? 20 : 100;
    Layout layout =
        isCifar10 ? new Layout(1, 0, classes) : new Layout(2, isCoarse ? 0 : 1, classes);
    List<SourcePart> parts = new ArrayList<>();
    List<String> splits = new ArrayList<>();
    for (String split : List.of(TRAIN, TEST)) {
      for (FileStatus entry : sorted(entries)) {
        Path file = entry.getPath();
        boolean isOurs = isCifar10 ? isCifar10(file) : isCifar100(file);
        boolean isTest = file.getName().startsWith(TEST);
        if (isOurs && isTest == split.equals(TEST)) {
          requireWholeRecords(entry, layout);
          parts.add(new BinaryFile(file.toString(), split, layout));
          if (!splits.contains(split)) {
            splits.add(split);
          }
        }
      }
    }
    if (parts.isEmpty()) {
      throw BellowsException.data(
          "source %s holds no CIFAR files: %s"
              .formatted(
                  root,
                  isCifar10
                      ? "neither data_batch_1.bin nor test_batch.bin"
                      : "neither train.bin nor test.bin"));
    }
    Format format = isCifar10 ? Format.CIFAR10 : Format.CIFAR100;
    return new Source(root.toString(), format, RGB, true, splits, labels(classes), parts);
  }

  private static List<FileStatus> sorted(FileStatus[] entries) {
    return Arrays.stream(entries).filter(FileStatus::isFile).sorted().toList();
  }

  private static void requireWholeRecords(FileStatus file, Layout layout) {
    if (file.getLen() == 0 || file.getLen() % layout.recordBytes() != 0) {
      throw BellowsException.data(
          "%s has %d bytes, expected a multiple of %d: it is truncated or no CIFAR file"
              .formatted(file.getPath(), file.getLen(), layout.recordBytes()));
    }
  }

  private ClassLabels labels(int classes) throws IOException {
    String name =
        isCifar10
            ? "batches.meta.txt"
            : isCoarse ? "coarse_label_names.txt" : "fine_label_names.txt";
    Path file = new Path(root, name);
    List<String> numbers = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    if (!files.exists(file)) {
      return ClassLabels.fixed(numbers, numbers);
    }
    List<String> names = ClassLabels.fromFile(files, file).names();
    if (names.size() != classes) {
      throw BellowsException.data(
          "%s names %d classes, expected %d".formatted(file, names.size(), classes));
    }
    return ClassLabels.fixed(numbers, names);
  }

  /**
   * @param labelBytes before the pixels
   * @param labelAt which of them counts
   */
  private record Layout(int labelBytes, int labelAt, int classes) implements Serializable {
    static final int SIDE = 32;
    static final int PLANE = SIDE * SIDE;

    int recordBytes() {
      return labelBytes + RGB * PLANE;
    }

    /** Plane by plane -> channels last. */
    RawPixels pixels(byte[] bytes) {
      byte[] interleaved = new byte[RGB * PLANE];
      for (int channel = 0; channel < RGB; channel++) {
        for (int i = 0; i < PLANE; i++) {
          interleaved[i * RGB + channel] = bytes[labelBytes + channel * PLANE + i];
        }
      }
      return new RawPixels(SIDE, SIDE, RGB, interleaved);
    }
  }

  private record BinaryFile(String place, String split, Layout layout) implements SourcePart {
    @Override
    public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
      Path path = new Path(place);
      FileSystem fileSystem = Storage.fileSystem(hadoop, path);
      long records = fileSystem.getFileStatus(path).getLen() / layout.recordBytes();
      FSDataInputStream in = fileSystem.open(path, 1 << 16);
      return new ItemIterator() {
        private final byte[] bytes = new byte[layout.recordBytes()];
        private long index;

        @Override
        protected SourceItem advance() throws IOException {
          if (index == records) {
            return null;
          }
          in.readFully(bytes);
          String name = path.getName() + "#" + index++;
          int label = bytes[layout.labelAt()] & 0xFF;
          if (label >= layout.classes()) {
            return SourceItem.refused(
                split,
                name,
                "BAD_LABEL",
                "has label %d, allowed are 0 to %d".formatted(label, layout.classes() - 1));
          }
          return SourceItem.of(
              split,
              name,
              Integer.toString(label),
              RGB * Layout.PLANE,
              withContent ? layout.pixels(bytes) : null);
        }

        @Override
        public void close() throws IOException {
          in.close();
        }
      };
    }
  }
}
