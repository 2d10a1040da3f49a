package org.bellows.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings.SourceFormat;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.TestTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recognised, and one sentence for each thing that can be wrong. */
class SourcesTest {
  @TempDir Path folder;

  @Test
  void listsTrees() throws IOException {
    TestTree.write(folder);
    Source source = list();
    assertThat(source.format()).isEqualTo(SourceFormat.TREE);
    assertThat(source.classes()).containsExactly("cat", "dog");
    assertThat(source.splits())
        .extracting(Source.SourceSplit::name)
        .containsExactly("train", "val");
    assertThat(source.images()).isEqualTo(50);
    assertThat(source.splits().get(1).items().get(0).path()).isEqualTo("val/cat/0.png");
  }

  @Test
  void saysWhatIsWrongWithATree() throws IOException {
    assertDataError("source file:" + folder + " holds neither split folders");
    byte[] image = TestImages.jpeg(8, 8);
    TestTree.put(folder, "a.jpg", image);
    assertDataError(
        "image file:%s/a.jpg of source file:%s does not lie in a class folder, expected split/class/a.jpg"
            .formatted(folder, folder));
    Files.delete(folder.resolve("a.jpg"));
    Files.createDirectories(folder.resolve("train"));
    assertDataError("split train of source file:" + folder + " holds no class folders");
    TestTree.put(folder, "train/b.PNG", image);
    assertDataError("image file:" + folder + "/train/b.PNG of source file:" + folder);
    Files.delete(folder.resolve("train/b.PNG"));
    TestTree.put(folder, "train/cat/notes.txt", image);
    assertDataError(
        "class cat of split train of source file:%s has no images (*.jpg, *.jpeg, *.png); the folder holds 1 other files"
            .formatted(folder));
    TestTree.put(folder, "train/cat/1.jpg", image);
    assertThat(list().images()).isEqualTo(1);
    TestTree.put(folder, "test/dog/1.jpg", image);
    assertDataError(
        "split test of source file:" + folder + " holds class dog, which split train does not");
    TestTree.put(folder, "train/dog/deeper/1.jpg", image);
    assertDataError("file:" + folder + "/train/dog/deeper is a folder, expected an image");
  }

  @Test
  void saysWhatIsWrongWithThePath() throws IOException {
    assertThatThrownBy(() -> list("source.path=" + folder + "/nothing"))
        .hasMessage("source file:" + folder + "/nothing does not exist");
    Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> list("source.path=" + folder + "/file"))
        .hasMessage("source file:" + folder + "/file is a file, expected a folder");
  }

  @Test
  void listsIdxFiles() throws IOException {
    idx("train-images-idx3-ubyte.gz", 0x803, 3, 4, 5);
    idx("train-labels-idx1-ubyte", 0x801, 3);
    Source source = list();
    assertThat(source.format()).isEqualTo(SourceFormat.IDX);
    assertThat(source.splits()).extracting(Source.SourceSplit::name).containsExactly("train");
    assertThat(source.classes()).containsExactly("0", "1", "2");
    assertThat(source.splits().get(0).items())
        .containsExactly(
            new SourceItem("train-images-idx3-ubyte#0", 20, 0, 0),
            new SourceItem("train-images-idx3-ubyte#1", 20, 1, 1),
            new SourceItem("train-images-idx3-ubyte#2", 20, 2, 2));
    Files.writeString(folder.resolve("classes.txt"), "a\nb\n\nc\nd\n");
    assertThat(list().classes()).containsExactly("a", "b", "c", "d");
    Files.writeString(folder.resolve("classes.txt"), "a\nb\n");
    assertDataError(
        "file:" + folder + "/classes.txt names 2 classes, but there are labels up to 2");
    Files.writeString(folder.resolve("classes.txt"), "a\nb\na");
    assertDataError("file:" + folder + "/classes.txt names a class twice");
  }

  @Test
  void saysWhatIsWrongWithIdxFiles() throws IOException {
    String images = "file:" + folder + "/train-images-idx3-ubyte";
    idx("train-images-idx3-ubyte", 0x803, 3, 4, 5);
    assertDataError("source file:" + folder + " holds train-images-idx3-ubyte but no train-labels");
    idx("train-labels-idx1-ubyte", 0x801, 2);
    assertDataError(images + " holds 3 images, but train-labels-idx1-ubyte holds 2 labels");
    idx("train-labels-idx1-ubyte", 0x801, 3);
    idx("train-images-idx3-ubyte", 0x802, 3, 4, 5);
    assertDataError(
        images
            + " begins with 0x00000802, expected 0x00000803 (IDX, unsigned bytes, 3 dimensions)");
    idx("train-images-idx3-ubyte", 0x803, 3, 0, 5);
    assertDataError(images + " has 0 as dimension 1, expected at least 1");
    idx("train-images-idx3-ubyte", 0x803, 3, 4, 5);
    byte[] whole = Files.readAllBytes(folder.resolve("train-images-idx3-ubyte"));
    TestTree.put(folder, "train-images-idx3-ubyte", Arrays.copyOf(whole, whole.length - 1));
    assertDataError(
        images
            + " is damaged or truncated: it ends before the [3, 4, 5] values that its header says");
    TestTree.put(folder, "train-images-idx3-ubyte", Arrays.copyOf(whole, 9));
    assertDataError(images + " is damaged or truncated inside its header");
    TestTree.put(folder, "train-images-idx3-ubyte", Arrays.copyOf(whole, whole.length + 1));
    assertDataError(images + " is longer than its header says: [3, 4, 5]");
  }

  @Test
  void saysWhatIsWrongWithGzip() throws IOException {
    String images = "file:" + folder + "/train-images-idx3-ubyte.gz";
    idx("train-labels-idx1-ubyte", 0x801, 3);
    idx("train-images-idx3-ubyte.gz", 0x803, 3, 4, 5);
    byte[] whole = Files.readAllBytes(folder.resolve("train-images-idx3-ubyte.gz"));
    TestTree.put(folder, "train-images-idx3-ubyte.gz", Arrays.copyOf(whole, whole.length / 2));
    assertDataError(images + " is damaged or truncated");
    TestTree.put(folder, "train-images-idx3-ubyte.gz", new byte[100]);
    assertDataError(images + " is not a gzip file: Not in GZIP format");
    TestTree.put(folder, "train-images-idx3-ubyte.gz", new byte[0]);
    assertDataError(images + " is not a gzip file");
  }

  private Source list(String... assignments) {
    String[] all = assignments.length == 0 ? new String[] {"source.path=" + folder} : assignments;
    return Sources.list(new Configuration(), TestSettings.of(all).source());
  }

  private void assertDataError(String message) {
    assertThatThrownBy(this::list)
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith(message)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
  }

  /** Values count up from 0. */
  private void idx(String name, int magic, int... dimensions) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out =
        new DataOutputStream(name.endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes)) {
      out.writeInt(magic);
      int values = 1;
      for (int dimension : dimensions) {
        out.writeInt(dimension);
        values *= dimension;
      }
      for (int i = 0; i < values; i++) {
        out.writeByte(i);
      }
    }
    TestTree.put(folder, name, bytes.toByteArray());
  }
}
