// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.SourceSettings.MaskFiles;
import org.bellows.conf.SourceSettings.MaskInstances;
import org.bellows.conf.text.Words;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.NameList;

/**
 * From the settings and the files beside the data to the rules for masks. The classes of pixels are
 * those of the first of these that says some: {@code source.pixel-classes}, {@code
 * source.mask-colours}, {@link #FILE} beside the data, the list of classes of a source whose images
 * have no label, the number of {@code source.mask-values}, a threshold's or instances' two.
 */
public final class MaskRulesReader {
  /** Names of pixel classes beside the data, a line each: {@code NAME} or {@code #rrggbb NAME}. */
  public static final String FILE = "pixel-classes.txt";

  private static final List<String> TWO = List.of("background", "object");

  private final Configuration hadoop;
  private final SourceSettings settings;

  private MaskRulesReader(Configuration hadoop, SourceSettings settings) {
    this.hadoop = hadoop;
    this.settings = settings;
  }

  /**
   * @param folder of the source; empty: there is none
   * @param listed names of the source's list of classes, where its images have no label
   * @throws BellowsException (data, configuration) when the table of colours cannot be read, or the
   *     settings do not fit it
   */
  public static MaskRules read(
      Configuration hadoop, SourceSettings settings, Optional<Path> folder, List<String> listed) {
    return new MaskRulesReader(hadoop, settings).read(folder, listed);
  }

  private MaskRules read(Optional<Path> folder, List<String> listed) {
    ColourTable colours = colours();
    List<PixelClass> classes = classes(folder, colours, listed);
    int values = settings.maskValues().size();
    if (values > 0 && classes.size() != values) {
      throw BellowsException.configuration(
          "source.mask-values holds %d values, but there are %d pixel classes %s; expected one a class"
              .formatted(values, classes.size(), Words.and(names(classes))));
    }
    if (settings.maskThreshold() > 0 && classes.size() != 2) {
      throw BellowsException.configuration(
          "source.mask-threshold = %d gives two classes, but there are %d: %s"
              .formatted(settings.maskThreshold(), classes.size(), Words.and(names(classes))));
    }
    if (settings.maskInstances() == MaskInstances.VALUES && classes.size() != 2) {
      throw BellowsException.configuration(
          "source.mask-instances = values gives two classes, background and object, but there are %d: %s"
              .formatted(classes.size(), Words.and(names(classes))));
    }
    return new MaskRules(
        classes,
        colours,
        settings.maskVoid(),
        settings.maskShift(),
        settings.maskValues(),
        settings.maskThreshold(),
        settings.maskOrientation(),
        settings.maskFiles(),
        settings.maskInstances());
  }

  private ColourTable colours() {
    String stated = settings.maskColours();
    return stated.isBlank()
        ? ColourTable.NONE
        : ColourFile.stated(hadoop, "source.mask-colours", stated);
  }

  private List<PixelClass> classes(
      Optional<Path> folder, ColourTable colours, List<String> listed) {
    List<String> stated = settings.pixelClasses();
    if (!colours.isEmpty()) {
      return stated.isEmpty() ? colours.classes() : renamed(colours.classes(), stated);
    }
    if (!stated.isEmpty()) {
      return named(stated);
    }
    List<PixelClass> beside = folder.map(this::beside).orElse(List.of());
    if (!beside.isEmpty()) {
      return beside;
    }
    if (!listed.isEmpty()) {
      return named(listed);
    }
    if (settings.maskThreshold() > 0
        || settings.maskFiles() == MaskFiles.INSTANCES
        || settings.maskInstances() == MaskInstances.VALUES) {
      return named(TWO);
    }
    return numbered(settings.maskValues().size());
  }

  private static List<PixelClass> renamed(List<PixelClass> classes, List<String> names) {
    if (classes.size() != names.size()) {
      throw BellowsException.configuration(
          "source.pixel-classes holds %d names, but source.mask-colours has %d classes: %s"
              .formatted(names.size(), classes.size(), Words.and(names(classes))));
    }
    List<PixelClass> renamed = new ArrayList<>();
    for (int label = 0; label < names.size(); label++) {
      renamed.add(new PixelClass(names.get(label), classes.get(label).colour()));
    }
    return renamed;
  }

  private List<PixelClass> beside(Path folder) {
    Path file = new Path(folder, FILE);
    FileSystem files = Storage.fileSystem(hadoop, file);
    try {
      if (!files.exists(file)) {
        return List.of();
      }
      List<String> lines = NameList.classes(files, file);
      boolean isTable = lines.stream().anyMatch(line -> line.startsWith("#"));
      return isTable ? ColourFile.read(files, file).classes() : named(lines);
    } catch (IOException e) {
      throw Storage.failure("reading " + file, e);
    }
  }

  /**
   * Numbers as names, in VOC's colours.
   *
   * @param count at most {@link PixelClass#MOST}
   */
  public static List<PixelClass> numbered(int count) {
    List<String> names = new ArrayList<>();
    for (int label = 0; label < count; label++) {
      names.add(String.valueOf(label));
    }
    return named(names);
  }

  private static List<PixelClass> named(List<String> names) {
    if (names.size() > PixelClass.MOST) {
      throw BellowsException.data(
          "there are %d names of pixel classes, expected at most %d"
              .formatted(names.size(), PixelClass.MOST));
    }
    List<PixelClass> classes = new ArrayList<>();
    for (int label = 0; label < names.size(); label++) {
      classes.add(PixelClass.of(label, names.get(label)));
    }
    return classes;
  }

  private static List<String> names(List<PixelClass> classes) {
    return classes.stream().map(PixelClass::name).toList();
  }
}
