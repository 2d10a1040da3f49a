package org.bellows.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bellows.worker.evaluate.Evaluation;
import org.junit.jupiter.api.Test;

class ConfusionTest {
  private final Confusion confusion =
      confusion(List.of("a", "b", "c"), new long[][] {{8, 2, 0}, {1, 9, 0}, {0, 0, 0}});

  @Test
  void scoresByHand() {
    Confusion.ClassScore a = confusion.scores().get(0);
    assertThat(a.samples()).isEqualTo(10);
    assertThat(a.precision()).isEqualTo(8 / 9.0);
    assertThat(a.recall()).isEqualTo(0.8);
    assertThat(a.f1()).isEqualTo(16 / 19.0);
  }

  @Test
  void aClassWithoutSamplesHasNoScore() {
    Confusion.ClassScore c = confusion.scores().get(2);
    assertThat(c.precision()).isNaN();
    assertThat(c.recall()).isNaN();
    assertThat(c.f1()).isNaN();
    assertThat(confusion.share(2, 0)).isZero();
  }

  @Test
  void mostConfusedFirst() {
    assertThat(confusion.mostConfused(5))
        .containsExactly(new Confusion.Pair(0, 1, 2), new Confusion.Pair(1, 0, 1));
    assertThat(confusion.mostConfused(1)).containsExactly(new Confusion.Pair(0, 1, 2));
  }

  @Test
  void missingNamesAndRowsAreFilledIn() {
    Confusion ragged = confusion(List.of("a"), new long[][] {{1, 2, 3}, {}});
    assertThat(ragged.size()).isEqualTo(3);
    assertThat(ragged.name(2)).isEqualTo("class 2");
    assertThat(ragged.count(2, 2)).isZero();
  }

  private static Confusion confusion(List<String> names, long[][] counts) {
    return new Confusion(new Evaluation("test", 0, 0, 0, 0, names, counts, List.of()));
  }
}
