// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bellows.conf.BellowsException;
import org.bellows.driver.CommandLine.Said;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import picocli.CommandLine;

class ModelsCommandTest {

  @Test
  void suggestsTheNearestName() {
    assertThat(failure("resnet-18"))
        .hasMessage(
            "no network is named \"resnet-18\"; did you mean resnet18?; \"bellows models\" lists"
                + " them");
  }

  @Test
  void refusesAnInputThatTheNetworkCannotTake() {
    assertThat(failure("lenet5", "--input", "1x8x28"))
        .hasMessage("--input is 1x8x28, but lenet5 needs sides of at least 12 pixels");
    assertThat(failure("lenet5", "--input", "2x28x28"))
        .hasMessageContaining("needs 1 or 3 channels");
    assertThat(failure("lenet5", "--input", "28"))
        .hasMessage("--input is \"28\", expected channels x height x width such as 3x224x224");
    assertThat(failure("lenet5", "--classes", "1"))
        .hasMessage("--classes is 1, expected 2 or more");
  }

  @Test
  void aRegistryThatIsNotThereIsSaidToBeNone(@TempDir Path folder) throws Exception {
    Path none = folder.resolve("none");
    for (String command : new String[] {"list", "show clothes", "rollback clothes"}) {
      Said said = registryCommand(command, none);
      assertThat(said.exitCode()).as(said.err()).isEqualTo(3);
      assertThat(said.err())
          .isEqualTo(
              "bellows: there is no registry at file:%s: no such path; \"bellows retrain\" makes one\n"
                  .formatted(none));
    }
    assertThat(registryCommand("list", folder).err())
        .contains("file:" + folder + " is no registry: it has no folder models");
    Files.createDirectories(none.resolve("models"));
    assertThat(registryCommand("list", none).exitCode()).isZero();
  }

  private static Said registryCommand(String command, Path registry) {
    return org.bellows.driver.CommandLine.run(
        ("models " + command + " --registry " + registry).split(" "));
  }

  @Test
  void printsLayersAndTotals() {
    String table =
        ModelsShowCommand.table(
            LayerCosts.of(
                NetworkRegistry.standard().get("googlenet"), new InputShape(3, 224, 224), 1000));
    assertThat(table.lines())
        .anyMatch(line -> line.matches("stem1 +convolution 7x7 /2 relu +64x112x112 +9,472 .*"))
        .anyMatch(line -> line.matches("auxiliary1 +dense softmax \\(auxiliary\\) +1000 .*"))
        .anyMatch(line -> line.matches("total +13,378,280 +1,582,671,872"))
        .anyMatch(line -> line.matches("total +without auxiliary heads +6,998,552 *"));
  }

  /** A box a vertex, but for those that stand in another's; an edge for each input of a box. */
  @Test
  void drawsTheGraph(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("resnet18.svg");
    int exitCode =
        new CommandLine(new ModelsShowCommand())
            .execute("resnet18", "--input", "3x64x64", "--classes", "7", "--svg", file.toString());
    assertThat(exitCode).isZero();
    byte[] svg = Files.readString(file).getBytes(StandardCharsets.UTF_8);
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg));
    // Image, stem, its pool, 16 convolutions and 3 projections, 8 sums, average, output.
    assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(3 + 16 + 3 + 8 + 2);
    assertThat(document.getElementsByTagName("path").getLength()).isEqualTo(31 + 8);
  }

  private static BellowsException failure(String... arguments) {
    BellowsException[] thrown = new BellowsException[1];
    new CommandLine(new ModelsShowCommand())
        .setErr(new PrintWriter(new StringWriter()))
        .setExecutionExceptionHandler(
            (failure, command, result) -> {
              thrown[0] = (BellowsException) failure;
              return thrown[0].category().exitCode();
            })
        .execute(arguments);
    assertThat(thrown[0].category().exitCode()).isEqualTo(2);
    return thrown[0];
  }
}
