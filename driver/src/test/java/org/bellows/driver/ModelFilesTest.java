// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code models import} and {@code models export}, as a person uses them. */
@Tag("integration")
class ModelFilesTest {
  private static final String WEIGHTS = "resnet20-12fca82f.th";
  private static final String CLASSES =
      "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n";

  @TempDir Path folder;

  private static Path weights() {
    String given = System.getenv("BELLOWS_TEST_DATA");
    Path found =
        Stream.of(given == null ? "../../shared/data" : given)
            .map(root -> Path.of(root, "weights", WEIGHTS).toAbsolutePath().normalize())
            .filter(Files::isRegularFile)
            .findFirst()
            .orElse(null);
    if (found == null) {
      System.out.println("skipped: no weights below BELLOWS_TEST_DATA or ../shared/data");
    }
    Assumptions.assumeTrue(found != null);
    return found;
  }

  private CommandLine.Said importing(Path file, String model, String name, String... more) {
    return CommandLine.run(
        Stream.concat(
                Stream.of(
                    "models",
                    "import",
                    "--from=" + file,
                    "--model=" + model,
                    "--output=" + folder.resolve(name)),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private Path imported() throws IOException {
    Path names = folder.resolve("classes.txt");
    Files.writeString(names, CLASSES, StandardCharsets.UTF_8);
    CommandLine.Said said =
        importing(weights(), "resnet20-cifar", "model", "--class-names=" + names);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("matched      stem_W ")
        .contains("all 97 arrays of resnet20-cifar matched by pytorch_resnet_cifar10's names");
    return folder.resolve("model");
  }

  private Path picture() throws IOException {
    BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
    Graphics2D draw = image.createGraphics();
    draw.setColor(Color.CYAN);
    draw.fillRect(0, 0, 40, 32);
    draw.dispose();
    Path file = folder.resolve("sky.png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void predictsWithPublishedWeights() throws IOException {
    Path model = imported();
    assertThat(CommandLine.metric(model, "matched")).isEqualTo(97);
    assertThat(Files.readString(model.resolve("import.json"))).contains("layer3.2.conv2.weight");
    CommandLine.Said said =
        CommandLine.run("predict", "--set=model.path=" + model, picture().toString());
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).containsPattern("% +(airplane|ship|bird)");
  }

  @Test
  void goesOnAfterAPictureThatIsRefused() throws IOException {
    Path model = imported();
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    Files.copy(picture(), pictures.resolve("c:00-sky.png"));
    Files.writeString(pictures.resolve("a-letter.jpg"), "Dear madam");
    Files.writeString(pictures.resolve("b\u001b[31m.jpg"), "Dear madam");
    Files.writeString(pictures.resolve("notes.txt"), "");
    Path output = folder.resolve("predicted");
    CommandLine.Said said =
        CommandLine.run(
            "predict",
            "--set=model.path=" + model,
            "--set=output.path=" + output,
            pictures.toString(),
            folder.resolve("nowhere.png").toString());
    assertThat(said.exitCode()).as(said.err()).isEqualTo(3);
    assertThat(said.out())
        .containsPattern("a-letter.jpg\n  refused: .*is neither JPEG nor PNG")
        .containsPattern("c:00-sky.png\n +[\\d.]+ % +(airplane|ship|bird)")
        .containsPattern("nowhere.png\n  refused: there is no image")
        .contains("passed over in folders: 1 entries")
        .contains("b\\u001b[31m.jpg")
        .doesNotContain("\u001b");
    assertThat(said.err())
        .startsWith("bellows: 3 of 4 images were refused:\n  ")
        .contains("a-letter.jpg", "nowhere.png")
        .doesNotContain("\u001b");
    assertThat(CommandLine.result(output).get("status")).isEqualTo("failed");
    assertThat((Map<?, ?>) CommandLine.metric(output, "predictions")).hasSize(1);
    assertThat((Map<?, ?>) CommandLine.metric(output, "refused")).hasSize(3);
  }

  @Test
  void exportsAndImportsAgainTheSame() throws IOException {
    Path model = imported();
    Path file = folder.resolve("model.safetensors");
    String from = "--from=" + model;
    CommandLine.Said said =
        CommandLine.run("models", "export", from, "--format=safetensors", "--output=" + file);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(importing(file, "resnet20-cifar", "again").exitCode()).isZero();
    Path again = folder.resolve("again");
    assertThat(CommandLine.metric(again, "parameters-sha256"))
        .isEqualTo(CommandLine.metric(model, "parameters-sha256"));
    assertThat(CommandLine.metric(again, "source")).isEqualTo("bellows");
    assertThat(Files.readString(again.resolve("model/model.json")))
        .contains("\"automobile\"", "0.485");
    CommandLine.Said twice =
        CommandLine.run("models", "export", from, "--format=safetensors", "--output=" + file);
    assertThat(twice.exitCode()).isEqualTo(2);
    assertThat(twice.err()).contains("model.safetensors is there already; give a new path");
    CommandLine.Said inside =
        CommandLine.run(
            "models", "export", from, "--format=onnx", "--output=" + model + "/model/model.onnx");
    assertThat(inside.exitCode()).isEqualTo(2);
    assertThat(inside.err()).contains("the output would be a part of the input");
    Path onnx = folder.resolve("model.onnx");
    assertThat(
            CommandLine.run("models", "export", from, "--format=onnx", "--fold", "--output=" + onnx)
                .exitCode())
        .isZero();
    assertThat(Files.size(onnx)).isBetween(1_000_000L, 1_300_000L);
    try (Stream<Path> all = Stream.concat(Files.walk(again), Files.list(folder))) {
      assertThat(all.map(written -> written.getFileName().toString()))
          .as("no checksum files beside what people take away")
          .contains("model.json", "result.json", "model.onnx", "model.safetensors")
          .noneMatch(name -> name.endsWith(".crc"));
    }
  }

  @Test
  void refusesWhatDoesNotFit() throws IOException {
    CommandLine.Said said = importing(weights(), "resnet18", "wrong");
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err())
        .contains(WEIGHTS + " does not fit resnet18 by torchvision's names:", "missing (first:");
    assertThat(folder.resolve("wrong/import.json")).exists();
    assertThat(folder.resolve("wrong/model")).doesNotExist();
    assertThat(CommandLine.result(folder.resolve("wrong")).get("status")).isEqualTo("failed");
    CommandLine.Said head =
        importing(weights(), "resnet20-cifar", "three", "--classes=3", "--new-head");
    assertThat(head.exitCode()).as(head.err()).isZero();
    assertThat(head.out()).contains("initial      output_W");
    assertThat(importing(weights(), "resnet-20", "none").exitCode()).isEqualTo(2);
    Path nothing = folder.resolve("nothing.pt");
    Files.writeString(nothing, "hello");
    CommandLine.Said unknown = importing(nothing, "resnet18", "unknown");
    assertThat(unknown.exitCode()).isEqualTo(3);
    assertThat(unknown.err()).contains("is neither a checkpoint of PyTorch nor");
  }
}
