// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Test;

/** The examples and the documentation name gauges that there are. */
class WatchingFilesTest {
  private static final Path FILES = Path.of("../deploy/watching");
  private static final Pattern NAME = Pattern.compile("bellows_(\\w+)");

  /** run.loss as Spark's Prometheus servlet spells it. */
  private static Set<String> exported() {
    MetricRegistry registry = new MetricRegistry();
    RunGauges.register(registry, Optional::empty);
    Set<String> names = new TreeSet<>();
    registry.getNames().forEach(name -> names.add(name.replace('.', '_')));
    return names;
  }

  @Test
  void theDashboardShowsEveryGaugeAndNoOther() throws IOException {
    byte[] file = Files.readAllBytes(FILES.resolve("grafana-dashboard.json"));
    Map<?, ?> dashboard = Json.read(file, Map.class, "dashboard");
    assertThat((List<?>) dashboard.get("panels")).hasSize(12);
    Set<String> shown = new TreeSet<>();
    Matcher name = NAME.matcher(new String(file, StandardCharsets.UTF_8));
    while (name.find()) {
      shown.add(name.group(1));
    }
    assertThat(shown).isEqualTo(exported());
  }

  /** Prometheus anchors its expressions on both sides and applies the rules in their order. */
  @Test
  void theScrapeExampleShortensWhatSparkWrites() throws IOException {
    String name =
        "metrics_app_20261122_0001_driver_plugin_org_bellows_driver_spark_BellowsPlugin_run_loss_Value";
    List<String> lines = Files.readAllLines(FILES.resolve("prometheus.yml"));
    List<String> rules =
        lines.stream()
            .filter(line -> line.contains("regex:"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .toList();
    assertThat(rules).hasSize(3);
    assertThat(name.replaceFirst("^" + rules.get(0) + "$", "$1")).isEqualTo("app_20261122_0001");
    String shortName = name.replaceFirst("^" + rules.get(1) + "$", "bellows_$1");
    assertThat(shortName).isEqualTo("bellows_run_loss").matches(rules.get(2));
    assertThat(name.replace("_Value", "_Number").replaceFirst("^" + rules.get(1) + "$", "x"))
        .doesNotMatch(rules.get(2));
  }

  @Test
  void everyGaugeIsDocumented() throws IOException {
    String text = Files.readString(Path.of("../docs/watching.md"));
    MetricRegistry registry = new MetricRegistry();
    RunGauges.register(registry, Optional::empty);
    RankGauges.register(registry, () -> null, () -> ExecutorMemoryUsage.of("0", "host"));
    assertThat(registry.getNames()).allMatch(name -> text.contains("`" + name + "`"));
  }
}
