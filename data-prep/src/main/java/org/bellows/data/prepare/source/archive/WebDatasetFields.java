// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bellows.conf.SourceSettings;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.LabelRule;

/**
 * Which fields of a sample are read. A field is what stands after the first dot of a file's name,
 * in lower case.
 *
 * @param image field of the image; {@link #ANY_IMAGE}: the one that is called as an image file ends
 * @param mask field of the mask, or that before its {@code .png}; empty: masks are not read
 * @param label field of a JSON object that is the label, in samples without {@code cls}; empty:
 *     nothing is asked of labels
 * @param rule how a label is read
 */
record WebDatasetFields(String image, String mask, String label, LabelRule rule)
    implements Serializable {
  static final String CLASS = "cls";
  static final String JSON = "json";
  static final int MOST_LABEL_BYTES = 1 << 20;

  /** The default of {@code source.image-column}, a name that no file ends with. */
  private static final String ANY_IMAGE = "image";

  static WebDatasetFields of(SourceSettings settings) {
    return new WebDatasetFields(
        settings.imageColumn(),
        settings.maskColumn().toLowerCase(Locale.ROOT),
        settings.labelColumn(),
        LabelRule.of(settings));
  }

  /** The field of a file; empty where it has none. */
  static String of(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    int dot = file.indexOf('.');
    return dot < 1 ? "" : file.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** Those of a sample's fields that may be its image. */
  List<String> images(Set<String> fields) {
    return fields.stream().filter(this::isImage).toList();
  }

  /** That of a sample's fields which is its mask. */
  Optional<String> mask(Set<String> fields) {
    return fields.stream().filter(this::isMask).findFirst();
  }

  private boolean isImage(String field) {
    if (!image.equals(ANY_IMAGE)) {
      return image.equals(field);
    }
    return EntryNameRules.isImage("." + field) && field.indexOf('.') < 0 && !isMask(field);
  }

  private boolean isMask(String field) {
    return !mask.isEmpty() && (field.equals(mask) || field.equals(mask + ".png"));
  }

  /** Whether a sample is made of an entry's content, and not of its position. */
  boolean isKept(String name, long bytes, boolean withImages) {
    String field = of(name);
    boolean isOfLabels = field.equals(CLASS) || field.equals(JSON);
    return isOfLabels ? bytes <= MOST_LABEL_BYTES : withImages && (isImage(field) || isMask(field));
  }
}
