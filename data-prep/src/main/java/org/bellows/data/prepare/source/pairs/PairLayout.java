// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.pairs;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;

/**
 * The folders of pictures and masks, and the affixes of their names beyond the common part.
 *
 * @param imageSuffix of a picture's name, before its ending; may be empty
 * @param maskSuffix of a mask's name, before its ending; may be empty
 */
record PairLayout(
    FolderPattern images, FolderPattern masks, String imageSuffix, String maskSuffix) {
  private static final String ANNOTATED = "annot";
  private static final String IMAGES = "images";
  private static final List<String> MASKS = List.of("masks", "annotations", "labels");

  /**
   * As the settings say, or where they say nothing as is usual.
   *
   * @param folders names of the folders in the source
   * @throws BellowsException (data, configuration) when neither says it
   */
  static PairLayout of(FileSystem files, Path root, List<String> folders, SourceSettings settings)
      throws IOException {
    boolean isStated = !settings.imageFolder().isBlank() || !settings.maskFolder().isBlank();
    if (!isStated) {
      Optional<PairLayout> usual = usual(files, root, folders);
      if (usual.isEmpty()) {
        throw BellowsException.data(
            "source %s holds none of these: train and trainannot, images and masks (or annotations, labels), train/images and train/masks; source.image-folder and source.mask-folder say where pictures and masks lie"
                .formatted(root));
      }
      return usual.get().with(settings.imageSuffix(), settings.maskSuffix());
    }
    if (settings.imageFolder().isBlank() || settings.maskFolder().isBlank()) {
      throw BellowsException.configuration(
          "source.image-folder is \"%s\" and source.mask-folder \"%s\"; expected both or none"
              .formatted(settings.imageFolder(), settings.maskFolder()));
    }
    PairLayout layout =
        new PairLayout(
            FolderPattern.of("source.image-folder", settings.imageFolder()),
            FolderPattern.of("source.mask-folder", settings.maskFolder()),
            settings.imageSuffix(),
            settings.maskSuffix());
    layout.requireApart();
    return layout;
  }

  private PairLayout with(String ofImages, String ofMasks) {
    return new PairLayout(images, masks, ofImages, ofMasks);
  }

  private void requireApart() {
    if (images.hasSplit() != masks.hasSplit()) {
      throw BellowsException.configuration(
          "source.image-folder is \"%s\" and source.mask-folder \"%s\"; expected {split} in both or in none"
              .formatted(images.text(), masks.text()));
    }
    if (images.equals(masks) && maskSuffix.isEmpty()) {
      throw BellowsException.configuration(
          "source.image-folder and source.mask-folder are both \"%s\"; then source.mask-suffix must say how names of masks end, such as _mask"
              .formatted(images.text()));
    }
  }

  /** The meaning of the names of folders; empty if they have none. */
  static Optional<PairLayout> usual(FileSystem files, Path root, List<String> folders)
      throws IOException {
    if (folders.stream().anyMatch(name -> folders.contains(name + ANNOTATED))) {
      return Optional.of(layout(FolderPattern.SPLIT, FolderPattern.SPLIT + ANNOTATED));
    }
    Optional<String> masks = MASKS.stream().filter(folders::contains).findFirst();
    if (folders.contains(IMAGES) && masks.isPresent()) {
      String below = holdsFolders(files, new Path(root, IMAGES)) ? "/" + FolderPattern.SPLIT : "";
      return Optional.of(layout(IMAGES + below, masks.get() + below));
    }
    for (String split : folders) {
      if (SplitNames.isUsual(split)) {
        for (String name : MASKS) {
          boolean isPair =
              FolderPattern.isFolder(files, new Path(root + "/" + split + "/" + IMAGES))
                  && FolderPattern.isFolder(files, new Path(root + "/" + split + "/" + name));
          if (isPair) {
            return Optional.of(
                layout(FolderPattern.SPLIT + "/" + IMAGES, FolderPattern.SPLIT + "/" + name));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static PairLayout layout(String images, String masks) {
    return new PairLayout(new FolderPattern(images), new FolderPattern(masks), "", "");
  }

  /** Whether the first of it that is an image or a folder is a folder. */
  private static boolean holdsFolders(FileSystem files, Path folder) throws IOException {
    try (FolderEntries entries = FolderEntries.open(files, folder)) {
      for (FolderEntry entry = entries.next(); entry != null; entry = entries.next()) {
        boolean isRead = EntryNameRules.passedOver(entry.name()) == null;
        if (isRead && (entry.isFolder() || EntryNameRules.isImage(entry.name()))) {
          return entry.isFolder();
        }
      }
      return false;
    }
  }
}
