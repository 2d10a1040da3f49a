// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bellows.worker.device.CudaLibraries;
import org.junit.jupiter.api.Test;

/** The image of driver and executors, as far as it can be checked without building it. */
class ContainerfileTest {
  private static final Path FOLDER = Manifests.DEPLOY.resolve("targets/kubernetes");
  private static final Path DOCUMENTS = Manifests.DEPLOY.resolve("../docs");

  /** NVIDIA's images with CUDA's libraries and cuDNN's, but without a compiler. */
  private static final Pattern GPU_BASE =
      Pattern.compile("docker\\.io/nvidia/cuda:(\\d+\\.\\d+)\\.\\d+-cudnn-runtime-ubuntu24\\.04");

  private static final Pattern ARGUMENT = Pattern.compile("--build-arg ([A-Z]+)=(\\S+)");

  private static List<String> lines() throws IOException {
    return Files.readAllLines(FOLDER.resolve("Containerfile"));
  }

  private static List<String> instructions(String name) throws IOException {
    return lines().stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .toList();
  }

  /** {@code NAME=VALUE} that a text gives the build. */
  private static List<String> arguments(Path file) throws IOException {
    return ARGUMENT
        .matcher(Files.readString(file))
        .results()
        .map(found -> found.group(1) + "=" + found.group(2))
        .toList();
  }

  /** Its patches come with each build, another release of Debian does not. */
  @Test
  void theBaseIsOneReleaseOfDebian() throws IOException {
    assertThat(instructions("FROM")).containsExactly("${BASE}");
    assertThat(instructions("ARG"))
        .containsExactly("BASE=docker.io/library/debian:bookworm-slim", "PACKAGES=");
    assertThat(String.join("\n", lines())).doesNotContain("nvidia/cuda:latest", "debian:latest");
  }

  /** CUDA 13 of the version that PyTorch was built with, and CUPTI, which the image lacks. */
  @Test
  void theBaseForGpusHasTheLibrariesThatPyTorchNeeds() throws IOException {
    List<String> arguments = arguments(FOLDER.resolve("Containerfile"));
    assertThat(arguments).hasSize(2).isEqualTo(arguments(DOCUMENTS.resolve("kubernetes.md")));
    Matcher base = GPU_BASE.matcher(arguments.get(0).substring("BASE=".length()));
    assertThat(base.matches()).as(arguments.get(0)).isTrue();
    String cuda = base.group(1);
    assertThat(cuda).isEqualTo(CudaLibraries.BUILT_WITH);
    String release = cuda.replace('.', '-');
    assertThat(arguments.get(1)).isEqualTo("PACKAGES=cuda-cupti-" + release);
    // What a host without the image takes is the same.
    assertThat(Files.readString(DOCUMENTS.resolve("gpu.md")))
        .contains(
            "`cuda-libraries-%s cuda-cupti-%s libcudnn9-cuda-13 libnccl2`"
                .formatted(release, release))
        .contains("CUDA 13 (PyTorch is built with %s), cuDNN 9, NCCL 2".formatted(cuda));
  }

  /** Pods are told the same number, and may write where a volume is. */
  @Test
  void itRunsAsAUserWhoOwnsNothingOfIt() throws IOException {
    assertThat(instructions("USER")).containsExactly("185:185");
    assertThat(instructions("VOLUME")).containsExactly("[\"/tmp\", \"/var/cache/bellows\"]");
    for (String pod : List.of("driver-pod.yaml", "executor-pod.yaml", "executor-pod-gpu.yaml")) {
      assertThat(FOLDER.resolve(pod))
          .content()
          .contains("runAsUser: 185\n", "runAsGroup: 185\n", "mountPath: /var/cache/bellows\n");
    }
    assertThat(instructions("COPY")).noneMatch(copied -> copied.contains("--chown"));
  }

  /** The bundle has what is copied, and what is run is among it. */
  @Test
  void itHoldsTheBundle() throws IOException {
    assertThat(instructions("COPY"))
        .containsExactly(
            "spark /opt/bellows/spark",
            "lib /opt/bellows/lib",
            "LICENSE NOTICE /opt/bellows/",
            "bin /opt/bellows/bin",
            "targets /opt/bellows/targets",
            "schedules /opt/bellows/schedules");
    assertThat(instructions("ENTRYPOINT"))
        .containsExactly("[\"/opt/bellows/targets/kubernetes/entrypoint.sh\"]");
    assertThat(FOLDER.resolve("entrypoint.sh")).isExecutable();
    String defaults = Files.readString(FOLDER.resolve("spark-defaults.conf"));
    List<String> named =
        Pattern.compile("/opt/bellows/(bin|targets)/([A-Za-z/.-]+)")
            .matcher(defaults)
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(Stream.concat(named.stream(), Stream.of("/opt/bellows/bin/gpus")))
        .allMatch(
            file ->
                Files.exists(Manifests.DEPLOY.resolve(file.substring("/opt/bellows/".length()))));
  }
}
