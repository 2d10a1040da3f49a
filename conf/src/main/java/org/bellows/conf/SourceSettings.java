// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code source}: what {@code prepare} reads, and what it means. Meaning and unit of each value
 * stand in {@code reference.conf}.
 */
public record SourceSettings(
    @Key(identity = Identity.NEVER, isPath = true) String path,
    @Key(identity = Identity.NEVER) Format format,
    @Key(identity = Identity.NEVER) String sparkFormat,
    @Key(identity = Identity.NEVER) List<String> sparkOptions,
    @Key(identity = Identity.NEVER) String defaultSplit,
    @Key(identity = Identity.NEVER) String imageColumn,
    @Key(identity = Identity.NEVER) String maskColumn,
    @Key(identity = Identity.NEVER) String labelColumn,
    @Key(identity = Identity.NEVER) Labels labels,
    @Key(identity = Identity.NEVER) String labelSeparator,
    @Key(identity = Identity.NEVER) String splitColumn,
    @Key(identity = Identity.NEVER) String pathColumn,
    @Key(identity = Identity.NEVER) String pathPrefix,
    @Key(identity = Identity.NEVER) String pathSuffix,
    @Key(identity = Identity.NEVER) CifarLabels cifarLabels,
    @Key(identity = Identity.NEVER) String imageFolder,
    @Key(identity = Identity.NEVER) String maskFolder,
    @Key(identity = Identity.NEVER) String imageSuffix,
    @Key(identity = Identity.NEVER) String maskSuffix,
    @Key(identity = Identity.NEVER) List<String> lists,
    @Key(identity = Identity.NEVER) List<String> pixelClasses,
    @Key(identity = Identity.NEVER, min = 0, max = 65_535) List<Integer> maskVoid,
    @Key(identity = Identity.NEVER, min = -65_535, max = 65_535) int maskShift,
    @Key(identity = Identity.NEVER, min = 0, max = 65_535) List<Integer> maskValues,
    @Key(identity = Identity.NEVER) String maskColours,
    @Key(identity = Identity.NEVER, min = 0, max = 255) int maskThreshold,
    @Key(identity = Identity.NEVER) MaskOrientation maskOrientation,
    @Key(identity = Identity.NEVER) MaskFiles maskFiles,
    @Key(identity = Identity.NEVER) MaskInstances maskInstances)
    implements Serializable {
  /** The column of masks in manifests and Spark's tables, which read one of this name unasked. */
  private static final String USUAL_MASKS = "mask";

  /** The column of masks of a source that has one wherever it is of the usual name. */
  public String maskColumnOrUsual() {
    return maskColumn.isBlank() ? USUAL_MASKS : maskColumn;
  }

  /** The same source, of whose labels and masks nothing is asked: rows need none. */
  public SourceSettings withoutLabels() {
    return new SourceSettings(
        path,
        format,
        sparkFormat,
        sparkOptions,
        defaultSplit,
        imageColumn,
        "",
        "",
        labels,
        labelSeparator,
        splitColumn,
        pathColumn,
        pathPrefix,
        pathSuffix,
        cifarLabels,
        imageFolder,
        maskFolder,
        imageSuffix,
        maskSuffix,
        lists,
        pixelClasses,
        maskVoid,
        maskShift,
        maskValues,
        maskColours,
        maskThreshold,
        maskOrientation,
        maskFiles,
        maskInstances);
  }

  public enum Format {
    AUTO,
    TREE,
    IDX,
    IMAGENET,
    CSV,
    JSONL,
    CIFAR10,
    CIFAR100,
    PARQUET,
    SEQUENCEFILE,
    WEBDATASET,
    TFRECORD,
    PAIRS,
    LISTS,
    PICTURE_FOLDERS,
    /** Whatever Spark itself reads: {@code sparkFormat}. */
    SPARK
  }

  /** How many labels a picture has. */
  public enum Labels {
    /** Exactly one. */
    SINGLE,
    /** Any number, none included. */
    MULTIPLE
  }

  public enum CifarLabels {
    FINE,
    COARSE
  }

  /** Orientation of the masks of pictures that their EXIF data turns. */
  public enum MaskOrientation {
    /** Nothing is known: such a picture is refused. */
    UNKNOWN,
    /** As the picture's pixels are stored: the mask is turned with the picture. */
    STORED,
    /** As the picture is displayed. */
    UPRIGHT
  }

  /** The relation of several masks of one picture. */
  public enum MaskFiles {
    /** A class each, told by the file's name. */
    LABELS,
    /** An object each. */
    INSTANCES
  }

  /** What tells one object from the next. */
  public enum MaskInstances {
    /** Nothing: masks are of classes alone. */
    NONE,
    /** Each has a mask's file of its own. */
    FILES,
    /** A mask's values are the objects' numbers, 0 is the background. */
    VALUES,
    /** Each is a connected region of pixels of one class that is not class 0. */
    COMPONENTS
  }
}
