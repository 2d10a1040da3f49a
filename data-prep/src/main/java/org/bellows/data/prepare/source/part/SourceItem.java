// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One image of the source, not yet decoded; or something that was meant to be one and is refused
 * already.
 *
 * @param split that it belongs to
 * @param path relative to the source with forward slashes, or file#index
 * @param labels of its class, or of any number of classes, as the source spells them; null when it
 *     is refused, or has masks and no label
 * @param bytes its length; where that would cost a read, the mean of its neighbours
 * @param content null when it is refused, or was not asked for
 * @param masks mostly none or one
 * @param refusal null, or why it is none
 */
public record SourceItem(
    String split,
    String path,
    List<String> labels,
    long bytes,
    ItemContent content,
    List<SourceMask> masks,
    Refusal refusal)
    implements ListedEntry {
  /** Order of names that does not depend on locale or file system: unsigned UTF-8 bytes. */
  public static final Comparator<String> BYTE_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /**
   * Why something is left out.
   *
   * @param kind one word, for counting
   * @param reason a predicate: "is a link ..."
   */
  public record Refusal(String kind, String reason) implements Serializable {
    /** The kind of an image that may exist, but whose address did not respond. */
    public static final String UNREACHABLE = "UNREACHABLE";
  }

  /** An image without a mask. */
  public static SourceItem of(
      String split, String path, String label, long bytes, ItemContent content) {
    return new SourceItem(split, path, listed(label), bytes, content, List.of(), null);
  }

  public SourceItem {
    labels = labels == null ? null : List.copyOf(labels);
    masks = List.copyOf(masks);
  }

  /** A label as a list; null where there is none. */
  public static List<String> listed(String label) {
    return label == null ? null : List.of(label);
  }

  /** The label; of several, all in lines; null where it is of no class known. */
  public String label() {
    return labels == null ? null : String.join("\n", labels);
  }

  /** Whether it is an image of no class, but with masks. */
  public boolean isUnlabelled() {
    return labels == null && refusal == null;
  }

  public SourceItem inSplit(String other) {
    return new SourceItem(other, path, labels, bytes, content, masks, refusal);
  }

  public SourceItem withLabels(List<String> others) {
    return new SourceItem(split, path, others, bytes, content, masks, refusal);
  }

  public SourceItem withMasks(List<SourceMask> others) {
    return new SourceItem(split, path, labels, bytes, content, others, refusal);
  }

  public static SourceItem refused(String split, String path, String kind, String reason) {
    return new SourceItem(split, path, null, 0, null, List.of(), new Refusal(kind, reason));
  }
}
