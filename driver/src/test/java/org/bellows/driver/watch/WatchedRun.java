// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.TinyTree;
import org.bellows.driver.job.TrainJob;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.spark.SparkContexts;
import org.bellows.models.zoo.NetworkRegistry;

/** Trains in this process, with Spark's pages on, and asks them. */
final class WatchedRun implements AutoCloseable {
  private final Settings settings;
  private final Map<String, String> before = new HashMap<>();
  private final JavaSparkContext spark;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * @param properties of Spark, besides its pages' own
   * @param more settings, key=value
   */
  WatchedRun(Path dataset, Path run, Map<String, String> properties, String... more) {
    this.settings = settings(TinyTree.train(dataset, run, 1), more);
    Map<String, String> all = new HashMap<>(properties);
    all.put("spark.ui.enabled", "true");
    all.put("spark.ui.port", "0");
    all.forEach((key, value) -> before.put(key, System.getProperty(key)));
    all.forEach(System::setProperty);
    this.spark = SparkContexts.open("watched", settings, "local[1]");
  }

  static Settings settings(String[] arguments, String... more) {
    List<String> assignments =
        Arrays.stream(arguments)
            .filter(argument -> argument.startsWith("--set="))
            .map(argument -> argument.substring("--set=".length()))
            .toList();
    return new SettingsLoader()
        .set(assignments)
        .set(List.of(more))
        .load(List.of(), List.of(settings -> NetworkRegistry.standard().check(settings.model())));
  }

  JavaSparkContext spark() {
    return spark;
  }

  /** Trains on a thread of its own; gives what result.json holds as metrics. */
  CompletableFuture<Map<String, Object>> start() {
    return CompletableFuture.supplyAsync(
        () -> new TrainJob(spark, settings, new ProgressLine(3600)).run());
  }

  /** Asks one of Spark's pages. */
  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(spark.sc().uiWebUrl().get() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    spark.close();
    before.forEach(
        (key, value) -> {
          if (value == null) {
            System.clearProperty(key);
          } else {
            System.setProperty(key, value);
          }
        });
  }
}
