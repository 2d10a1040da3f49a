// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisjointPathsTest {
  @TempDir Path folder;

  private final Configuration hadoop = new Configuration();

  private boolean holds(String outer, String inner) {
    return ResolvedPath.of(hadoop, outer).holds(ResolvedPath.of(hadoop, inner));
  }

  @Test
  void aPlaceHoldsItselfAndWhatLiesBelow() {
    assertThat(holds("/a/b", "/a/b")).isTrue();
    assertThat(holds("/a/b/", "/a/b/c/d")).isTrue();
    assertThat(holds("/a/b", "/a/bc")).isFalse();
    assertThat(holds("/a/b/c", "/a/b")).isFalse();
    assertThat(holds("/a/b", "/a/c/../b/d")).isTrue();
    assertThat(holds("file:///a/b", "/a/b/c")).isTrue();
    assertThat(holds("/", "/a")).isTrue();
    assertThat(holds("data", "data/x")).isTrue();
  }

  @Test
  void serversAreComparedAsTheyAreNamed() {
    assertThat(holds("hdfs://one:8020/a", "hdfs://ONE:8020/a/b")).isTrue();
    assertThat(holds("hdfs://one:8020/a", "hdfs://two:8020/a/b")).isFalse();
    assertThat(holds("s3a://bucket/a", "/a/b")).isFalse();
    assertThat(holds("hdfs:///a", "hdfs://one:8020/a/b")).isFalse();
    hadoop.set("fs.defaultFS", "hdfs://one:8020");
    assertThat(holds("hdfs:///a", "hdfs://one:8020/a/b")).isTrue();
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path source = Files.createDirectories(folder.resolve("source/train"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), source);
    assertThat(holds(folder.resolve("source").toString(), link + "/not/there/yet")).isTrue();
    assertThat(holds(link.toString(), folder.resolve("source").toString())).isFalse();
  }

  @Test
  void allThatIsWrongIsToldTogether() {
    DisjointPaths apart =
        new DisjointPaths(hadoop)
            .apart("data.path", "/s/d", "source.path", "/s")
            .notBelow("output.path", "/o", "model.path", "/o/head/model")
            .notInside("output.path", "/s/o", "source.path", "/s");
    assertThatThrownBy(apart::require)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            """
            the configuration has 3 problems:
              data.path: is /s/d, and source.path is /s: one is inside the other
              output.path: is /o, and model.path is /o/head/model: the input would be replaced by the output
              output.path: is /s/o, and source.path is /s: the output would be a part of the input""");
  }

  @Test
  void whatIsApartOrNotGivenIsNoProblem() {
    assertThatCode(
            () ->
                new DisjointPaths(hadoop)
                    .apart("data.path", "/d", "source.path", "/s")
                    .apart("output.path", "", "source.path", "/s")
                    .notBelow("output.path", "/m/o", "model.path", "/m")
                    .notInside("output.path", "/o", "source.path", "/o/s")
                    .require())
        .doesNotThrowAnyException();
  }
}
