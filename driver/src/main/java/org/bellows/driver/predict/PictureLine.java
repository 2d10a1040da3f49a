// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a picture.
 *
 * @param id its place in the split, the source or the list of arguments, from 0
 * @param source where it came from
 * @param name of its files, without folder and ending; null where it was refused
 * @param height of the picture in pixels; 0 where it was refused
 * @param width likewise
 * @param pixels by the name of the class, how many are of it; classes without any are left out
 * @param notFinite pixels whose scores are no numbers
 * @param labelsSha256 over the labels of all pixels, row by row; null where it was refused
 * @param refusal null, or why there is nothing: a predicate
 */
public record PictureLine(
    long id,
    String source,
    String name,
    int height,
    int width,
    Map<String, Long> pixels,
    long notFinite,
    @JsonIgnore String labelsSha256,
    String refusal)
    implements Serializable {

  static PictureLine refused(long id, String source, String refusal) {
    return new PictureLine(id, source, null, 0, 0, Map.of(), 0, null, refusal);
  }

  public boolean isRefused() {
    return refusal != null;
  }

  /** The share of each class, largest first. */
  public Map<String, Double> shares(int most) {
    Map<String, Double> shares = new LinkedHashMap<>();
    List<Map.Entry<String, Long>> sorted =
        pixels.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(most)
            .toList();
    sorted.forEach(
        entry -> shares.put(entry.getKey(), entry.getValue() / ((double) height * width)));
    return shares;
  }
}
