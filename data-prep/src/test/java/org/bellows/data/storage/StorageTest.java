// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.EOFException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.security.AccessControlException;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.testing.LocalDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
  @TempDir java.nio.file.Path folder;

  @Test
  void barePathsAreLocal() {
    assertThat(Storage.qualify("/data/x")).hasToString("file:/data/x");
    assertThat(Storage.qualify("/data/with space#1")).hasToString("file:/data/with space#1");
    assertThat(Storage.qualify("relative"))
        .hasToString("file:" + new File("relative").getAbsolutePath());
    assertThat(Storage.qualify("hdfs://host:9000/x")).hasToString("hdfs://host:9000/x");
    assertThat(Storage.qualify("file:/x")).hasToString("file:/x");
    assertThatThrownBy(() -> Storage.qualify(" ")).hasMessage("a path is empty");
  }

  @Test
  void aColonMakesNoSchemeOfAFilesName() throws IOException {
    Path base = new Path("file:/data/x");
    assertThat(Storage.resolve(base, "12:00.jpg")).hasToString("file:/data/x/12:00.jpg");
    assertThat(Storage.resolve(base, "C:\\x.jpg")).hasToString("file:/data/x/C:\\x.jpg");
    assertThat(Storage.resolve(base, "../a:b/c d.jpg")).hasToString("file:/data/a:b/c d.jpg");
    assertThat(Storage.resolve(base, "/y/z.jpg")).hasToString("file:/y/z.jpg");
    assertThat(Storage.resolve(new Path("hdfs://host:9000/x"), "/y:1"))
        .hasToString("hdfs://host:9000/y:1");
    assertThat(Storage.resolve(base, "s3a://bucket/x")).hasToString("s3a://bucket/x");
    java.nio.file.Files.writeString(folder.resolve("12:00.jpg"), "x");
    try (var in = Storage.open(new Configuration(), new Path("file:" + folder + "/12:00.jpg"))) {
      assertThat(in.readAllBytes()).containsExactly('x');
    }
  }

  @Test
  void unknownSchemesAreAMistakeOfConfiguration() {
    assertThatThrownBy(() -> Storage.fileSystem(new Configuration(), new Path("gopher://x/y")))
        .hasMessage("path gopher://x/y: No FileSystem for scheme \"gopher\"")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
  }

  @Test
  void soAreHostsThatNobodyKnows() {
    assertThatThrownBy(
            () -> Storage.fileSystem(new Configuration(), new Path("hdfs://no-such.invalid/y")))
        .hasMessage("path hdfs://no-such.invalid/y: there is no host no-such.invalid")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
  }

  @Test
  void failuresHaveACategory() {
    assertThat(Storage.failure("reading x", new FileNotFoundException("x")))
        .hasMessage("reading x failed: there is no such file")
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.DATA);
    assertThat(Storage.failure("writing x", new IOException("No space left on device")))
        .hasMessage("writing x failed: the disk is full")
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
    assertThat(Storage.failure("writing x", new IOException("one\nat two")))
        .hasMessage("writing x failed: one");
  }

  /** Java tells of these as of a file that is not there. */
  @Test
  void aLocalFileThatCannotBeOpenedIsNotAMissingOne() {
    assertThat(Storage.failure("reading x", new FileNotFoundException("/x (Permission denied)")))
        .hasMessage(
            "reading x failed: no permission for user %s (/x (Permission denied))"
                .formatted(System.getProperty("user.name")))
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.CONFIGURATION);
    assertThat(Storage.failure("reading x", new FileNotFoundException("/x (Too many open files)")))
        .hasMessage(
            "reading x failed: too many files are open; raise the limit of open files (ulimit -n)")
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
    assertThat(Storage.failure("reading x", new FileNotFoundException("/x (Is a directory)")))
        .hasMessage(
            "reading x failed: there is a file in place of a folder, or the reverse"
                + " (/x (Is a directory))")
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.CONFIGURATION);
    assertThat(Storage.isMissing(new FileNotFoundException("/x (Permission denied)"))).isFalse();
    assertThat(Storage.isMissing(new FileNotFoundException("File file:/x does not exist")))
        .isTrue();
  }

  @Test
  void whatDoesNotHealByWaitingIsBadData() {
    for (IOException cause :
        List.of(
            new ZipException("invalid distance"),
            new MalformedInputException(1),
            new UTFDataFormatException("bad"),
            new JsonParseException(null, "odd"))) {
      assertThat(Storage.failure("reading x", cause).category())
          .as(cause.toString())
          .isEqualTo(ErrorCategory.DATA);
    }
  }

  /** Not even root may make anything there. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void whereNobodyMayWriteTheReasonAndTheUserAreTold() {
    for (String file : List.of("/sys/bellows/x", "/sys/x")) {
      assertThatThrownBy(
              () -> AtomicFile.write(new Configuration(), new Path("file:" + file), new byte[1]))
          .hasMessageStartingWith("writing file:" + file + " failed: no permission for user ")
          .extracting(e -> ((BellowsException) e).category())
          .isEqualTo(ErrorCategory.CONFIGURATION);
    }
  }

  @Test
  void aHostThatNobodyKnowsIsAMistakeOfConfiguration() {
    Configuration hadoop = new Configuration();
    assertThatThrownBy(() -> Storage.fileSystem(hadoop, new Path("hdfs://no-such-host.invalid/x")))
        .hasMessageStartingWith("path hdfs://no-such-host.invalid/x: ")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
    assertThat(Storage.writeFailure("/no/x.svg", new NoSuchFileException("/no/x.svg")))
        .hasMessage("writing /no/x.svg failed: there is no folder for it (/no/x.svg)")
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.CONFIGURATION);
  }

  @Test
  void aFileWhereAFolderShouldBeIsTold() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    new Configuration(), new Path("file:" + folder + "/file/x"), new byte[1]))
        .hasMessageContaining("there is a file in place of a folder")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
  }

  @Test
  void wholeFilesArePlainAndOfALimitedLength() throws Exception {
    Configuration hadoop = new Configuration();
    Files.writeString(folder.resolve("file"), "12345");
    Path file = new Path("file:" + folder + "/file");
    assertThat(FileContents.read(hadoop, file, 5)).hasSize(5);
    assertThatThrownBy(() -> FileContents.read(hadoop, file, 4))
        .hasMessage(file + " has 5 bytes, expected at most 4");
    assertThatThrownBy(() -> FileContents.read(hadoop, file.getParent(), 4))
        .hasMessage(file.getParent() + " is a folder, expected a file");
    assertThatThrownBy(() -> FileContents.read(hadoop, new Path("file:/dev/zero"), 4))
        .hasMessage("file:/dev/zero is a pipe or a device, expected a file");
    assertThatThrownBy(() -> FileContents.read(hadoop, new Path(file + "-no"), 4))
        .isInstanceOf(FileNotFoundException.class);
  }

  /** Hadoop tells of a server that went down while it was asked by such an exception. */
  @Test
  void theEndOfAConnectionIsNotTheEndOfAFile() {
    assertThat(Storage.failure("reading x", new EOFException("too short")).category())
        .isEqualTo(ErrorCategory.DATA);
    EOFException connection =
        new EOFException("End of File Exception; For more details see:  http://wiki/EOFException");
    connection.initCause(new EOFException());
    assertThat(Storage.failure("reading x", connection))
        .hasMessage("reading x failed: End of File Exception")
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
  }

  @Test
  void writingIsNeverTheDatasFault() {
    assertThat(Storage.writeFailure("x", new EOFException("Unexpected EOF")))
        .hasMessage("writing x failed: Unexpected EOF")
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
    assertThat(Storage.writeFailure("x", new AccessControlException("Permission denied: user=m")))
        .hasMessage("writing x failed: no permission (Permission denied: user=m)")
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.CONFIGURATION);
  }

  @Test
  void aBlockThatNobodyHasIsOneSentence() {
    BlockMissingException missing =
        new BlockMissingException(
            "/x",
            "Could not obtain block: BP-1:blk_2_3 file=/x No live nodes contain current block"
                + " Block locations: a b c Dead nodes: a b c",
            0);
    assertThat(Storage.failure("reading x", missing))
        .hasMessage("reading x failed: no datanode that answers has block BP-1:blk_2_3 of it")
        .extracting(BellowsException::category)
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
  }

  /** As HDFS does: the same exception from write and from close. */
  @Test
  void aFailureOfWritingOutlivesClosing() {
    Configuration hadoop = new Configuration();
    BrokenFileSystem.register(hadoop);
    Path file = new Path("broken:" + folder + "/x");
    assertThatThrownBy(
            () -> {
              try (OutputStream out = NewFile.create(file.getFileSystem(hadoop), file, true)) {
                out.write(new byte[10]);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("the quota is exceeded")
        .hasNoSuppressedExceptions();
    assertThatThrownBy(
            () -> {
              try (OutputStream out = NewFile.create(file.getFileSystem(hadoop), file, true)) {
                out.close();
              }
            })
        .hasMessage("the quota is exceeded")
        .hasNoSuppressedExceptions();
  }

  /** The local disk under the scheme "broken", whose streams fail. */
  public static final class BrokenFileSystem extends LocalDisk {
    static void register(Configuration hadoop) {
      register(hadoop, "broken", BrokenFileSystem.class, false);
    }

    @Override
    public String getScheme() {
      return "broken";
    }

    @Override
    protected OutputStream written(OutputStream out) {
      return new BrokenStream();
    }
  }

  private static final class BrokenStream extends OutputStream {
    private final IOException failure = new IOException("the quota is exceeded");

    @Override
    public void write(int value) throws IOException {
      throw failure;
    }

    @Override
    public void close() throws IOException {
      throw failure;
    }
  }
}
