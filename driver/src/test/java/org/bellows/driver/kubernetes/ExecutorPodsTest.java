// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code submit} in client mode, as a Job's pod calls it, with a driver that asks for executors.
 */
@Tag("integration")
@Tag("lines")
@Timeout(120)
class ExecutorPodsTest {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path folder;

  @Test
  void executorsGetPodsThatTheEntrypointCanStart() throws Exception {
    Path enough = folder.resolve("enough");
    try (Submission submission = new Submission(folder)) {
      submission.server().client().pods().resource(ownPod()).create();
      submission.start(arguments(submission, enough));
      List<Pod> executors = submission.await(2, () -> submission.pods("spark-role", "executor"));
      for (Pod executor : executors) {
        requireExecutor(executor);
        entrypointStarts(submission.scripts(), executor);
      }

      // One that is lost is replaced.
      submission.end(executors.get(0), 137);
      submission.await(1, () -> submission.pods("spark-exec-id", "3"));
      submission.await(1, () -> submission.asked("delete pods"));

      Files.createFile(enough);
      submission.awaitEnd();
      assertThat(submission.pods("spark-role", "executor")).isEmpty();
      // Where spark.kubernetes.executor.deleteOnTermination is false, Spark marks what is left.
      submission.requireRights("bellows-driver", "patch pods");
    }
  }

  /** Of the job that the driver runs in. */
  private static Pod ownPod() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("job-x1")
        .withUid("uid-1")
        .endMetadata()
        .withNewStatus()
        .withPhase("Running")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  /** Of spark-submit, as the script makes them, for {@link ExecutorsMain} instead of a training. */
  private List<String> arguments(Submission submission, Path enough) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "only for this test");
    SubmitScript.Ended script =
        submission.script(
            List.of("train"),
            "BELLOWS_DEPLOY_MODE",
            "client",
            "BELLOWS_DRIVER_HOST",
            "bellows-train.bellows.svc",
            "BELLOWS_DRIVER_POD",
            "job-x1");
    assertThat(script.exitCode()).as(script.said()).isZero();
    List<String> made = script.argumentsOf("org.apache.spark.deploy.SparkSubmit");
    List<String> arguments = new ArrayList<>(made.subList(0, made.indexOf("--class")));
    for (String setting :
        List.of(
            "spark.authenticate.secret.driver.file=" + secret,
            "spark.ui.enabled=false",
            // Nobody registers here.
            "spark.scheduler.maxRegisteredResourcesWaitingTime=100ms")) {
      arguments.addAll(List.of("--conf", setting));
    }
    arguments.addAll(
        List.of(
            "--class",
            ExecutorsMain.class.getName(),
            "local:///opt/bellows/bellows.jar",
            enough.toString(),
            "cluster.executors=2",
            "cluster.cores-per-lane=2",
            "cluster.executor-memory-mebibytes=1500",
            "cluster.executor-overhead-mebibytes=1000"));
    return arguments;
  }

  private static void requireExecutor(Pod executor) {
    Container container = Submission.lockedContainer(executor);
    assertThat(executor.getSpec().getServiceAccountName()).isEqualTo("bellows-executor");
    assertThat(executor.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(executor.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "bellows")
        .containsEntry("app.kubernetes.io/component", "executor");
    // With the driver's pod they all go.
    assertThat(executor.getMetadata().getOwnerReferences().get(0).getName()).isEqualTo("job-x1");
    assertThat(container.getArgs()).containsExactly("executor");
    assertThat(container.getResources().getRequests().get("cpu").toString()).isEqualTo("2");
    assertThat(container.getResources().getLimits().get("memory").toString()).isEqualTo("2500Mi");
    Map<String, String> variables = Submission.variables(container);
    assertThat(variables)
        .containsEntry("OMP_NUM_THREADS", "2")
        .containsEntry("SPARK_CLASSPATH", "/opt/bellows/lib/*")
        .containsEntry(
            "SPARK_DRIVER_URL", "spark://CoarseGrainedScheduler@bellows-train.bellows.svc:7078");
    assertThat(variables.toString()).doesNotContain("only for this test", "AUTH_SECRET");
  }

  /** With the environment that Spark gave an executor's pod. */
  private static void entrypointStarts(SubmitScript scripts, Pod executor) throws Exception {
    Map<String, String> given = Submission.variables(executor.getSpec().getContainers().get(0));
    Map<String, String> environment = new TreeMap<>(given);
    environment.put("SPARK_EXECUTOR_POD_IP", "10.1.2.3");
    environment.put("SPARK_EXECUTOR_POD_NAME", "x-exec-1");
    SubmitScript.Ended ended =
        scripts.run("targets/kubernetes/entrypoint.sh", environment, "executor");
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(ended.words())
        .contains(
            "-Xms1500m",
            "-Xmx1500m",
            "-Dorg.bytedeco.javacpp.cachedir=/var/cache/bellows",
            "-Dorg.bytedeco.javacpp.maxbytes=" + 1000 * MEBIBYTE,
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=" + 2500 * MEBIBYTE,
            "--add-opens=java.base/java.nio=ALL-UNNAMED")
        .containsSequence("--driver-url", given.get("SPARK_DRIVER_URL"))
        .containsSequence("--executor-id", given.get("SPARK_EXECUTOR_ID"))
        .containsSequence("--cores", "2")
        .containsSequence("--app-id", given.get("SPARK_APPLICATION_ID"))
        .containsSequence("--hostname", "10.1.2.3")
        .containsSequence("--resourceProfileId", "0")
        .endsWith("--podName", "x-exec-1");
    assertThat(ended.argumentsOf("-cp").get(0)).contains("/opt/bellows/lib/*", "/spark/jars/*");
  }
}
