package org.bellows.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code submit} starts, with the properties file and pod templates of the target, is really
 * submitted, to an API server in this process: there is no cluster, and nothing runs in the pods.
 */
@Timeout(120)
class SubmissionTest {
  private static final String SPARK_SUBMIT = "org.apache.spark.deploy.SparkSubmit";
  private static final String[] TRAIN = {
    "train",
    "--profile=lenet5-fashion-mnist",
    "--set=data.path=hdfs://host/data",
    "--set=output.path=hdfs://host/a run"
  };

  @TempDir Path folder;
  private final Properties before = new Properties();
  private ApiServer server;
  private SubmitScript scripts;

  @BeforeEach
  void start() throws IOException {
    // Spark's launcher leaves the application's settings in the system properties.
    before.putAll(System.getProperties());
    server = new ApiServer();
    scripts = new SubmitScript(folder);
  }

  @AfterEach
  void stop() {
    server.close();
    System.setProperties(before);
  }

  private Map<String, String> environment(String... more) {
    Map<String, String> environment =
        new TreeMap<>(
            Map.of(
                "BELLOWS_MASTER_URL", server.master(), "BELLOWS_IMAGE", "registry.test/bellows:7"));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  @Test
  void aTrainingGetsADriversPodWithServiceAndConfigMaps() throws Exception {
    scripts.tool("kubectl", "#!/bin/bash\necho \"$*\" >>\"$ASKED\"\necho Failed 3\n");
    Path asked = folder.resolve("asked");
    SubmitScript.Ended ended =
        scripts.run("targets/kubernetes/submit", environment("ASKED", asked.toString()), TRAIN);
    CompletableFuture<Void> submission = submit(ended.argumentsOf(SPARK_SUBMIT));
    Pod driver = await(submission, () -> pods("driver", 1)).get(0);

    locked(driver);
    assertThat(driver.getSpec().getServiceAccountName()).isEqualTo("bellows-driver");
    assertThat(driver.getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThat(driver.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(60);
    assertThat(driver.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "bellows")
        .containsEntry("app.kubernetes.io/component", "driver")
        .containsEntry("spark-app-name", "bellows-train");
    Container container = driver.getSpec().getContainers().get(0);
    assertThat(container.getImage()).isEqualTo("registry.test/bellows:7");
    assertThat(container.getImagePullPolicy()).isEqualTo("IfNotPresent");
    assertThat(container.getArgs())
        .startsWith("driver", "--properties-file", "/opt/spark/conf/spark.properties")
        .containsSequence(
            "--class", "org.bellows.driver.command.Bellows", "local:///opt/bellows/bellows.jar")
        .endsWith(TRAIN);
    assertThat(container.getResources().getLimits().get("memory").toString()).isEqualTo("3072Mi");
    assertThat(mounts(container))
        .containsEntry("/tmp", "temporary")
        .containsEntry("/var/cache/bellows", "native-cache")
        .containsEntry("/etc/bellows/spark-secret", "bellows-spark-secret-volume")
        .containsKey("/opt/spark/conf");
    assertThat(driver.getSpec().getVolumes())
        .anySatisfy(
            volume ->
                assertThat(String.valueOf(volume.getSecret())).contains("bellows-spark-secret"));

    Service service = await(submission, () -> server.client().services().list().getItems()).get(0);
    await(submission, () -> configMaps(2));
    assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(driver.getMetadata().getLabels())
        .containsAllEntriesOf(service.getSpec().getSelector());
    assertThat(driversProperties())
        .containsEntry("spark.driver.host", service.getMetadata().getName() + ".bellows.svc")
        .containsEntry("spark.authenticate", "true")
        .containsEntry("spark.authenticate.secret.file", "/etc/bellows/spark-secret/secret")
        .containsEntry("spark.network.crypto.enabled", "true")
        .containsEntry("spark.io.encryption.enabled", "true")
        .containsEntry("spark.executor.extraClassPath", "/opt/bellows/lib/*")
        .containsEntry("spark.kubernetes.driver.pod.name", driver.getMetadata().getName());
    assertThat(configMaps(0))
        .anySatisfy(
            map -> assertThat(map.getData().toString()).contains("spark-kubernetes-executor"));

    // The driver fails with 3; spark-submit does not mind, and submit does.
    end(driver, 3);
    submission.get(60, TimeUnit.SECONDS);
    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(3);
    assertThat(Files.readString(asked))
        .startsWith("-n bellows get pod " + driver.getMetadata().getName());
    System.out.println("RIGHTS submitter " + server.rightsNeeded());
    assertThat(rights("bellows-submitter")).containsAll(server.rightsNeeded());
  }

  @Test
  void submitSaysWhatItCannotFindOut() throws Exception {
    scripts.tool("kubectl", "#!/bin/bash\nexit 1\n");
    SubmitScript.Ended gone = scripts.run("targets/kubernetes/submit", environment(), TRAIN);
    assertThat(gone.exitCode()).isEqualTo(4);
    assertThat(gone.said())
        .contains("without exit code; result.json in output.path says how far it came");

    SubmitScript.Ended nowhere =
        scripts.run("targets/kubernetes/submit", Map.of("BELLOWS_MASTER_URL", ""), TRAIN);
    assertThat(nowhere.exitCode()).isEqualTo(1);
    assertThat(nowhere.said())
        .contains(
            "kubectl has no current context (kubectl config use-context NAME); or set"
                + " BELLOWS_MASTER_URL");

    SubmitScript.Ended mode =
        scripts.run(
            "targets/kubernetes/submit", environment("BELLOWS_DEPLOY_MODE", "local"), TRAIN);
    assertThat(mode.exitCode()).isEqualTo(1);
    assertThat(mode.said()).contains("BELLOWS_DEPLOY_MODE is local; allowed: cluster, client");
  }

  @Test
  void executorsGetPodsThatTheEntrypointCanStart() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "only for this test");
    Path enough = folder.resolve("enough");
    Pod own =
        new PodBuilder()
            .withNewMetadata()
            .withName("job-x1")
            .withUid("uid-1")
            .endMetadata()
            .build();
    server.client().pods().resource(own).create();
    SubmitScript.Ended ended =
        scripts.run(
            "targets/kubernetes/submit",
            environment(
                "BELLOWS_DEPLOY_MODE", "client",
                "BELLOWS_DRIVER_HOST", "bellows-train.bellows.svc",
                "BELLOWS_DRIVER_POD", "job-x1"),
            TRAIN);
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    List<String> arguments = new ArrayList<>(ended.argumentsOf(SPARK_SUBMIT));
    int main = arguments.indexOf("--class");
    arguments.subList(main + 1, arguments.size()).clear();
    arguments.addAll(List.of(ExecutorsMain.class.getName()));
    arguments.addAll(
        main,
        List.of(
            "--conf",
            "spark.authenticate.secret.driver.file=" + secret,
            "--conf",
            "spark.ui.enabled=false"));
    arguments.addAll(
        List.of(
            "local:///opt/bellows/bellows.jar",
            enough.toString(),
            "cluster.executors=2",
            "cluster.cores-per-executor=2",
            "cluster.executor-memory-mebibytes=1500",
            "cluster.executor-overhead-mebibytes=1000"));
    CompletableFuture<Void> submission = submit(arguments);
    List<Pod> executors = await(submission, () -> pods("executor", 2));
    for (Pod executor : executors) {
      locked(executor);
      assertThat(executor.getSpec().getServiceAccountName()).isEqualTo("bellows-executor");
      assertThat(executor.getSpec().getAutomountServiceAccountToken()).isFalse();
      assertThat(executor.getMetadata().getLabels())
          .containsEntry("app.kubernetes.io/component", "executor");
      // With the driver's pod they all go.
      assertThat(executor.getMetadata().getOwnerReferences().get(0).getName()).isEqualTo("job-x1");
      Container container = executor.getSpec().getContainers().get(0);
      assertThat(container.getArgs()).containsExactly("executor");
      assertThat(container.getResources().getRequests().get("cpu").toString()).isEqualTo("2");
      assertThat(container.getResources().getLimits().get("memory").toString()).isEqualTo("2500Mi");
      assertThat(mounts(container))
          .containsEntry("/tmp", "temporary")
          .containsEntry("/var/cache/bellows", "native-cache")
          .containsEntry("/etc/bellows/spark-secret", "bellows-spark-secret-volume");
      Map<String, String> variables = variables(container);
      assertThat(variables)
          .containsEntry("OMP_NUM_THREADS", "2")
          .containsEntry("SPARK_CLASSPATH", "/opt/bellows/lib/*")
          .containsEntry(
              "SPARK_DRIVER_URL", "spark://CoarseGrainedScheduler@bellows-train.bellows.svc:7078");
      assertThat(variables.toString()).doesNotContain("only for this test", "AUTH_SECRET");
      System.out.println(java.time.Instant.now());
      entrypointStarts(variables);
      System.out.println(java.time.Instant.now());
    }
    Files.createFile(enough);
    submission.get(60, TimeUnit.SECONDS);
    assertThat(pods("executor", 0)).isEmpty();
    System.out.println("RIGHTS driver " + server.rightsNeeded());
    assertThat(rights("bellows-driver")).containsAll(server.rightsNeeded());
  }

  /** With the environment that Spark gave an executor's pod. */
  private void entrypointStarts(Map<String, String> given) throws Exception {
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
            "-Dorg.bytedeco.javacpp.maxbytes=" + 1000L * 1024 * 1024,
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=" + 2500L * 1024 * 1024,
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

  private static CompletableFuture<Void> submit(List<String> arguments) {
    return CompletableFuture.runAsync(
        () -> new SparkSubmit().doSubmit(arguments.toArray(String[]::new)));
  }

  private static <T> List<T> await(CompletableFuture<Void> submission, Supplier<List<T>> look)
      throws Exception {
    List<T> found = List.of();
    for (int i = 0; i < 600 && found.isEmpty(); i++) {
      if (submission.isDone()) {
        submission.get();
      }
      Thread.sleep(50);
      found = look.get();
    }
    assertThat(found).isNotEmpty();
    return found;
  }

  /** All pods of a role, or none while they are fewer. */
  private List<Pod> pods(String role, int atLeast) {
    List<Pod> pods = server.client().pods().withLabel("spark-role", role).list().getItems();
    return pods.size() < atLeast ? List.of() : pods;
  }

  private List<ConfigMap> configMaps(int atLeast) {
    List<ConfigMap> maps = server.client().configMaps().list().getItems();
    return maps.size() < atLeast ? List.of() : maps;
  }

  private Properties driversProperties() throws IOException {
    Properties properties = new Properties();
    for (ConfigMap map : configMaps(0)) {
      String text = map.getData().get("spark.properties");
      if (text != null) {
        properties.load(new StringReader(text));
      }
    }
    return properties;
  }

  private void end(Pod pod, int exitCode) {
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
                            .withName("spark-kubernetes-driver")
                            .withNewState()
                            .withNewTerminated()
                            .withExitCode(exitCode)
                            .endTerminated()
                            .endState()
                            .build())
                    .endStatus()
                    .build());
  }

  private static void locked(Pod pod) {
    PodSpec spec = pod.getSpec();
    assertThat(spec.getContainers()).hasSize(1);
    ManifestsTest.lockedDown(
        spec.getSecurityContext(), spec.getContainers().get(0).getSecurityContext());
  }

  private static Map<String, String> mounts(Container container) {
    Map<String, String> mounts = new TreeMap<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      mounts.put(mount.getMountPath(), mount.getName());
    }
    return mounts;
  }

  private static Map<String, String> variables(Container container) {
    Map<String, String> variables = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        variables.put(variable.getName(), variable.getValue());
      }
    }
    return variables;
  }

  /** What a role of rbac.yaml allows: {@code verb resource}. */
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
}
