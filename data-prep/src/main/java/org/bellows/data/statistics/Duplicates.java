// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Samples that have the same bytes. */
public final class Duplicates {
  private static final Comparator<Fingerprint> ORDER =
      Comparator.comparing(Fingerprint::split).thenComparingLong(Fingerprint::id);

  private Duplicates() {}

  /**
   * @param same two or more samples with the same bytes
   * @return the first of them in order of split and id, as the worst of the kinds that it is: a
   *     conflict of classes, a leak between splits, a plain duplicate
   */
  public static Anomaly of(Iterable<Fingerprint> same) {
    List<Fingerprint> copies = new ArrayList<>();
    same.forEach(copies::add);
    copies.sort(ORDER);
    Fingerprint first = copies.get(0);
    boolean isLeak = copies.stream().anyMatch(copy -> !copy.split().equals(first.split()));
    boolean isConflict = copies.stream().anyMatch(copy -> copy.label() != first.label());
    AnomalyKind kind =
        isConflict ? AnomalyKind.CONFLICT : isLeak ? AnomalyKind.LEAK : AnomalyKind.DUPLICATE;
    StringBuilder sources = new StringBuilder(first.source());
    for (Fingerprint copy : copies.subList(1, copies.size())) {
      sources.append(" = ").append(copy.source());
    }
    return new Anomaly(
        kind, first.split(), first.id(), first.label(), sources.toString(), copies.size());
  }
}
