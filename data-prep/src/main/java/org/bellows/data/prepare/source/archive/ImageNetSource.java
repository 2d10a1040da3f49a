// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.conf.text.Words;
import org.bellows.data.prepare.source.archive.TarLabels.GroundTruth;
import org.bellows.data.prepare.source.archive.TarReader.Entry;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.FileMagic;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.RemainingEntries;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.NameList;

/**
 * The archives of ILSVRC2012 as they are published (Russakovsky et al., "ImageNet Large Scale
 * Visual Recognition Challenge", IJCV 2015): images are read in place inside the archives. A part
 * is a class archive of the training set, or the validation archive. The files that are read are
 * listed in docs/data.md.
 */
public final class ImageNetSource {
  public static final String TRAIN_ARCHIVE = "ILSVRC2012_img_train.tar";
  static final String VALIDATION_ARCHIVE = "ILSVRC2012_img_val.tar";

  private static final Pattern CLASS_ARCHIVE = Pattern.compile("(?:.*/)?(n\\d{8})\\.tar");
  private static final List<String> GROUND_TRUTHS =
      List.of("ILSVRC2012_validation_ground_truth.txt", "val.txt");
  private static final List<String> SYNSET_IDS =
      List.of("ILSVRC2012_synset_ids.txt", "map_clsloc.txt");
  private static final List<String> SYNSET_NAMES =
      List.of("LOC_synset_mapping.txt", "synset_words.txt");
  private static final String DEVELOPMENT_KIT = "ILSVRC2012_devkit_t12/data";
  private static final String TRAIN = "train";
  private static final String VALIDATION = "validation";
  private static final int RGB = 3;
  private static final int MOST_CLASS_ARCHIVES = 100_000;

  private final FileSystem files;
  private final Path root;
  private final SortedMap<String, SourcePart> classArchives = new TreeMap<>();
  private final List<SourceItem> refused = new ArrayList<>();

