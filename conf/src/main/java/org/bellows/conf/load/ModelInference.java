// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import java.util.List;
import java.util.Map;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.PixelInference;
import org.bellows.conf.Settings;
import org.bellows.conf.text.ValueText;

/** The settings of a command that shows pictures to a model as its training did. */
public final class ModelInference {
  private ModelInference() {}

  /**
   * The same settings, but for those that say how a network for pixels is shown a picture: where
   * neither a profile nor {@code --set} names one, it is the model's.
   *
   * @param ofModel may come from any source
   * @throws ConfigurationException naming what in the model is no setting
   */
  public static Settings in(Settings settings, PixelInference ofModel) {
    Map<String, Object> asked =
        Map.of(
            "evaluate.inference", ValueText.name(ofModel.inference()),
            "evaluate.window-stride", ofModel.windowStride(),
            "evaluate.scales", ofModel.scales(),
            "evaluate.mirror", ofModel.mirror());
    List<String> assignments =
        asked.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList();
    Settings model = new SettingsLoader().set(assignments).load(List.of(), List.of());
    EvaluateSettings evaluate = settings.evaluate();
    for (SettingKeys.Entry entry : SettingKeys.all()) {
      if (asked.containsKey(entry.name()) && !settings.given().contains(entry.name())) {
        evaluate = SettingsReader.with(evaluate, entry.component().getName(), entry.value(model));
      }
    }
    return SettingsReader.withText(SettingsReader.with(settings, "evaluate", evaluate));
  }
}
