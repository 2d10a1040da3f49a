// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.storage.lease.Fence;
import org.bellows.driver.registry.LostAnswers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionHistoryTest {
  @TempDir Path folder;

  private static RetrainPlan plan(String begunAt) {
    return new RetrainPlan(
        RetrainPlan.FORMAT_VERSION, 1, "1f", "/data", 2, 2, null, Map.of("a", "b"), begunAt);
  }

  @Test
  void aPlanThatIsOnesOwnIsNotAnothers() {
    Configuration hadoop = new Configuration();
    DecisionHistory history =
        new DecisionHistory(hadoop, new org.apache.hadoop.fs.Path("file:" + folder + "/history"));
    RetrainPlan mine = plan("2026-11-30T14:00:00Z");
    history.begin(mine, new LostAnswers(hadoop));
    assertThat(history.open()).contains(mine);
    assertThatThrownBy(() -> history.begin(plan("2026-11-30T14:00:01Z"), Fence.none(hadoop)))
        .hasMessageContaining("decision 1 in ")
        .hasMessageContaining(" was begun by another start at this moment");
  }
}
