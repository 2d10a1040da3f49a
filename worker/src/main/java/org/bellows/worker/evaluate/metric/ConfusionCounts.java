// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How many samples of each class were predicted as each class. Only pairs that occurred are held,
 * so memory grows with the samples and not with the square of the classes. Immutable.
 *
 * <p>The column after the last class counts answers that are not finite, which name no class.
 *
 * <p>As JSON: up to {@value #MOST_DENSE} classes the whole matrix, a row for each actual class; the
 * last column is there only where an answer is not finite. With more classes an object with the
 * cells that are not 0, in the order of the matrix: {@code classes}, {@code actual}, {@code
 * predicted} and {@code counts}, the last three of the same length.
 */
@JsonDeserialize(using = ConfusionCounts.Reader.class)
public final class ConfusionCounts implements Serializable {
  /** A matrix of more classes is a file that few programs open. */
  static final int MOST_DENSE = 1000;

  private static final long serialVersionUID = 1L;

  private final int classes;

  /** Rising: actual * (classes + 1) + predicted. */
  private final long[] cells;

  /** The count of each cell, more than 0. */
  private final long[] counts;

  private ConfusionCounts(int classes, long[] cells, long[] counts) {
    this.classes = classes;
    this.cells = cells;
    this.counts = counts;
  }

  /** Receives one pair that occurred. */
  @FunctionalInterface
  public interface CellConsumer {
    /**
     * @param predicted a label, or the number of classes where the answer was not finite
     * @param count more than 0
     */
    void accept(int actual, int predicted, long count);
  }

  /** Counts without a sample. */
  static ConfusionCounts none(int classes) {
    return new ConfusionCounts(classes, new long[0], new long[0]);
  }

  /**
   * @param matrix [actual][predicted], a row a class; a row may have one column more for answers
   *     that are not finite, and what a short row lacks is 0
   * @throws IllegalArgumentException for longer rows and counts below 0
   */
  public static ConfusionCounts of(long[][] matrix) {
    int classes = matrix.length;
    Filler filler = new Filler(classes);
    for (int actual = 0; actual < classes; actual++) {
      for (int predicted = 0; predicted < matrix[actual].length; predicted++) {
        filler.add(actual, predicted, matrix[actual][predicted]);
      }
    }
    return filler.counts();
  }

  /**
   * @param samples the cell of each, in any order; sorted by this
   * @param length how many of them count
   */
  static ConfusionCounts ofSamples(int classes, long[] samples, int length) {
    Arrays.sort(samples, 0, length);
    Filler filler = new Filler(classes);
    for (int from = 0, to; from < length; from = to) {
      to = from + 1;
      while (to < length && samples[to] == samples[from]) {
        to++;
      }
      filler.append(samples[from], to - from);
    }
    return filler.counts();
  }

  /**
   * Where a pair is counted.
   *
   * @param predicted a label, or the number of classes
   * @throws IllegalArgumentException when there is no such pair
   */
  static long cell(int classes, int actual, int predicted) {
    if (actual < 0 || actual >= classes || predicted < 0 || predicted > classes) {
      throw new IllegalArgumentException(
          "class %d taken for %d, but there are %d classes".formatted(actual, predicted, classes));
    }
    return actual * (classes + 1L) + predicted;
  }

  /** Both counted together. */
  ConfusionCounts plus(ConfusionCounts other) {
    if (other.classes != classes) {
      throw new IllegalArgumentException(
          "counts of %d classes, expected %d".formatted(other.classes, classes));
    }
    Filler filler = new Filler(classes);
    filler.reserve(cells.length + other.cells.length);
    int own = 0;
    int its = 0;
    while (own < cells.length || its < other.cells.length) {
      long mine = own < cells.length ? cells[own] : Long.MAX_VALUE;
      long theirs = its < other.cells.length ? other.cells[its] : Long.MAX_VALUE;
      long count =
          (mine <= theirs ? counts[own++] : 0) + (theirs <= mine ? other.counts[its++] : 0);
      filler.append(Math.min(mine, theirs), count);
    }
    return filler.counts();
  }

  public int classes() {
    return classes;
  }

  /** Pairs that occurred. */
  int size() {
    return cells.length;
  }

  /**
   * @param predicted a label, or {@link #classes} for answers that are not finite
   */
  public long count(int actual, int predicted) {
    int at = Arrays.binarySearch(cells, cell(classes, actual, predicted));
    return at < 0 ? 0 : counts[at];
  }

  /** Samples whose answer is not finite. */
  public long notFinite() {
    long sum = 0;
    for (int i = 0; i < cells.length; i++) {
      sum += predicted(i) == classes ? counts[i] : 0;
    }
    return sum;
  }

  long samples() {
    return LongStream.of(counts).sum();
  }

  /** Samples that were predicted correctly. */
  long right() {
    long sum = 0;
    for (int i = 0; i < cells.length; i++) {
      sum += predicted(i) == actual(i) ? counts[i] : 0;
    }
    return sum;
  }

  /** Row after row, in each by predicted label. */
  public void forEach(CellConsumer consumer) {
    for (int i = 0; i < cells.length; i++) {
      consumer.accept(actual(i), predicted(i), counts[i]);
    }
  }

  /** Of each class, in label order. */
  public List<ClassScore> scores() {
    long[] samples = new long[classes];
    long[] predicted = new long[classes + 1];
    long[] right = new long[classes];
    forEach(
        (actual, answer, count) -> {
          samples[actual] += count;
          predicted[answer] += count;
          right[actual] += actual == answer ? count : 0;
        });
    return IntStream.range(0, classes)
        .mapToObj(label -> ClassScore.of(label, samples[label], predicted[label], right[label]))
        .toList();
  }

  private int actual(int at) {
    return (int) (cells[at] / (classes + 1L));
  }

  private int predicted(int at) {
    return (int) (cells[at] % (classes + 1L));
  }

  /** Whether the whole matrix is written as JSON. */
  public boolean isDense() {
    return classes <= MOST_DENSE;
  }

  @JsonValue
  Object json() {
    return isDense() ? matrix() : sparse();
  }

  private long[][] matrix() {
    long[][] matrix = new long[classes][notFinite() == 0 ? classes : classes + 1];
    forEach((actual, predicted, count) -> matrix[actual][predicted] = count);
    return matrix;
  }

  private Sparse sparse() {
    int[] actual = new int[cells.length];
    int[] predicted = new int[cells.length];
    for (int i = 0; i < cells.length; i++) {
      actual[i] = actual(i);
      predicted[i] = predicted(i);
    }
    return new Sparse(classes, actual, predicted, counts);
  }

  /** The JSON of many classes. */
  record Sparse(int classes, int[] actual, int[] predicted, long[] counts) {
    ConfusionCounts read() {
      if (actual.length != counts.length || predicted.length != counts.length) {
        throw new IllegalArgumentException(
            "%d actual and %d predicted labels for %d counts"
                .formatted(actual.length, predicted.length, counts.length));
      }
      Filler filler = new Filler(classes);
      filler.reserve(counts.length);
      for (int i = 0; i < counts.length; i++) {
        filler.add(actual[i], predicted[i], counts[i]);
      }
      return filler.counts();
    }
  }

  /** Takes both forms, whatever the number of classes. */
  static final class Reader extends JsonDeserializer<ConfusionCounts> {
    @Override
    public ConfusionCounts deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      try {
        return parser.currentToken() == JsonToken.START_ARRAY
            ? of(context.readValue(parser, long[][].class))
            : context.readValue(parser, Sparse.class).read();
      } catch (IllegalArgumentException | NullPointerException e) {
        return context.reportInputMismatch(
            ConfusionCounts.class, "no confusion matrix: %s", e.getMessage());
      }
    }
  }

  /** Takes cells in their order. */
  private static final class Filler {
    private final int classes;
    private long[] cells = {};
    private long[] counts = {};
    private int length;

    Filler(int classes) {
      this.classes = classes;
    }

    void reserve(int most) {
      cells = Arrays.copyOf(cells, most);
      counts = Arrays.copyOf(counts, most);
    }

    void add(int actual, int predicted, long count) {
      long cell = cell(classes, actual, predicted);
      if (count < 0 || (length > 0 && cell <= cells[length - 1])) {
        throw new IllegalArgumentException(
            "class %d taken for %d: %d samples, expected 0 or more, rows and columns rising"
                .formatted(actual, predicted, count));
      }
      append(cell, count);
    }

    void append(long cell, long count) {
      if (count == 0) {
        return;
      }
      if (length == cells.length) {
        reserve(Math.max(16, 2 * length));
      }
      cells[length] = cell;
      counts[length++] = count;
    }

    ConfusionCounts counts() {
      if (length < cells.length) {
        reserve(length);
      }
      return new ConfusionCounts(classes, cells, counts);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionCounts that
        && classes == that.classes
        && Arrays.equals(cells, that.cells)
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(cells) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "ConfusionCounts[%d classes, %d cells]".formatted(classes, cells.length);
  }
}
