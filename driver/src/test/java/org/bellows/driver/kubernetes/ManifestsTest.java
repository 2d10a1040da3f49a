// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bellows.driver.kubernetes.SparkOperator.ScheduledSparkApplication;
import org.bellows.driver.kubernetes.SparkOperator.SparkApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestsTest {
  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.walk(Manifests.DEPLOY)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.startsWith(Manifests.DEPLOY.resolve("target")))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyManifestFitsItsSchema(Path file) throws IOException {
    assertThat(Manifests.read(file)).isNotEmpty();
  }

  @Test
  void noManifestIsMissed() throws IOException {
    assertThat(manifests())
        .extracting(file -> file.getFileName().toString())
        .containsExactlyInAnyOrder(
            "bellows-retrain.yaml",
            "cronjob.yaml",
            "driver-pod.yaml",
            "executor-pod-gpu.yaml",
            "executor-pod.yaml",
            "job.yaml",
            "network-policy.yaml",
            "priority-classes.yaml",
            "rbac.yaml",
            "scheduled-spark-application.yaml",
            "spark-application.yaml",
            "volcano-pod-group.yaml",
            "volcano-rbac.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "job.yaml | backoffLimit: 3 | backofLimit: 3 | Unrecognized field \"backofLimit\"",
        "job.yaml | backoffLimit: 3 | backoffLimit: few | Cannot coerce String value (\"few\")",
        "job.yaml | backoffLimit: 3 | backoffLimit: \"3\" | Cannot coerce String value (\"3\")",
        "job.yaml | value: client | value: 1 | Cannot coerce Integer value (1)",
        "job.yaml | readOnlyRootFilesystem | readOnlyRootFileSystem | Unrecognized field"
            + " \"readOnlyRootFileSystem\"",
        "job.yaml | kind: Job | kind: Jobs | batch/v1 Jobs is none of the kinds that are known",
        "spark-application.yaml | type: Java | type: Cobol | not one of the values accepted for"
            + " Enum class: [Java, Python, Scala, R]",
        "spark-application.yaml | sparkVersion: 3.5.5 | mode: cluster | sparkVersion",
        "spark-application.yaml | instances: 2 | instances: 0 | executor.instances is 0, expected"
            + " at least 1",
        "spark-application.yaml | secretType | type | Missing required creator property"
            + " 'secretType'",
        "scheduled-spark-application.yaml | concurrencyPolicy: Forbid | concurrencyPolicy: Never |"
            + " [Allow, Forbid, Replace]",
      })
  void aManifestThatDoesNotFitIsRefused(String file, String was, String is, String said)
      throws IOException {
    String text = Files.readString(Manifests.TARGET.resolve(file));
    assertThat(text).contains(was);
    assertThatThrownBy(() -> Manifests.parse(file, text.replaceFirst(was, is)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(said);
  }

  @Test
  void everythingIsInOneNamespace() throws IOException {
    for (Path file : manifests()) {
      for (Object document : Manifests.read(file)) {
        // Templates have none, and classes of priorities are the cluster's.
        boolean isFree = document instanceof Pod || document instanceof PriorityClass;
        if (document instanceof HasMetadata known && !isFree) {
          assertThat(known.getMetadata().getNamespace()).as(file.toString()).isEqualTo("bellows");
        }
      }
    }
  }

  /** Whoever runs Bellows, its pods may do as little as possible. */
  @Test
  void allPodsAreLockedDown() throws IOException {
    lockedDown(Manifests.read("driver-pod.yaml", Pod.class).getSpec());
    lockedDown(Manifests.read("executor-pod.yaml", Pod.class).getSpec());
    lockedDown(Manifests.read("executor-pod-gpu.yaml", Pod.class).getSpec());
    lockedDown(Manifests.read("job.yaml", Job.class).getSpec().getTemplate().getSpec());
    lockedDown(cronJobSpec().getTemplate().getSpec());
    for (SparkOperator.Spec spec : operatorSpecs()) {
      lockedDown(spec.driver().podSecurityContext(), spec.driver().securityContext());
      lockedDown(spec.executor().podSecurityContext(), spec.executor().securityContext());
    }
  }

  /** The template for GPUs is the other one, and says where the GPUs are. */
  @Test
  void executorsWithAGpuDifferInNothingElse() throws IOException {
    Pod usual = Manifests.read("executor-pod.yaml", Pod.class);
    Pod gpu = Manifests.read("executor-pod-gpu.yaml", Pod.class);
    PodSpec spec = gpu.getSpec();
    assertThat(spec.getRuntimeClassName()).isEqualTo("nvidia");
    assertThat(spec.getNodeSelector()).containsOnly(Map.entry("nvidia.com/gpu.present", "true"));
    assertThat(spec.getTolerations())
        .singleElement()
        .isEqualTo(new Toleration("NoSchedule", "nvidia.com/gpu", "Exists", null, null));
    spec.setRuntimeClassName(null);
    spec.setNodeSelector(usual.getSpec().getNodeSelector());
    spec.setTolerations(usual.getSpec().getTolerations());
    // More libraries to unpack.
    Volume libraries = spec.getVolumes().get(1);
    assertThat(libraries.getEmptyDir().getSizeLimit()).isEqualTo(new Quantity("3Gi"));
    libraries.getEmptyDir().setSizeLimit(new Quantity("2Gi"));
    assertThat(gpu).isEqualTo(usual);
  }

  private static void lockedDown(PodSpec pod) {
    for (Container container : pod.getContainers()) {
      lockedDown(pod.getSecurityContext(), container.getSecurityContext());
    }
  }

  static void lockedDown(PodSecurityContext pod, SecurityContext container) {
    assertThat(pod.getRunAsNonRoot()).isTrue();
    assertThat(pod.getRunAsUser()).isEqualTo(185);
    assertThat(pod.getRunAsGroup()).isEqualTo(185);
    assertThat(pod.getFsGroup()).isEqualTo(185);
    assertThat(pod.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(container.getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getCapabilities().getAdd()).isNullOrEmpty();
    assertThat(container.getPrivileged()).isNull();
  }

  /**
   * The operator does not read the properties file; what differs would be found out in production.
   */
  @Test
  void theOperatorIsToldWhatThePropertiesFileSays() throws IOException {
    for (SparkOperator.Spec spec : operatorSpecs()) {
      Map<String, String> told = new TreeMap<>(spec.sparkConf());
      told.put("spark.submit.deployMode", spec.mode().name());
      told.put("spark.kubernetes.container.image", spec.image());
      told.put("spark.kubernetes.container.image.pullPolicy", spec.imagePullPolicy());
      told.put("spark.driver.cores", spec.driver().cores().toString());
      told.put("spark.driver.memory", spec.driver().memory());
      told.put("spark.driver.memoryOverhead", spec.driver().memoryOverhead());
      told.put("spark.driver.extraJavaOptions", spec.driver().javaOptions());
      told.put("spark.executor.extraJavaOptions", spec.executor().javaOptions());
      String prefix = "spark.kubernetes.authenticate.";
      told.put(prefix + "driver.serviceAccountName", spec.driver().serviceAccount());
      told.put(prefix + "executor.serviceAccountName", spec.executor().serviceAccount());
      spec.driver()
          .secrets()
          .forEach(one -> told.put("spark.kubernetes.driver.secrets." + one.name(), one.path()));
      spec.executor()
          .secrets()
          .forEach(one -> told.put("spark.kubernetes.executor.secrets." + one.name(), one.path()));
      Map<String, String> properties = Manifests.properties("spark-defaults.conf");
      // The namespace is the application's own; how often to report is the submitter's business.
      properties
          .keySet()
          .removeAll(List.of("spark.kubernetes.namespace", "spark.kubernetes.report.interval"));
      assertThat(told).isEqualTo(properties);
    }
  }

  private static List<SparkOperator.Spec> operatorSpecs() throws IOException {
    SparkApplication airflow =
        (SparkApplication)
            Manifests.read(Manifests.DEPLOY.resolve("schedules/airflow/bellows-retrain.yaml"))
                .get(0);
    return List.of(
        Manifests.read("spark-application.yaml", SparkApplication.class).spec(),
        Manifests.read("scheduled-spark-application.yaml", ScheduledSparkApplication.class)
            .spec()
            .template(),
        airflow.spec());
  }

  private static JobSpec cronJobSpec() throws IOException {
    return Manifests.read("cronjob.yaml", CronJob.class).getSpec().getJobTemplate().getSpec();
  }

  /**
   * Executors must find the driver, and only a failure that another try can help is tried again.
   */
  @Test
  void jobsTryAgainWhatCanSucceedAndAreFoundByTheirService() throws IOException {
    for (String file : List.of("job.yaml", "cronjob.yaml")) {
      JobSpec job =
          file.equals("job.yaml") ? Manifests.read(file, Job.class).getSpec() : cronJobSpec();
      PodTemplateSpec pod = job.getTemplate();
      Container driver = pod.getSpec().getContainers().get(0);
      Service service = Manifests.read(file, Service.class);
      assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
      assertThat(pod.getMetadata().getLabels())
          .containsAllEntriesOf(service.getSpec().getSelector());
      assertThat(driver.getEnv())
          .anySatisfy(
              variable -> {
                assertThat(variable.getName()).isEqualTo("BELLOWS_DRIVER_HOST");
                assertThat(variable.getValue())
                    .isEqualTo(service.getMetadata().getName() + ".bellows.svc");
              });
      var rule = job.getPodFailurePolicy().getRules().get(0);
      assertThat(rule.getAction()).isEqualTo("FailJob");
      assertThat(rule.getOnExitCodes().getContainerName()).isEqualTo(driver.getName());
      assertThat(rule.getOnExitCodes().getValues()).containsExactly(1, 2, 3);
      assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
      assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("bellows-driver");
    }
  }
}
