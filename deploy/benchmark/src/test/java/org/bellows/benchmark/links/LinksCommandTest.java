// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LinksCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--passes=replayed | --passes is for passes of a network, expected --network beside it",
        "--replay-factor=2 | --replay-factor is for passes of a network, expected --network beside it",
        "--network=none | --network: no network is named none",
        "--network=lenet5 --passes=slept | --passes has slept, expected computed or replayed",
        "--network=lenet5 --replay-factor=2 | --replay-factor is for replayed passes, expected replayed in --passes",
        "--network=lenet5 --passes=replayed --replay-factor=0 | --replay-factor is 0.0, expected more than 0",
        "--network=lenet5 --passes=replayed --replay-factor=NaN | --replay-factor is NaN, expected more than 0"
      })
  void whatDoesNotFitIsRefusedBeforeAnythingIsMeasured(String arguments, String sentence) {
    Throwable[] failure = new Throwable[1];
    new CommandLine(new LinksCommand())
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              failure[0] = exception;
              return 0;
            })
        .execute(arguments.split(" "));
    assertThat(failure[0]).isInstanceOf(BellowsException.class).hasMessage(sentence);
    assertThat(((BellowsException) failure[0]).category()).isEqualTo(ErrorCategory.CONFIGURATION);
  }
}
