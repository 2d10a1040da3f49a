// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.Words;
import org.bellows.data.prepare.source.archive.TarReader.Entry;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.JsonFields;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.prepare.source.part.ListedEntry;
import org.bellows.data.prepare.source.part.PassedOver;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.Utf8;

/**
 * A tar archive in WebDataset's form: entries that follow each other and have one name up to the
 * first dot are a sample, what stands after the dot names a field.
 *
 * @param path of the archive relative to the source
 * @param imageField field of the image; {@link #ANY_IMAGE}: the one that is called as an image file
 *     ends
 * @param labelField field of a JSON object that is the label, in samples without {@code cls};
 *     empty: nothing is asked of labels
 * @param rule how a label is read
 */
record WebDatasetShard(
    String place, String path, String split, String imageField, String labelField, LabelRule rule)
    implements SourcePart {
  /** The default of {@code source.image-column}, a name that no file ends with. */
  private static final String ANY_IMAGE = "image";

  private static final String CLASS = "cls";
  private static final String JSON = "json";
  private static final String NO_LABEL = "NO_LABEL";
  private static final String BAD_SAMPLE = "BAD_SAMPLE";
  private static final String WITHOUT_IMAGE = "sample without image";
  private static final int MOST_LABEL_BYTES = 1 << 20;

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    Path file = new Path(place);
    FileSystem files = Storage.fileSystem(hadoop, file);
    long bytes = files.getFileStatus(file).getLen();
    return new Samples(new TarReader(Storage.open(hadoop, file), 0, bytes));
  }

  private final class Samples extends ItemIterator {
    private final TarReader reader;
    private final JsonFields json = new JsonFields(List.of(labelField), labelField, rule);
    private final Queue<ListedEntry> found = new ArrayDeque<>();
    private final SortedMap<String, Entry> fields = new TreeMap<>();
    private String key;
    private boolean hasEnded;

    Samples(TarReader reader) {
      this.reader = reader;
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
            SourceItem.refused(
                split, path + entry.name(), entry.refusal().kind(), entry.refusal().reason()));
        return;
      }
      String file = entry.name().substring(entry.name().lastIndexOf('/') + 1);
      String ignored = EntryNameRules.passedOver(file);
      int dot = file.indexOf('.');
      if (ignored != null || dot < 1) {
        found.add(
            new PassedOver(
                path + ":" + entry.name(),
                ignored == null ? EntryNameRules.ending(file) : ignored));
        return;
      }
      String keyOfEntry =
          entry.name().substring(0, entry.name().length() - file.length()) + file.substring(0, dot);
      String field = file.substring(dot + 1).toLowerCase(Locale.ROOT);
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
      List<String> images =
          imageField.equals(ANY_IMAGE)
              ? fields.keySet().stream().filter(name -> isImage(name)).toList()
              : fields.keySet().stream().filter(imageField::equals).toList();
      if (images.isEmpty()) {
        return new PassedOver(path + ":" + key, WITHOUT_IMAGE);
      }
      String image = path + ":" + key + "." + images.get(0);
      if (images.size() > 1) {
        return SourceItem.refused(
            split,
            image,
            BAD_SAMPLE,
            "has the images %s, expected one (source.image-column says which)"
                .formatted(Words.and(images)));
      }
      Entry entry = fields.get(images.get(0));
      Label label = labelField.isEmpty() ? Label.NONE : label();
      if (label.problem() != null) {
        return SourceItem.refused(split, image, label.kind(), label.problem());
      }
      return SourceItem.of(
              split,
              image,
              null,
              entry.bytes(),
              new FileRange(place, entry.offset(), entry.bytes()))
          .withLabels(label.labels());
    }

    private Label label() throws IOException {
      String field = fields.containsKey(CLASS) ? CLASS : JSON;
      Entry from = fields.get(field);
      if (from == null) {
        return Label.refused(
            NO_LABEL,
            "has the fields %s, expected cls or json".formatted(Words.and(fields.keySet())));
      }
      if (from.bytes() > MOST_LABEL_BYTES) {
        return Label.refused(
            BAD_SAMPLE,
            "has a %s of %d bytes, allowed are %d"
                .formatted(field, from.bytes(), MOST_LABEL_BYTES));
      }
      String text = Utf8.decode(reader.content(from));
      if (Utf8.problem(text) != null) {
        return Label.refused(BAD_SAMPLE, "has a %s that %s".formatted(field, Utf8.problem(text)));
      }
      return field.equals(CLASS) ? ofClass(text.strip()) : ofObject(text);
    }

    private Label ofClass(String text) {
      if (text.chars().anyMatch(c -> c < ' ')) {
        return Label.refused(
            BAD_SAMPLE, "has a cls with control characters, expected a name or a whole number");
      }
      return text.isEmpty() && !rule.areSeveral()
          ? Label.refused(NO_LABEL, "has an empty cls")
          : new Label(rule.of(text), null, null);
    }

    private Label ofObject(String text) throws IOException {
      JsonFields.Result object = json.read(text);
      if (object.problem() != null) {
        return Label.refused(BAD_SAMPLE, "has a json that " + object.problem());
      }
      boolean isBlank = object.values().getOrDefault(labelField, "").isBlank();
      return object.labels() == null || (isBlank && !rule.areSeveral())
          ? Label.refused(NO_LABEL, "has no cls, and no %s in its json".formatted(labelField))
          : new Label(object.labels(), null, null);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  private record Label(List<String> labels, String kind, String problem) {
    /** Where none is asked for. */
    static final Label NONE = new Label(null, null, null);

    static Label refused(String kind, String problem) {
      return new Label(null, kind, problem);
    }
  }

  private static boolean isImage(String field) {
    return EntryNameRules.isImage("." + field) && field.indexOf('.') < 0;
  }
}
