// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.VersionInfo;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseTerms;
import org.bellows.testing.ObjectDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoresTest {
  @TempDir java.nio.file.Path folder;

  private final Configuration hadoop = ObjectDisk.configuration();

  private Path path(String name) {
    return new Path(ObjectDisk.path(folder), name);
  }

  @Test
  void aFileIsReplacedByOneRequest() throws IOException {
    Path file = path("report.html");
    AtomicFile.write(hadoop, file, "old".getBytes(UTF_8));
    AtomicFile.writeAlone(hadoop, file, "new".getBytes(UTF_8));
    assertThat(ObjectDisk.requests()).containsExactly("PUT report.html", "PUT report.html");
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
    assertThat(ObjectDisk.requests()).isEmpty();
  }

  @Test
  void aFileIsCreatedByOneRequestUnlessItIsThere() throws IOException {
    assertThat(ExclusiveCreation.write(hadoop, path("1.json"), "one".getBytes(UTF_8))).isTrue();
    assertThat(ExclusiveCreation.write(hadoop, path("1.json"), "two".getBytes(UTF_8))).isFalse();
    assertThat(ObjectDisk.requests()).containsExactly("PUT 1.json");
    assertThat(Files.readString(folder.resolve("1.json"))).isEqualTo("one");
  }

  /** By Amazon's client, whose exception S3A has as a cause. */
  @Test
  void aFileIsChangedWhereTheStoreSaysThatTheConditionFailed() {
    String answer = "At least one of the pre-conditions you specified did not hold (Service: S3, ";
    Exception refused = new IllegalStateException(answer + "Status Code: 412, Request ID: 1)");
    Exception busy = new IllegalStateException("Slow down (Service: S3, Status Code: 503)");
    String reading = "Server error accessing s3a://bucket/a";
    assertThat(ObjectStores.isChanged(new IOException(reading, refused))).isTrue();
    assertThat(ObjectStores.isChanged(new IOException(reading, new IOException("x", refused))))
        .isTrue();
    assertThat(ObjectStores.isChanged(new IOException(reading, busy))).isFalse();
    assertThat(ObjectStores.isChanged(new IOException((String) null))).isFalse();
  }

  /** Whoever holds a lease writes there at once, and moves a folder once. */
  @Test
  void throughALeaseNothingIsCopiedTwice() throws IOException {
    Files.createDirectories(folder.resolve("made/inside"));
    LeaseTerms terms = LeaseTerms.refusing(Duration.ofMinutes(1));
    try (Lease lease = Lease.take(hadoop, path("lease"), terms)) {
      ObjectDisk.requests();
      lease.replace(path("manifest.json"), new byte[] {1});
      assertThat(lease.create(path("entry"), new byte[] {2})).isTrue();
      assertThat(lease.move(path("made"), path("version"))).isTrue();
      assertThat(ObjectDisk.requests())
          .containsExactly("PUT manifest.json", "PUT entry", "COPY version");
    }
    assertThat(ObjectDisk.requests()).noneMatch(request -> request.startsWith("COPY"));
    assertThat(folder.resolve("version/inside")).isDirectory();
  }

  @Test
  void aMissingConnectorIsNamed() {
    for (String scheme : List.of("s3a", "gs", "abfs", "abfss")) {
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

  /** As Hadoop 3.5 has it by default. */
  @Test
  void hadoopsOwnConnectorForGoogleIsNamedWhereHadoopLooksForIt() {
    Configuration newer = new Configuration();
    newer.set("fs.gs.impl", "org.apache.hadoop.fs.gs.GoogleHadoopFileSystem");
    assertThatThrownBy(() -> Storage.fileSystem(newer, new Path("gs://bucket/x")))
        .hasMessage(
            "path gs://bucket/x: the connector for gs:// is not on the class path; add org.apache.hadoop:hadoop-gcp:%s (docs/object-stores.md)",
            VersionInfo.getVersion());
  }

  /** A connector without a library that it uses. */
  public static final class Incomplete extends RawLocalFileSystem {
    @Override
    public void initialize(URI uri, Configuration configuration) {
      throw new NoClassDefFoundError("software/amazon/awssdk/core/SdkClient");
    }
  }

  @Test
  void whatAConnectorLacksIsNamed() {
    Configuration incomplete = new Configuration();
    incomplete.setClass("fs.s3a.impl", Incomplete.class, FileSystem.class);
    assertThatThrownBy(() -> Storage.fileSystem(incomplete, new Path("s3a://bucket/x")))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "path s3a://bucket/x: the connector for s3a:// lacks the class software.amazon.awssdk.core.SdkClient; add the jar that has it (docs/object-stores.md)");
  }
}
