package org.bellows.driver.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.InputTransform;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.driver.data.SamplePicker;
import org.bellows.driver.data.SampleSheets;
import org.bellows.driver.run.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code data show}: contact sheets, without Spark. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Draws a dataset as PNG files into output.path: a contact sheet with a row a class,",
      "what the network sees under the given settings (augment.*, model.*) epoch by epoch,",
      "and every augmentation there is beside the original.",
      "Needs data.path, output.path."
    })
final class DataShowCommand implements Callable<Integer> {
  static final String CONTACT_SHEET = "contact-sheet.png";
  static final String AS_TRAINED = "as-trained.png";

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("data.path", "output.path"));
    Job job = new Job("data show");
    job.run(
        new Configuration(),
        settings.output().path(),
        folder -> {
          job.own(folder, Map.of());
          return draw(settings, folder);
        });
    return 0;
  }

  private static Map<String, Object> draw(Settings settings, RunFolder folder) {
    Configuration hadoop = new Configuration();
    DatasetManifest manifest = ManifestFile.read(hadoop, settings.data().path());
    DatasetReader split =
        new DatasetReader(hadoop, settings.data().path(), manifest, settings.show().split());
    long seed = settings.train().seed();
    SortedMap<Integer, List<EncodedSample>> samples =
        SamplePicker.pick(split, settings.show(), manifest.classes().size(), seed);
    SampleSheets sheets = new SampleSheets(manifest.classes(), settings.show(), samples);
    InputSpec input = InputSpec.of(settings.augment(), settings.model(), split.split(), seed);
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("samples", samples.values().stream().mapToInt(List::size).sum());
    write(folder, CONTACT_SHEET, sheets.ofClasses());
    write(folder, AS_TRAINED, sheets.throughEpochs(InputTransform.training(input)));
    return metrics;
  }

  private static void write(RunFolder folder, String name, byte[] png) {
    folder.write(name, png);
    System.out.println(folder.file(name));
  }
}
