// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.data.TestSettings;
import org.bellows.data.manifest.PixelClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColourFileTest {
  @TempDir Path folder;

  private MaskRules read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("class_dict.csv"), text);
    return TestMasks.rules("source.mask-colours=" + file);
  }

  private void assertBad(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(BellowsException.class)
        .hasMessage("file:%s/class_dict.csv %s".formatted(folder, message));
  }

  @Test
  void readsTablesAsToolsWriteThem() throws IOException {
    MaskRules rules = read("name, r, g, b\r\nSky,128,128,128\r\nVoid,0,0,0\r\nRoad,128,64,128\r\n");
    assertThat(rules.classes())
        .containsExactly(new PixelClass("Sky", "#808080"), new PixelClass("Road", "#804080"));
    assertThat(rules.colours().label(0x804080)).isEqualTo(1);
    assertThat(rules.colours().label(0)).isEqualTo(PixelClass.VOID);
    assertThat(rules.colours().label(1)).isEqualTo(MaskRules.NONE);
  }

  @Test
  void readsAColourALine() throws IOException {
    MaskRules rules = read("#808080\tsky\n#804080 the road\n#000000 void\n#ffffff VOID\n");
    assertThat(rules.classes())
        .containsExactly(new PixelClass("sky", "#808080"), new PixelClass("the road", "#804080"));
    assertThat(rules.colours().label(0xFFFFFF)).isEqualTo(PixelClass.VOID);
  }

  @Test
  void vocIsTwentyClassesAndABackground() {
    MaskRules rules = TestMasks.rules("source.mask-colours=voc");
    assertThat(rules.classes()).hasSize(21);
    assertThat(rules.classes().get(15)).isEqualTo(new PixelClass("person", "#c08080"));
    assertThat(rules.colours().label(0xE0E0C0)).isEqualTo(PixelClass.VOID);
  }

  @Test
  void saysWhatIsWrong() {
    assertBad(
        "sky\n",
        "has the line \"sky\", expected \"#rrggbb NAME\", or a table with the header name,r,g,b");
    assertBad("a,b\n", "has the columns a and b, expected name, r, g and b among them");
    assertBad("name,r,g,b\nsky,1,2\n", "has the line \"sky,1,2\" of 3 columns, expected 4");
    assertBad(
        "name,r,g,b\nsky,1,2,256\n",
        "has \"256\" in the line \"sky,1,2,256\", expected a whole number from 0 to 255");
    assertBad("#000001 sky\n#000001 road\n", "gives the colour #000001 to \"sky\" and to \"road\"");
    assertBad("#000001 sky\n#000002 sky\n", "names the class \"sky\" twice");
    assertBad("#000001 void\n", "names 0 classes besides void, expected 1 to 255");
    assertThatThrownBy(() -> TestMasks.rules("source.mask-colours=" + folder + "/none"))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "source.mask-colours names file:%s/none, and there is no such file; allowed: voc, or a file"
                .formatted(folder));
  }

  /** What lies beside the data gives way to what is stated. */
  @Test
  void classesAreNamedByTheFirstThatSaysThem() throws IOException {
    Files.writeString(folder.resolve("pixel-classes.txt"), "sky\nroad\n");
    assertThat(names(List.of("x"))).containsExactly("sky", "road");
    assertThat(names(List.of(), "source.pixel-classes=[a]")).containsExactly("a");
    Files.writeString(folder.resolve("pixel-classes.txt"), "#010203 sky\n#040506 road\n");
    assertThat(rules(List.of()).classes())
        .containsExactly(new PixelClass("sky", "#010203"), new PixelClass("road", "#040506"));
    Files.delete(folder.resolve("pixel-classes.txt"));
    assertThat(names(List.of("x", "y"))).containsExactly("x", "y");
    assertThat(names(List.of(), "source.mask-values=[0,255]")).containsExactly("0", "1");
    assertThat(names(List.of(), "source.mask-threshold=9")).containsExactly("background", "object");
    assertThat(names(List.of())).isEmpty();
  }

  private MaskRules rules(List<String> listed, String... assignments) {
    return MaskRulesReader.read(
        new Configuration(),
        TestSettings.of(assignments).source(),
        Optional.of(new org.apache.hadoop.fs.Path(folder.toUri())),
        listed);
  }

  private List<String> names(List<String> listed, String... assignments) {
    return rules(listed, assignments).classes().stream().map(PixelClass::name).toList();
  }
}
