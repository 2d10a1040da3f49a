// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bellows.data.prepare.mask.TestMasks.grey;
import static org.bellows.data.prepare.mask.TestMasks.palette;
import static org.bellows.data.prepare.mask.TestMasks.pixels;

import java.awt.image.BufferedImage;
import java.util.List;
import org.bellows.conf.ConfigurationException;
import org.bellows.data.TestImages;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.TinyPng;
import org.bellows.data.decode.image.ImageHeader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.encode.LabelPalette;
import org.junit.jupiter.api.Test;

/** What stands in a mask is a label, or the mask is refused. */
class MaskReaderTest {
  private static final byte VOID = (byte) 255;
  private static final String TEN = "source.pixel-classes=[a,b,c,d,e,f,g,h,i,j]";

  /** Eight colours: grey, colourful, and those whose values are their indices. */
  private static final List<byte[]> PALETTES =
      List.of(
          table(i -> new int[] {i * 60, i * 60, i * 60}),
          table(i -> new int[] {255 - i, 17 * i, i == 0 ? 9 : 200}),
          table(i -> new int[] {i, i, i}));

  private interface Colour {
    int[] of(int index);
  }

  private static byte[] table(Colour colour) {
    byte[] table = new byte[3 * 8];
    for (int i = 0; i < 8; i++) {
      for (int channel = 0; channel < 3; channel++) {
        table[3 * i + channel] = (byte) colour.of(i)[channel];
      }
    }
    return table;
  }

  private static byte[] read(byte[] file, String... assignments) throws MaskRefusedException {
    ImageHeader header = new ImageDecoder(1 << 20).inspect(file);
    RasterImage mask =
        new MaskReader(TestMasks.rules(assignments), 1000)
            .read(file, header.storedHeight(), header.storedWidth());
    assertThat(mask.channels()).isEqualTo(1);
    return mask.interleaved();
  }

  private static void assertRefused(byte[] file, String message, String... assignments) {
    assertThatThrownBy(() -> read(file, assignments))
        .isInstanceOf(MaskRefusedException.class)
        .hasMessage(message);
  }

  @Test
  void greyIsReadByValueWhateverItsBits() throws MaskRefusedException {
    assertThat(read(grey(1, 0, 1, 1, 0, 1))).containsExactly(0, 1, 1, 0, 1);
    assertThat(read(grey(2, 0, 1, 2, 3))).containsExactly(0, 1, 2, 3);
    assertThat(read(grey(4, 0, 5, 15, 2))).containsExactly(0, 5, 15, 2);
    assertThat(read(grey(8, 0, 1, 2, 5, 254))).containsExactly(0, 1, 2, 5, (byte) 254);
    assertThat(read(grey(16, 0, 1, 2, 5, 254))).containsExactly(0, 1, 2, 5, (byte) 254);
    byte[] equal = pixels(TestMasks.RGB, 8, new int[] {3, 3, 3}, new int[] {7, 7, 7});
    assertThat(read(equal)).containsExactly(3, 7);
    byte[] deep = pixels(TestMasks.RGB, 16, new int[] {3, 3, 3}, new int[] {7, 7, 7});
    assertThat(read(deep)).containsExactly(3, 7);
  }

  @Test
  void aPaletteIsReadByIndexWhateverItsColours() throws MaskRefusedException {
    for (byte[] colours : PALETTES) {
      assertThat(read(palette(8, colours, 0, 1, 2, 5))).containsExactly(0, 1, 2, 5);
      assertThat(read(palette(4, colours, 0, 1, 2, 5, 7))).containsExactly(0, 1, 2, 5, 7);
    }
    byte[] two = {0, 0, 0, VOID, VOID, VOID};
    assertThat(read(palette(1, two, 0, 1, 1))).containsExactly(0, 1, 1);
  }

