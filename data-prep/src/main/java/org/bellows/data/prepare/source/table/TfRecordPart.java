// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.Words;
import org.bellows.data.prepare.source.part.IntegerLabels;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.table.TfExample.Feature;
import org.bellows.data.prepare.source.table.TfExample.Kind;
import org.bellows.data.text.Utf8;

/**
 * A TFRecord file whose records are {@code tf.train.Example}s. Images are read in place.
 *
 * @param image name of the feature with the image
 * @param label name of the feature with the label; empty: nothing is asked of labels
 */
record TfRecordPart(String place, String image, String label, String split) implements SourcePart {
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
    Feature picture = find(features, image);
    boolean isAsked = !label.isEmpty();
    if (problem == null && isAsked) {
      problem = problem(features, label, Kind.BYTES, Kind.WHOLE_NUMBERS);
    }
    LabelColumn.Value of = problem == null && isAsked ? labelOf(features, entry.content()) : null;
    problem = of == null ? problem : of.problem();
    if (problem != null) {
      return SourceItem.refused(split, path, ManifestPart.BAD_ROW, problem);
    }
    return SourceItem.of(
        split,
        path,
        of == null ? null : of.label(),
        picture.length(),
        new FileRange(place, entry.offset() + picture.offset(), picture.length()));
  }

  private static Feature find(Map<String, Feature> features, String name) {
    Feature found = features.get(name);
    return found == null ? features.get(OTHER_NAMES.getOrDefault(name, name)) : found;
  }

  private static String problem(Map<String, Feature> features, String name, Kind... kinds) {
    Feature found = find(features, name);
    if (found == null) {
      return "has the features %s, expected \"%s\" among them"
          .formatted(Words.and(features.keySet()), name);
    }
    List<Kind> allowed = Arrays.asList(kinds);
    if (found.kind() != Kind.NOTHING && !allowed.contains(found.kind())) {
      return "has %s as %s, expected %s"
          .formatted(
              words(found.kind()),
              name,
              Words.or(Stream.of(kinds).map(TfRecordPart::words).toList()));
    }
    return found.count() == 1
        ? null
        : "has %d values of %s, expected one".formatted(found.count(), name);
  }

  private static String words(Kind kind) {
    return switch (kind) {
      case NOTHING -> "nothing";
      case BYTES -> "bytes";
      case FLOATS -> "floats";
      case WHOLE_NUMBERS -> "whole numbers";
    };
  }

  private LabelColumn.Value labelOf(Map<String, Feature> features, byte[] record) {
    Feature found = find(features, label);
    if (found.kind() == Kind.WHOLE_NUMBERS) {
      String digits = Long.toString(found.number());
      return IntegerLabels.isIndex(digits)
          ? new LabelColumn.Value(digits, null)
          : LabelColumn.Value.bad(IntegerLabels.problem(digits));
    }
    String text = Utf8.decode(record, found.offset(), found.length());
    String problem = Utf8.problem(text);
    if (problem != null) {
      return LabelColumn.Value.bad("has a %s that %s".formatted(label, problem));
    }
    return text.isBlank()
        ? LabelColumn.Value.bad("has no " + label)
        : new LabelColumn.Value(text.strip(), null);
  }
}
