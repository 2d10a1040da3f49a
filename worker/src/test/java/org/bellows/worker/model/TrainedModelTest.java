// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.AugmentSettings.EvaluationCrop;
import org.bellows.conf.AugmentSettings.EvaluationInterpolation;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.files.Json;
import org.bellows.worker.files.VerifiedFolder;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders that anybody may have written, with a manifest that fits. */
@Tag("integration")
@Timeout(60)
class TrainedModelTest {
  private static final InputShape INPUT = new InputShape(1, 12, 12);

  private final Configuration hadoop = new Configuration();
  private final ModelCard sound =
      new ModelCard(
          ModelCard.FORMAT_VERSION,
          "lenet5",
          INPUT,
          List.of("a", "b", "c"),
          new float[] {0.5f},
          new float[] {0.25f},
          EvaluationCrop.CENTRE,
          0,
          "",
          Map.of("bellows", "test"));
  private final float[] parameters =
      new float
          [Math.toIntExact(NetworkRegistry.standard().get("lenet5").graph(INPUT, 3).parameters())];

  @TempDir Path folder;

  private TrainedModel read(byte[] card, float[] values) {
    VerifiedFolder.write(
        hadoop,
        new org.apache.hadoop.fs.Path("file:" + folder + "/model"),
        Map.of(
            "model.json",
            out -> out.write(card),
            "parameters.bin",
            out -> FloatArrays.write(out, List.of(values), values.length)));
    return TrainedModel.read(hadoop, folder + "/model");
  }

  @Test
  void aSoundModelOpens() {
    TrainedModel model = read(Json.pretty(sound), parameters);
    try (LaneNetwork network = model.open()) {
      assertThat(network.layout().length()).isEqualTo(parameters.length);
    }
  }

  /** Where nothing says so it is bilinear, whatever the settings say. */
  @Test
  void keepsHowPicturesAreResized() {
    assertThat(interpolation(read(Json.pretty(sound), parameters)))
        .isEqualTo(EvaluationInterpolation.BILINEAR);
    ModelCard bicubic =
        new ModelCard(
            sound.formatVersion(),
            sound.network(),
            sound.input(),
            sound.classes(),
            sound.mean(),
            sound.standardDeviation(),
            sound.evaluationCrop(),
            235,
            sound.parametersSha256(),
            sound.provenance(),
            null,
            EvaluationInterpolation.BICUBIC,
            null);
    assertThat(interpolation(read(Json.pretty(bicubic), parameters)))
        .isEqualTo(EvaluationInterpolation.BICUBIC);
  }

  private static EvaluationInterpolation interpolation(TrainedModel model) {
    AugmentSettings settings =
        new SettingsLoader()
            .set(List.of("augment.evaluation-interpolation=bicubic"))
            .load(List.of(), List.of())
            .augment();
    return model.inputSpec(settings).augment().evaluationInterpolation();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"height\":12 | \"height\":100000 | its input is 1x100000x12, expected 1 or 3 channels",
        "\"height\":12 | \"height\":4096 | for 1x4096x12 and 3 classes has ",
        "\"height\":12 | \"height\":3 | which needs sides of at least",
        "\"height\":12 | \"height\":-12 | its input is 1x-12x12",
        "\"channels\":1 | \"channels\":2 | its input is 2x12x12, expected 1 or 3 channels",
        "\"channels\":1 | \"channels\":3 | it has 1 means and 1 standard deviations for 3 channels",
        "\"resizePixels\":0 | \"resizePixels\":-1 | it resizes to -1 pixels, expected 0 to 4096",
        "[0.25] | [0] | channel 0 has the mean 0.5 and the standard deviation 0.0",
        "[0.25] | [1e-45] | the standard deviation 1.4E-45",
        "[0.25] | [\"NaN\"] | the standard deviation NaN",
        "[0.5] | [\"Infinity\"] | channel 0 has the mean Infinity",
        "[0.5] | null | its member mean is null",
        "[\"a\",\"b\",\"c\"] | null | its member classes is null",
        "[\"a\",\"b\",\"c\"] | [] | it has 0 classes",
        "[\"a\",\"b\",\"c\"] | [\"a\",\"b\",null] | its member classes[] is null",
        "[\"a\",\"b\",\"c\"] | [\"a\",\"b\",\"a\"] | it has 3 classes, expected some, each with a",
        "[\"a\",\"b\",\"c\"] | [\"a\",\"b\"] | for 1x12x12 and 2 classes has ",
        "\"lenet5\" | \"vgg16\" | which needs sides of at least",
        "\"lenet5\" | \"gpt\" | the model is a \"gpt\", a network that this version",
        "\"formatVersion\":1 | \"formatVersion\":3 | has format version 3, expected 1 to 2",
        "\"formatVersion\":1 | \"formatVersion\":2 | version 2, but it does not say samples of any",
        "\"CENTRE\" | 1 | is damaged: Cannot deserialize",
      })
  void whatNoCardSaysIsRefused(String part, String odd, String message) {
    String card = Json.line(sound);
    String hostile = card.replace(part, odd);
    assertThat(hostile).isNotEqualTo(card);
    assertThatThrownBy(() -> read(hostile.getBytes(StandardCharsets.UTF_8), parameters))
        .hasMessageContaining(message)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
  }

  @Test
  void parametersAreFiniteAndAsManyAsTheNetworkHas() {
    float[] odd = parameters.clone();
    odd[7] = Float.NaN;
    assertThatThrownBy(() -> read(Json.pretty(sound), odd))
        .hasMessage("parameter 7 of the model in file:" + folder + "/model is NaN");
    assertThatThrownBy(() -> read(Json.pretty(sound), new float[3]))
        .hasMessageMatching(".*/parameters.bin holds 3 parameters, lenet5 for 1x12x12 .* has .*");
  }

  @Test
  void whateverTheCardSaysItIsReadOrBadData() {
    byte[] card = Json.line(sound).getBytes(StandardCharsets.UTF_8);
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] mutant = card.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        mutant[random.nextInt(mutant.length)] = (byte) "0-9e\"[]{},n".charAt(random.nextInt(11));
      }
      try {
        assertThat(read(mutant, parameters).card().classes()).isNotEmpty();
      } catch (BellowsException e) {
        assertThat(e.category()).as("seed " + seed + ": " + e).isEqualTo(ErrorCategory.DATA);
      }
    }
  }
}
