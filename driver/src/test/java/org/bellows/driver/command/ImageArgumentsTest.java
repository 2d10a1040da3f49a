package org.bellows.driver.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