  /** VOC's palettes have a transparent background; that is no label. */
  @Test
  void aPalettesTransparencyIsNoMatterOfLabels() throws MaskRefusedException {
    int[][][] samples = {{{0}, {2}}};
    byte[] file =
        new TinyPng()
            .header(1, 2, 8, TestMasks.PALETTE, 0)
            .chunk("PLTE", PALETTES.get(1))
            .chunk("tRNS", new byte[] {0})
            .data(TinyPng.rows(samples, 8, false))
            .end();
    assertThat(read(file)).containsExactly(0, 2);
  }

  @Test
  void interlacedMasksAreRead() throws MaskRefusedException {
    int[][][] samples = new int[9][13][1];
    byte[] expected = new byte[9 * 13];
    for (int i = 0; i < expected.length; i++) {
      samples[i / 13][i % 13][0] = i % 11;
      expected[i] = (byte) (i % 11);
    }
    byte[] file =
        new TinyPng()
            .header(9, 13, 4, TestMasks.GREY, 1)
            .data(TinyPng.rows(samples, 4, true))
            .end();
    assertThat(read(file)).containsExactly(expected);
  }

  @Test
  void alphaMustBeOpaque() throws MaskRefusedException {
    byte[] opaque = pixels(TestMasks.GREY_ALPHA, 8, new int[] {5, 255}, new int[] {2, 255});
    assertThat(read(opaque)).containsExactly(5, 2);
    assertRefused(
        pixels(TestMasks.GREY_ALPHA, 8, new int[] {5, 0}, new int[] {2, 255}),
        "has 1 pixels that are not opaque, expected none: a label has no transparency; store the"
            + " mask without alpha");
  }

  @Test
  void valuesAreMappedInTheirOrder() throws MaskRefusedException {
    assertThat(read(grey(8, 0, 255, 0), "source.mask-values=[0,255]")).containsExactly(0, 1, 0);
    assertThat(read(grey(8, 0, 255, 0), "source.mask-values=[255,0]")).containsExactly(1, 0, 1);
    assertThat(read(grey(16, 7, 1000, 60_000), "source.mask-values=[7,1000,60000]"))
        .containsExactly(0, 1, 2);
    assertRefused(
        grey(8, 0, 255, 7, 7),
        "holds a value that is no label: 7 (2 pixels); allowed: 0 and 255 (source.mask-values);"
            + " source.mask-void=[7] if it is void",
        "source.mask-values=[0,255]");
  }

  @Test
  void voidValuesAreVoidBeforeAnythingIsAdded() throws MaskRefusedException {
    assertThat(read(grey(8, 0, 10, 11), TEN + "", "source.mask-void=[10,11]"))
        .containsExactly(0, VOID, VOID);
    // Labels of 1..: 0 is void and stays it, 255 too; it does not become 254.
    assertThat(
            read(grey(8, 0, 1, 10, 255), TEN, "source.mask-shift=-1", "source.mask-void=[0,255]"))
        .containsExactly(VOID, 0, 9, VOID);
    // First the shift, then the list.
    assertThat(
            read(
                grey(8, 11, 6, 255),
                "source.mask-shift=-1",
                "source.mask-values=[5,10]",
                "source.mask-void=[255]"))
        .containsExactly(1, 0, VOID);
  }

  /** A shift that was made before is noticed: 0 has no class then. */
  @Test
  void aShiftThatIsMadeTwiceIsRefused() {
    assertRefused(
        grey(8, 0, 0, 1, 255),
        "holds a value that is no label: 0 (2 pixels); allowed: 0 to 9 (10 pixel classes) after"
            + " source.mask-shift = -1, void: 255; source.mask-shift = -1 takes these below 0:"
            + " leave it out, or if they are void set source.mask-void=[255, 0]",
        TEN,
        "source.mask-shift=-1",
        "source.mask-void=[255]");
  }

  @Test
  void aLabelPastTheClassesIsRefusedWithItsCount() {
    assertRefused(
        grey(8, 0, 9, 10, 10, 10),
        "holds a value that is no label: 10 (3 pixels); allowed: 0 to 9 (10 pixel classes);"
            + " source.mask-void=[10] if it is void",
        TEN);
    assertRefused(
        grey(8, 1, 9, 10, 10),
        "holds a value that is no label: 10 (2 pixels); allowed: 0 to 9 (10 pixel classes);"
            + " source.mask-shift=-1 if labels are counted from 1; source.mask-void=[10] if it is"
            + " void",
        TEN);
    assertRefused(
        grey(16, 0, 1, 300, 65_535),
        "holds values that are no labels: 300 (1 pixels), 65535 (1 pixels); allowed: 0 to 254;"
            + " source.mask-values=[0, 1, 300, 65535] if these are the classes in their order");
  }

