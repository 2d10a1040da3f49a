// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.engine.OwnMemoryEngine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An engine is asked for by its name alone: one of another jar, and one whose library is not
 * oneDNN.
 */
@Tag("instructions")
@Timeout(60)
class NamedEngineTest {
  private static final int LANES = 3;
  private static final int STEPS = 6;

  @TempDir Path folder;

  private TrainingPlan plan(DatasetManifest manifest, String engine, String... more) {
    return new TrainingPlan(
        Runs.settings(
            folder.resolve("data"),
            folder.resolve(engine),
            List.of(
                "model.name=lenet5",
                "train.global-batch=6",
                "train.lane-batch=2",
                "train.validation-split=",
                "schedule.warmup=none",
                "train.step-engine=" + engine),
            more),
        manifest);
  }

  /** Its passes are oneDNN's, and so are its bits. */
  @Test
  void trainsWhatTheEngineThatItWrapsTrains() throws IOException {
    DatasetManifest manifest = TinyDataset.write(folder.resolve("data"), 20, 10);
    String expected = Runs.train(plan(manifest, "onednn"), 2, 0, 2);
    long before = OwnMemoryEngine.computed();
    TrainingPlan plan = plan(manifest, OwnMemoryEngine.Provider.NAME);
    assertThat(Runs.train(plan, 2, 0, 2)).isEqualTo(expected);
    assertThat(OwnMemoryEngine.computed() - before).isEqualTo(2 * LANES);
    assertThat(plan.identity()).containsEntry("train.step-engine", "own-memory");
  }

  /**
   * The lane after a step's last is told of where its batch is ready; with sharpness-aware
   * minimisation that after the first gradient's last is the step's first again, which always is.
   */
  @ParameterizedTest
  @CsvSource({"0, 1", "0.05, 6"})
  void theLaneThatIsToldOfIsTheNextThatIsComputed(double radius, int least) throws IOException {
    DatasetManifest manifest = TinyDataset.write(folder.resolve("data"), 62, 20);
    TrainingPlan plan =
        plan(manifest, OwnMemoryEngine.Provider.NAME, "optimizer.sharpness-radius=" + radius);
    Runs.train(plan, 1, 0, STEPS);
    OwnMemoryEngine engine = OwnMemoryEngine.latest();
    assertThat(engine.lanes()).hasSize(STEPS * LANES * (radius > 0 ? 2 : 1));
    List<OwnMemoryEngine.Expected> expected = new ArrayList<>(engine.expected());
    expected.removeIf(each -> each.made() == engine.lanes().size());
    assertThat(expected)
        .hasSizeGreaterThanOrEqualTo(least)
        .allMatch(each -> each.pixels() == engine.lanes().get(each.made()));
  }

  @Test
  void torchTrainsTheSameOnAnyRanksWithAnyNumberOfLanesAtOnce() throws IOException {
    DatasetManifest manifest = TinyDataset.write(folder.resolve("data"), 20, 10);
    TrainingPlan plan = plan(manifest, "torch");
    String alone = Runs.train(plan, 1, 0, 2);
    assertThat(Runs.train(plan, 2, 0, 2)).isEqualTo(alone);
    assertThat(Runs.train(Runs.atOnce(plan, 2), 2, 0, 2)).isEqualTo(alone);
    assertThat(Runs.train(plan, 3, 0, 2)).isEqualTo(alone);
    assertThat(Runs.train(plan(manifest, "onednn"), 1, 0, 2)).isNotEqualTo(alone);
  }
}
