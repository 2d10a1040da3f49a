// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.pairs;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.ListedEntry;
import org.bellows.data.prepare.source.part.PassedOver;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;
import org.bellows.data.storage.Storage;

/**
 * The folders of a split's pictures, one after the other. A picture and its masks are one entry of
 * the source.
 *
 * @param place the folder that holds them
 * @param prefix of its entries' paths relative to the source: "" or "train/"
 * @param known names of entries there that describe the source
 */
record PictureFolders(String place, String prefix, String split, Set<String> known)
    implements SourcePart {
  private static final String NO_IMAGE = "NO_IMAGE";

  PictureFolders {
    known = Set.copyOf(known);
  }

  @Override
  public boolean isOfFolder() {
    return true;
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    Path folder = new Path(place);
    FileSystem files = Storage.fileSystem(hadoop, folder);
    return new Pictures(files, FolderEntries.open(files, folder));
  }

  private final class Pictures extends ItemIterator {
    private final FileSystem files;
    private final FolderEntries entries;
    private final Deque<ListedEntry> following = new ArrayDeque<>();

    Pictures(FileSystem files, FolderEntries entries) {
      this.files = files;
      this.entries = entries;
    }

    @Override
    protected ListedEntry advance() throws IOException {
      while (following.isEmpty()) {
        FolderEntry entry = entries.next();
        if (entry == null) {
          return null;
        }
        if (!known.contains(entry.name())) {
          add(entry);
        }
      }
      return following.poll();
    }

    private void add(FolderEntry entry) throws IOException {
      String path = prefix + entry.name();
      String hidden = EntryNameRules.passedOver(entry.name());
      if (hidden != null) {
        following.add(new PassedOver(path, hidden));
      } else if (entry.problem() != null) {
        String kind = entry.problem().kind();
        following.add(SourceItem.refused(split, path, kind, entry.problem().reason()));
      } else if (!entry.isFolder()) {
        following.add(new PassedOver(path, EntryNameRules.ending(entry.name())));
      } else {
        addPicture(place + "/" + entry.name(), path);
      }
    }

    private void addPicture(String folder, String path) throws IOException {
      List<FolderEntry> images = new ArrayList<>();
      List<FolderEntry> masks = new ArrayList<>();
      for (FolderEntry entry : FolderEntries.all(files, new Path(folder))) {
        String below = path + "/" + entry.name();
        if (entry.isFolder() && entry.name().equals(PictureFoldersSource.IMAGES)) {
          images.addAll(images(folder, path, entry.name()));
        } else if (entry.isFolder() && entry.name().equals(PictureFoldersSource.MASKS)) {
          masks.addAll(images(folder, path, entry.name()));
        } else {
          following.add(new PassedOver(below, kind(entry)));
        }
      }
      following.add(picture(folder, path, images, masks));
    }

    /** The images of a folder; what else it holds is passed over. */
    private List<FolderEntry> images(String folder, String path, String name) throws IOException {
      List<FolderEntry> images = new ArrayList<>();
      for (FolderEntry entry : FolderEntries.all(files, new Path(folder + "/" + name))) {
        boolean isHidden = EntryNameRules.passedOver(entry.name()) != null;
        if (entry.isFile() && EntryNameRules.isImage(entry.name()) && !isHidden) {
          images.add(entry);
        } else {
          following.add(new PassedOver(path + "/" + name + "/" + entry.name(), kind(entry)));
        }
      }
      images.sort((a, b) -> SourceItem.BYTE_ORDER.compare(a.name(), b.name()));
      return images;
    }

    private SourceItem picture(
        String folder, String path, List<FolderEntry> images, List<FolderEntry> masks) {
      if (images.size() != 1) {
        return SourceItem.refused(
            split,
            path,
            NO_IMAGE,
            "holds %d pictures in %s, expected one"
                .formatted(images.size(), PictureFoldersSource.IMAGES));
      }
      FolderEntry image = images.get(0);
      String imagePath = path + "/" + PictureFoldersSource.IMAGES + "/" + image.name();
      if (masks.isEmpty()) {
        return SourceItem.refused(
            split,
            imagePath,
            PairedFolder.NO_MASK,
            "has no mask: there is none in %s/%s".formatted(folder, PictureFoldersSource.MASKS));
      }
      String place = folder + "/" + PictureFoldersSource.MASKS + "/";
      return new SourceItem(
          split,
          imagePath,
          null,
          image.bytes(),
          new WholeFile(
              folder + "/" + PictureFoldersSource.IMAGES + "/" + image.name(), image.known()),
          masks.stream().map(mask -> SourceMask.file(place + mask.name())).toList(),
          null);
    }

    private static String kind(FolderEntry entry) {
      String hidden = EntryNameRules.passedOver(entry.name());
      if (hidden != null) {
        return hidden;
      }
      if (entry.isFolder()) {
        return EntryNameRules.FOLDER;
      }
      return entry.isFile() ? EntryNameRules.ending(entry.name()) : EntryNameRules.NOT_A_FILE;
    }

    @Override
    public void close() throws IOException {
      entries.close();
    }
  }
}
