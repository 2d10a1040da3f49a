// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.NameList;

/** Which class an archive's entries belong to. */
sealed interface TarLabels extends Serializable {
  /** Label of an image by its file name, or null. */
  @FunctionalInterface
  interface Lookup {
    String labelOf(String image);
  }

  /** Where labels come from, for messages. */
  String place();

  Lookup open(Configuration hadoop) throws IOException;

  /** All of one class. */
  record OneClass(String label) implements TarLabels {
    @Override
    public String place() {
      return label;
    }

    @Override
    public Lookup open(Configuration hadoop) {
      return image -> label;
    }
  }

  /**
   * A list of labels, a line an image: "NAME WNID", or in the order of the images' numbers either a
   * WordNet id or an ILSVRC2012 id. The n-th line is of ILSVRC2012_val_0000000n.JPEG.
   *
   * @param wnids ILSVRC2012 id to WordNet id; empty where there is no such list
   */
  record GroundTruth(String file, Map<String, String> wnids) implements TarLabels {
    static final String WNID = "n\\d{8}";
    private static final Pattern NUMBERED = Pattern.compile(".*_(\\d{8})\\.\\w+");

    @Override
    public String place() {
      return file;
    }

    @Override
    public Lookup open(Configuration hadoop) throws IOException {
      Path path = new Path(file);
      List<String> lines = NameList.numbered(Storage.fileSystem(hadoop, path), path);
      Map<String, String> named = new HashMap<>();
      String[] ordered = new String[lines.size()];
      for (int i = 0; i < ordered.length; i++) {
        String[] words = lines.get(i).split("\\s+");
        if (words.length == 2 && words[1].matches(WNID)) {
          if (named.put(words[0], words[1]) != null) {
            throw BellowsException.data(
                "line %d of %s names %s again".formatted(i + 1, file, words[0]));
          }
        } else {
          ordered[i] = wnid(lines.get(i), i + 1);
        }
      }
      return image -> named.containsKey(image) ? named.get(image) : byNumber(ordered, image);
    }

    private String wnid(String line, int number) {
      if (line.matches(WNID)) {
        return line;
      }
      String wnid = wnids.get(line);
      if (wnid != null) {
        return wnid;
      }
      throw BellowsException.data(
          "line %d of %s is \"%s\", expected an ILSVRC2012 id%s, a WordNet id (n01440764) or an image and a WordNet id"
              .formatted(
                  number,
                  file,
                  line,
                  wnids.isEmpty()
                      ? " (with ILSVRC2012_synset_ids.txt or map_clsloc.txt beside it)"
                      : " of 1 to " + wnids.size()));
    }

    private static String byNumber(String[] ordered, String image) {
      Matcher matcher = NUMBERED.matcher(image);
      if (!matcher.matches()) {
        return null;
      }
      int line = Integer.parseInt(matcher.group(1));
      return line >= 1 && line <= ordered.length ? ordered[line - 1] : null;
    }
  }
}
