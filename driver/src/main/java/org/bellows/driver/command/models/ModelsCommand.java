// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.files.Json;
import org.bellows.worker.natives.NativeLibraries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code models}: the networks that there are. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    subcommands = {
      ModelsShowCommand.class,
      ModelsImportCommand.class,
      ModelsExportCommand.class,
      ModelsListCommand.class,
      ModelsPromoteCommand.class,
      ModelsRollbackCommand.class,
      ModelsDiffCommand.class
    },
    header = "Lists networks; manages, imports and exports models.",
    description = {
      "Without a command: the networks, with trainable parameters and multiply-adds.",
      "A registry is where retrain keeps models: list, promote, rollback, diff, and show with "
          + "--registry work on its versions."
    })
public final class ModelsCommand implements Callable<Integer> {
  @Option(names = "--json", description = "As a JSON array, for machines.")
  private boolean json;

  @Override
  public Integer call() {
    NativeLibraries.load();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (NetworkDefinition network : NetworkRegistry.standard().all()) {
      NetworkCost cost = NetworkCost.of(network);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", network.name());
      row.put("trainable-parameters", cost.trainableParameters());
      row.put("inference-parameters", cost.inferenceParameters());
      row.put("flops", cost.flops());
      row.put("input", network.usualInput().toString());
      row.put("classes", network.usualClasses());
      row.put("paper", network.paper());
      rows.add(row);
    }
    System.out.println(json ? Json.line(rows) : table(rows));
    return 0;
  }

  private static String table(List<Map<String, Object>> rows) {
    StringBuilder table = new StringBuilder();
    table.append(row("name", "parameters", "multiply-adds", "input", "paper"));
    for (Map<String, Object> row : rows) {
      table.append(
          row(
              row.get("name"),
              String.format(Locale.ROOT, "%,d", (Long) row.get("trainable-parameters")),
              String.format(Locale.ROOT, "%,d", (Long) row.get("flops")),
              row.get("input"),
              row.get("paper")));
    }
    return table.toString().stripTrailing();
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-20s %15s %18s  %-12s  %s%n", cells);
  }
}
