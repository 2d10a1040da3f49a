package org.bellows.driver.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.InputTransform;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.ImageRefusedException;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.storage.Storage;
import org.bellows.worker.evaluate.Ranking;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.Ensemble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code predict}: the likeliest classes of some images, without Spark. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the predict.top likeliest classes of each image.",
      "Needs model.path (a training run or its model folder); with evaluate.ensemble the answers",
      "of several models are averaged."
    })
final class PredictCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions options;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "JPEG or PNG files, Hadoop paths.")
  private List<String> images;

  private record Prediction(String label, double probability) {}

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("model.path"));
    Configuration hadoop = new Configuration();
    if (settings.output().path().isBlank()) {
      predict(hadoop, settings);
    } else {
      Job job = new Job("predict");
      job.run(
          hadoop,
          settings.output().path(),
          folder -> {
            job.own(folder, Map.of());
            return predict(hadoop, settings);
          });
    }
    return 0;
  }

  private Map<String, Object> predict(Configuration hadoop, Settings settings) {
    NativeLibraries.load();
    TrainedEnsemble trained = TrainedEnsemble.read(hadoop, settings.modelPaths());
    InputSpec input = trained.inputSpec(settings.augment());
    InputTransform transform = InputTransform.evaluation(input);
    ImageDecoder decoder = new ImageDecoder(settings.prepare().maxPixels());
    Map<String, Object> all = new LinkedHashMap<>();
    try (Ensemble ensemble = trained.open()) {
      for (String image : images) {
        float[] pixels = new float[transform.views() * input.sampleLength()];
        transform.apply(read(decoder, hadoop, image), 0, pixels, 0);
        float[] probabilities = ensemble.probabilities(pixels, 1, transform.views());
        List<Prediction> predictions = new ArrayList<>();
        for (int label : Ranking.top(probabilities, settings.predict().top())) {
          predictions.add(
              new Prediction(trained.card().classes().get(label), probabilities[label]));
        }
        print(image, predictions);
        all.put(image, predictions);
      }
    }
    return Map.of("models", trained.members().size(), "predictions", all);
  }

  private static EncodedSample read(ImageDecoder decoder, Configuration hadoop, String image) {
    Path path = Storage.qualify(image);
    try (InputStream in = Storage.fileSystem(hadoop, path).open(path)) {
      return decoder.inspected(in.readAllBytes(), path.toString());
    } catch (FileNotFoundException e) {
      throw BellowsException.data("there is no image " + path, e);
    } catch (IOException e) {
      throw Storage.failure("reading " + path, e);
    } catch (ImageRefusedException e) {
      throw BellowsException.data(path + ": " + e.getMessage(), e);
    }
  }

  private static void print(String image, List<Prediction> predictions) {
    System.out.println(image);
    for (Prediction prediction : predictions) {
      System.out.printf(
          Locale.ROOT, "  %6.2f %%  %s%n", 100 * prediction.probability(), prediction.label());
    }
  }
}
