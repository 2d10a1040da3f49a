// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.update;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.optimizer.Optimizers;

/**
 * Which arrays of one float a parameter an update keeps beside the parameters, and a checkpoint
 * holds, in this order. The update, forecasts and warm starts all ask here.
 *
 * @param optimizer arrays of the optimizer's own
 * @param master whether the parameters before rounding are kept: where rounded ones are sent
 * @param average whether the parameters' moving average is kept
 */
public record StateArrays(int optimizer, boolean master, boolean average) {

  public static StateArrays of(TrainingSettings settings) {
    return new StateArrays(
        Optimizers.of(settings.optimizer(), settings.schedule().baseLr()).stateSize(),
        settings.sync().communicationDtype() == Settings.CommunicationDtype.FLOAT16,
        settings.optimizer().averageDecay() > 0);
  }

  public int count() {
    return optimizer + (master ? 1 : 0) + (average ? 1 : 0);
  }

  /**
   * The arrays before the first update: the optimizer's are 0, the others the parameters.
   *
   * @param parameters [parameters]
   * @return [count()][parameters]
   */
  public List<float[]> beforeTheFirstUpdate(float[] parameters) {
    List<float[]> arrays = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      arrays.add(i < optimizer ? new float[parameters.length] : parameters.clone());
    }
    return arrays;
  }
}
