// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.storage.FormatVersion;

/**
 * A prepared dataset. The file's layout is specified in this package's documentation.
 *
 * @param classes names; a sample's label is an index into them. Empty where samples have no label,
 *     but a label map
 * @param pixelClasses the meaning of the label maps' labels; empty if there are none
 * @param instances whether label maps have the numbers of objects beside the labels
 * @param multiLabel whether a sample has any number of classes, else exactly one
 */
public record DatasetManifest(
    int formatVersion,
    List<String> classes,
    List<Split> splits,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PixelClass> pixelClasses,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean instances,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean multiLabel,
    Provenance provenance)
    implements Serializable {
  /** Version of datasets without pixel classes. */
  public static final int FORMAT_VERSION = 1;

  /** Version of datasets with pixel classes. */
  public static final int PIXEL_FORMAT_VERSION = 2;

  /** Version of datasets whose samples have any number of classes. */
  public static final int MULTI_LABEL_FORMAT_VERSION = 3;

  static final FormatVersion FORMAT = new FormatVersion(FORMAT_VERSION, MULTI_LABEL_FORMAT_VERSION);

  public DatasetManifest {
    classes = List.copyOf(classes);
    splits = List.copyOf(splits);
    pixelClasses = List.copyOf(pixelClasses);
  }

  /** Without pixel classes. */
  public DatasetManifest(
      int formatVersion, List<String> classes, List<Split> splits, Provenance provenance) {
    this(formatVersion, classes, splits, List.of(), false, false, provenance);
  }

  /** In the format that such a dataset has. */
  public static DatasetManifest of(
      List<String> classes,
      List<Split> splits,
      List<PixelClass> pixelClasses,
      Provenance provenance) {
    int version = pixelClasses.isEmpty() ? FORMAT_VERSION : PIXEL_FORMAT_VERSION;
    return new DatasetManifest(version, classes, splits, pixelClasses, false, false, provenance);
  }

  /** The same dataset, of which label maps have the numbers of objects. */
  public DatasetManifest withInstances() {
    return new DatasetManifest(
        formatVersion, classes, splits, pixelClasses, true, false, provenance);
  }

  /** The same dataset, whose samples have any number of classes. */
  public DatasetManifest withSeveralLabels() {
    return new DatasetManifest(
        MULTI_LABEL_FORMAT_VERSION, classes, splits, pixelClasses, instances, true, provenance);
  }

  /**
   * Names of classes.
   *
   * @param ofPixels of the pixels' classes, else of the samples'
   */
  public List<String> classNames(boolean ofPixels) {
    return ofPixels ? pixelClasses.stream().map(PixelClass::name).toList() : classes;
  }

  /** Whether it says what the labels of label maps mean. */
  public boolean hasPixelClasses() {
    return !pixelClasses.isEmpty();
  }

  public boolean hasSplit(String name) {
    return splits.stream().anyMatch(split -> split.name().equals(name));
  }

  /**
   * @throws BellowsException (data) naming the splits that there are
   */
  public Split split(String name) {
    return splits.stream()
        .filter(split -> split.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                BellowsException.data(
                    "the dataset has no split \""
                        + name
                        + "\"; it has "
                        + Words.and(splits.stream().map(Split::name).toList())));
  }
}
