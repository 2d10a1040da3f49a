// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.manifest.Split;
import org.bellows.worker.evaluate.metric.AnswerCounter;
import org.bellows.worker.evaluate.metric.PixelConfusion;
import org.bellows.worker.files.NullableMember;

/**
 * What is known of answers that say a class of each pixel, beside the metrics.
 *
 * @param voidPixels that have no class in truth: they are left out of all counts
 * @param undefined names of the classes that neither the truth nor any answer has: they are left
 *     out of all means
 * @param boundaryF1 by class; without those that no picture has
 * @param worst pictures of the lowest mIoU, lowest first, of equal ones in the order of the split
 * @param classes what the dataset says of each class, by label; empty where that is not known
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PixelFacts(
    long voidPixels,
    List<String> undefined,
    Map<String, Double> boundaryF1,
    List<WorstPicture> worst,
    @JsonProperty @NullableMember @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<ClassFacts> classes)
    implements Serializable {
  public PixelFacts {
    undefined = List.copyOf(undefined);
    boundaryF1 = Collections.unmodifiableMap(new LinkedHashMap<>(boundaryF1));
    worst = List.copyOf(worst);
    classes = classes == null ? List.of() : List.copyOf(classes);
  }

  /**
   * What the dataset says of a class.
   *
   * @param colour that it is drawn in: {@code #rrggbb}
   * @param pictures of the split whose label map has it
   */
  public record ClassFacts(String colour, long pictures) implements Serializable {}

  PixelFacts withClasses(List<PixelClass> named, Split split) {
    Map<Integer, Long> pictures =
        split.labelPixels().stream()
            .collect(Collectors.toMap(LabelPixels::label, LabelPixels::pictures));
    List<ClassFacts> facts = new ArrayList<>();
    for (int label = 0; label < named.size(); label++) {
      facts.add(new ClassFacts(named.get(label).colour(), pictures.getOrDefault(label, 0L)));
    }
    return new PixelFacts(voidPixels, undefined, boundaryF1, worst, facts);
  }

  static PixelFacts of(AnswerCounter answers, List<String> classes, List<WorstPicture> worst) {
    PixelConfusion pixels = new PixelConfusion(answers.confusion());
    Map<String, Double> boundaryF1 = new LinkedHashMap<>();
    for (int label = 0; label < classes.size(); label++) {
      if (!Double.isNaN(answers.boundaryF1(label))) {
        boundaryF1.put(classes.get(label), answers.boundaryF1(label));
      }
    }
    return new PixelFacts(
        answers.voidPixels(),
        new ArrayList<>(pixels.undefined().stream().map(classes::get).toList()),
        boundaryF1,
        worst,
        List.of());
  }

  /**
   * A picture of low mIoU. The three files are PNG, of one size and at most {@link
   * WorstPictures#MOST_PIXELS} high and wide; in label maps a grey value is a label, 255 is void.
   *
   * @param sampleId position in the split
   * @param source where the picture came from, as in the shard
   * @param miou mean of the IoU of the classes that this picture's truth or answer has
   * @param height of the stored picture
   * @param width of the stored picture
   * @param picture as it is stored
   * @param truth label map
   * @param answer label map; 255 also where the answer is not finite
   */
  public record WorstPicture(
      long sampleId,
      String source,
      double miou,
      int height,
      int width,
      byte[] picture,
      byte[] truth,
      byte[] answer)
      implements Serializable {}
}
