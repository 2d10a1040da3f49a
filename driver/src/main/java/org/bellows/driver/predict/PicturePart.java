// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.data.storage.Sha256;

/**
 * What became of some pictures.
 *
 * @param predicted pictures with a label map
 * @param refused pictures without
 * @param pixels by the name of the class, in the order of the classes
 * @param notFinite pixels whose scores are no numbers
 * @param firstRefused a few: by source, why
 * @param sha256 over those of the label maps, in order
 */
public record PicturePart(
    long predicted,
    long refused,
    Map<String, Long> pixels,
    long notFinite,
    Map<String, String> firstRefused,
    String sha256)
    implements Serializable {
  static final int MOST_REFUSED = 20;

  /** Adds up pictures, or parts of them, in their order. */
  static final class Sum {
    private final Map<String, Long> pixels = new LinkedHashMap<>();
    private final Map<String, String> firstRefused = new LinkedHashMap<>();
    private final MessageDigest digest = Sha256.digest();
    private long predicted;
    private long refused;
    private long notFinite;

    /**
     * @param classes of the model, by label
     */
    Sum(List<String> classes) {
      classes.forEach(name -> pixels.put(name, 0L));
    }

    void add(PictureLine line) {
      if (line.isRefused()) {
        refused++;
        refuse(line.source(), line.refusal());
        return;
      }
      predicted++;
      notFinite += line.notFinite();
      count(line.pixels());
      digest.update(line.labelsSha256().getBytes(StandardCharsets.US_ASCII));
    }

    void add(PicturePart part) {
      predicted += part.predicted;
      refused += part.refused;
      notFinite += part.notFinite;
      count(part.pixels);
      part.firstRefused.forEach(this::refuse);
      digest.update(part.sha256.getBytes(StandardCharsets.US_ASCII));
    }

    private void count(Map<String, Long> more) {
      more.forEach((name, count) -> pixels.merge(name, count, Long::sum));
    }

    private void refuse(String source, String reason) {
      if (firstRefused.size() < MOST_REFUSED) {
        firstRefused.put(source, reason);
      }
    }

    PicturePart part() {
      return new PicturePart(
          predicted, refused, pixels, notFinite, firstRefused, Sha256.hex(digest.digest()));
    }
  }
}
