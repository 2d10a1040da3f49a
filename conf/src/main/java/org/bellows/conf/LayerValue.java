// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.conf.text.ValueText;

/**
 * A number that holds at a layer of the network, spelt {@code LAYER@NUMBER}.
 *
 * @param layer name of a layer, or {@link #NONE} where that is allowed
 * @param value an epoch, or a factor
 */
public record LayerValue(String layer, double value) implements Serializable {
  /** The word for no layer. */
  public static final String NONE = "none";

  private static final Pattern SPELLING =
      Pattern.compile("\\s*([^@\\s]+)\\s*@\\s*([0-9]+(?:\\.[0-9]+)?(?:[eE]-?[0-9]+)?)\\s*");

  /** Empty where the text is not spelt so. */
  public static Optional<LayerValue> parse(String text) {
    Matcher matcher = SPELLING.matcher(text);
    return matcher.matches()
        ? Optional.of(new LayerValue(matcher.group(1), Double.parseDouble(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return layer + "@" + ValueText.plain(value);
  }
}