  @Test
  void blackAndWhiteIsAskedBack() {
    assertRefused(
        grey(8, 0, 0, 255),
        "holds a value that is no label: 255 (1 pixels); allowed: 0 to 254;"
            + " source.mask-values=[0, 255] if 255 is class 1; source.mask-void=[255] if it is"
            + " void");
  }

  @Test
  void coloursNeedATable() throws MaskRefusedException {
    byte[] file =
        pixels(
            TestMasks.RGB,
            8,
            new int[] {128, 0, 0},
            new int[] {0, 0, 0},
            new int[] {224, 224, 192});
    assertRefused(
        file,
        "is in colours (2 of 3 pixels, the first in row 0, column 0), expected values;"
            + " source.mask-colours says which colour is which class (voc, or a file)");
    assertThat(read(file, "source.mask-colours=voc")).containsExactly(1, 0, VOID);
    byte[] deep = pixels(TestMasks.RGB, 16, new int[] {128, 0, 0});
    assertRefused(
        deep,
        "has 16 bits a channel, expected 8 with source.mask-colours",
        "source.mask-colours=voc");
  }

  /** With a table a palette is its colours: tools number them as they please. */
  @Test
  void aTableGoesByColoursInAPaletteToo() throws MaskRefusedException {
    byte[] colours = {0, 0, 0, (byte) 128, (byte) 128, 0, (byte) 128, 0, 0};
    assertThat(read(palette(2, colours, 0, 1, 2), "source.mask-colours=voc"))
        .containsExactly(0, 3, 1);
    assertThat(read(grey(8, 0, 128), "source.mask-colours=voc")).containsExactly(0, 7);
    assertThat(read(grey(1, 0, 0), "source.mask-colours=voc")).containsExactly(0, 0);
  }

  @Test
  void unknownColoursAreNamedWithTheirCounts() {
    assertRefused(
        pixels(
            TestMasks.RGB_ALPHA,
            8,
            new int[] {1, 2, 3, 255},
            new int[] {0, 0, 0, 255},
            new int[] {255, 2, 3, 255},
            new int[] {1, 2, 3, 255}),
        "holds colours that source.mask-colours does not name: #010203 (2 pixels), #ff0203 (1"
            + " pixels); allowed: #000000 background, #000080 boat, #004000 pottedplant, #004080"
            + " tvmonitor, #008000 bicycle, #008080 bus, #00c000 sofa, #400000 cat and 14 more",
        "source.mask-colours=voc");
    assertRefused(
        pixels(TestMasks.RGB_ALPHA, 8, new int[] {0, 0, 0, 254}),
        "has 1 pixels that are not opaque, expected none; store the mask without alpha",
        "source.mask-colours=voc");
  }

  @Test
  void jpegIsRefusedUnlessAThresholdIsStated() throws MaskRefusedException {
    BufferedImage image = new BufferedImage(32, 16, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 16; y++) {
      for (int x = 16; x < 32; x++) {
        image.setRGB(x, y, 0xFFFFFF);
      }
    }
    byte[] file = TestImages.jpeg(image, false);
    assertRefused(
        file,
        "is a JPEG, which makes other values of labels near their edges; store masks as PNG, or"
            + " where there are two classes set source.mask-threshold=128");
    byte[] labels = read(file, "source.mask-threshold=128");
    for (int i = 0; i < labels.length; i++) {
      assertThat(labels[i]).as("pixel %d", i).isEqualTo((byte) (i % 32 < 16 ? 0 : 1));
    }
    assertThat(read(grey(8, 0, 127, 128, 255), "source.mask-threshold=128"))
        .containsExactly(0, 0, 1, 1);
  }

