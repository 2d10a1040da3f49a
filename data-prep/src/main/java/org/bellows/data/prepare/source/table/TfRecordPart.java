// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.text.Words;
import org.bellows.data.prepare.source.part.IntegerLabels;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.table.TfExample.Feature;
import org.bellows.data.prepare.source.table.TfExample.Kind;
import org.bellows.data.text.Utf8;

/**
 * A TFRecord file whose records are {@code tf.train.Example}s. Images are read in place.
 *
 * @param image name of the feature with the image
 * @param mask name of the feature with the mask; empty: there are none
 * @param label name of the feature with the label; empty: nothing is asked of labels
 * @param rule whether there may be several
 */
record TfRecordPart(
    String place, String image, String mask, String label, LabelRule rule, String split)
    implements SourcePart {
  private static final String DAMAGED = "DAMAGED_RECORD";

  /**
   * What TensorFlow's own scripts for ImageNet call what TensorFlow Datasets calls image, label.
   */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("image", "image/encoded", "label", "image/class/label");

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    TfRecordReader reader = TfRecordReader.open(hadoop, new Path(place));
    String name = place.substring(place.lastIndexOf('/') + 1);
    return new ItemIterator() {
      private long index;

      @Override
      protected SourceItem advance() throws IOException {
        TfRecordReader.Entry entry = reader.next();
        return entry == null ? null : item(entry, name + "#" + index++);
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  private SourceItem item(TfRecordReader.Entry entry, String path) {
    if (entry.problem() != null) {
      return SourceItem.refused(split, path, DAMAGED, entry.problem());
    }
    Map<String, Feature> features;
    try {
      features = TfExample.features(entry.content());
    } catch (InvalidProtocolBufferException e) {
      return SourceItem.refused(
          split, path, DAMAGED, "is no tf.train.Example: its fields do not fit");
    } catch (IOException e) {
      return SourceItem.refused(split, path, DAMAGED, "is no tf.train.Example: " + e.getMessage());
    }
    String problem = problem(features, image, Kind.BYTES);
    boolean hasMask = !mask.isEmpty() && isThere(features, mask);
    if (problem == null && hasMask) {
      problem = problem(features, mask, Kind.BYTES);
    }
    Labels labels = problem == null ? labels(features, entry.content(), hasMask) : Labels.NONE;
    problem = problem == null ? labels.problem() : problem;
    return problem == null
        ? item(entry, path, features, labels, hasMask)
        : SourceItem.refused(split, path, ManifestPart.BAD_ROW, problem);
  }

  private SourceItem item(
      TfRecordReader.Entry entry,
      String path,
      Map<String, Feature> features,
      Labels labels,
      boolean hasMask) {
    FileRange content = range(entry, find(features, image));
    List<SourceMask> masks =
        hasMask ? List.of(mask(path, range(entry, find(features, mask)))) : List.of();
    return SourceItem.of(split, path, null, content.bytes(), content)
        .withLabels(labels.labels())
        .withMasks(masks);
  }

  private SourceMask mask(String path, FileRange content) {
    return new SourceMask(path + "." + mask, content, content.bytes());
  }

  private FileRange range(TfRecordReader.Entry entry, Feature feature) {
    TfExample.Value value = feature.first();
    return new FileRange(place, entry.offset() + value.offset(), value.length());
  }

  private static Feature find(Map<String, Feature> features, String name) {
    Feature found = features.get(name);
    return found == null ? features.get(OTHER_NAMES.getOrDefault(name, name)) : found;
  }

  private static boolean isThere(Map<String, Feature> features, String name) {
    Feature found = find(features, name);
    return found != null && found.count() > 0;
  }

  private static String problem(Map<String, Feature> features, String name, Kind... kinds) {
    Feature found = find(features, name);
    String problem = kindProblem(features, name, kinds);
    return problem != null || found.count() == 1
        ? problem
        : "has %d values of %s, expected one".formatted(found.count(), name);
  }

  private static String kindProblem(Map<String, Feature> features, String name, Kind... kinds) {
    Feature found = find(features, name);
    if (found == null) {
      return "has the features %s, expected \"%s\" among them"
          .formatted(Words.and(features.keySet()), name);
    }
    return found.kind() == Kind.NOTHING || Arrays.asList(kinds).contains(found.kind())
        ? null
        : "has %s as %s, expected %s"
            .formatted(
                words(found.kind()),
                name,
                Words.or(Stream.of(kinds).map(TfRecordPart::words).toList()));
  }

  private static String words(Kind kind) {
    return switch (kind) {
      case NOTHING -> "nothing";
      case BYTES -> "bytes";
      case FLOATS -> "floats";
      case WHOLE_NUMBERS -> "whole numbers";
    };
  }

  /** Labels, or why there are none; both null where none is asked for. */
  private record Labels(List<String> labels, String problem) {
    static final Labels NONE = new Labels(null, null);

    static Labels bad(String problem) {
      return new Labels(null, problem);
    }
  }

  /**
   * @param hasMask which may take the place of a label
   */
  private Labels labels(Map<String, Feature> features, byte[] record, boolean hasMask) {
    if (label.isEmpty() || (hasMask && find(features, label) == null)) {
      return Labels.NONE;
    }
    if (!mask.isEmpty() && !hasMask && find(features, label) == null) {
      return Labels.bad(
          "has the features %s, expected \"%s\" among them"
              .formatted(Words.and(features.keySet()), mask));
    }
    String problem =
        rule.areSeveral()
            ? kindProblem(features, label, Kind.BYTES, Kind.WHOLE_NUMBERS)
            : problem(features, label, Kind.BYTES, Kind.WHOLE_NUMBERS);
    if (problem != null) {
      return Labels.bad(problem);
    }
    Feature found = find(features, label);
    if (found.count() > found.values().size()) {
      return Labels.bad(
          "has %d values of %s, allowed are %d"
              .formatted(found.count(), label, TfExample.MOST_VALUES));
    }
    List<String> labels = new ArrayList<>();
    for (TfExample.Value value : found.values()) {
      LabelColumn.Value one =
          found.kind() == Kind.WHOLE_NUMBERS ? number(value.number()) : text(record, value);
      if (one.problem() != null) {
        return Labels.bad(one.problem());
      }
      labels.add(one.label());
    }
    return new Labels(rule.areSeveral() ? LabelRule.cleaned(labels) : labels, null);
  }

  private static LabelColumn.Value number(long value) {
    String digits = Long.toString(value);
    return IntegerLabels.isIndex(digits)
        ? new LabelColumn.Value(digits, null)
        : LabelColumn.Value.bad(IntegerLabels.problem(digits));
  }

  private LabelColumn.Value text(byte[] record, TfExample.Value value) {
    String text = Utf8.decode(record, value.offset(), value.length());
    String problem = Utf8.problem(text);
    if (problem != null) {
      return LabelColumn.Value.bad("has a %s that %s".formatted(label, problem));
    }
    return text.isBlank()
        ? LabelColumn.Value.bad("has no " + label)
        : new LabelColumn.Value(text.strip(), null);
  }
}
