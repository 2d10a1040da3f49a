// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.ConditionalDisk.Answer;
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseHeldException;
import org.bellows.data.storage.lease.LeaseTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stores make of a creation on a condition. */
class StoreAnswersTest {
  private static final LeaseTerms TERMS = LeaseTerms.refusing(Duration.ofMinutes(1));

  @TempDir Path folder;

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(ConditionalDisk.path(folder), name);
  }

  private boolean creates(Configuration hadoop, String content) {
    return ExclusiveCreation.write(hadoop, path("file"), content.getBytes(UTF_8));
  }

  private Lease take(Configuration hadoop) {
    return Lease.take(hadoop, path("lease"), TERMS);
  }

  @Test
  void aFileThatIsThereStaysWhereTheConditionIsIgnored() throws Exception {
    Configuration hadoop =
        ConditionalDisk.answering(Answer.IGNORES_THE_CONDITION, Answer.IGNORES_THE_CONDITION);
    assertThat(creates(hadoop, "first")).isTrue();
    assertThat(creates(hadoop, "second")).isFalse();
    assertThat(Files.readString(folder.resolve("file"))).isEqualTo("first");
    assertThat(ExclusiveCreation.isRefusedOnceMore(hadoop, path("file"), "first".getBytes(UTF_8)))
        .isFalse();
    assertThat(ConditionalDisk.answersLeft()).isZero();
    assertThat(ExclusiveCreation.isRefusedOnceMore(hadoop, path("file"), "first".getBytes(UTF_8)))
        .as("of a store that honours it")
        .isTrue();
  }

  @Test
  void aRequestThatWasInTheWayOfAnotherIsSentAgain() {
    assertThat(creates(ConditionalDisk.answering(Answer.CONFLICT, Answer.CONFLICT), "x")).isTrue();
    assertThat(folder.resolve("file")).hasContent("x");
    Configuration never =
        ConditionalDisk.answering(
            Answer.CONFLICT, Answer.CONFLICT, Answer.CONFLICT, Answer.CONFLICT, Answer.CONFLICT);
    assertThatThrownBy(() -> ExclusiveCreation.write(never, path("other"), "x".getBytes(UTF_8)))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("Status Code: 409")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
    assertThat(ConditionalDisk.answersLeft()).isOne();
  }

  @Test
  void aHoldersOwnFileIsNotAnothers() {
    try (Lease lease = take(ConditionalDisk.answering(Answer.WRITES_AND_REFUSES))) {
      lease.requireHeld();
    }
  }

  @Test
  void whereTheStoreCannotTellTheLeaseIsReadBack() {
    for (Answer second : new Answer[] {Answer.IGNORES_THE_CONDITION, Answer.NOT_IMPLEMENTED}) {
      try (Lease lease = take(ConditionalDisk.answering(Answer.HONOURS, second))) {
        lease.requireHeld();
        assertThat(ConditionalDisk.answersLeft()).as("%s", second).isZero();
      }
    }
    Configuration overtaken = ConditionalDisk.answering(Answer.HONOURS, Answer.WRITES_ANOTHERS);
    assertThatThrownBy(() -> take(overtaken))
        .isInstanceOf(LeaseHeldException.class)
        .hasMessageContaining("host another")
        .hasMessageContaining("took it at this moment");
    assertThat(folder.resolve("lease/3.released")).as("of another holder").doesNotExist();
  }

  /** Nobody has to wait for a start that failed after its token was recorded. */
  @Test
  void aTokenIsGivenBackWhenTheStartFails() {
    Configuration hadoop = ConditionalDisk.answering();
    take(hadoop).close();
    ConditionalDisk.keep("1.json");
    assertThatThrownBy(() -> take(hadoop)).hasMessageContaining("1.json stays");
    assertThat(folder.resolve("lease")).isDirectoryContaining("glob:**/2.released");
    ConditionalDisk.keep("");
    try (Lease lease = take(hadoop)) {
      assertThat(lease.token()).isEqualTo(3);
    }
  }
}
