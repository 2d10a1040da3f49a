// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import java.util.Arrays;
import org.bellows.data.decode.image.ImageRefusedException;

/**
 * How much of each coefficient the scans so far have brought (ITU-T T.81, G.1.1.1). A band's first
 * scan must come before its refinements, which follow bit by bit, and a component's DC before its
 * AC. libjpeg only warns of scans out of this order, and shows what the last one left.
 */
final class JpegCoefficientProgress {
  private static final int COEFFICIENTS = 64;
  private static final int UNSENT = -1;
  private static final int MOST_LOW = 13;

  private final JpegFrame frame;

  /** For component and coefficient: the lowest bit sent, or {@link #UNSENT}. */
  private final int[][] lowest;

  /** For component and block: which coefficients are not zero; allocated with the first AC scan. */
  private final long[][] nonZero;

  JpegCoefficientProgress(JpegFrame frame) {
    this.frame = frame;
    this.lowest = new int[frame.components().size()][COEFFICIENTS];
    this.nonZero = new long[frame.components().size()][];
    for (int[] component : lowest) {
      Arrays.fill(component, UNSENT);
    }
  }

  /** Checks a scan's parameters against those before it, and counts it as done. */
  void advance(JpegScanHeader scan) {
    if (frame.isProgressive()) {
      checkParameters(scan);
    }
    // libjpeg takes a sequential scan for a whole one, whatever it says of itself.
    int first = frame.isProgressive() ? scan.first() : 0;
    int last = frame.isProgressive() ? scan.last() : COEFFICIENTS - 1;
    int high = frame.isProgressive() ? scan.high() : 0;
    int low = frame.isProgressive() ? scan.low() : 0;
    for (JpegScanHeader.Part part : scan.parts()) {
      int[] sent = lowest[part.component().index()];
      if (first > 0 && sent[0] == UNSENT) {
        throw ImageRefusedException.corruptJpeg("an AC scan before the DC scan of its component");
      }
      for (int i = first; i <= last; i++) {
        if (sent[i] != (high == 0 ? UNSENT : high)) {
          throw ImageRefusedException.corruptJpeg(
              "a scan of coefficient %d from bit %d on, of which %s"
                  .formatted(
                      i,
                      high,
                      sent[i] == UNSENT
                          ? "none was sent"
                          : "all down to bit %d were sent".formatted(sent[i])));
        }
        sent[i] = low;
      }
    }
  }

  private static void checkParameters(JpegScanHeader scan) {
    boolean isBand =
        scan.first() == 0
            ? scan.last() == 0
            : scan.last() >= scan.first() && scan.last() < COEFFICIENTS && scan.parts().size() == 1;
    boolean isStep = scan.high() == 0 || scan.low() == scan.high() - 1;
    if (!isBand || !isStep || scan.low() > MOST_LOW) {
      throw ImageRefusedException.corruptJpeg(
          "a progressive scan with Ss=%d Se=%d Ah=%d Al=%d over %d components"
              .formatted(scan.first(), scan.last(), scan.high(), scan.low(), scan.parts().size()));
    }
  }

  /** One long a block of the component, in the order of a scan of its own. */
  long[] nonZero(JpegFrame.Component component) {
    int index = component.index();
    if (nonZero[index] == null) {
      nonZero[index] = new long[frame.blocks(component)];
    }
    return nonZero[index];
  }

  /**
   * T.81 would let a progressive picture end with "at least some DC". libjpeg guesses the rest
   * then, and a download that was cut off between two scans looks the same; so everything must be
   * there.
   */
  void requireComplete() {
    for (int component = 0; component < lowest.length; component++) {
      for (int i = 0; i < COEFFICIENTS; i++) {
        int bit = lowest[component][i];
        if (bit != 0) {
          throw ImageRefusedException.corruptJpeg(
              "coefficient %d of colour component %d of %d was %s"
                  .formatted(
                      i,
                      component + 1,
                      lowest.length,
                      bit == UNSENT ? "never sent" : "sent down to bit %d only".formatted(bit)));
        }
      }
    }
  }

  /** Every bit of every coefficient was sent: no scan can be missing. */
  boolean isComplete() {
    for (int[] sent : lowest) {
      for (int bit : sent) {
        if (bit != 0) {
          return false;
        }
      }
    }
    return true;
  }
}
