// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.deploy.SparkSubmit;

/**
 * What {@code submit} starts, with the properties file and pod templates of the target, is really
 * submitted, to an API server in this process: there is no cluster, and nothing runs in the pods.
 */
final class Submission implements AutoCloseable {
  private final Properties before = new Properties();
  private final ApiServer server = new ApiServer();
  private final SubmitScript scripts;
  private CompletableFuture<Void> running;

  Submission(Path folder) throws IOException {
    // Spark's launcher leaves the application's settings in the system properties.
    before.putAll(System.getProperties());
    scripts = new SubmitScript(folder);
  }

  ApiServer server() {
    return server;
  }

  SubmitScript scripts() {
    return scripts;
  }

  /**
   * Calls {@code submit}, which starts nothing.
   *
   * @param more names and values of its environment in turn
   */
  SubmitScript.Ended script(List<String> arguments, String... more)
      throws IOException, InterruptedException {
    Map<String, String> environment = new TreeMap<>();
    environment.put("BELLOWS_MASTER_URL", server.master());
    environment.put("BELLOWS_IMAGE", "registry.test/bellows:7");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return scripts.run("targets/kubernetes/submit", environment, arguments.toArray(String[]::new));
  }

  /** Starts Spark's own submission in this process. */
  void start(List<String> arguments) {
    running =
        CompletableFuture.runAsync(
            () -> new SparkSubmit().doSubmit(arguments.toArray(String[]::new)));
  }

  /** Waits until spark-submit ends, which it must without a failure. */
  void awaitEnd() throws Exception {
    running.get(60, TimeUnit.SECONDS);
  }

  /** Waits until there are so many. */
  <T> List<T> await(int atLeast, Supplier<List<T>> look) throws Exception {
    List<T> found = look.get();
    for (int i = 0; i < 600 && found.size() < atLeast; i++) {
      if (running.isDone()) {
        running.get();
      }
      Thread.sleep(50);
      found = look.get();
    }
    assertThat(found).hasSizeGreaterThanOrEqualTo(atLeast);
    return found;
  }

  List<Pod> pods(String label, String value) {
    return server.client().pods().withLabel(label, value).list().getItems();
  }

  List<ConfigMap> configMaps() {
    return server.client().configMaps().list().getItems();
  }

  /** The right that is meant, once somebody needed it. */
  List<String> asked(String right) {
    return server.rightsNeeded().stream().filter(right::equals).toList();
  }

  /** What a node says when a pod's container has ended. */
  void end(Pod pod, int exitCode) {
    server
        .client()
        .pods()
        .withName(pod.getMetadata().getName())
        .edit(
            running ->
                new PodBuilder(running)
                    .withNewStatus()
                    .withPhase("Failed")
                    .withContainerStatuses(
                        new ContainerStatusBuilder()
                            .withName(pod.getSpec().getContainers().get(0).getName())
                            .withNewState()
                            .withNewTerminated()
                            .withExitCode(exitCode)
                            .endTerminated()
                            .endState()
                            .build())
                    .endStatus()
                    .build());
  }

  /** The pod has one container, and may do as little as its template says. */
  static Container lockedContainer(Pod pod) {
    PodSpec spec = pod.getSpec();
    assertThat(spec.getContainers()).hasSize(1);
    Container container = spec.getContainers().get(0);
    ManifestsTest.lockedDown(spec.getSecurityContext(), container.getSecurityContext());
    assertThat(container.getVolumeMounts())
        .extracting(VolumeMount::getMountPath, VolumeMount::getName)
        .contains(
            tuple("/tmp", "temporary"),
            tuple("/var/cache/bellows", "native-cache"),
            tuple("/etc/bellows/spark-secret", "bellows-spark-secret-volume"));
    assertThat(spec.getVolumes())
        .filteredOn(volume -> volume.getName().equals("bellows-spark-secret-volume"))
        .singleElement()
        .satisfies(
            volume ->
                assertThat(volume.getSecret().getSecretName()).isEqualTo("bellows-spark-secret"));
    return container;
  }

  static Map<String, String> variables(Container container) {
    Map<String, String> variables = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        variables.put(variable.getName(), variable.getValue());
      }
    }
    return variables;
  }

  /**
   * All that Spark asked for is allowed, and nothing else.
   *
   * @param also rights that only other cases need
   */
  void requireRights(String role, String... also) throws IOException {
    Set<String> needed = server.rightsNeeded();
    needed.addAll(List.of(also));
    assertThat(rights(role)).isEqualTo(needed);
  }

  private static Set<String> rights(String role) throws IOException {
    Set<String> rights = new TreeSet<>();
    for (Object document : Manifests.read(Manifests.TARGET.resolve("rbac.yaml"))) {
      if (document instanceof Role found && found.getMetadata().getName().equals(role)) {
        for (PolicyRule rule : found.getRules()) {
          for (String resource : rule.getResources()) {
            rule.getVerbs().forEach(verb -> rights.add(verb + " " + resource));
          }
        }
      }
    }
    return rights;
  }

  @Override
  public void close() {
    server.close();
    System.setProperties(before);
  }
}
