// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import org.bellows.conf.BellowsException;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.shard.EncodedSample;

/** The sentence about a sample whose picture or label map cannot be decoded. */
final class UnreadableSampleMessage {
  private UnreadableSampleMessage() {}

  static BellowsException of(EncodedSample sample, ImageRefusedException cause) {
    return BellowsException.data(
        "sample %d of the dataset (%s) %s"
            .formatted(sample.id(), sample.source(), cause.getMessage()),
        cause);
  }
}
