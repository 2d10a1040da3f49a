// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.data.shard.EncodedSample;

/** Counts and sizes of some samples of one split; parts are merged. Not thread-safe. */
public final class SplitStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Samples of each kind that are kept to be shown. */
  private static final int KEPT = 20;

  private static final double SIZE_RATIO = 16;
  private static final double LONGEST_SHAPE = 4;
  private static final double LEAST_DEVIATION = 2;
  private static final int HUNDREDTHS = 100;

  private final String split;
  private final long[] classSamples;
  private final ValueHistogram heights = new ValueHistogram();
  private final ValueHistogram widths = new ValueHistogram();
  private final ValueHistogram pixels = new ValueHistogram();
  private final ValueHistogram bytes = new ValueHistogram();

  /** 100 x width / height: a tally counts whole numbers. */
  private final ValueHistogram shapes = new ValueHistogram();

  private final MaskLabelHistogram masks = new MaskLabelHistogram();
  private final Map<String, Long> encodings = new TreeMap<>();
  private final WorstAnomalies smallest = new WorstAnomalies(KEPT, true);
  private final WorstAnomalies largest = new WorstAnomalies(KEPT, false);
  private final WorstAnomalies longest = new WorstAnomalies(KEPT, false);
  private final WorstAnomalies blankest = new WorstAnomalies(KEPT, true);
  private final WorstAnomalies undecodable = new WorstAnomalies(KEPT, true);
  private long labels;
  private long withoutLabels;
  private long longCount;
  private long blankCount;
  private long undecodableCount;

  /** All odd samples of one kind, and the first of them. */
  public record Odd(AnomalyKind kind, long count, List<Anomaly> shown) {}

  /** Statistics without samples. */
  public SplitStatistics(String split, int classes) {
    this.split = split;
    this.classSamples = new long[classes];
  }

  /**
   * @param deviation of the picture's grey levels; NaN when it or its label map cannot be decoded
   */
  public void add(EncodedSample sample, double deviation) {
    if (sample.labels() != null) {
      for (int label : sample.labels()) {
        classSamples[label]++;
      }
      labels += sample.labels().length;
      withoutLabels += sample.labels().length == 0 ? 1 : 0;
    } else if (sample.label() != EncodedSample.NO_LABEL) {
      classSamples[sample.label()]++;
    }
    heights.add(sample.height());
    widths.add(sample.width());
    long area = (long) sample.height() * sample.width();
    pixels.add(area);
    bytes.add(sample.image().length);
    shapes.add(Math.round((double) HUNDREDTHS * sample.width() / sample.height()));
    String kind = sample.encoding().name().toLowerCase(Locale.ROOT);
    encodings.merge(sample.channels() == 1 ? kind + ", grey" : kind, 1L, Long::sum);
    smallest.add(odd(AnomalyKind.SMALL, sample, (double) area));
    largest.add(odd(AnomalyKind.LARGE, sample, (double) area));
    double shape =
        (double) Math.max(sample.height(), sample.width())
            / Math.min(sample.height(), sample.width());
    if (shape > LONGEST_SHAPE) {
      longCount++;
      longest.add(odd(AnomalyKind.ELONGATED, sample, shape));
    }
    if (Double.isNaN(deviation)) {
      undecodableCount++;
      undecodable.add(odd(AnomalyKind.UNDECODABLE, sample, 0));
    } else if (deviation < LEAST_DEVIATION) {
      blankCount++;
      blankest.add(odd(AnomalyKind.BLANK, sample, deviation));
    }
  }

  private Anomaly odd(AnomalyKind kind, EncodedSample sample, double measure) {
    return new Anomaly(kind, split, sample.id(), sample.label(), sample.source(), measure);
  }

  /** Takes in another part of the same split. */
  public SplitStatistics merge(SplitStatistics other) {
    for (int label = 0; label < classSamples.length; label++) {
      classSamples[label] += other.classSamples[label];
    }
    heights.add(other.heights);
    widths.add(other.widths);
    pixels.add(other.pixels);
    bytes.add(other.bytes);
    shapes.add(other.shapes);
    masks.add(other.masks);
    other.encodings.forEach((kind, count) -> encodings.merge(kind, count, Long::sum));
    smallest.addAll(other.smallest);
    largest.addAll(other.largest);
    longest.addAll(other.longest);
    blankest.addAll(other.blankest);
    undecodable.addAll(other.undecodable);
    labels += other.labels;
    withoutLabels += other.withoutLabels;
    longCount += other.longCount;
    blankCount += other.blankCount;
    undecodableCount += other.undecodableCount;
    return this;
  }

  public String split() {
    return split;
  }

  public long samples() {
    return pixels.count();
  }

  /** Samples of each class, in the manifest's order. */
  public List<Long> classSamples() {
    List<Long> counts = new ArrayList<>(classSamples.length);
    for (long count : classSamples) {
      counts.add(count);
    }
    return counts;
  }

  /** Labels of all samples together, where a sample has any number of them. */
  public long labels() {
    return labels;
  }

  /** Samples whose list of labels is empty. */
  public long withoutLabels() {
    return withoutLabels;
  }

  /** Heights in pixels. */
  public ValueHistogram heights() {
    return heights;
  }

  /** Widths in pixels. */
  public ValueHistogram widths() {
    return widths;
  }

  /** Encoded lengths in bytes. */
  public ValueHistogram bytes() {
    return bytes;
  }

  /** 100 x width / height. */
  public ValueHistogram shapes() {
    return shapes;
  }

  /** Counts over the samples that have a label map. */
  public MaskLabelHistogram masks() {
    return masks;
  }

  /** Samples by encoding, such as "jpeg" or "raw8, grey". */
  public Map<String, Long> encodings() {
    return Map.copyOf(encodings);
  }

  /** Kinds that occur. */
  public List<Odd> odd() {
    double median = pixels.quantile(0.5);
    double small = median / SIZE_RATIO;
    double large = median * SIZE_RATIO;
    List<Odd> odd = new ArrayList<>();
    odd.add(new Odd(AnomalyKind.SMALL, pixels.below(small), smallest.beyond(small)));
    odd.add(new Odd(AnomalyKind.LARGE, pixels.above(large), largest.beyond(large)));
    odd.add(new Odd(AnomalyKind.ELONGATED, longCount, longest.beyond(LONGEST_SHAPE)));
    odd.add(new Odd(AnomalyKind.BLANK, blankCount, blankest.beyond(LEAST_DEVIATION)));
    odd.add(new Odd(AnomalyKind.UNDECODABLE, undecodableCount, undecodable.beyond(1)));
    odd.removeIf(kind -> kind.shown().isEmpty());
    return odd;
  }
}
