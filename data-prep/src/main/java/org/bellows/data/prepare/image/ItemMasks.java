// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.image;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.bellows.conf.SourceSettings.MaskFiles;
import org.bellows.conf.SourceSettings.MaskInstances;
import org.bellows.conf.SourceSettings.MaskOrientation;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.ImageHeader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.Orientation;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.prepare.mask.Components;
import org.bellows.data.prepare.mask.MaskReader;
import org.bellows.data.prepare.mask.MaskRefusedException;
import org.bellows.data.prepare.mask.MaskRules;
import org.bellows.data.prepare.mask.MaskStack;
import org.bellows.data.prepare.source.part.SourceMask;

/** From an image's masks to its label map, upright as the image is. */
final class ItemMasks {
  static final String BAD_MASK = "BAD_MASK";

  private final ContentReader content;
  private final MaskRules rules;
  private final MaskReader reader;

  ItemMasks(ContentReader content, MaskRules rules, long maxPixels) {
    this.content = content;
    this.rules = rules;
    this.reader = new MaskReader(rules, maxPixels);
  }

  /**
   * @param masks at least one
   * @param image that they belong to
   * @return height x width x 1 of the image as displayed, or x 3 where objects are told apart
   * @throws ItemRefusedException when a mask is no image, of another size, or its pixels mean
   *     nothing
   */
  RasterImage read(List<SourceMask> masks, ImageHeader image)
      throws IOException, ItemRefusedException {
    requireKnownOrientation(masks.get(0), image);
    boolean isStored = rules.orientation() == MaskOrientation.STORED;
    int height = isStored ? image.storedHeight() : image.height();
    int width = isStored ? image.storedWidth() : image.width();
    boolean isOne = masks.size() == 1 && rules.files() == MaskFiles.LABELS;
    RasterImage map = isOne ? one(masks.get(0), height, width) : several(masks, height, width);
    return isStored ? image.orientation().upright(map) : map;
  }

  private void requireKnownOrientation(SourceMask mask, ImageHeader image)
      throws ItemRefusedException {
    boolean isTurned = !image.orientation().equals(Orientation.UPRIGHT);
    if (isTurned && rules.orientation() == MaskOrientation.UNKNOWN) {
      throw new ItemRefusedException(
          BAD_MASK,
          "is turned or mirrored by its EXIF orientation, and nothing says whether its mask %s is, too; set source.mask-orientation=stored if masks were drawn on the pixels as they are stored, upright if on the picture as it is displayed"
              .formatted(mask.name()));
    }
  }

  private RasterImage one(SourceMask mask, int height, int width)
      throws IOException, ItemRefusedException {
    byte[] bytes = content.read(mask.content());
    try {
      if (rules.instances() == MaskInstances.VALUES) {
        return reader.readInstances(bytes, height, width);
      }
      RasterImage labels = reader.read(bytes, height, width);
      return rules.instances() == MaskInstances.COMPONENTS
          ? LabelMaps.joined(labels, new Components(labels).numbers())
          : labels;
    } catch (ImageRefusedException | MaskRefusedException e) {
      throw refused(mask, e);
    }
  }

  private RasterImage several(List<SourceMask> masks, int height, int width)
      throws IOException, ItemRefusedException {
    MaskStack stack = new MaskStack(rules, height, width);
    for (SourceMask mask : masks) {
      byte[] bytes = content.read(mask.content());
      try {
        stack.add(stem(mask.name()), reader.readMarks(bytes, height, width));
      } catch (ImageRefusedException | MaskRefusedException e) {
        throw refused(mask, e);
      }
    }
    RasterImage labels = stack.labels();
    try {
      return switch (rules.instances()) {
        case NONE, VALUES -> labels;
        case FILES -> LabelMaps.joined(labels, stack.instances());
        case COMPONENTS -> LabelMaps.joined(labels, new Components(labels).numbers());
      };
    } catch (MaskRefusedException e) {
      throw refused(masks.get(0), e);
    }
  }

  private static String stem(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    int ending = name.toLowerCase(Locale.ROOT).lastIndexOf('.');
    return ending > 0 ? name.substring(0, ending) : name;
  }

  private static ItemRefusedException refused(SourceMask mask, Exception reason) {
    return new ItemRefusedException(
        BAD_MASK, "has a mask, %s, that %s".formatted(mask.name(), reason.getMessage()));
  }
}
