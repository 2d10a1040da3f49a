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
 * @param predicted pictures with an answer
 * @param refused pictures without
 * @param answers by the name of the class, how many pixels are of it; or where each picture has one
 *     class, how many pictures
 * @param notFinite pixels, or pictures, whose scores are no numbers
 * @param firstRefused a few: by source, why
 * @param sha256 over those of the label maps, or of the file of rows
 */
public record PicturePart(
    long predicted,
    long refused,
    Map<String, Long> answers,
    long notFinite,
    Map<String, String> firstRefused,
    String sha256)
    implements Serializable {
  static final int MOST_REFUSED = 20;

  /** Adds up pictures, or parts of them, in their order. */
  static final class Sum {
    private final Map<String, Long> answers = new LinkedHashMap<>();
    private final Map<String, String> firstRefused = new LinkedHashMap<>();
    private final MessageDigest digest = Sha256.digest();
    private long predicted;
    private long refused;
    private long notFinite;

    /**
     * @param classes of the model, by label
     */
    Sum(List<String> classes) {
      classes.forEach(name -> answers.put(name, 0L));
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
      count(part.answers);
      part.firstRefused.forEach(this::refuse);
      digest.update(part.sha256.getBytes(StandardCharsets.US_ASCII));
    }

    private void count(Map<String, Long> more) {
      more.forEach((name, count) -> answers.merge(name, count, Long::sum));
    }

    private void refuse(String source, String reason) {
      if (firstRefused.size() < MOST_REFUSED) {
        firstRefused.put(source, reason);
      }
    }

    PicturePart part() {
      return new PicturePart(
          predicted, refused, answers, notFinite, firstRefused, Sha256.hex(digest.digest()));
    }
  }
}
