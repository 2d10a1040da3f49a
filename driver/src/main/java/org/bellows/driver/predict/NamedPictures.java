// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.predict.PixelPredictor;

/** Label maps of picture files that are named, in this process. */
public final class NamedPictures {
  private final Configuration hadoop;
  private final Settings settings;
  private final TrainedEnsemble trained;

  /**
   * @param trained that says a class of each pixel
   */
  public NamedPictures(Configuration hadoop, Settings settings, TrainedEnsemble trained) {
    this.hadoop = hadoop;
    this.settings = settings;
    this.trained = trained;
  }

  /**
   * Predicts them in their order; files are written if there is an {@code output.path}.
   *
   * @param done hears of each picture
   * @throws BellowsException (data) when two pictures would be predicted to one file;
   *     (infrastructure) when a disk or a network does not answer
   */
  public PicturePart predict(List<ImageArguments.Image> images, Consumer<PictureLine> done) {
    List<String> names =
        PictureNames.ofAll(images.stream().map(image -> image.path().toUri().getPath()).toList());
    PictureFiles files = PictureFiles.of(hadoop, settings, trained.card().classes(), List.of());
    if (files.folder() != null) {
      OutputCollisions.requireNone(images.stream().map(ImageArguments.Image::name).toList(), names);
      files.removeOld(hadoop);
    }
    ImageDecoder decoder = new ImageDecoder(settings.prepare().maxPixels());
    List<PictureInput> inputs = new ArrayList<>();
    for (ImageArguments.Image image : images) {
      inputs.add(
          new PictureInput(
              inputs.size(),
              image.name(),
              names.get(inputs.size()),
              () -> NamedPicture.read(decoder, hadoop, image)));
    }
    try (PixelPredictor predictor = PredictModel.predictor(trained, settings)) {
      return new PartPrediction(hadoop, predictor, files, settings.data().decodeThreads())
          .run(0, inputs.iterator(), done);
    }
  }
}
