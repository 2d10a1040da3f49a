// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bellows.data.decode.NativeVersions;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("integration")
class TorchLibrariesTest {
  private static final int SIDE = 96;

  @Test
  void saysWhatToAddWhereTheLibrariesAreMissing() {
    assertThat(TorchLibraries.missing())
        .isEqualTo(
            "the step engine torch needs PyTorch's native libraries, which this bundle does not"
                + " have; build it with Maven's profile torch, or put the jar"
                + " org.bytedeco:pytorch:2.13.0-1.5.14:linux-x86_64 of Maven Central into its"
                + " folder lib");
  }

  @Test
  void loadsTheLibraryOfTheClassPathAndNoOther() throws IOException {
    assertThat(TorchLibraries.arePresent()).isTrue();
    assertThat(TorchLibraries.load()).matches("PyTorch 2\\.13\\.0 \\((AVX2|AVX512|DEFAULT)\\)");

    assertThat(mapped("libtorch_cpu.so")).singleElement().asString().contains("2.13.0-1.5.14");
  }

  @Test
  void sharesOneRuntimeOfOpenMpWithOneDnnAndNd4j() throws IOException {
    TorchLibraries.load();

    assertThat(mapped("libgomp")).hasSize(1);
    assertThat(mapped("libiomp")).isEmpty();
    assertThat(mapped("libopenblas.so")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "' 4,2 ', 4", "'', 8", "0, 8", "many, 8"})
  void takesOpenMpsNumberOfThreads(String variable, int expected) {
    assertThat(TorchLibraries.threads(variable, 8)).isEqualTo(expected);
    TorchLibraries.load();
    String ofProcess = System.getenv().getOrDefault("OMP_NUM_THREADS", "");
    assertThat(torch.get_num_threads())
        .isEqualTo(TorchLibraries.threads(ofProcess, Runtime.getRuntime().availableProcessors()));
  }

  @Test
  void computesBesideNd4jOnSeveralThreads() {
    TorchLibraries.load();
    int usual = torch.get_num_threads();
    torch.set_num_threads(2);
    try {
      List<Double> differences =
          IntStream.range(0, 16).parallel().mapToObj(TorchLibrariesTest::difference).toList();

      assertThat(differences).allSatisfy(it -> assertThat(it).isCloseTo(0, within(1e-4)));
    } finally {
      torch.set_num_threads(usual);
    }
  }

  /** Of products of the same matrices, by PyTorch and by ND4J. */
  private static double difference(int seed) {
    float[] left = matrix(seed);
    float[] right = matrix(seed + 100);
    float[] product = new float[SIDE * SIDE];
    try (FloatPointer first = new FloatPointer(left);
        FloatPointer second = new FloatPointer(right);
        Tensor one = torch.from_blob(first, SIDE, SIDE);
        Tensor two = torch.from_blob(second, SIDE, SIDE);
        Tensor result = torch.matmul(one, two)) {
      result.data_ptr_float().get(product);
    }
    double most = 0;
    try (INDArray one = Nd4j.createFromArray(left).reshape(SIDE, SIDE);
        INDArray two = Nd4j.createFromArray(right).reshape(SIDE, SIDE);
        INDArray expected = one.mmul(two)) {
      float[] values = expected.dup('c').data().asFloat();
      for (int i = 0; i < product.length; i++) {
        most = Math.max(most, Math.abs(product[i] - values[i]));
      }
    }
    return most;
  }

  private static float[] matrix(int seed) {
    Random random = new Random(seed);
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void onlyTheWarningOfVersionsIsKeptFromStandardError() {
    PrintStream error = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      NativeVersions.accept(List.of(Talkative.class.getName()));
    } finally {
      System.setErr(error);
    }
    assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("Warning: it is late.\n");
  }

  /** Writes when it is initialised, as the classes that describe libraries do. */
  private static final class Talkative {
    static {
      System.err.println(
          "Warning: Versions of org.bytedeco:javacpp:1.5.14 and org.bytedeco:dnnl:2.7.1-1.5.8 do"
              + " not match.");
      System.err.println("Warning: it is late.");
    }
  }

  private static List<String> mapped(String library) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains("/" + library))
        .map(line -> line.substring(line.indexOf('/')))
        .distinct()
        .toList();
  }

  @Test
  void namesTheHostsLibrariesOnGpus() {
    assertThat(TorchLibraries.ofCuda(13_000, 91_302)).isEqualTo(" with CUDA 13.0 and cuDNN 9.13.2");
  }
}
