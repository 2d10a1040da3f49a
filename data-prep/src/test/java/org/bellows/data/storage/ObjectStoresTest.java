// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.VersionInfo;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.testing.LocalDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoresTest {
  @TempDir java.nio.file.Path folder;

  /** A disk under S3's scheme that writes down what is asked of it. */
  public static final class Recorder extends LocalDisk {
    static final List<String> REQUESTS = new ArrayList<>();

    @Override
    public String getScheme() {
      return "s3a";
    }

    static Configuration configuration() {
      Configuration hadoop = new Configuration();
      register(hadoop, "s3a", Recorder.class, false);
      return hadoop;
    }

    @Override
    protected void beforeCreate(Path path) {
      REQUESTS.add("PUT " + path.getName());
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      REQUESTS.add("RENAME " + to.getName());
      return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
      REQUESTS.add("DELETE " + path.getName());
      return super.delete(path, recursive);
    }
  }

  @Test
  void aFileIsReplacedByOneRequest() throws IOException {
    Configuration hadoop = Recorder.configuration();
    Path file = new Path("s3a:" + folder + "/report.html");
    Recorder.REQUESTS.clear();
    AtomicFile.write(hadoop, file, "old".getBytes(UTF_8));
    AtomicFile.writeAlone(hadoop, file, "new".getBytes(UTF_8));
    assertThat(Recorder.REQUESTS).containsExactly("PUT report.html", "PUT report.html");
    assertThat(Files.readString(folder.resolve("report.html"))).isEqualTo("new");
    assertThatThrownBy(
            () ->
                AtomicFile.writeAlone(
                    hadoop,
                    file,
                    out -> {
                      out.write('x');
                      throw new IOException("no more");
                    }))
        .hasMessageContaining("no more");
    assertThat(Files.readString(folder.resolve("report.html")))
        .as("content after a failure")
        .isEqualTo("new");
  }

  @Test
  void aMissingConnectorIsNamed() {
    for (String scheme : List.of("s3a", "gs", "abfss")) {
      Path path = new Path(scheme + "://bucket/x");
      assertThatThrownBy(() -> Storage.fileSystem(new Configuration(), path))
          .hasMessageStartingWith(
              "path %s: the connector for %s:// is not on the class path; add ", path, scheme)
          .hasMessageEndingWith(" (docs/object-stores.md)")
          .extracting(e -> ((BellowsException) e).category())
          .isEqualTo(ErrorCategory.CONFIGURATION);
    }
    assertThatThrownBy(() -> Storage.fileSystem(new Configuration(), new Path("s3a://bucket/x")))
        .hasMessageContaining("add org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion());
  }
}
