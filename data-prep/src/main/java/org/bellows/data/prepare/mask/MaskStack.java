// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import java.util.Arrays;
import java.util.List;
import org.bellows.conf.SourceSettings.MaskFiles;
import org.bellows.conf.text.Words;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.PixelClass;

/**
 * Several masks of one picture, each of one thing, as one label map. As labels: a mask's class is
 * the one that its file is named after; pixels that no mask marks are of class 0, or void where
 * class 0 has a mask of its own. As instances: marked pixels are of class 1, others of class 0.
 */
public final class MaskStack {
  private static final int UNMARKED = -1;

  private final MaskRules rules;
  private final int height;
  private final int width;

  /** Which mask marks a pixel: its class or number; {@link #UNMARKED}. */
  private final short[] marked;

  private boolean hasFirstClass;
  private int masks;

  /**
   * @param height of the masks
   * @param width of the masks
   */
  public MaskStack(MaskRules rules, int height, int width) {
    this.rules = rules;
    this.height = height;
    this.width = width;
    this.marked = new short[height * width];
    Arrays.fill(marked, (short) UNMARKED);
  }

  /**
   * @param name of the file, without ending
   * @param marks height x width x 1: 1 where it marks
   * @throws MaskRefusedException when it is of no class, or marks what another marks
   */
  public void add(String name, RasterImage marks) throws MaskRefusedException {
    int mark = rules.files() == MaskFiles.LABELS ? labelOf(name) : masks;
    hasFirstClass |= rules.files() == MaskFiles.LABELS && mark == 0;
    masks++;
    byte[] values = marks.interleaved();
    long twice = 0;
    for (int pixel = 0; pixel < marked.length; pixel++) {
      if (values[pixel] != 0) {
        if (marked[pixel] != UNMARKED) {
          twice++;
        }
        marked[pixel] = (short) mark;
      }
    }
    if (twice > 0) {
      throw new MaskRefusedException(
          "marks %d pixels that another mask of the picture marks, expected each pixel once"
              .formatted(twice));
    }
  }

  private int labelOf(String name) throws MaskRefusedException {
    List<String> names = rules.classes().stream().map(PixelClass::name).toList();
    int label = names.indexOf(name);
    for (int i = 0; label < 0 && i < names.size(); i++) {
      label = name.endsWith("_" + names.get(i)) ? i : -1;
    }
    if (label < 0) {
      throw new MaskRefusedException(
          "is called \"%s\", which is none of the pixel classes %s nor ends with one; expected a mask a class (source.pixel-classes), or source.mask-files=instances"
              .formatted(name, Words.and(names)));
    }
    return label;
  }

  /** Height x width: 1 for what the first mask marks, and so on; 0 where none does. */
  public int[] instances() {
    int[] numbers = new int[marked.length];
    for (int pixel = 0; pixel < numbers.length; pixel++) {
      numbers[pixel] = marked[pixel] + 1;
    }
    return numbers;
  }

  /** Height x width x 1. */
  public RasterImage labels() {
    boolean isOfLabels = rules.files() == MaskFiles.LABELS;
    int unmarked = isOfLabels && hasFirstClass ? PixelClass.VOID : 0;
    byte[] labels = new byte[marked.length];
    for (int pixel = 0; pixel < labels.length; pixel++) {
      int label = isOfLabels ? marked[pixel] : 1;
      labels[pixel] = (byte) (marked[pixel] == UNMARKED ? unmarked : label);
    }
    return new RasterImage(height, width, 1, labels);
  }
}
