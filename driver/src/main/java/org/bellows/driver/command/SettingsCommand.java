// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.bellows.conf.BellowsException;
import org.bellows.conf.load.SettingDescription;
import org.bellows.conf.text.SpellingSuggestion;
import org.bellows.driver.command.help.Paragraph;
import org.bellows.driver.command.help.TerminalWidth;
import org.bellows.driver.command.option.ProfileOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code settings}: what there is to set, and what a profile sets. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    header = "Lists settings: default, range and meaning.",
    description = {
      "With --profile or --set it also prints the values that these give; --changed prints nothing"
          + " else."
    })
final class SettingsCommand implements Callable<Integer> {
  private static final String INDENT = "    ";

  @Mixin private ProfileOptions options;

  @Parameters(
      arity = "0..1",
      paramLabel = "PREFIX",
      description =
          "How the keys begin, such as schedule or data.cache. Where none begins so: a word in keys"
              + " or meanings, such as warmup. Default: all settings.")
  private String prefix = "";

  @Option(
      names = "--changed",
      description = "Only the settings that --profile and --set change, a line each.")
  private boolean changed;

  @Override
  public Integer call() {
    List<SettingDescription> shown = asked(SettingDescription.all(options.settings(List.of())));
    if (changed) {
      printChanged(shown.stream().filter(SettingDescription::isChanged).toList());
    } else {
      shown.forEach(SettingsCommand::print);
    }
    return 0;
  }

  private List<SettingDescription> asked(List<SettingDescription> all) {
    List<SettingDescription> begun = matching(all, setting -> setting.key().startsWith(prefix));
    if (!begun.isEmpty()) {
      return begun;
    }
    List<SettingDescription> holding =
        matching(
            all, setting -> setting.key().contains(prefix) || setting.meaning().contains(prefix));
    if (holding.isEmpty()) {
      List<String> keys = all.stream().map(SettingDescription::key).toList();
      throw BellowsException.configuration(
          "no setting begins with \"%s\" or has it in its meaning%s; \"bellows settings\" lists all"
              .formatted(prefix, SpellingSuggestion.hint(prefix, keys)));
    }
    return holding;
  }

  private static List<SettingDescription> matching(
      List<SettingDescription> all, Predicate<SettingDescription> isAsked) {
    return all.stream().filter(isAsked).toList();
  }

  private static void print(SettingDescription setting) {
    System.out.println(setting.key() + " = " + setting.standard());
    if (setting.isChanged()) {
      System.out.println(INDENT + "here: " + setting.value());
    }
    String unit = setting.unit().isEmpty() ? "" : " (" + setting.unit() + ")";
    printLines(setting.allowed() + unit);
    printLines(setting.meaning());
    System.out.println();
  }

  private static void printLines(String text) {
    Paragraph.lines(text, TerminalWidth.columns() - INDENT.length())
        .forEach(line -> System.out.println(INDENT + line));
  }

  private static void printChanged(List<SettingDescription> settings) {
    if (settings.isEmpty()) {
      System.out.println("nothing is changed: all settings have their defaults");
    }
    int keys = settings.stream().mapToInt(setting -> setting.key().length()).max().orElse(0);
    int values = settings.stream().mapToInt(setting -> setting.value().length()).max().orElse(0);
    for (SettingDescription setting : settings) {
      System.out.printf(
          "%-" + keys + "s = %-" + Math.max(values, 1) + "s  default %s%n",
          setting.key(),
          setting.value(),
          setting.standard());
    }
  }
}
