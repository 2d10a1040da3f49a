// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Spark's settings in scripts, manifests and documents have names that Spark knows. */
class SparkKeysTest {
  /** Spark registers an entry when the object that declares it is made. */
  private static final List<String> DECLARING =
      List.of(
          "org.apache.spark.internal.config.package$",
          "org.apache.spark.internal.config.History$",
          "org.apache.spark.internal.config.Network$",
          "org.apache.spark.internal.config.UI$",
          "org.apache.spark.internal.config.Worker$",
          "org.apache.spark.deploy.k8s.Config$",
          "org.apache.spark.deploy.yarn.config.package$");

  /** Spark reads these by their names: no entry declares them. */
  private static final Set<String> UNDECLARED =
      Set.of(
          "spark.app.name",
          "spark.executor.defaultJavaOptions",
          "spark.kubernetes.scheduler.volcano.podGroupTemplateFile",
          "spark.local.dir",
          "spark.master",
          "spark.ssl");

  /** Of a group of settings that is named as a whole: {@code spark.io.encryption}. */
  private static final List<String> OF_GROUPS = List.of(".enabled", ".port");

  /** What follows is a name of others': of a variable, a secret, a label, a setting of Hadoop's. */
  private static final List<String> FAMILIES =
      List.of(
          "spark.bellows.",
          "spark.executorEnv.",
          "spark.hadoop.",
          "spark.kubernetes.driver.annotation.",
          "spark.kubernetes.driver.label.",
          "spark.kubernetes.driver.secrets.",
          "spark.kubernetes.executor.annotation.",
          "spark.kubernetes.executor.label.",
          "spark.kubernetes.executor.secrets.",
          "spark.metrics.conf.",
          "spark.yarn.appMasterEnv.");

  private static final Pattern RESOURCE =
      Pattern.compile("spark\\.(executor|driver|task|worker)\\.resource\\.([a-z]+)\\.(.+)");

  /** A line of a properties file, which may be commented out. */
  private static final Pattern PROPERTY = Pattern.compile("^#? ?(spark\\.\\S+)[ =]+\\S");

  private static final Pattern MANIFEST = Pattern.compile("^ +(spark\\.\\S+): ");

  private static final Pattern OPTION = Pattern.compile("--conf \"?(spark\\.[^=\"]+)=");

  /** Alone between quotes of code: {@code `spark.task.cpus`}, {@code `spark.task.cpus=1`}. */
  private static final Pattern QUOTED = Pattern.compile("`(spark\\.[A-Za-z0-9.-]+)(?:[ =][^`]*)?`");

  private static final Path TREE = Path.of("../..");

  private static URLClassLoader shippedSpark() throws IOException {
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(Bundle.built().file("spark/jars"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
        jars.add(url(file));
      }
    }
    return new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static URL url(Path file) throws MalformedURLException {
    return file.toUri().toURL();
  }

  /** Names of what a request of a resource has. */
  private static Set<String> partsOfRequests(ClassLoader spark)
      throws ReflectiveOperationException {
    Class<?> utils = spark.loadClass("org.apache.spark.resource.ResourceUtils");
    Set<String> parts = new TreeSet<>();
    for (String part : List.of("AMOUNT", "DISCOVERY_SCRIPT", "VENDOR")) {
      parts.add((String) utils.getMethod(part).invoke(null));
    }
    return parts;
  }

  private static void find(Map<String, String> found, Pattern pattern, Path file)
      throws IOException {
    for (String line : Files.readAllLines(file)) {
      Matcher matcher = pattern.matcher(line);
      while (matcher.find()) {
        found.putIfAbsent(matcher.group(1), TREE.relativize(file).toString());
      }
    }
  }

  private static List<Path> files(String folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(TREE.resolve(folder))) {
      return files.filter(f -> Files.isRegularFile(f) && f.toString().endsWith(ending)).toList();
    }
  }

  /** By key: a file that has it. */
  private static Map<String, String> keys() throws IOException {
    Map<String, String> keys = new TreeMap<>();
    for (Path file : files("deploy/targets", "")) {
      String name = file.getFileName().toString();
      if (name.endsWith(".conf") || name.endsWith(".properties")) {
        find(keys, PROPERTY, file);
      }
      if (name.endsWith(".yaml")) {
        find(keys, MANIFEST, file);
      }
      find(keys, OPTION, file);
      if (name.endsWith(".md")) {
        find(keys, QUOTED, file);
      }
    }
    for (Path file : files("docs", ".md")) {
      find(keys, QUOTED, file);
      find(keys, OPTION, file);
    }
    return keys;
  }

  private static boolean isResource(String key, Set<String> parts) {
    Matcher matcher = RESOURCE.matcher(key);
    return matcher.matches()
        && matcher.group(2).equals("gpu")
        && parts.contains(matcher.group(3))
        && (!matcher.group(1).equals("task") || matcher.group(3).equals("amount"));
  }

  private static boolean isDeclared(Method entry, String key) throws ReflectiveOperationException {
    for (String group : OF_GROUPS) {
      if (entry.invoke(null, key + group) != null) {
        return true;
      }
    }
    return entry.invoke(null, key) != null;
  }

  @Test
  void sparkKnowsEachSettingThatScriptsAndDocumentsName()
      throws IOException, ReflectiveOperationException {
    try (URLClassLoader spark = shippedSpark()) {
      for (String name : DECLARING) {
        Class.forName(name, true, spark).getField("MODULE$").get(null);
      }
      Method entry =
          spark
              .loadClass("org.apache.spark.internal.config.ConfigEntry")
              .getMethod("findEntry", String.class);
      Set<String> parts = partsOfRequests(spark);
      Map<String, String> keys = keys();
      assertThat(keys)
          .containsKeys(
              "spark.executor.resource.gpu.discoveryScript",
              "spark.worker.resource.gpu.amount",
              "spark.yarn.executor.nodeLabelExpression",
              "spark.kubernetes.executor.podTemplateFile");
      Map<String, String> unknown = new TreeMap<>();
      for (Map.Entry<String, String> key : keys.entrySet()) {
        boolean isKnown =
            isDeclared(entry, key.getKey())
                || UNDECLARED.contains(key.getKey())
                || FAMILIES.stream().anyMatch((key.getKey() + ".")::startsWith)
                || isResource(key.getKey(), parts);
        if (!isKnown) {
          unknown.put(key.getKey(), key.getValue());
        }
      }
      assertThat(unknown).as("settings that Spark does not know, and where they are").isEmpty();
      assertThat(UNDECLARED).as("of no use").allMatch(keys::containsKey);
    }
  }
}
