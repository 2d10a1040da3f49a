// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.option;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.SpellingSuggestion;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import picocli.CommandLine.Option;

/** {@code --input} and {@code --classes} of a network that is named on the command line. */
public final class NetworkOptions {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,6})x(\\d{1,6})x(\\d{1,6})");

  @Option(
      names = "--input",
      paramLabel = "CxHxW",
      description = "Channels, height and width. Default: what published counts refer to.")
  private String input;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Number of classes. Default: what published counts refer to.")
  private Integer classes;

  /**
   * @throws BellowsException (configuration) for an unknown name, suggesting a near one
   */
  public static NetworkDefinition network(String name) {
    List<NetworkDefinition> all = NetworkRegistry.standard().all();
    List<String> names = all.stream().map(NetworkDefinition::name).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw BellowsException.configuration(
          "no network is named \"%s\"%s; \"bellows models\" lists them"
              .formatted(name, SpellingSuggestion.hint(name, names)));
    }
    return all.get(index);
  }

  public boolean areGiven() {
    return input != null || classes != null;
  }

  /** As given; null where it is not. */
  public Integer classesOrNull() {
    if (classes != null && classes < 2) {
      throw BellowsException.configuration(
          "--classes is %d, expected 2 or more".formatted(classes));
    }
    return classes;
  }

  public int classes(NetworkDefinition network) {
    Integer given = classesOrNull();
    return given == null ? network.usualClasses() : given;
  }

  public InputShape input(NetworkDefinition network) {
    return input == null ? network.usualInput() : shape(network);
  }

  private InputShape shape(NetworkDefinition network) {
    Matcher matcher = SHAPE.matcher(input);
    if (!matcher.matches()) {
      throw BellowsException.configuration(
          "--input is \"%s\", expected channels x height x width such as 3x224x224"
              .formatted(input));
    }
    InputShape shape =
        new InputShape(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3)));
    boolean isColoured = shape.channels() == 1 || shape.channels() == 3;
    String needed = network.sides().needed(shape.height(), shape.width()).orElse("");
    if (!isColoured || !needed.isEmpty()) {
      throw BellowsException.configuration(
          "--input is %s, but %s needs %s"
              .formatted(
                  shape, network.name(), isColoured ? "sides " + needed : "1 or 3 channels"));
    }
    return shape;
  }
}
