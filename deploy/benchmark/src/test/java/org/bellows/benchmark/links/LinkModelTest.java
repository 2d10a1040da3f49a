// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkModelTest {
  private static final int FLOATS = 1 << 20;

  /** 4 MB between two hosts with two ranks each, at 100 Mbit/s. */
  @Test
  void anExchangeNeedsWhatTheBusiestCableCarries() {
    LinkPlan plan = plan(List.of(2, 2), new Link(100, 3, 0));
    double vector = FLOATS * 32 / 100e6;
    LinkCost direct = LinkCost.of(plan, ExchangeKind.DIRECT);
    assertThat(direct.wireSeconds()).isCloseTo(2 * vector, within(1e-9));
    assertThat(direct.delaySeconds()).isCloseTo(0.006, within(1e-9));
    assertThat(direct.messages()).isEqualTo(2 * 4 * 3);
    assertThat(direct.bytes()).isEqualTo(2.0 * 3 * 4 * FLOATS);
    LinkCost byHost = LinkCost.of(plan, ExchangeKind.BY_HOST);
    assertThat(byHost.wireSeconds()).isCloseTo(vector, within(1e-9));
    assertThat(byHost.messages()).isEqualTo(2 * 4 * 2);
    LinkCost halving = LinkCost.of(plan, ExchangeKind.HALVING);
    assertThat(halving.wireSeconds()).isCloseTo(vector, within(1e-9));
    assertThat(halving.delaySeconds()).isCloseTo(0.006, within(1e-9));
    assertThat(halving.messages()).isEqualTo(2 * 4 * 2);
  }

  @Test
  void theFactorsThatRowsWereMadeWithAreFoundAndEachRowIsToldByTheOthers() {
    double[] factors = {1.1, 1.5, 2e-5, 4e-10};
    List<LinkRow> rows = rows(factors);
    double[] found = LinkModel.fitted(rows).factors();
    for (int i = 0; i < factors.length; i++) {
      assertThat(found[i] / factors[i]).isCloseTo(1, within(1e-6));
    }
    for (double error : LinkModel.errors(rows)) {
      assertThat(error).isLessThan(1e-6);
    }
    assertThat(LinkModel.text(rows))
        .contains("1.10 wire + 1.50 delays + 20 us a message + 0.40 ns a byte")
        .contains("error 0 % by the median, 0 % at most");
  }

  @Test
  void aFactorIsNeverNegative() {
    assertThat(LinkModel.fitted(rows(new double[] {1.1, 1.5, -2e-5, 4e-10})).factors())
        .satisfies(factors -> assertThat(factors[2]).isZero());
  }

  @Test
  void oneRowIsNoModel() {
    assertThat(LinkModel.text(rows(new double[] {1, 1, 1e-5, 1e-9}).subList(0, 1)))
        .startsWith("no model: ");
  }

  private static LinkPlan plan(List<Integer> ranks, Link link) {
    return LinkPlan.ofExchange(ranks, FLOATS, 1, 30, link);
  }

  private static List<LinkRow> rows(double[] factors) {
    LinkModel model = new LinkModel(factors);
    List<LinkRow> rows = new ArrayList<>();
    for (List<Integer> ranks :
        List.of(List.of(1, 1), List.of(2, 2), List.of(1, 1, 1, 1), List.of(4, 4, 4))) {
      for (Link link : List.of(new Link(100, 0.2, 0), new Link(1000, 5, 0))) {
        LinkPlan plan = plan(ranks, link);
        Map<ExchangeKind, List<Double>> seconds = LinkRow.none();
        for (ExchangeKind kind : ExchangeKind.of(plan)) {
          seconds.put(kind, List.of(kind.isExchange() ? model.seconds(plan, kind) : 1.0));
        }
        rows.add(new LinkRow(plan, 1, seconds));
      }
    }
    return rows;
  }
}