  @Test
  void aMaskHasItsImagesSize() {
    assertThatThrownBy(() -> new MaskReader(TestMasks.rules(), 1000).read(grey(8, 9, 44), 2, 1))
        .isInstanceOf(MaskRefusedException.class)
        .hasMessage("is 1 x 2, but its image 2 x 1");
  }

  @Test
  void aDamagedMaskIsNoMask() {
    byte[] file = grey(8, 0, 1, 2);
    file[file.length - 20] ^= 1;
    MaskReader reader = new MaskReader(TestMasks.rules(), 1000);
    assertThatThrownBy(() -> reader.read(file, 1, 3))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessageContaining("is a corrupt PNG");
    assertThatThrownBy(() -> reader.read(palette(8, PALETTES.get(0), 0, 8), 1, 2))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessageContaining("colour 8 of a palette of 8");
    assertThatThrownBy(() -> reader.read(TestMasks.plain(40, 26, 0), 40, 26))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessage("has 40 x 26 = 1040 pixels, allowed are 1000");
  }

  @Test
  void severalMasksAreOneMapOfLabels() throws MaskRefusedException {
    MaskRules rules = TestMasks.rules("source.pixel-classes=[ground,car,tree]");
    MaskStack stack = new MaskStack(rules, 1, 4);
    stack.add("17_tree", marks(0, 1, 0, 0));
    stack.add("car", marks(0, 0, 1, 0));
    assertThat(stack.labels().interleaved()).containsExactly(0, 2, 1, 0);
    assertThatThrownBy(() -> stack.add("dog", marks(0, 0, 0, 0)))
        .isInstanceOf(MaskRefusedException.class)
        .hasMessage(
            "is called \"dog\", which is none of the pixel classes ground, car and tree nor ends"
                + " with one; expected a mask a class (source.pixel-classes), or"
                + " source.mask-files=instances");
    stack.add("ground", marks(1, 0, 0, 0));
    assertThat(stack.labels().interleaved()).containsExactly(0, 2, 1, VOID);
    assertThatThrownBy(() -> stack.add("x_car", marks(1, 1, 0, 1)))
        .hasMessage(
            "marks 2 pixels that another mask of the picture marks, expected each pixel once");
  }

  @Test
  void severalMasksAreInstances() throws MaskRefusedException {
    MaskRules rules = TestMasks.rules("source.mask-files=instances");
    assertThat(rules.classes()).extracting("name").containsExactly("background", "object");
    MaskStack stack = new MaskStack(rules, 1, 4);
    stack.add("a", marks(1, 0, 0, 0));
    stack.add("b", marks(0, 0, 1, 1));
    assertThat(stack.labels().interleaved()).containsExactly(1, 0, 1, 1);
    assertThat(stack.instances()).containsExactly(1, 0, 2, 2);
  }

  @Test
  void valuesMayBeNumbersOfObjects() throws MaskRefusedException {
    MaskReader reader =
        new MaskReader(
            TestMasks.rules("source.mask-instances=values", "source.mask-void=[9]"), 1000);
    RasterImage map = reader.readInstances(grey(16, 0, 65_535, 300, 9), 1, 4);
    assertThat(LabelMaps.labels(map).interleaved()).containsExactly(0, 1, 1, VOID);
    assertThat(LabelMaps.instances(map)).containsExactly(0, 65_535, 300, 0);
    assertThatThrownBy(
            () -> reader.readInstances(pixels(TestMasks.RGB, 8, new int[] {1, 2, 3}), 1, 1))
        .isInstanceOf(MaskRefusedException.class)
        .hasMessage("is in colours (1 of 1 pixels), expected numbers of objects");
    assertThatThrownBy(() -> reader.readInstances(TestImages.jpeg(8, 8), 8, 8))
        .isInstanceOf(MaskRefusedException.class)
        .hasMessageStartingWith("is a JPEG, which makes other numbers of objects");
  }

