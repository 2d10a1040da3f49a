// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.help;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The help page of a command. Each command's header is its one-line description; picocli would take
 * the first line of a paragraph and cut a sentence. Lines break at spaces, so that keys and options
 * stay whole.
 */
public final class HelpPage extends Help {
  /** Options that several commands have follow a command's own, and these come last. */
  private static final List<String> SHARED =
      List.of("--profile", "--set", "--master", "--help", "--version");

  /** Widest column of names; the description of a longer name begins on a line of its own. */
  private static final int NAMES = 24;

  private final List<CommandGroup> groups;

  private HelpPage(CommandSpec spec, ColorScheme colors, List<CommandGroup> groups) {
    super(spec, colors);
    this.groups = groups;
  }

  /**
   * Makes this the help page of a command and of all its subcommands that it has by now.
   *
   * @param groups of the command's own subcommands, in the order of the page
   */
  public static void install(CommandLine command, List<CommandGroup> groups) {
    command.setHelpFactory(
        (spec, colors) ->
            new HelpPage(spec, colors, spec == command.getCommandSpec() ? groups : List.of()));
    command.setUsageHelpWidth(TerminalWidth.columns());
    command.setHelpSectionKeys(
        List.of(
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_SYNOPSIS,
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_HEADER,
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_DESCRIPTION,
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST,
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING,
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST));
  }

  @Override
  public String header(Object... ignored) {
    return paragraphs(commandSpec().usageMessage().header());
  }

  @Override
  public String description(Object... ignored) {
    return paragraphs(commandSpec().usageMessage().description());
  }

  private String paragraphs(String... texts) {
    StringBuilder page = new StringBuilder();
    for (String text : texts) {
      Paragraph.lines(text, width()).forEach(line -> page.append(line).append('\n'));
    }
    return page.toString();
  }

  @Override
  public String parameterList() {
    Map<String, String> rows = new LinkedHashMap<>();
    for (PositionalParamSpec parameter : commandSpec().positionalParameters()) {
      rows.put(parameterLabel(parameter), String.join(" ", parameter.description()));
    }
    return rows.isEmpty() ? "" : "\n" + table("  ", rows);
  }

  private String parameterLabel(PositionalParamSpec parameter) {
    return parameterLabelRenderer()
        .renderParameterLabel(parameter, colorScheme().ansi(), List.of())
        .toString();
  }

  @Override
  public String optionList() {
    Map<String, String> rows = new LinkedHashMap<>();
    commandSpec().options().stream()
        .filter(option -> !option.hidden())
        .sorted(
            Comparator.comparingInt((OptionSpec option) -> SHARED.indexOf(option.longestName()))
                .thenComparing(OptionSpec::longestName))
        .forEach(option -> rows.put(names(option), String.join(" ", option.description())));
    return "\n" + table("  ", rows);
  }

  private String names(OptionSpec option) {
    String label =
        parameterLabelRenderer()
            .renderParameterLabel(option, colorScheme().ansi(), List.of())
            .toString();
    String name =
        option.negatable()
            ? commandSpec()
                .negatableOptionTransformer()
                .makeSynopsis(option.longestName(), commandSpec())
            : option.longestName();
    return option.shortestName().equals(option.longestName())
        ? name + label
        : option.shortestName() + ", " + name + label;
  }

  @Override
  public String commandList() {
    Map<String, CommandLine> all = commandSpec().subcommands();
    if (all.isEmpty()) {
      return "";
    }
    int names = all.keySet().stream().mapToInt(String::length).max().orElse(0);
    List<CommandGroup> shown =
        groups.isEmpty()
            ? List.of(new CommandGroup("Commands", List.copyOf(all.keySet())))
            : groups;
    StringBuilder page = new StringBuilder();
    for (CommandGroup group : shown) {
      Map<String, String> rows = new LinkedHashMap<>();
      group.commands().forEach(name -> rows.put(name, oneLine(all.get(name))));
      page.append('\n').append(group.title()).append(":\n").append(table("  ", names, rows));
    }
    return page.toString();
  }

  private static String oneLine(CommandLine command) {
    return String.join(" ", command.getCommandSpec().usageMessage().header());
  }

  @Override
  public String exitCodeList() {
    Map<String, String> codes = commandSpec().usageMessage().exitCodeList();
    return codes.isEmpty() ? "" : table("  ", codes);
  }

  private String table(String indent, Map<String, String> rows) {
    int longest =
        rows.keySet().stream()
            .mapToInt(String::length)
            .filter(length -> length <= NAMES)
            .max()
            .orElse(NAMES);
    return table(indent, longest, rows);
  }

  private String table(String indent, int names, Map<String, String> rows) {
    StringBuilder table = new StringBuilder();
    String hanging = " ".repeat(indent.length() + names + 2);
    rows.forEach(
        (name, text) -> {
          List<String> lines = new ArrayList<>(Paragraph.lines(text, width() - hanging.length()));
          boolean fits = name.length() <= names && !lines.isEmpty();
          String first = fits ? " ".repeat(names - name.length() + 2) + lines.remove(0) : "";
          Stream.concat(
                  Stream.of(indent + name + first), lines.stream().map(line -> hanging + line))
              .forEach(line -> table.append(line.stripTrailing()).append('\n'));
        });
    return table.toString();
  }

  private int width() {
    return commandSpec().usageMessage().width();
  }
}
