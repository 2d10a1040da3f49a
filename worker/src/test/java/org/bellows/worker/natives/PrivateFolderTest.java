// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
  private static final String ADVICE =
      ", and files that others put there would be run; remove it, or name a folder of your own with"
          + " -Dorg.bytedeco.javacpp.cachedir=PATH";

  @TempDir Path temporary;

  private Path made(String permissions) throws IOException {
    Path folder = Files.createDirectory(temporary.resolve(permissions));
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void isMadeForItsOwnerAlone() throws IOException {
    Path folder = temporary.resolve("not/there/yet");
    PrivateFolder.require(folder);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    PrivateFolder.require(folder);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void othersMayReadWhatIsThere() throws IOException {
    PrivateFolder.require(made("rwxr-xr-x"));
  }

  @Test
  void othersMayNotWrite() throws IOException {
    for (String permissions : new String[] {"rwxrwxr-x", "rwxr-xrwx"}) {
      Path folder = made(permissions);
      assertThatThrownBy(() -> PrivateFolder.require(folder))
          .hasMessage("others may write to it (" + permissions + ")" + ADVICE);
    }
  }

  /** Somebody else's link may lead anywhere. */
  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), made("rwx------"));
    assertThatThrownBy(() -> PrivateFolder.require(link)).hasMessage("it is no folder" + ADVICE);
  }

  @Test
  void somebodyElsesFolder() throws IOException {
    Path folder = made("rwxr-xr-x");
    try {
      Files.setAttribute(folder, "unix:uid", 65534);
    } catch (IOException e) {
      Assumptions.abort("only root can give a folder away: " + e.getMessage());
    }
    String other = Files.getOwner(folder).getName();
    assertThatThrownBy(() -> PrivateFolder.require(folder))
        .hasMessage("it belongs to " + other + ADVICE);
  }
}
