// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bellows.conf.text.Words;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.prepare.source.archive.TarReader.Entry;
import org.bellows.data.prepare.source.archive.WebDatasetShard.ImageAccess;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.ItemContent;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.JsonFields;
import org.bellows.data.prepare.source.part.ListedEntry;
import org.bellows.data.prepare.source.part.PassedOver;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.text.Utf8;

/** From the entries of a shard to its samples. */
final class WebDatasetSamples extends ItemIterator {
  private static final String NO_LABEL = "NO_LABEL";
  private static final String BAD_SAMPLE = "BAD_SAMPLE";
  private static final String NO_MASK = "NO_MASK";
  private static final String WITHOUT_IMAGE = "sample without image";

  private final WebDatasetShard shard;
  private final WebDatasetFields asked;
  private final TarReader reader;
  private final ImageAccess access;
  private final JsonFields json;
  private final Queue<ListedEntry> found = new ArrayDeque<>();
  private final SortedMap<String, Entry> fields = new TreeMap<>();
  private String key;
  private boolean hasEnded;

  private record Label(List<String> labels, String kind, String problem) {
    /** Where none is asked for, or a mask takes its place. */
    static final Label NONE = new Label(null, null, null);

    static Label refused(String kind, String problem) {
      return new Label(null, kind, problem);
    }
  }

  /**
   * @param reader is closed with this
   */
  WebDatasetSamples(WebDatasetShard shard, TarReader reader, ImageAccess access) {
    this.shard = shard;
    this.asked = shard.fields();
    this.reader = reader;
    this.access = access;
    this.json = new JsonFields(List.of(asked.label()), asked.label(), asked.rule());
  }

  @Override
  protected ListedEntry advance() throws IOException {
    while (found.isEmpty() && !hasEnded) {
      Entry entry = reader.next();
      if (entry == null) {
        hasEnded = true;
        finishSample();
      } else {
        add(entry);
      }
    }
    return found.poll();
  }

  private void add(Entry entry) throws IOException {
    if (entry.refusal() != null) {
      finishSample();
      found.add(
          refused(shard.path() + entry.name(), entry.refusal().kind(), entry.refusal().reason()));
      return;
    }
    String file = entry.name().substring(entry.name().lastIndexOf('/') + 1);
    String ignored = EntryNameRules.passedOver(file);
    String field = WebDatasetFields.of(file);
    int dot = file.indexOf('.');
    if (ignored != null || dot < 1) {
      found.add(
          new PassedOver(
              shard.path() + ":" + entry.name(),
              ignored == null ? EntryNameRules.ending(file) : ignored));
      return;
    }
    String keyOfEntry =
        entry.name().substring(0, entry.name().length() - file.length()) + file.substring(0, dot);
    // A key that comes again with a field that is there begins another sample.
    if (!keyOfEntry.equals(key) || fields.containsKey(field)) {
      finishSample();
      key = keyOfEntry;
    }
    fields.put(field, entry);
  }

  private void finishSample() throws IOException {
    if (!fields.isEmpty()) {
      found.add(sample());
      fields.clear();
    }
  }

  private ListedEntry sample() throws IOException {
    List<String> images = asked.images(fields.keySet());
    if (images.isEmpty()) {
      return new PassedOver(shard.path() + ":" + key, WITHOUT_IMAGE);
    }
    String image = name(images.get(0));
    if (images.size() > 1) {
      return refused(
          image,
          BAD_SAMPLE,
          "has the images %s, expected one (source.image-column says which)"
              .formatted(Words.and(images)));
    }
    Entry entry = fields.get(images.get(0));
    Optional<String> mask = asked.mask(fields.keySet());
    Label label = label(mask.isPresent());
    if (label.problem() != null) {
      return refused(image, label.kind(), label.problem());
    }
    if (access == ImageAccess.CARRIED && entry.content() == null) {
      return refused(image, Reason.TOO_LARGE.name(), ItemContent.TOO_MANY_BYTES);
    }
    if (access == ImageAccess.CARRIED
        && mask.isPresent()
        && fields.get(mask.get()).content() == null) {
      return refused(
          image,
          Reason.TOO_LARGE.name(),
          "has a mask, %s, that %s".formatted(name(mask.get()), ItemContent.TOO_MANY_BYTES));
    }
    List<SourceMask> masks =
        mask.map(field -> List.of(mask(field, fields.get(field)))).orElse(List.of());
    return new SourceItem(
        shard.split(), image, label.labels(), entry.bytes(), content(entry), masks, null);
  }

  private SourceMask mask(String field, Entry entry) {
    return new SourceMask(name(field), content(entry), entry.bytes());
  }

  private String name(String field) {
    return shard.path() + ":" + key + "." + field;
  }

  private ItemContent content(Entry entry) {
    return switch (access) {
      case IN_PLACE -> new FileRange(shard.place(), entry.offset(), entry.bytes());
      case CARRIED -> new EncodedBytes(entry.content());
      case NOT_ASKED -> null;
    };
  }

  private SourceItem refused(String path, String kind, String reason) {
    return SourceItem.refused(shard.split(), path, kind, reason);
  }

  private Label label(boolean hasMask) throws IOException {
    if (asked.label().isEmpty()) {
      return Label.NONE;
    }
    String field =
        fields.containsKey(WebDatasetFields.CLASS) ? WebDatasetFields.CLASS : WebDatasetFields.JSON;
    Entry from = fields.get(field);
    if (from == null) {
      return hasMask ? Label.NONE : withoutLabel();
    }
    if (from.bytes() > WebDatasetFields.MOST_LABEL_BYTES) {
      return Label.refused(
          BAD_SAMPLE,
          "has a %s of %d bytes, allowed are %d"
              .formatted(field, from.bytes(), WebDatasetFields.MOST_LABEL_BYTES));
    }
    String text = Utf8.decode(reader.content(from));
    if (Utf8.problem(text) != null) {
      return Label.refused(BAD_SAMPLE, "has a %s that %s".formatted(field, Utf8.problem(text)));
    }
    return field.equals(WebDatasetFields.CLASS) ? ofClass(text.strip()) : ofObject(text, hasMask);
  }

  private Label withoutLabel() {
    return asked.mask().isEmpty()
        ? Label.refused(
            NO_LABEL,
            "has the fields %s, expected cls or json".formatted(Words.and(fields.keySet())))
        : Label.refused(
            NO_MASK,
            "has the fields %s, expected %s".formatted(Words.and(fields.keySet()), asked.mask()));
  }

  private Label ofClass(String text) {
    if (text.chars().anyMatch(c -> c < ' ')) {
      return Label.refused(
          BAD_SAMPLE, "has a cls with control characters, expected a name or a whole number");
    }
    return text.isEmpty() && !asked.rule().areSeveral()
        ? Label.refused(NO_LABEL, "has an empty cls")
        : new Label(asked.rule().of(text), null, null);
  }

  private Label ofObject(String text, boolean hasMask) throws IOException {
    JsonFields.Result object = json.read(text);
    if (object.problem() != null) {
      return Label.refused(BAD_SAMPLE, "has a json that " + object.problem());
    }
    boolean isBlank = object.values().getOrDefault(asked.label(), "").isBlank();
    if (object.labels() == null || (isBlank && !asked.rule().areSeveral())) {
      return hasMask
          ? Label.NONE
          : Label.refused(NO_LABEL, "has no cls, and no %s in its json".formatted(asked.label()));
    }
    return new Label(object.labels(), null, null);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
