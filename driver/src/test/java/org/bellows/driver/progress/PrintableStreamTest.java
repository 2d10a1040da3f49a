// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bellows.driver.command.Bellows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class PrintableStreamTest {
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

  private PrintableStream stream(Charset charset) {
    return new PrintableStream(new PrintStream(terminal, true, charset), charset);
  }

  @Test
  void everyWayOfPrintingIsCaught() {
    PrintableStream stream = stream(StandardCharsets.UTF_8);
    stream.print("a\u001b");
    stream.println((Object) "b\u001b");
    stream.printf("%s%n", "c\u009b");
    stream.append("d\u202e").append('\u001b');
    new PrintWriter(stream, true, StandardCharsets.UTF_8).println("e\u001b");
    byte[] bytes = "f\u001b".getBytes(StandardCharsets.UTF_8);
    stream.write(bytes, 0, bytes.length);
    stream.flush();
    assertThat(terminal.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("a\\u001bb\\u001b", "c\\u009b", "d\\u202e\\u001be\\u001b", "f\\u001b");
  }

  @Test
  void aCharacterInTwoPiecesStaysOne() {
    PrintableStream stream = stream(StandardCharsets.UTF_8);
    for (byte each : "Käse 猫\ud83d\udc31".getBytes(StandardCharsets.UTF_8)) {
      stream.write(each);
    }
    stream.flush();
    assertThat(terminal.toString(StandardCharsets.UTF_8)).isEqualTo("Käse 猫\ud83d\udc31");
  }

  @Test
  void inLatin1TheUpperControlCharactersAreSingleBytes() {
    PrintableStream stream = stream(StandardCharsets.ISO_8859_1);
    stream.print("ä\u009b2J");
    stream.flush();
    assertThat(terminal.toString(StandardCharsets.ISO_8859_1)).isEqualTo("ä\\u009b2J");
  }

  @Test
  void aProcessOfOursPrintsNoNameRaw() throws Exception {
    for (List<String> command :
        List.of(
            List.of("predict", "--set", "model.path=/no\u001b[31m/model", "a.jpg"),
            List.of("predict", "--set", "no\u001b[31m.key=1", "a.jpg"),
            List.of("no\u001b[31m-command"))) {
      assertThat(printed(command))
          .as("%s", command)
          .contains("no\\u001b[31m")
          .doesNotContain("\u001b");
    }
  }

  private static String printed(List<String> command) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dfile.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                Bellows.class.getName()));
    line.addAll(command);
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return printed;
  }
}
