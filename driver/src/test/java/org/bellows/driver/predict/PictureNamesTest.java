// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Test;

class PictureNamesTest {
  @Test
  void aNameIsThePathWithoutItsEnding() {
    assertThat(PictureNames.of("val/a.b.JPG")).isEqualTo("val/a.b");
    assertThat(PictureNames.of("images.parquet#12")).isEqualTo("images.parquet#12");
    assertThat(PictureNames.of("hdfs://node:8020/photos/a.png")).isEqualTo("node_8020/photos/a");
  }

  @Test
  void noNameLeadsOutOfTheFolder() {
    assertThat(PictureNames.of("../../etc/./passwd.png")).isEqualTo("etc/passwd");
    assertThat(PictureNames.of("/a//b:c?.jpeg")).isEqualTo("a/b_c_");
  }

  @Test
  void namedFilesAreBelowTheFolderThatTheyShare() {
    assertThat(PictureNames.ofAll(List.of("/x/one/1.jpg"))).containsExactly("1");
    assertThat(PictureNames.ofAll(List.of("/x/one/1.jpg", "/x/one/2.jpg")))
        .containsExactly("1", "2");
    assertThat(PictureNames.ofAll(List.of("/x/one/1.jpg", "/x/only/1.jpg")))
        .containsExactly("one/1", "only/1");
    assertThat(PictureNames.ofAll(List.of())).isEmpty();
  }

  @Test
  void twoPicturesOfOneNameAreRefused() {
    List<String> paths = List.of("b.jpg", "a.jpg", "a.png");
    assertThatThrownBy(
            () ->
                OutputCollisions.requireNone(paths, paths.stream().map(PictureNames::of).toList()))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "a.jpg and a.png would both be predicted to a; rename one of them, or predict them apart");
  }
}
