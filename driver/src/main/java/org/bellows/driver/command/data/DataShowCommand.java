// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.Settings;
import org.bellows.data.augment.AugmentationCatalogue;
import org.bellows.data.batch.BatchTransform;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.TargetSpec;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.data.SamplePicker;
import org.bellows.driver.data.SampleSheets;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.SiteConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code data show}: contact sheets, without Spark. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    header = "Draws samples, what the network sees, and augmentations.",
    description = {
      "Writes PNG files into output.path: a contact sheet with a row for each class, what the "
          + "network sees under the given settings (augment.*, model.*) epoch by epoch, and every "
          + "augmentation beside the original. Label maps are drawn in colours over their pictures.",
      "Needs data.path and output.path."
    })
final class DataShowCommand implements Callable<Integer> {
  static final String CONTACT_SHEET = "contact-sheet.png";
  static final String AS_TRAINED = "as-trained.png";
  static final String AUGMENTATIONS = "augmentations.png";

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("data.path", "output.path"));
    CommandRun job = new CommandRun("data show");
    job.run(
        SiteConfiguration.read(),
        settings.output().path(),
        folder -> {
          job.own(folder, Map.of());
          return new Drawing(settings, folder).draw();
        });
    return 0;
  }

  /** All sheets of one dataset. */
  private final class Drawing {
    private final Settings settings;
    private final RunFolder folder;
    private final DatasetManifest manifest;
    private final DatasetReader split;

    Drawing(Settings settings, RunFolder folder) {
      Configuration hadoop = SiteConfiguration.read();
      this.settings = settings;
      this.folder = folder;
      this.manifest = ManifestFile.read(hadoop, settings.data().path());
      this.split =
          new DatasetReader(hadoop, settings.data().path(), manifest, settings.show().split());
    }

    Map<String, Object> draw() {
      long seed = settings.train().seed();
      SortedMap<Integer, List<EncodedSample>> samples =
          SamplePicker.pick(split, settings.show(), manifest.classes().size(), seed);
      SampleSheets sheets =
          new SampleSheets(rowNames(), manifest.pixelClasses(), settings.show(), samples);
      write(CONTACT_SHEET, sheets.ofClasses());
      write(AS_TRAINED, sheets.throughEpochs(transform(settings.augment())));
      write(AUGMENTATIONS, sheets.ofAugmentations(augmentations(sheets.hasMasks())));
      Map<String, Object> metrics = new LinkedHashMap<>();
      metrics.put("samples", samples.values().stream().mapToInt(List::size).sum());
      metrics.put(
          "masks",
          samples.values().stream()
              .flatMap(List::stream)
              .filter(sample -> sample.mask() != null)
              .count());
      return metrics;
    }

    /** Label maps cannot be mixed: training refuses to, and here it is left out. */
    private Map<String, BatchTransform> augmentations(boolean hasMasks) {
      Settings.Model model = settings.model();
      Map<String, BatchTransform> augmentations = new LinkedHashMap<>();
      int side = Math.min(model.heightPixels(), model.widthPixels());
      for (AugmentationCatalogue.Entry entry : AugmentationCatalogue.entries(side)) {
        if ((model.channels() > 1 || !entry.needsColour())
            && !(hasMasks && entry.needsPartners())) {
          AugmentSettings alone = options.settingsWith(null, entry.assignments()).augment();
          augmentations.put(entry.name(), transform(alone));
        }
      }
      return augmentations;
    }

    /** Samples without a label are shown in rows that are numbered. */
    private List<String> rowNames() {
      return manifest.classes().isEmpty()
          ? IntStream.rangeClosed(1, settings.show().classes())
              .mapToObj(row -> "samples " + row)
              .toList()
          : manifest.classes();
    }

    private BatchTransform transform(AugmentSettings augment) {
      InputSpec input =
          InputSpec.of(augment, settings.model(), split.split(), settings.train().seed());
      return new BatchTransform(input, TargetSpec.of(split));
    }

    private void write(String name, byte[] png) {
      folder.write(name, png);
      System.out.println(folder.file(name));
    }
  }
}
