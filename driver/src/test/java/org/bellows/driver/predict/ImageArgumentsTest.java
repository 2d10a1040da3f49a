// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArgumentsTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.createDirectories(folder.resolve("cats/more"));
    Files.createDirectories(folder.resolve("dogs"));
    Files.createDirectories(folder.resolve("none"));
    for (String file :
        List.of("cats/b.JPG", "cats/a.png", "cats/c.jpeg", "cats/notes.txt", "dogs/[1].jpg")) {
      Files.writeString(folder.resolve(file), "");
    }
  }

  private ImageArguments.Found find(String argument) {
    return ImageArguments.find(new Configuration(), argument);
  }

  private List<String> names(String argument) {
    return find(argument).images().stream().map(ImageArguments.Image::name).toList();
  }

  @Test
  void aFileIsItselfWhateverItsName() {
    String notes = folder.resolve("cats/notes.txt").toString();
    assertThat(names(notes)).containsExactly(notes);
    String brackets = folder.resolve("dogs/[1].jpg").toString();
    assertThat(names(brackets)).containsExactly(brackets);
  }

  @Test
  void aFolderIsItsImagesInOrder() {
    ImageArguments.Found found = find(folder.resolve("cats").toString());
    assertThat(found.images())
        .extracting(ImageArguments.Image::name)
        .containsExactly(folder + "/cats/a.png", folder + "/cats/b.JPG", folder + "/cats/c.jpeg");
    assertThat(found.passedOver()).as("notes.txt and the folder more").isEqualTo(2);
  }

  /**
   * As in a source of prepare: what the listing cannot show is told, what is hidden is not read.
   */
  @Test
  void aFolderKeepsNothingBack() throws IOException {
    Files.writeString(folder.resolve("cats/12:00.jpg"), "");
    Files.writeString(folder.resolve("cats/._a.png"), "");
    Files.createSymbolicLink(folder.resolve("cats/d.jpg"), Path.of("gone.jpg"));
    ImageArguments.Found found = find(folder.resolve("cats").toString());
    assertThat(found.images())
        .extracting(ImageArguments.Image::name, ImageArguments.Image::problem)
        .containsExactly(
            tuple(folder + "/cats/12:00.jpg", null),
            tuple(folder + "/cats/a.png", null),
            tuple(folder + "/cats/b.JPG", null),
            tuple(folder + "/cats/c.jpeg", null),
            tuple(folder + "/cats/d.jpg", "is a link to gone.jpg, which leads nowhere"));
    assertThat(found.passedOver()).isEqualTo(3);
    assertThatThrownBy(() -> find(folder + "/12:*.jpg"))
        .hasMessageStartingWith("there is no image file:" + folder + "/12:*.jpg");
  }

  @Test
  void aGlobIsWhatItMatches() {
    assertThat(names(folder + "/*/*.{png,jpeg}"))
        .containsExactly(folder + "/cats/a.png", folder + "/cats/c.jpeg");
    assertThat(names(folder + "/[c-d]*s"))
        .containsExactly(
            folder + "/cats/a.png",
            folder + "/cats/b.JPG",
            folder + "/cats/c.jpeg",
            folder + "/dogs/[1].jpg");
  }

  @Test
  void nothingIsSaidToBeNothing() {
    assertThatThrownBy(() -> find(folder + "/*.gif"))
        .isInstanceOf(BellowsException.class)
        .hasMessage("there is no image file:" + folder + "/*.gif")
        .extracting(failure -> ((BellowsException) failure).category())
        .isEqualTo(ErrorCategory.DATA);
    assertThatThrownBy(() -> find(folder + "/none"))
        .hasMessage(
            "folder %s/none holds no image (*.jpg, *.jpeg, *.png); it holds 0 other entries"
                .formatted(folder));
  }
}
