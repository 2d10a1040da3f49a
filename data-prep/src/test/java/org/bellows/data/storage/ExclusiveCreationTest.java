// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the local disk; HDFS is asked in the tests of the registry. */
class ExclusiveCreationTest {
  private static final int AT_ONCE = 8;
  private static final int ROUNDS = 40;

  @TempDir Path folder;

  private final Configuration hadoop = new Configuration();

  private org.apache.hadoop.fs.Path at(String name) {
    return Storage.qualify(folder.resolve(name).toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aFileIsCreatedOnce() throws IOException {
    assertThat(ExclusiveCreation.write(hadoop, at("new/file"), bytes("first"))).isTrue();
    assertThat(ExclusiveCreation.write(hadoop, at("new/file"), bytes("second"))).isFalse();
    assertThat(folder.resolve("new/file")).hasContent("first");
    assertThat(names("new")).containsExactly("file");
  }

  @Test
  void ofManyThatCreateAFileOneSucceeds() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String name = "round-" + round;
      int successes = 0;
      List<Boolean> created =
          atOnce(i -> ExclusiveCreation.write(hadoop, at(name), bytes("by " + i)));
      for (int i = 0; i < AT_ONCE; i++) {
        if (created.get(i)) {
          successes++;
          assertThat(folder.resolve(name)).hasContent("by " + i);
        }
      }
      assertThat(successes).isEqualTo(1);
    }
  }

  @Test
  void ofManyThatRenameAFolderOneSucceeds() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String target = "target-" + round;
      for (int i = 0; i < AT_ONCE; i++) {
        Files.createDirectories(folder.resolve(".tmp-" + i));
        Files.writeString(folder.resolve(".tmp-" + i + "/file"), "by " + i);
      }
      List<Boolean> renamed =
          atOnce(i -> ExclusiveCreation.rename(hadoop, at(".tmp-" + i), at(target)));
      assertThat(renamed).containsOnlyOnce(true);
      assertThat(folder.resolve(target + "/file")).hasContent("by " + renamed.indexOf(true));
      assertThat(names(target)).as("nothing was moved into it").containsExactly("file");
      for (int i = 0; i < AT_ONCE; i++) {
        assertThat(Files.exists(folder.resolve(".tmp-" + i))).isEqualTo(!renamed.get(i));
      }
    }
  }

  /** An attempt. */
  @FunctionalInterface
  private interface Attempt {
    boolean run(int number) throws IOException;
  }

  private static List<Boolean> atOnce(Attempt attempt) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        int number = i;
        calls.add(() -> attempt.run(number));
      }
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<String> names(String name) throws IOException {
    try (var files = Files.list(folder.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
