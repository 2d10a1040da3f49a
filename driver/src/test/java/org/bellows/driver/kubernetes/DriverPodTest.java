// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit} in cluster mode. */
@Tag("integration")
@Tag("lines")
@Timeout(120)
class DriverPodTest {
  private static final List<String> TRAIN =
      List.of(
          "train",
          "--profile=lenet5-fashion-mnist",
          "--set=data.path=hdfs://host/data",
          "--set=output.path=hdfs://host/a run");

  @TempDir Path folder;

  @Test
  void aTrainingGetsADriversPodWithServiceAndConfigMaps() throws Exception {
    try (Submission submission = new Submission(folder)) {
      submission
          .scripts()
          .tool("kubectl", "#!/bin/bash\necho \"$*\" >>\"$ASKED\"\necho Failed 3\n");
      Path asked = folder.resolve("asked");
      SubmitScript.Ended script = submission.script(TRAIN, "ASKED", asked.toString());
      submission.start(script.argumentsOf("org.apache.spark.deploy.SparkSubmit"));
      Pod driver = submission.await(1, () -> submission.pods("spark-role", "driver")).get(0);
      requireDriver(driver);

      // They come after the pod, which is their owner.
      Service service =
          submission
              .await(1, () -> submission.server().client().services().list().getItems())
              .get(0);
      List<ConfigMap> maps = submission.await(2, submission::configMaps);
      assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
      assertThat(driver.getMetadata().getLabels())
          .containsAllEntriesOf(service.getSpec().getSelector());
      requireSettings(driver, service, maps);
      assertThat(maps)
          .anySatisfy(
              map -> assertThat(map.getData().toString()).contains("spark-kubernetes-executor"));

      // The driver fails with 3; spark-submit, which watches by now, does not mind, and submit
      // does.
      submission.await(1, () -> submission.asked("get pods"));
      submission.end(driver, 3);
      submission.awaitEnd();
      assertThat(script.exitCode()).as(script.said()).isEqualTo(3);
      assertThat(Files.readString(asked))
          .startsWith("-n bellows get pod " + driver.getMetadata().getName());
      // Server-side apply of what is not there needs create as well.
      submission.requireRights(
          "bellows-submitter",
          "create configmaps",
          "create services",
          "get pods/log",
          // Where its service or config maps cannot be made.
          "delete pods",
          // Spark 4 alone needs these.
          "create networkpolicies",
          "patch networkpolicies");
    }
  }

  private static void requireDriver(Pod driver) {
    Container container = Submission.lockedContainer(driver);
    assertThat(driver.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "bellows")
        .containsEntry("app.kubernetes.io/component", "driver")
        .containsEntry("spark-app-name", "bellows-train");
    assertThat(driver.getSpec().getServiceAccountName()).isEqualTo("bellows-driver");
    assertThat(driver.getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThat(driver.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(60);
    assertThat(container.getImage()).isEqualTo("registry.test/bellows:7");
    assertThat(container.getImagePullPolicy()).isEqualTo("IfNotPresent");
    assertThat(container.getArgs())
        .startsWith("driver", "--properties-file", "/opt/spark/conf/spark.properties")
        .containsSequence(
            "--class", "org.bellows.driver.command.Bellows", "local:///opt/bellows/bellows.jar")
        .endsWith(TRAIN.toArray(String[]::new));
    assertThat(container.getResources().getLimits().get("memory").toString()).isEqualTo("3072Mi");
    assertThat(container.getVolumeMounts())
        .extracting(VolumeMount::getMountPath)
        .contains("/opt/spark/conf", "/opt/spark/pod-template");
    assertThat(Submission.variables(container))
        .containsKeys("SPARK_LOCAL_DIRS", "SPARK_APPLICATION_ID")
        .doesNotContainKey("_SPARK_AUTH_SECRET");
  }

  private static void requireSettings(Pod driver, Service service, List<ConfigMap> maps)
      throws IOException {
    Properties properties = new Properties();
    for (ConfigMap map : maps) {
      properties.load(new StringReader(map.getData().getOrDefault("spark.properties", "")));
    }
    assertThat(properties)
        .containsEntry("spark.driver.host", service.getMetadata().getName() + ".bellows.svc")
        .containsEntry("spark.authenticate", "true")
        .containsEntry("spark.authenticate.secret.file", "/etc/bellows/spark-secret/secret")
        .containsEntry("spark.network.crypto.enabled", "true")
        .containsEntry("spark.network.crypto.saslFallback", "false")
        .containsEntry("spark.io.encryption.enabled", "true")
        .containsEntry("spark.executor.extraClassPath", "/opt/bellows/lib/*")
        .containsEntry("spark.kubernetes.driver.pod.name", driver.getMetadata().getName());
  }

  @Test
  void submitSaysWhatItCannotFindOut() throws Exception {
    try (Submission submission = new Submission(folder)) {
      submission.scripts().tool("kubectl", "#!/bin/bash\nexit 1\n");
      SubmitScript.Ended gone = submission.script(TRAIN);
      assertThat(gone.exitCode()).isEqualTo(4);
      assertThat(gone.said())
          .contains("without exit code; result.json in output.path says how far it came");

      SubmitScript.Ended nowhere = submission.script(TRAIN, "BELLOWS_MASTER_URL", "");
      assertThat(nowhere.exitCode()).isEqualTo(1);
      assertThat(nowhere.said())
          .contains(
              "kubectl has no current context (kubectl config use-context NAME); or set"
                  + " BELLOWS_MASTER_URL");

      SubmitScript.Ended mode = submission.script(TRAIN, "BELLOWS_DEPLOY_MODE", "local");
      assertThat(mode.exitCode()).isEqualTo(1);
      assertThat(mode.said()).contains("BELLOWS_DEPLOY_MODE is local; allowed: cluster, client");
    }
  }
}
