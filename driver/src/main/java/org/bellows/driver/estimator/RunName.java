// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.conf.Settings;
import org.bellows.conf.load.KeyHistory;
import org.bellows.conf.load.SettingsText;
import org.bellows.conf.text.ValueText;
import org.bellows.data.storage.Sha256;
import org.bellows.worker.train.TrainingPlan;

/**
 * The name of a run's folder below {@code runs}, which a later fit finds the run by: a function of
 * all that its model and its figures depend on. A key whose value is that of builds without it is
 * no part of it, so that a key that comes later changes no name.
 */
final class RunName {
  static final int DIGITS = 16;

  /** What the model of a network of pixels keeps of {@code evaluate}. */
  static final List<String> OF_PIXELS =
      List.of("evaluate.inference", "evaluate.window-stride", "evaluate.scales", "evaluate.mirror");

  private RunName() {}

  static String of(TrainingPlan plan, Settings settings) {
    return of(keys(plan.identity(), settings, plan.isOfPixels(), plan.isMultiLabel()));
  }

  /**
   * @param identity of the run
   * @return key to value
   */
  static Map<String, String> keys(
      Map<String, String> identity, Settings settings, boolean isOfPixels, boolean isMultiLabel) {
    Map<String, String> keys = new TreeMap<>(identity);
    keys.put("train.save", ValueText.name(settings.train().save()));
    keys.put("train.validation-split", settings.train().validationSplit());
    if (isOfPixels) {
      Map<String, Object> values = SettingsText.flat(settings);
      OF_PIXELS.forEach(key -> keys.put(key, String.valueOf(values.get(key))));
    }
    if (isMultiLabel) {
      keys.put("evaluate.threshold", String.valueOf(settings.evaluate().threshold()));
    }
    return keys;
  }

  /** The first digits of the SHA-256 of the keys and values. */
  static String of(Map<String, String> keys) {
    Map<String, String> hashed = new TreeMap<>(keys);
    KeyHistory.standard().added().forEach(hashed::remove);
    byte[] text = hashed.toString().getBytes(StandardCharsets.UTF_8);
    return Sha256.of(text).substring(0, DIGITS);
  }
}
