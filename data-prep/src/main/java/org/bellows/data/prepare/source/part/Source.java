// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.util.List;
import org.bellows.conf.SourceSettings.Format;

/**
 * The driver's knowledge of a source before tasks have listed its parts.
 *
 * @param root the folder or file
 * @param channels of the split statistics: 1 or 3
 * @param carriesContent whether images can only be read while listing, so that listing a second
 *     time is how they are read; otherwise an item contains the address of its bytes
 * @param splits in this order; splits that only tasks find come after them, in byte order
 */
public record Source(
    String root,
    Format format,
    int channels,
    boolean carriesContent,
    List<String> splits,
    ClassLabels classes,
    List<SourcePart> parts) {

  public Source with(List<SourcePart> others) {
    return new Source(root, format, channels, carriesContent, splits, classes, others);
  }
}
