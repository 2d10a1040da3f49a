// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

import org.bellows.conf.Settings;
import org.bellows.conf.SyncMode;

/** The settings that a {@link SyncMode} forbids. */
interface SyncModeLimits {
  /** Notes a problem for each setting that the mode cannot be used with. */
  void check(Settings settings);

  static SyncModeLimits of(SyncMode mode, Problems problems) {
    return switch (mode) {
      case EVERY_STEP -> settings -> {};
      case AVERAGING -> new AveragingLimits(problems);
      case DL4J_SPARK -> new Dl4jSparkLimits(problems);
    };
  }
}
