package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.Segment;
import org.bellows.worker.Ranks;
import org.bellows.worker.collective.Exchange;
import org.bellows.worker.collective.reduce.Shares;
import org.bellows.worker.collective.reduce.Shares.Share;
import org.junit.jupiter.api.Test;

class ArrayNormsTest {
  private static final int[] LENGTHS = {3000, 7, 5, 4096, 1, 2500};

  private static FlatLayout layout() {
    List<Segment> segments = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < LENGTHS.length; i++) {
      ParameterKind kind = i == 2 ? ParameterKind.RUNNING_MEAN : ParameterKind.WEIGHT;
      segments.add(new Segment("array_" + i, offset, LENGTHS[i], kind, 0));
      offset += LENGTHS[i];
    }
    return new FlatLayout(segments, offset);
  }

  private static float[] vector(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] vector = new float[layout().length()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(6) - 3));
    }
    return vector;
  }

  private static ArrayNorms.Squares squares(Exchange exchange, float[] w, float[] g) {
    FlatLayout layout = layout();
    Share own = slice(exchange, exchange.rank());
    return new ArrayNorms(layout, exchange, rank -> slice(exchange, rank))
        .of("test", layout.segments().size(), w, Arrays.copyOfRange(g, own.from(), own.to()));
  }

  private static Share slice(Exchange exchange, int rank) {
    return Shares.aligned(layout().length(), rank, exchange.size(), ArrayNorms.BLOCK_FLOATS);
  }

  /** Up to more ranks than there are blocks, so that some own nothing. */
  @Test
  void areTheSameBitsOnAnyNumberOfRanks() {
    float[] w = vector(1);
    float[] g = vector(2);
    ArrayNorms.Squares alone = Ranks.run(1, exchange -> squares(exchange, w, g)).get(0);
    for (int ranks : new int[] {2, 3, 5, 12}) {
      for (ArrayNorms.Squares other : Ranks.run(ranks, exchange -> squares(exchange, w, g))) {
        assertThat(other.parameters()).isEqualTo(alone.parameters());
        assertThat(other.gradients()).isEqualTo(alone.gradients());
      }
    }
  }

  @Test
  void areTheSumsOfSquaresOfTrainableArrays() {
    float[] w = vector(1);
    float[] g = vector(2);
    ArrayNorms.Squares squares = Ranks.run(2, exchange -> squares(exchange, w, g)).get(0);
    double all = 0;
    for (Segment segment : layout().segments()) {
      double ofW = 0;
      double ofG = 0;
      for (int i = segment.offset(); i < segment.end() && segment.kind().isTrainable(); i++) {
        ofW += (double) w[i] * w[i];
        ofG += (double) g[i] * g[i];
      }
      int array = layout().segments().indexOf(segment);
      assertThat(squares.parameters()[array]).isCloseTo(ofW, within(1e-12 * ofW));
      assertThat(squares.gradients()[array]).isCloseTo(ofG, within(1e-12 * ofG));
      all += ofG;
    }
    assertThat(squares.gradients()[2]).isZero();
    assertThat(squares.gradient()).isCloseTo(all, within(1e-12 * all));
  }

  @Test
  void carryInfinityAndNotANumber() {
    float[] w = vector(1);
    float[] g = vector(2);
    g[0] = Float.POSITIVE_INFINITY;
    g[3001] = Float.NaN;
    ArrayNorms.Squares squares = Ranks.run(3, exchange -> squares(exchange, w, g)).get(2);
    assertThat(squares.gradients()[0]).isInfinite();
    assertThat(squares.gradients()[1]).isNaN();
  }
}
