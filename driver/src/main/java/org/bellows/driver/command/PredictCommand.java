// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.PrintableText;
import org.bellows.conf.Settings;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.SizeLimit;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.storage.FileContents;
import org.bellows.data.storage.Storage;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.job.PartialFailureException;
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
    header = "Prints the likeliest classes of pictures.",
    description = {
      "Prints predict.top classes of each picture. A picture that is refused does not end the "
          + "command: it names the refused ones at the end, and exits with 3.",
      "Needs model.path (a training run or its model folder); with evaluate.ensemble the "
          + "answers of several models are averaged."
    })
final class PredictCommand implements Callable<Integer> {
  private static final int MOST_REASONS = 20;

  @Mixin private ConfigurationOptions options;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description =
          "JPEG or PNG files, folders of them (not of folders), globs such as 'a/*.jpg'; Hadoop"
              + " paths.")
  private List<String> images;

  private record Prediction(String label, double probability) {}

  /** What came of all arguments. */
  private record Answers(
      Map<String, List<Prediction>> predictions, Map<String, String> refused, int passedOver) {}

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("model.path"));
    Configuration hadoop = new Configuration();
    if (settings.output().path().isBlank()) {
      predict(hadoop, settings);
    } else {
      CommandRun job = new CommandRun("predict");
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
    if (trained.isOfPixels()) {
      throw BellowsException.configuration(
          "model.path is %s, which says a class of each pixel; predict prints the classes of an image"
              .formatted(settings.modelPaths().get(0)));
    }
    InputSpec input = trained.inputSpec(settings.augment());
    EvaluationTransform transform = EvaluationTransform.checked(input);
    ImageDecoder decoder = new ImageDecoder(settings.prepare().maxPixels());
    Map<String, List<Prediction>> predictions = new LinkedHashMap<>();
    Map<String, String> refused = new LinkedHashMap<>();
    int passedOver = 0;
    try (Ensemble ensemble = trained.open()) {
      for (String argument : images) {
        ImageArguments.Found found = find(hadoop, argument, refused);
        passedOver += found.passedOver();
        for (ImageArguments.Image image : found.images()) {
          try {
            float[] pixels = new float[transform.views() * input.sampleLength()];
            transform.apply(read(decoder, hadoop, image), pixels, 0);
            float[] probabilities = ensemble.probabilities(pixels, 1, transform.views());
            List<Prediction> answers = top(probabilities, trained.card().classes(), settings);
            print(image.name(), answers);
            predictions.put(image.name(), answers);
          } catch (BellowsException e) {
            refuse(image.name(), e, refused);
          }
        }
      }
    }
    return result(trained, new Answers(predictions, refused, passedOver));
  }

  /** None where the answer is not finite. */
  private static List<Prediction> top(
      float[] probabilities, List<String> classes, Settings settings) {
    if (!Ranking.isFinite(probabilities, 0, probabilities.length)) {
      return List.of();
    }
    List<Prediction> predictions = new ArrayList<>();
    for (int label : Ranking.top(probabilities, settings.predict().top())) {
      predictions.add(new Prediction(classes.get(label), probabilities[label]));
    }
    return predictions;
  }

  private static ImageArguments.Found find(
      Configuration hadoop, String argument, Map<String, String> refused) {
    try {
      return ImageArguments.find(hadoop, argument);
    } catch (BellowsException e) {
      refuse(argument, e, refused);
      return new ImageArguments.Found(List.of(), 0);
    }
  }

  /** Where a disk or a network does not answer, the next image would not be read either. */
  private static void refuse(String image, BellowsException failure, Map<String, String> refused) {
    if (failure.category() != ErrorCategory.DATA
        && failure.category() != ErrorCategory.CONFIGURATION) {
      throw failure;
    }
    System.out.println(PrintableText.name(image));
    System.out.println("  refused: " + failure.getMessage());
    refused.put(image, failure.getMessage());
  }

  /**
   * @throws PartialFailureException when an image was refused
   */
  private static Map<String, Object> result(TrainedEnsemble trained, Answers answers) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("models", trained.members().size());
    metrics.put("predictions", answers.predictions());
    metrics.put(
        "answers-not-finite",
        answers.predictions().values().stream().filter(List::isEmpty).count());
    metrics.put("refused", answers.refused());
    metrics.put("passed-over", answers.passedOver());
    if (answers.passedOver() > 0) {
      System.out.printf(
          Locale.ROOT,
          "passed over in folders: %,d entries that are no *.jpg, *.jpeg, *.png%n",
          answers.passedOver());
    }
    int refused = answers.refused().size();
    if (refused > 0) {
      int all = refused + answers.predictions().size();
      String reasons =
          answers.refused().values().stream()
              .limit(MOST_REASONS)
              .map(reason -> "\n  " + reason)
              .collect(Collectors.joining());
      String more =
          refused > MOST_REASONS ? "\n  and %,d more".formatted(refused - MOST_REASONS) : "";
      throw new PartialFailureException(
          all == 1
              ? answers.refused().values().iterator().next()
              : "%,d of %,d images %s refused:%s%s"
                  .formatted(refused, all, refused == 1 ? "was" : "were", reasons, more),
          metrics);
    }
    return metrics;
  }

  private static EncodedSample read(
      ImageDecoder decoder, Configuration hadoop, ImageArguments.Image image) {
    Path path = image.path();
    if (image.problem() != null) {
      throw BellowsException.data(path + " " + image.problem());
    }
    try {
      byte[] encoded = FileContents.read(hadoop, path, SizeLimit.MOST_BYTES);
      return decoder.inspected(encoded, path.toString());
    } catch (FileNotFoundException e) {
      throw BellowsException.data("there is no image " + path, e);
    } catch (IOException e) {
      throw Storage.failure("reading " + path, e);
    } catch (ImageRefusedException e) {
      throw BellowsException.data(path + ": " + e.getMessage(), e);
    } catch (BellowsException e) {
      throw e;
    } catch (RuntimeException e) {
      // A problem with one file must not prevent the answers to the others.
      throw BellowsException.data(
          path + " could not be handled, which is a fault of Bellows: " + e, e);
    }
  }

  /**
   * @param predictions none where the answer is not finite
   */
  private static void print(String image, List<Prediction> predictions) {
    System.out.println(PrintableText.name(image));
    if (predictions.isEmpty()) {
      System.out.println("  the model's answer is not finite (NaN or infinite)");
    }
    for (Prediction prediction : predictions) {
      System.out.printf(
          Locale.ROOT,
          "  %6.2f %%  %s%n",
          100 * prediction.probability(),
          PrintableText.name(prediction.label()));
    }
  }
}
