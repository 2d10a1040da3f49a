package org.bellows.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;

class StorageTest {
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
  void unknownSchemesAreAMistakeOfConfiguration() {
    assertThatThrownBy(() -> Storage.fileSystem(new Configuration(), new Path("gopher://x/y")))
        .hasMessage("path gopher://x/y: No FileSystem for scheme \"gopher\"")
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
}
