// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.batch.InputSpec;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.network.LaneNetwork;

/**
 * Trained models whose answers are averaged. They are shown the same pixels, so they agree in
 * classes, input, normalisation and how images are brought to the input's size; their networks may
 * differ.
 *
 * @param members at least one
 */
public record TrainedEnsemble(List<TrainedModel> members) {

  /**
   * @param paths of models' or runs' folders; the others are compared with the first
   * @throws BellowsException (data) when there is no such model or it is damaged, or naming the
   *     first path whose model differs, and in what
   */
  public static TrainedEnsemble read(Configuration hadoop, List<String> paths) {
    List<TrainedModel> members = new ArrayList<>();
    for (String path : paths) {
      TrainedModel model = TrainedModel.read(hadoop, path);
      if (!members.isEmpty()) {
        requireSame(path, model.card(), paths.get(0), members.get(0).card());
      }
      members.add(model);
    }
    return new TrainedEnsemble(members);
  }

  private static void requireSame(String path, ModelCard card, String first, ModelCard expected) {
    Comparison comparison = new Comparison(path, first);
    comparison.require("answers for", answersFor(card), answersFor(expected));
    if (!card.classes().equals(expected.classes())) {
      comparison.require(
          "classes",
          ClassLists.text(card.classes(), expected.classes()),
          ClassLists.text(expected.classes(), card.classes()));
    }
    comparison.require("input", card.input(), expected.input());
    comparison.require("mean", Words.and(card.mean()), Words.and(expected.mean()));
    comparison.require(
        "standard deviation",
        Words.and(card.standardDeviation()),
        Words.and(expected.standardDeviation()));
    comparison.require(
        "augment.evaluation-crop", spelt(card.evaluationCrop()), spelt(expected.evaluationCrop()));
    comparison.require("augment.resize-pixels", card.resizePixels(), expected.resizePixels());
    comparison.require(
        "augment.evaluation-interpolation",
        spelt(card.interpolation()),
        spelt(expected.interpolation()));
  }

  private static String answersFor(ModelCard card) {
    if (card.multiLabelled()) {
      return "any number of classes of each image";
    }
    return TrainedModel.definition(card).isOfPixels() ? "each pixel" : "each image";
  }

  private static String spelt(Enum<?> setting) {
    return setting.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private record Comparison(String path, String first) {
    void require(String what, Object actual, Object expected) {
      if (!actual.equals(expected)) {
        throw BellowsException.data(
            "evaluate.ensemble: %s has %s %s, expected %s as %s has"
                .formatted(path, what, actual, expected, first));
      }
    }
  }

  /** Whether it says a class of each pixel. */
  public boolean isOfPixels() {
    return TrainedModel.definition(card()).isOfPixels();
  }

  /** Whether a sample is of any number of classes. */
  public boolean isMultiLabel() {
    return card().multiLabelled();
  }

  /**
   * The thresholds by class from which on a class is an answer: of several models the mean.
   *
   * @return empty where one of them has none
   */
  public List<Double> thresholds() {
    List<List<Double>> all =
        members.stream().map(member -> member.card().multiLabel().thresholds()).toList();
    if (all.stream().anyMatch(List::isEmpty)) {
      return List.of();
    }
    return IntStream.range(0, card().classes().size())
        .mapToObj(label -> all.stream().mapToDouble(each -> each.get(label)).sum() / all.size())
        .toList();
  }

  /** The properties that every member shares: classes and input are the first one's. */
  public ModelCard card() {
    return members.get(0).card();
  }

  /** How images become the networks' input in evaluation. */
  public InputSpec inputSpec(AugmentSettings augment) {
    return members.get(0).inputSpec(augment);
  }

  /** As {@link TrainedModel#open(EngineRequest)}. */
  public Ensemble open(EngineRequest engine) {
    List<LaneNetwork> networks = new ArrayList<>();
    members.forEach(model -> networks.add(model.open(engine)));
    return new Ensemble(networks);
  }
}
