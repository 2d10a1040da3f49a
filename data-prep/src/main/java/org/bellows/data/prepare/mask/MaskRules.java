// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import java.io.Serializable;
import java.util.List;
import org.bellows.conf.SourceSettings;
import org.bellows.data.manifest.PixelClass;

/**
 * The meaning of a source's masks; the same for all of them. A value that is in {@code voids} is
 * void; {@code shift} is added to any other, and its place in {@code values} is its label, or
 * itself where these are empty.
 *
 * @param classes that are stated, by label; empty: as many as labels are found
 * @param colours empty where masks are of values
 * @param voids values that mean void, before anything is added
 * @param values after {@code shift}, by label; empty: a value is its label
 * @param threshold 1..255: values from it on are label 1, others 0; 0: none
 * @param orientation of masks whose pictures EXIF turns
 * @param files the relation of several masks of one picture
 * @param instances what tells objects apart
 */
public record MaskRules(
    List<PixelClass> classes,
    ColourTable colours,
    List<Integer> voids,
    int shift,
    List<Integer> values,
    int threshold,
    SourceSettings.MaskOrientation orientation,
    SourceSettings.MaskFiles files,
    SourceSettings.MaskInstances instances)
    implements Serializable {
  /** Label of a value that means nothing. */
  static final int NONE = -1;

  public MaskRules {
    classes = List.copyOf(classes);
    voids = List.copyOf(voids);
    values = List.copyOf(values);
  }

  /** How many labels there are, 0 .. this-1, without void. */
  int labels() {
    if (!values.isEmpty()) {
      return values.size();
    }
    return classes.isEmpty() ? PixelClass.MOST : classes.size();
  }

  /**
   * @param value as it stands in the file, 0..65535
   * @return a label, {@link PixelClass#VOID}, or {@link #NONE}
   */
  int label(int value) {
    if (threshold > 0) {
      return value >= threshold ? 1 : 0;
    }
    if (voids.contains(value)) {
      return PixelClass.VOID;
    }
    int shifted = value + shift;
    if (!values.isEmpty()) {
      return values.indexOf(shifted);
    }
    return shifted >= 0 && shifted < labels() ? shifted : NONE;
  }

  /** Tells rules apart: what is prepared depends on them. */
  public String fingerprint() {
    String rules =
        "classes=%s colours=%s void=%s shift=%d values=%s threshold=%d orientation=%s files=%s"
            .formatted(
                classes, colours.labels(), voids, shift, values, threshold, orientation, files);
    // As it was before objects could be told apart.
    return instances == SourceSettings.MaskInstances.NONE
        ? rules
        : rules + " instances=" + instances;
  }
}
