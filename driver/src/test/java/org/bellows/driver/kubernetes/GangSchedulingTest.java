// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.package$;
import org.bellows.conf.ClusterSettings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.kubernetes.GangSchedulers.PodGroup;
import org.bellows.driver.kubernetes.GangSchedulers.TaskGroup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of other schedulers ask for as much as our settings make Spark ask for. */
class GangSchedulingTest {
  private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1 << 20);
  private static final ClusterSettings USUAL = usual();
  private static final String DRIVER = "spark.kubernetes.driver.";
  private static final String EXECUTOR = "spark.kubernetes.executor.";
  private static final String SCHEDULER = "spark.kubernetes.scheduler.name";
  private static final String GROUP = EXECUTOR + "label.kueue.x-k8s.io/pod-group-name";
  private static final String TEMPLATE = "spark.kubernetes.scheduler.volcano.podGroupTemplateFile";

  @TempDir Path folder;
  private SubmitScript scripts;

  @BeforeEach
  void makeScripts() throws IOException {
    scripts = new SubmitScript(folder);
    scripts.tool("kubectl", "#!/bin/bash\necho Succeeded 0\n");
  }

  private static ClusterSettings usual() {
    return new SettingsLoader().load(List.of(), List.of()).cluster();
  }

  private static Map<String, String> settings(String scheduler) throws IOException {
    Map<String, String> all = new HashMap<>(Manifests.properties("spark-defaults.conf"));
    all.putAll(Manifests.properties("gang/" + scheduler + ".conf"));
    return all;
  }

  /**
   * Calls {@code submit train} with the settings of a scheduler.
   *
   * @param more lines at the end of the properties file
   * @return the settings that it passes to Spark besides the file's
   */
  private Map<String, String> submitted(String scheduler, String... more) throws Exception {
    String file =
        Files.readString(Manifests.TARGET.resolve("spark-defaults.conf"))
            + Files.readString(Manifests.TARGET.resolve("gang/" + scheduler + ".conf"))
            + String.join("\n", more);
    Path properties = Files.writeString(folder.resolve("mine.conf"), file);
    SubmitScript.Ended ended =
        scripts.run(
            "targets/kubernetes/submit",
            Map.of(
                "BELLOWS_MASTER_URL",
                "k8s://https://host:6443",
                "BELLOWS_SPARK_PROPERTIES",
                properties.toString()),
            "train");
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    List<String> words = ended.words();
    return IntStream.range(1, words.size())
        .filter(i -> words.get(i - 1).equals("--conf"))
        .mapToObj(i -> words.get(i).split("=", 2))
        .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
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
    assertThat(byName).as("groups that no pod names").isEmpty();
    assertThat(driver.minMember()).isEqualTo(1);
    asks(
        driver.minResource(),
        new BigDecimal(settings.get("spark.driver.cores")),
        driverBytes(settings));
    assertThat(executor.minMember()).isEqualTo(USUAL.executors());
    asks(executor.minResource(), executorCores(), executorBytes());
  }

  @Test
  void yunikornIsToldOfDriverAndExecutorsAlike() throws IOException {
    String id = "annotation.yunikorn.apache.org/app-id";
    String name = "annotation.yunikorn.apache.org/task-group-name";
    Map<String, String> own = Manifests.properties("gang/yunikorn.conf");
    assertThat(own)
        .containsEntry(SCHEDULER, "yunikorn")
        .containsEntry(DRIVER + id, "{{APP_ID}}")
        .containsEntry(EXECUTOR + id, "{{APP_ID}}")
        .containsEntry(DRIVER + "label.queue", own.get(EXECUTOR + "label.queue"))
        .containsEntry(
            DRIVER + "annotation.yunikorn.apache.org/schedulingPolicyParameters",
            "placeholderTimeoutInSeconds=300 gangSchedulingStyle=Hard")
        .containsOnlyKeys(
            SCHEDULER,
            DRIVER + "label.queue",
            EXECUTOR + "label.queue",
            DRIVER + id,
            EXECUTOR + id,
            DRIVER + name,
            EXECUTOR + name,
            DRIVER + "annotation.yunikorn.apache.org/task-groups",
            DRIVER + "annotation.yunikorn.apache.org/schedulingPolicyParameters");
    assertThat(own.get(EXECUTOR + "label.queue")).startsWith("root.");
  }

  @Test
  void volcanoHoldsRoomForTheDriverAndItsExecutors() throws IOException {
    Map<String, String> settings = settings("volcano");
    PodGroup group = Manifests.read("gang/volcano-pod-group.yaml", PodGroup.class);
    assertThat(group.spec().minMember()).as("the driver makes the others").isEqualTo(1);
    BigDecimal executors = BigDecimal.valueOf(USUAL.executors());
    asks(
        group.spec().minResources(),
        executorCores().multiply(executors).add(new BigDecimal(settings.get("spark.driver.cores"))),
        executorBytes().multiply(executors).add(driverBytes(settings)));
    assertThat(group.spec().priorityClassName()).isIn(priorities().keySet());
  }

  @Test
  void volcanosStepIsThatOfSpark() throws IOException {
    String step = "org.apache.spark.deploy.k8s.features.VolcanoFeatureStep";
    assertThat(Manifests.properties("gang/volcano.conf"))
        .containsOnly(
            Map.entry(SCHEDULER, "volcano"),
            Map.entry(DRIVER + "pod.featureSteps", step),
            Map.entry(EXECUTOR + "pod.featureSteps", step));
  }

  /** In published jars. Others must have been built with {@code -Pvolcano}. */
  @Test
  @Tag("lines")
  void onlySpark4HasVolcanosStep() {
    boolean isSpark4 = package$.MODULE$.SPARK_VERSION().startsWith("4.");
    String step = "/org/apache/spark/deploy/k8s/features/VolcanoFeatureStep.class";
    assertThat(package$.class.getResource(step) != null).isEqualTo(isSpark4);
  }

  /** Relative paths would depend on the caller's folder. */
  @Test
  @Tag("integration")
  void submitNamesVolcanosTemplateBesideItself() throws Exception {
    assertThat(submitted("volcano"))
        .containsEntry(
            TEMPLATE,
            scripts.targetFolder().toRealPath().resolve("gang/volcano-pod-group.yaml").toString());
    assertThat(submitted("volcano", TEMPLATE + " /etc/group.yaml")).doesNotContainKey(TEMPLATE);
  }

  @Test
  void submittersMayRemoveWhatTheyMade() throws IOException {
    assertThat(Manifests.read("gang/volcano-rbac.yaml", Role.class).getRules())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.getApiGroups()).containsExactly("scheduling.volcano.sh");
              assertThat(rule.getResources()).containsExactly("podgroups");
              assertThat(rule.getVerbs()).contains("create", "patch", "delete");
            });
  }

  /**
   * Kueue waits until the group is complete, and Spark must not wait for Kueue before it is.
   * Without the label and the annotation about their management Kueue skips executors, whose owner
   * is a pod.
   */
  @Test
  void kueueIsToldOfAsManyExecutorsAsSparkMakesAtOnce() throws IOException {
    String count = Integer.toString(USUAL.executors());
    assertThat(Manifests.properties("gang/kueue.conf"))
        .containsOnly(
            Map.entry(DRIVER + "label.kueue.x-k8s.io/queue-name", "bellows"),
            Map.entry(EXECUTOR + "label.kueue.x-k8s.io/queue-name", "bellows"),
            Map.entry(EXECUTOR + "label.kueue.x-k8s.io/managed", "true"),
            Map.entry(EXECUTOR + "annotation.kueue.x-k8s.io/pod-suspending-parent", "pod"),
            Map.entry(EXECUTOR + "annotation.kueue.x-k8s.io/pod-group-total-count", count),
            Map.entry("spark.kubernetes.allocation.batch.size", count));
  }

  @Test
  @Tag("integration")
  void submitGivesEachTrainingAGroupOfItsOwn() throws Exception {
    Map<String, String> first = submitted("kueue");
    Map<String, String> second = submitted("kueue");
    assertThat(first).containsEntry(GROUP, first.get("spark.kubernetes.driver.pod.name"));
    assertThat(second.get(GROUP)).isNotEmpty().isNotEqualTo(first.get(GROUP));
    assertThat(submitted("kueue", GROUP + " mine")).doesNotContainKey(GROUP);
    assertThat(submitted("yunikorn")).doesNotContainKeys(GROUP, TEMPLATE);
  }

  private static Map<String, PriorityClass> priorities() throws IOException {
    return Manifests.read(Manifests.TARGET.resolve("gang/priority-classes.yaml")).stream()
        .map(PriorityClass.class::cast)
        .collect(Collectors.toMap(one -> one.getMetadata().getName(), Function.identity()));
  }

  @Test
  void executorsAreDisplacedBeforeDriversAre() throws IOException {
    Map<String, PriorityClass> priorities = priorities();
    assertThat(priorities).containsOnlyKeys("bellows-driver", "bellows-executor");
    assertThat(priorities.get("bellows-executor").getValue())
        .isLessThan(priorities.get("bellows-driver").getValue());
  }

  /** By default, pods of these classes would displace all pods without a class. */
  @Test
  void bellowsDisplacesNoPodOfOthers() throws IOException {
    assertThat(priorities().values())
        .allSatisfy(
            one -> {
              assertThat(one.getPreemptionPolicy()).isEqualTo("Never");
              assertThat(one.getGlobalDefault()).isFalse();
            });
  }
}