  public ImageNetSource(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  public static boolean isArchive(Path path) {
    String name = path.getName();
    return name.equals(TRAIN_ARCHIVE)
        || name.equals(VALIDATION_ARCHIVE)
        || CLASS_ARCHIVE.matcher(name).matches();
  }

  /** Whether an entry of the folder is looked at, archive or list. */
  public static boolean isRead(String name) {
    return name.equals(TRAIN)
        || name.equals(DEVELOPMENT_KIT.substring(0, DEVELOPMENT_KIT.indexOf('/')))
        || isArchive(new Path("/" + name))
        || Stream.of(GROUND_TRUTHS, SYNSET_IDS, SYNSET_NAMES).anyMatch(list -> list.contains(name));
  }

  /**
   * @param entries of the root
   */
  public Source list(FileStatus[] entries) throws IOException {
    addClassArchives(entries);
    Optional<SourcePart> rest = addTrainFolder();
    find(TRAIN_ARCHIVE).ifPresent(this::walkTrainArchive);
    List<SourcePart> parts = new ArrayList<>(classArchives.values());
    List<String> splits = new ArrayList<>();
    if (!parts.isEmpty() || !refused.isEmpty()) {
      splits.add(TRAIN);
    }
    Optional<Path> validation = find(VALIDATION_ARCHIVE);
    if (validation.isPresent()) {
      splits.add(VALIDATION);
      parts.add(validationPart(validation.get()));
    }
    if (!refused.isEmpty()) {
      parts.add(new RefusedPart(root.toString(), refused));
    }
    rest.ifPresent(parts::add);
    if (parts.isEmpty()) {
      throw BellowsException.data(
          "source %s holds neither %s nor nXXXXXXXX.tar nor %s"
              .formatted(root, TRAIN_ARCHIVE, VALIDATION_ARCHIVE));
    }
    return new Source(root.toString(), Format.IMAGENET, RGB, false, splits, classes(), parts);
  }

  /** The class archives may also be in the folder itself. */
  private Optional<SourcePart> addTrainFolder() throws IOException {
    Path folder = new Path(root, TRAIN);
    List<FolderEntry> entries;
    try {
      entries = FolderEntries.all(files, folder);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    Set<String> archives = new HashSet<>();
    for (FolderEntry entry : entries) {
      Matcher matcher = CLASS_ARCHIVE.matcher(entry.name());
      if (matcher.matches() && !entry.isFolder()) {
        RemainingEntries.requireReadable(folder.toString(), entry);
      }
      if (matcher.matches() && entry.isFile()) {
        archives.add(entry.name());
        addPlainClassArchive(matcher.group(1), new Path(folder, entry.name()));
      }
    }
    return archives.isEmpty()
        ? Optional.empty()
        : Optional.of(new RemainingEntries(folder.toString(), TRAIN + "/", TRAIN, archives));
  }

  private void addClassArchives(FileStatus[] entries) throws IOException {
    for (FileStatus entry : entries) {
      Matcher matcher = CLASS_ARCHIVE.matcher(entry.getPath().getName());
      if (entry.isFile() && matcher.matches()) {
        addPlainClassArchive(matcher.group(1), entry.getPath());
      }
    }
  }

  private void addPlainClassArchive(String wnid, Path archive) throws IOException {
    requirePlain(archive);
    addClassArchive(wnid, archive.toString(), 0, -1);
  }

  private void addClassArchive(String wnid, String file, long start, long end) {
    TarPart part =
        new TarPart(file, wnid + ".tar", start, end, TRAIN, new TarLabels.OneClass(wnid));
    if (classArchives.put(wnid, part) != null) {
      throw BellowsException.data("source %s holds %s.tar twice".formatted(root, wnid));
    }
  }

  /** The outer archive: a thousand entries, each an archive. */
  private void walkTrainArchive(Path archive) {
    try {
      requirePlain(archive);
      long bytes = files.getFileStatus(archive).getLen();
      try (TarReader reader = new TarReader(files.open(archive), 0, bytes)) {
        for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
          addInnerArchive(archive, entry);
        }
      }
    } catch (IOException e) {
      throw Storage.failure("reading " + archive, e);
    }
  }

  private void addInnerArchive(Path archive, Entry entry) {
    Matcher matcher = CLASS_ARCHIVE.matcher(entry.name());
    if (entry.refusal() != null) {
      refused.add(
          SourceItem.refused(
              TRAIN,
              archive.getName() + entry.name(),
              entry.refusal().kind(),
              entry.refusal().reason()));
    } else if (matcher.matches()) {
      long end = entry.offset() + entry.bytes();
      addClassArchive(matcher.group(1), archive.toString(), entry.offset(), end);
    } else {
      refused.add(
          SourceItem.refused(
              TRAIN,
              archive.getName() + ":" + entry.name(),
              "UNEXPECTED_ENTRY",
              "is not a class archive nXXXXXXXX.tar"));
    }
    if (classArchives.size() + refused.size() > MOST_CLASS_ARCHIVES) {
      throw BellowsException.data(
          "%s holds more than %d entries, expected a thousand class archives"
              .formatted(archive, MOST_CLASS_ARCHIVES));
    }
  }

  private SourcePart validationPart(Path archive) throws IOException {
    requirePlain(archive);
    Path truth =
        findAny(GROUND_TRUTHS)
            .orElseThrow(
                () ->
                    BellowsException.data(
                        "source %s holds %s but no ground truth: there is no %s"
                            .formatted(root, VALIDATION_ARCHIVE, Words.or(GROUND_TRUTHS))));
    Map<String, String> wnids = new HashMap<>();
    Optional<Path> ids = findAny(SYNSET_IDS);
    if (ids.isPresent()) {
      for (String line : NameList.lines(files, ids.get())) {
        String[] words = line.split("\\s+");
        if (words.length < 2 || !words[0].matches(GroundTruth.WNID)) {
          throw BellowsException.data(
              "%s has the line \"%s\", expected \"n02119789 1 kit_fox\""
                  .formatted(ids.get(), line));
        }
        if (wnids.put(words[1], words[0]) != null) {
          throw BellowsException.data(ids.get() + " has two lines of id " + words[1]);
        }
      }
    }
    return new TarPart(
        archive.toString(),
        archive.getName(),
        0,
        -1,
        VALIDATION,
        new GroundTruth(truth.toString(), wnids));
  }

  /** By WordNet id, as in a tree; "n01440764 tench" where there is a list of names. */
  private ClassLabels classes() throws IOException {
    Map<String, String> names = new TreeMap<>();
    Optional<Path> file = findAny(SYNSET_NAMES);
    if (file.isPresent()) {
      for (String line : NameList.lines(files, file.get())) {
        String[] words = line.split("\\s+", 2);
        String first = words.length < 2 ? "" : " " + words[1].split(",")[0].strip();
        if (names.put(words[0], words[0] + first) != null) {
          throw BellowsException.data(file.get() + " has two lines of " + words[0]);
        }
      }
    }
    List<String> labels =
        List.copyOf(classArchives.isEmpty() ? names.keySet() : classArchives.keySet());
    return ClassLabels.fixed(
        labels, labels.stream().map(label -> names.getOrDefault(label, label)).toList());
  }

  private Optional<Path> findAny(List<String> names) {
    return names.stream().map(this::find).flatMap(Optional::stream).findFirst();
  }

  /** In the folder, or where the development kit unpacks to. */
  private Optional<Path> find(String name) {
    for (Path folder : List.of(root, new Path(root, DEVELOPMENT_KIT))) {
      Path file = new Path(folder, name);
      try {
        if (files.exists(file)) {
          return Optional.of(file);
        }
      } catch (IOException e) {
        throw Storage.failure("reading " + file, e);
      }
    }
    return Optional.empty();
  }

  private void requirePlain(Path archive) throws IOException {
    if (FileMagic.startsWith(files, archive, "1f8b")) {
      throw BellowsException.data(
          archive + " is gzipped and cannot be read by position; gunzip it first");
    }
  }

  /** The entries that the walk over the outer archive refused. */
  private record RefusedPart(String place, List<SourceItem> items) implements SourcePart {
    RefusedPart {
      items = List.copyOf(items);
    }

    @Override
    public ItemIterator open(Configuration hadoop, boolean withContent) {
      Iterator<SourceItem> all = items.iterator();
      return new ItemIterator() {
        @Override
        protected SourceItem advance() {
          return all.hasNext() ? all.next() : null;
        }
      };
    }
  }
}
