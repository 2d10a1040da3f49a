// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.part;

import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;

/**
 * The settings that the preparation of a dataset reads.
 *
 * @param source where the images are stored, and in which layout
 * @param prepare how they are divided and written
 * @param data where the dataset is written, and how much of the source may be refused
 */
public record PrepareSettings(SourceSettings source, Settings.Prepare prepare, Settings.Data data) {

  public static PrepareSettings of(Settings settings) {
    return new PrepareSettings(settings.source(), settings.prepare(), settings.data());
  }
}
