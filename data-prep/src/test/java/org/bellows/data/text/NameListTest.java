// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists in which each line counts. */
class NameListTest {
  private static final String COMPOSED = "K\u00E4se";
  private static final String DECOMPOSED = "Ka\u0308se";

  @TempDir Path folder;

  private org.apache.hadoop.fs.Path file(byte[] content) throws IOException {
    return new org.apache.hadoop.fs.Path(Files.write(folder.resolve("names.txt"), content).toUri());
  }

  private List<String> classes(String text) throws IOException {
    return NameList.classes(files(), file(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static FileSystem files() throws IOException {
    return FileSystem.getLocal(new Configuration());
  }

  @Test
  void namesOfClasses() throws IOException {
    assertThat(classes("\uFEFFcat\r\n" + COMPOSED + " \r\n\r\ndog"))
        .containsExactly("cat", COMPOSED, "dog");
  }

  @Test
  void aNameThatStandsThereTwiceIsNamed() {
    assertThatThrownBy(() -> classes("cat\n\ndog\ncat\n"))
        .isInstanceOf(BellowsException.class)
        .hasMessageEndingWith("names.txt names the class \"cat\" twice, in lines 1 and 4");
    assertThatThrownBy(() -> classes(COMPOSED + "\n" + DECOMPOSED))
        .hasMessageEndingWith(
            "names the class \"%s\" twice in two Unicode spellings, in lines 1 and 2"
                .formatted(DECOMPOSED));
  }

  @Test
  void aLineThatIsNotUtf8IsNamed() throws IOException {
    org.apache.hadoop.fs.Path file =
        file(("cat\n" + COMPOSED + "\n").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> NameList.classes(files(), file))
        .isInstanceOf(BellowsException.class)
        .hasMessage("line 2 of %s is not UTF-8: byte 0xE4 after \"K\"".formatted(file));
  }

  @Test
  void whereLinesAreCountedNoneMayBeEmpty() throws IOException {
    assertThat(NameList.numbered(files(), file("a\nb\n\n\n".getBytes(StandardCharsets.UTF_8))))
        .containsExactly("a", "b");
    org.apache.hadoop.fs.Path file = file("a\n\nb\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> NameList.numbered(files(), file))
        .hasMessage("line 2 of %s is empty, and others follow: each line counts".formatted(file));
  }

  @Test
  void twoSpellingsOfOneNameAreToldApart() {
    assertThat(UnicodeSpelling.pair(List.of("a", COMPOSED, "b", DECOMPOSED)))
        .contains(
            "\"%s\" (with U+00E4 U+0073) and \"%s\" (with U+0061 U+0308)"
                .formatted(COMPOSED, DECOMPOSED));
    assertThat(UnicodeSpelling.pair(List.of("a", COMPOSED, "b"))).isEmpty();
    UnicodeSpelling known = new UnicodeSpelling(List.of("a", COMPOSED));
    assertThat(known.other(DECOMPOSED)).isEqualTo(COMPOSED);
    assertThat(known.other(COMPOSED)).isNull();
    assertThat(known.other("b")).isNull();
    assertThat(UnicodeSpelling.lacking("b", List.of(COMPOSED))).isEqualTo("does not");
    assertThat(UnicodeSpelling.lacking(DECOMPOSED, List.of(COMPOSED)))
        .startsWith("has in another Unicode spelling only: ");
  }
}
