// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.util.Map;
import java.util.TreeMap;
import org.bellows.conf.RetrainSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.identity.RunIdentity;
import org.bellows.worker.evaluate.metric.Metrics;

/**
 * The settings that retraining needs.
 *
 * @param dataPath of the dataset
 * @param network {@code model.name}
 * @param startsFromCurrent or else from the seed
 * @param settings those that training and decision depend on, key to value
 * @param bellowsVersion for the version's card
 */
public record RetrainSetup(
    String dataPath,
    String network,
    boolean startsFromCurrent,
    PromotionRule rule,
    Map<String, String> settings,
    String bellowsVersion) {

  public static RetrainSetup of(Settings settings, String bellowsVersion) {
    RetrainSettings retrain = settings.retrain();
    Map<String, String> decisive = new TreeMap<>(RunIdentity.of(settings));
    decisive.put("evaluate.split", settings.evaluate().split());
    decisive.put("retrain.metric", retrain.metric().name());
    decisive.put("retrain.min-improvement", Double.toString(retrain.minImprovement()));
    decisive.put("retrain.start", retrain.start().name());
    return new RetrainSetup(
        settings.data().path(),
        settings.model().name(),
        retrain.start() == RetrainSettings.Start.CURRENT,
        new PromotionRule(Metrics.of(retrain.metric()), retrain.minImprovement()),
        decisive,
        bellowsVersion);
  }
}