  /** A corner does not connect, void and class 0 part, and classes are told apart. */
  @Test
  void objectsMayBeConnectedRegions() throws MaskRefusedException {
    byte[] labels = {
      1, 1, 0, 2,
      0, 0, 1, 2,
      1, VOID, 1, 1,
      1, 1, VOID, 2
    };
    assertThat(new Components(new RasterImage(4, 4, 1, labels)).numbers())
        .containsExactly(1, 1, 0, 2, 0, 0, 3, 2, 4, 0, 3, 3, 4, 4, 0, 5);
    byte[] dots = new byte[400 * 400];
    for (int pixel = 0; pixel < dots.length; pixel++) {
      dots[pixel] = (byte) ((pixel / 400 + pixel % 400) % 2);
    }
    assertThatThrownBy(() -> new Components(new RasterImage(400, 400, 1, dots)).numbers())
        .isInstanceOf(MaskRefusedException.class)
        .hasMessage("has 80000 connected regions, expected at most 65535");
  }

  private static RasterImage marks(int... values) throws MaskRefusedException {
    int[] white = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      white[i] = 255 * values[i];
    }
    return new MaskReader(TestMasks.rules(), 1000).readMarks(grey(8, white), 1, values.length);
  }

  @Test
  void oneOfSeveralHoldsTwoValues() {
    assertThatThrownBy(
            () -> new MaskReader(TestMasks.rules(), 1000).readMarks(grey(8, 0, 1, 2), 1, 3))
        .isInstanceOf(MaskRefusedException.class)
        .hasMessage(
            "marks one thing of several, but holds 1 pixels besides those of 0 and 1, expected two"
                + " values");
  }

  @Test
  void whatCannotBeMeantTogetherIsRefusedBefore() {
    assertThatThrownBy(() -> TestMasks.rules("source.mask-instances=files"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("source.mask-instances: is files, but source.mask-files is labels");
    assertThatThrownBy(() -> TestMasks.rules("source.mask-instances=values", "source.mask-shift=1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("source.mask-instances: is values, which takes a mask's values");
    assertThatThrownBy(
            () ->
                TestMasks.rules("source.mask-instances=components", "source.mask-files=instances"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("source.mask-instances: is components, but source.mask-files is");
    assertThatThrownBy(
            () -> TestMasks.rules("source.mask-instances=values", "source.pixel-classes=[a, b, c]"))
        .hasMessage(
            "source.mask-instances = values gives two classes, background and object, but there"
                + " are 3: a, b and c");
    assertThatThrownBy(() -> TestMasks.rules("source.mask-threshold=9", "source.mask-void=[1]"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("source.mask-threshold: is 9, which gives labels 0 and 1 alone");
    assertThatThrownBy(() -> TestMasks.rules("source.mask-colours=voc", "source.mask-shift=1"))
        .hasMessageContaining("source.mask-colours: is \"voc\", but source.mask-values,");
    assertThatThrownBy(
            () -> TestMasks.rules("source.pixel-classes=[a,b,c]", "source.mask-values=[0,255]"))
        .hasMessageContaining(
            "source.mask-values: holds 2 values, but source.pixel-classes 3 names");
    assertThatThrownBy(() -> TestMasks.rules("source.mask-values=[0,0]"))
        .hasMessageContaining("source.mask-values: holds 0 twice");
    assertThatThrownBy(() -> TestMasks.rules("source.mask-void=[1.5]"))
        .hasMessageContaining(
            "source.mask-void: holds 1.5, allowed: a list of whole numbers from 0 to 65535");
    assertThatThrownBy(() -> TestMasks.rules("source.mask-colours=voc", "source.pixel-classes=[a]"))
        .hasMessageContaining(
            "source.pixel-classes holds 1 names, but source.mask-colours has 21 classes");
  }

  @Test
  void aPredictedLabelMapReadsBackAsItsLabels() throws MaskRefusedException {
    byte[] labels = {0, 1, 2, 3, 9, VOID};
    byte[] file = new LabelPalette(List.of()).png(new RasterImage(2, 3, 1, labels));
    assertThat(read(file, TEN, "source.mask-void=[255]")).isEqualTo(labels);
  }
}
