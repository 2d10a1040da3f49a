// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bellows.conf.ClusterSettings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.kubernetes.GangSchedulers.PodGroup;
import org.bellows.driver.kubernetes.GangSchedulers.TaskGroup;
import org.junit.jupiter.api.Test;

/** What the files of other schedulers ask for is what Spark then asks for. */
class GangSchedulingTest {
  private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1 << 20);
  private static final ClusterSettings USUAL = usual();

  private static ClusterSettings usual() {
    return new SettingsLoader().load(List.of(), List.of()).cluster();
  }

  private static Map<String, String> settings(String scheduler) throws IOException {
    Map<String, String> all = new HashMap<>(Manifests.properties("spark-defaults.conf"));
    all.putAll(Manifests.properties("gang/" + scheduler + ".conf"));
    return all;
  }

  private static BigDecimal driverBytes(Map<String, String> settings) {
    return bytes(settings.get("spark.driver.memory"))
        .add(bytes(settings.get("spark.driver.memoryOverhead")));
  }

  /** Spark's g is Kubernetes' Gi. */
  private static BigDecimal bytes(String spark) {
    return Quantity.getAmountInBytes(new Quantity(spark.toUpperCase(Locale.ROOT) + "i"));
  }

  private static BigDecimal executorBytes() {
    return MEBIBYTE.multiply(
        BigDecimal.valueOf(
            USUAL.executorMemoryMebibytes() + (long) USUAL.executorOverheadMebibytes()));
  }

  private static BigDecimal executorCores() {
    return BigDecimal.valueOf((long) USUAL.lanesAtOnce() * USUAL.coresPerLane());
  }

  private static void asks(Map<String, Quantity> asked, BigDecimal cores, BigDecimal bytes) {
    assertThat(asked).containsOnlyKeys("cpu", "memory");
    assertThat(Quantity.getAmountInBytes(asked.get("cpu"))).isEqualByComparingTo(cores);
    assertThat(Quantity.getAmountInBytes(asked.get("memory"))).isEqualByComparingTo(bytes);
  }

  @Test
  void yunikornHoldsRoomForEachPodThatSparkMakes() throws IOException {
    Map<String, String> settings = settings("yunikorn");
    String annotation = ".annotation.yunikorn.apache.org/";
    String groups = settings.get("spark.kubernetes.driver" + annotation + "task-groups");
    Map<String, TaskGroup> byName =
        Arrays.stream(new ObjectMapper().readValue(groups, TaskGroup[].class))
            .collect(Collectors.toMap(TaskGroup::name, Function.identity()));
    String name = annotation + "task-group-name";
    TaskGroup driver = byName.remove(settings.get("spark.kubernetes.driver" + name));
    TaskGroup executor = byName.remove(settings.get("spark.kubernetes.executor" + name));
    assertThat(byName).as("groups of nobody").isEmpty();
    assertThat(driver.minMember()).isEqualTo(1);
    asks(
        driver.minResource(),
        new BigDecimal(settings.get("spark.driver.cores")),
        driverBytes(settings));
    assertThat(executor.minMember()).isEqualTo(USUAL.executors());
    asks(executor.minResource(), executorCores(), executorBytes());
  }

  @Test
  void volcanoHoldsRoomForTheDriverAndItsExecutors() throws IOException {
    Map<String, String> settings = settings("volcano");
    String file = settings.get("spark.kubernetes.scheduler.volcano.podGroupTemplateFile");
    assertThat(file).startsWith("deploy/targets/kubernetes/gang/");
    String template = file.substring("deploy/targets/kubernetes/".length());
    PodGroup group = Manifests.read(template, PodGroup.class);
    assertThat(group.spec().minMember()).as("the driver makes the others").isEqualTo(1);
    BigDecimal executors = BigDecimal.valueOf(USUAL.executors());
    asks(
        group.spec().minResources(),
        executorCores().multiply(executors).add(new BigDecimal(settings.get("spark.driver.cores"))),
        executorBytes().multiply(executors).add(driverBytes(settings)));
    assertThat(group.spec().priorityClassName()).isIn(priorities().keySet());
  }

  /** Kueue waits until the group is complete, and Spark must not wait for Kueue before it is. */
  @Test
  void kueueIsToldOfAsManyExecutorsAsSparkMakesAtOnce() throws IOException {
    Map<String, String> settings = settings("kueue");
    String executor = "spark.kubernetes.executor.";
    String count = Integer.toString(USUAL.executors());
    assertThat(settings)
        .containsEntry(executor + "annotation.kueue.x-k8s.io/pod-group-total-count", count)
        .containsEntry("spark.kubernetes.allocation.batch.size", count)
        .containsKey(executor + "label.kueue.x-k8s.io/pod-group-name")
        .doesNotContainKey("spark.kubernetes.driver.label.kueue.x-k8s.io/pod-group-name");
  }

  private static Map<String, Integer> priorities() throws IOException {
    return Manifests.read(Manifests.TARGET.resolve("gang/priority-classes.yaml")).stream()
        .map(PriorityClass.class::cast)
        .collect(Collectors.toMap(one -> one.getMetadata().getName(), PriorityClass::getValue));
  }

  @Test
  void executorsAreDisplacedBeforeDriversAre() throws IOException {
    Map<String, Integer> priorities = priorities();
    assertThat(priorities).containsOnlyKeys("bellows-driver", "bellows-executor");
    assertThat(priorities.get("bellows-executor")).isLessThan(priorities.get("bellows-driver"));
  }
}
