// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The module for PySpark names what is in the JVM. PySpark itself is stood in for. */
@Tag("integration")
class PythonModuleTest {
  private static final Path MODULE = Path.of("..", "deploy", "python");
  private static final Path STAND_INS = Path.of("src", "test", "resources", "python");

  @Test
  void eachClassHasTheParametersOfItsClassInTheJvm() throws Exception {
    Path python = Path.of("/usr/bin/python3");
    assumeTrue(Files.isExecutable(python), "there is no python3");
    List<String> lines = described(python);
    assertThat(lines).hasSize(8);
    for (String line : lines) {
      List<String> words = List.of(line.split(" "));
      Class<?> type = Class.forName(words.get(1));
      assertThat(type.getSimpleName()).isEqualTo(words.get(0));
      Params stage = (Params) type.getConstructor(String.class).newInstance("stage");
      TreeSet<String> expected = new TreeSet<>();
      Arrays.stream(stage.params()).map(PythonModuleTest::text).forEach(expected::add);
      assertThat(words.subList(2, words.size()))
          .as(words.get(0))
          .containsExactlyElementsOf(expected);
    }
  }

  private static String text(Param<?> param) {
    if (param instanceof IntParam || param instanceof LongParam) {
      return param.name() + ":int";
    } else if (param instanceof DoubleParam) {
      return param.name() + ":double";
    } else if (param instanceof DoubleArrayParam) {
      return param.name() + ":doubles";
    }
    return param.name() + (param instanceof StringArrayParam ? ":strings" : ":string");
  }

  private static List<String> described(Path python) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), STAND_INS.resolve("describe.py").toString());
    Map<String, String> environment = builder.environment();
    environment.put("PYTHONPATH", MODULE + ":" + STAND_INS);
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return new ArrayList<>(said.lines().toList());
  }
}
