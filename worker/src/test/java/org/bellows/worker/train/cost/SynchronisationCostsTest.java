// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.Ranks;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.PassingCommunicator;
import org.bellows.worker.collective.reduce.SentFloats;
import org.bellows.worker.train.Runs;
import org.bellows.worker.train.Trainer;
import org.bellows.worker.train.TrainingPlan;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SynchronisationCostsTest {
  private static final int RANKS = 3;

  /** The ranks have 2, 2 and 3 of them. */
  private static final int LANES = 7;

  @TempDir static Path shared;
  @TempDir Path runs;

  private static DatasetManifest manifest;

  @BeforeAll
  static void writeDataset() throws IOException {
    manifest = TinyDataset.write(shared, 80, 20);
  }

  /** Passes on, and counts what this rank sends. */
  private static final class CountingExchange extends PassingCommunicator {
    private SentFloats sent = new SentFloats(0, 0);
    private boolean isBesideComputing;

    CountingExchange(Communicator communicator) {
      super(communicator);
    }

    @Override
    public void exchange(
        String what,
        IntPredicate among,
        IntFunction<List<BufferRegion>> outgoing,
        IntFunction<List<BufferRegion>> incoming) {
      super.exchange(what, among, other -> counted(other, outgoing), incoming);
    }

    @Override
    public void send(String what, IntPredicate among, IntFunction<List<BufferRegion>> outgoing) {
      super.send(what, among, other -> counted(other, outgoing));
    }

    private List<BufferRegion> counted(int other, IntFunction<List<BufferRegion>> outgoing) {
      List<BufferRegion> regions = outgoing.apply(other);
      boolean isHere = hosts().of(other) == hosts().of(rank());
      long floats = BufferRegion.floats(regions);
      sent = sent.plus(new SentFloats(isHere ? floats : 0, isHere ? 0 : floats));
      return regions;
    }

    @Override
    public void onComputing(boolean computes) {
      isBesideComputing |= computes;
      super.onComputing(computes);
    }
  }

  private TrainingSettings settings(String network, List<String> more) {
    List<String> own =
        new ArrayList<>(
            List.of(
                "model.name=" + network,
                "train.epochs=1",
                "train.lane-batch=2",
                "train.global-batch=" + 2 * LANES,
                "train.validation-split=",
                "schedule.warmup=none"));
    own.addAll(more);
    return Runs.settings(shared, runs, own);
  }

  private static NetworkGraph graph(TrainingSettings settings, int classes) {
    return NetworkRegistry.standard()
        .get(settings.model().name())
        .graph(InputShape.of(settings.model()), classes);
  }

  @Tag("instructions")
  @Tag("once")
  @Timeout(60)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sync.communication-dtype=float16",
        "sync.communication-dtype=float16,optimizer.clip-norm=1",
        "train.batch-norm-moments=global-batch,optimizer.sharpness-radius=0.1",
        "sync.mode=averaging,sync.period-steps=2",
        "sync.mode=averaging,sync.period-steps=1,optimizer.name=adam,optimizer.average-decay=0.9"
      })
  void theForecastIsWhatTheBusiestRankSends(String choice) {
    TrainingSettings settings =
        settings("resnet20-cifar", choice.isEmpty() ? List.of() : List.of(choice.split(",")));
    for (List<Integer> ofHosts :
        choice.isEmpty()
            ? List.of(List.of(1, 1, 1), List.of(3), List.of(2, 1))
            : List.of(List.of(2, 1))) {
      assertForecast(settings, ofHosts);
    }
  }

  private static void assertForecast(TrainingSettings settings, List<Integer> ofHosts) {
    TrainingPlan plan = new TrainingPlan(settings, manifest);
    int period = settings.sync().stepsBetweenExchanges();
    boolean overlaps =
        !settings.sync().mode().averages()
            && settings.train().batchNormMoments() == TrainSettings.BatchNormMoments.LANE;
    AtomicReference<Hosts> hosts = new AtomicReference<>();
    List<SentFloats> sent =
        Ranks.onHosts(
            ofHosts,
            communicator -> {
              hosts.set(communicator.hosts());
              CountingExchange counting = new CountingExchange(communicator);
              try (Trainer trainer =
                  new Trainer(plan, new Configuration(), counting, Optional.empty())) {
                trainer.train(period, metrics -> {});
                counting.sent = new SentFloats(0, 0);
                trainer.train(2L * period, metrics -> {});
                assertThat(counting.isBesideComputing)
                    .as("gradients leave while rank %d of %s computes", counting.rank(), ofHosts)
                    .isEqualTo(overlaps && ofHosts.size() > 1);
                return counting.sent;
              }
            });
    SynchronisationCosts costs =
        SynchronisationCosts.of(settings, RANKS, graph(settings, plan.classes().size()))
            .orElseThrow();
    assertThat(costs.buckets() > 1).as("buckets where hosts are apart").isEqualTo(overlaps);
    FlatLayout layout = FlatLayout.of(graph(settings, plan.classes().size()));
    for (int rank = 0; rank < RANKS; rank++) {
      assertThat(costs.sent(layout, hosts.get(), rank))
          .as("rank %d on hosts of %s", rank, ofHosts)
          .isEqualTo(sent.get(rank));
    }
    if (ofHosts.size() == RANKS) {
      assertThat(costs.sentBytes())
          .isEqualTo(
              OptionalLong.of(
                  Float.BYTES * sent.stream().mapToLong(SentFloats::total).max().orElseThrow()));
    }
    if (ofHosts.equals(List.of(2, 1))) {
      long ofFirstHost = sent.get(0).elsewhere() + sent.get(1).elsewhere();
      assertThat(costs.sentBytesOfHost(2))
          .isEqualTo(OptionalLong.of(Float.BYTES * Math.max(ofFirstHost, sent.get(2).elsewhere())));
    }
  }

  @Test
  void oneRankSendsNothing() {
    TrainingSettings settings = settings("lenet5", List.of("sync.communication-dtype=float16"));
    assertThat(SynchronisationCosts.of(settings, 1, graph(settings, 3)).orElseThrow().sentBytes())
        .isEqualTo(OptionalLong.of(0));
  }

  @Test
  void whatNoArrayHoldsIsNotForecast() {
    TrainingSettings settings =
        settings("vgg16", List.of("model.height-pixels=4096", "model.width-pixels=4096"));
    assertThat(SynchronisationCosts.of(settings, 2, graph(settings, 3)).orElseThrow().sentBytes())
        .isEmpty();
  }

  @Test
  void whatUpstreamCostsIsNotKnown() {
    TrainingSettings settings =
        settings(
            "lenet5",
            List.of(
                "sync.mode=dl4j-spark",
                "train.global-batch=2",
                "train.step-engine=dl4j",
                "cluster.executors=1",
                "train.save=last",
                "optimizer.name=sgd",
                "optimizer.weight-decay=0",
                "schedule.decay=constant"));
    assertThat(SynchronisationCosts.of(settings, 1, graph(settings, 3))).isEmpty();
  }
}
