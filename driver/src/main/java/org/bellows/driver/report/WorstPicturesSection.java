// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.Base64;
import java.util.List;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.encode.JpegEncoder;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.show.Legend;
import org.bellows.data.show.MaskOverlay;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.TableCells;
import org.bellows.worker.evaluate.PixelFacts.WorstPicture;

/** The pictures of lowest mIoU: each as it is, under its mask, and under the answer. */
final class WorstPicturesSection {
  /** Characters of base64 over all pictures: the page must stay small enough to send by mail. */
  private static final int MOST_CHARACTERS = 2_000_000;

  private static final int QUALITY = 90;
  private static final List<String> SHOWN = List.of("image", "mask", "answer");

  private final List<WorstPicture> worst;
  private final MaskOverlay overlay;
  private final ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);

  /**
   * @param classes by label
   */
  WorstPicturesSection(List<WorstPicture> worst, List<PixelClass> classes) {
    this.worst = worst;
    this.overlay = new MaskOverlay(classes);
  }

  void render(Markup out) {
    out.open("section", "class", "card").element("h3", "Images of the lowest mIoU");
    out.open("div", "class", "legend");
    for (Legend.Entry entry : overlay.legend().entries()) {
      out.open("span");
      TableCells.named(out, entry.name(), entry.rgb());
      out.close();
    }
    out.close();
    out.open("div", "class", "overlays");
    int characters = 0;
    int shown = 0;
    for (WorstPicture picture : worst) {
      List<String> three = three(picture);
      characters += three.stream().mapToInt(String::length).sum();
      if (characters > MOST_CHARACTERS) {
        break;
      }
      render(out, picture, three);
      shown++;
    }
    out.close();
    String more = shown < worst.size() ? " The first " + shown + " of " + worst.size() + "." : "";
    out.element(
        "p",
        "The image, its mask over it, the answer over it. Void in the answer: not finite." + more,
        "class",
        "caption");
    out.close();
  }

  /** JPEG files as base64; none of a picture that cannot be decoded. */
  private List<String> three(WorstPicture picture) {
    try {
      RasterImage pixels = decoder.decode(picture.picture());
      return List.of(
          encoded(MaskOverlay.inColour(pixels)),
          encoded(overlay.of(masked(pixels, picture.truth()))),
          encoded(overlay.of(masked(pixels, picture.answer()))));
    } catch (ImageRefusedException e) {
      // A report is drawn of what is there.
      return List.of();
    }
  }

  private static MaskedPicture masked(RasterImage pixels, byte[] labels) {
    EncodedSample sample =
        new EncodedSample(
            0,
            EncodedSample.NO_LABEL,
            Encoding.PNG,
            pixels.height(),
            pixels.width(),
            pixels.channels(),
            "",
            new byte[0],
            labels);
    return new MaskedPicture(pixels, LabelMaps.of(sample));
  }

  private static String encoded(RasterImage pixels) {
    return Base64.getEncoder().encodeToString(JpegEncoder.encode(pixels, QUALITY));
  }

  private static void render(Markup out, WorstPicture picture, List<String> three) {
    out.open("div", "class", "overlay");
    if (three.isEmpty()) {
      out.element("div", "no picture", "class", "picture missing");
    }
    out.open("div", "class", "three");
    for (int i = 0; i < three.size(); i++) {
      out.empty("img", "src", "data:image/jpeg;base64," + three.get(i), "alt", SHOWN.get(i));
    }
    out.close();
    out.open("p", "class", "caption");
    out.element("b", "mIoU " + NumberText.percent(picture.miou(), 1));
    out.text(
        " · %s · %d × %d pixels".formatted(picture.source(), picture.height(), picture.width()));
    out.close().close();
  }
}
