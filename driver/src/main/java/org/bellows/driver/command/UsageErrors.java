// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.load.SettingDescription;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.text.Words;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with a command line. picocli would print the whole help page below it, which
 * leaves the sentence above the top of a terminal.
 */
final class UsageErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("bellows: " + problem.getMessage());
    if (problem instanceof UnmatchedArgumentException unmatched) {
      List<String> keys = unmatched.getUnmatched().stream().flatMap(UsageErrors::keys).toList();
      if (!keys.isEmpty()) {
        err.println("Settings are given by --set KEY=VALUE. Did you mean " + Words.or(keys) + "?");
      } else {
        UnmatchedArgumentException.printSuggestions(unmatched, err);
      }
    }
    boolean lacksCommand = problem.getClass() == ParameterException.class && hasCommands(command);
    if (lacksCommand) {
      command.usage(err);
    } else {
      err.println(
          "\"%s --help\" describes the command."
              .formatted(command.getCommandSpec().qualifiedName()));
    }
    err.flush();
    return ErrorCategory.CONFIGURATION.exitCode();
  }

  private static boolean hasCommands(CommandLine command) {
    return !command.getSubcommands().isEmpty();
  }

  /** Settings that an argument such as --epochs or train.epochs=3 may stand for. */
  private static Stream<String> keys(String argument) {
    String name = argument.replaceFirst("^-+", "").replaceFirst("=.*", "");
    return SettingDescription.all(new SettingsLoader().load(List.of(), List.of())).stream()
        .map(SettingDescription::key)
        .filter(key -> key.equals(name) || key.endsWith("." + name));
  }
}
