// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;
import org.bellows.driver.command.option.NetworkOptions;
import org.bellows.driver.report.GraphDrawing;
import org.bellows.driver.spark.SiteConfiguration;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.LayerCost;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.natives.NativeLibraries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code models show}: one network, layer by layer; with {@code --registry} a version of a model.
 */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    header = "Prints and draws a network, or a model of a registry.",
    description = {
      "A network is printed layer by layer for one image. With --registry: the versions of a "
          + "model, or one of them (NAME:VERSION)."
    })
final class ModelsShowCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      description =
          "A name that \"bellows models\" lists; with --registry: one that \"bellows models list\""
              + " lists, or NAME:VERSION.")
  private String name;

  @Option(
      names = "--registry",
      paramLabel = "PATH",
      description = "The registry in which NAME is a model. A Hadoop path.")
  private String registry;

  @Mixin private NetworkOptions options;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draws the graph into this file.")
  private Path svg;

  @Override
  public Integer call() {
    if (registry != null) {
      if (svg != null || options.areGiven()) {
        throw BellowsException.configuration(
            "--svg, --input and --classes are for networks, but with --registry %s is a model"
                .formatted(name));
      }
      System.out.print(RegistryText.model(SiteConfiguration.read(), registry, name));
      return 0;
    }
    NetworkDefinition network = NetworkOptions.network(name);
    InputShape shape = options.input(network);
    int outputs = options.classes(network);
    NativeLibraries.load();
    List<LayerCost> layers = LayerCosts.of(network, shape, outputs);
    System.out.printf("%s: %s%ninput %s, %d classes%n%n", name, network.paper(), shape, outputs);
    System.out.print(table(layers));
    if (svg != null) {
      String title = "%s, %s, %d classes".formatted(name, shape, outputs);
      write(GraphDrawing.svg(title, shape.toString(), layers));
    }
    return 0;
  }

  static String table(List<LayerCost> layers) {
    int widest = layers.stream().mapToInt(layer -> layer.name().length()).max().orElse(0);
    String format = "%-" + Math.max(widest, 5) + "s  %-28s  %14s  %13s  %16s%n";
    StringBuilder table = new StringBuilder();
    table.append(row(format, "layer", "kind", "output", "parameters", "multiply-adds"));
    for (LayerCost layer : layers) {
      String kind = layer.auxiliary() ? layer.what() + " (auxiliary)" : layer.what();
      String output = layer.shapeText();
      table.append(
          row(
              format,
              layer.name(),
              kind,
              output,
              number(layer.trainableParameters()),
              number(layer.multiplyAdds())));
    }
    NetworkCost cost = NetworkCost.of(layers);
    String parameters = number(cost.trainableParameters());
    table.append(row(format, "total", "", "", parameters, number(cost.flops())));
    if (cost.inferenceParameters() < cost.trainableParameters()) {
      String inference = number(cost.inferenceParameters());
      table.append(row(format, "total", "without auxiliary heads", "", inference, ""));
    }
    return table.toString();
  }

  private static String row(String format, Object... cells) {
    return String.format(Locale.ROOT, format, cells);
  }

  private static String number(long value) {
    return value == 0 ? "" : String.format(Locale.ROOT, "%,d", value);
  }

  private void write(String drawing) {
    try {
      Files.writeString(svg, drawing, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Storage.writeFailure("--svg " + svg, e);
    }
    System.out.println("drawn into " + svg);
  }
}
