// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PixelInference;
import org.bellows.data.storage.FormatVersion;
import org.bellows.models.graph.InputShape;
import org.bellows.worker.files.NullableMember;

/**
 * The facts about a model that its user needs.
 *
 * @param formatVersion of this record
 * @param network name, as in {@code model.name}
 * @param classes in label order
 * @param mean per channel, in 0..1, that pixels were normalised with
 * @param standardDeviation likewise
 * @param evaluationCrop how images are brought to the input's size
 * @param resizePixels shorter side before a centre crop, 0: the input's larger side
 * @param parametersSha256 of the flat vector
 * @param provenance identity of the run, natives, versions
 * @param pixelInference how the evaluations of its training showed it pictures; null for a model of
 *     images' classes, and where nothing says so (models of other programs, and earlier ones)
 * @param evaluationInterpolation how images are resized; null: bilinear, as in earlier models
 * @param multiLabel null unless samples are of any number of classes
 */
public record ModelCard(
    int formatVersion,
    String network,
    InputShape input,
    List<String> classes,
    float[] mean,
    float[] standardDeviation,
    AugmentSettings.EvaluationCrop evaluationCrop,
    int resizePixels,
    String parametersSha256,
    Map<String, String> provenance,
    @JsonProperty @NullableMember @JsonInclude(JsonInclude.Include.NON_NULL)
        PixelInference pixelInference,
    @JsonProperty @NullableMember @JsonInclude(JsonInclude.Include.NON_NULL)
        AugmentSettings.EvaluationInterpolation evaluationInterpolation,
    @JsonProperty @NullableMember @JsonInclude(JsonInclude.Include.NON_NULL) MultiLabel multiLabel)
    implements Serializable {
  public static final int FORMAT_VERSION = 1;

  /** Version of cards of models for samples of any number of classes: older builds refuse them. */
  public static final int MULTI_LABEL_FORMAT_VERSION = 2;

  static final FormatVersion FORMAT = new FormatVersion(1, MULTI_LABEL_FORMAT_VERSION);

  /** As {@code model.height-pixels} and {@code augment.resize-pixels} allow. */
  static final int MOST_PIXELS_A_SIDE = 4096;

  /** Under which a card stands, as JSON, in the metadata of files for other programs. */
  public static final String METADATA_KEY = "bellows-card";

  /** A card that does not say how a network for pixels is shown a picture. */
  public ModelCard(
      int formatVersion,
      String network,
      InputShape input,
      List<String> classes,
      float[] mean,
      float[] standardDeviation,
      AugmentSettings.EvaluationCrop evaluationCrop,
      int resizePixels,
      String parametersSha256,
      Map<String, String> provenance) {
    this(
        formatVersion,
        network,
        input,
        classes,
        mean,
        standardDeviation,
        evaluationCrop,
        resizePixels,
        parametersSha256,
        provenance,
        null,
        null,
        null);
  }

  /**
   * Whether a sample is of any number of classes. Not called as a bean's property, which JSON has.
   */
  public boolean multiLabelled() {
    return multiLabel != null;
  }

  /** The same for samples of any number of classes. */
  public ModelCard with(MultiLabel several) {
    return new ModelCard(
        MULTI_LABEL_FORMAT_VERSION,
        network,
        input,
        classes,
        mean,
        standardDeviation,
        evaluationCrop,
        resizePixels,
        parametersSha256,
        provenance,
        pixelInference,
        evaluationInterpolation,
        several);
  }

  /** How images are resized to the input. */
  public AugmentSettings.EvaluationInterpolation interpolation() {
    return evaluationInterpolation == null
        ? AugmentSettings.EvaluationInterpolation.BILINEAR
        : evaluationInterpolation;
  }

  /**
   * A card that was checked: its content may come from any source, and decides what is allocated.
   *
   * @param where names the card in messages
   * @throws BellowsException (data) saying the first thing that no model's card says
   */
  public ModelCard requireSound(Object where) {
    CardCheck.check(this, where);
    return this;
  }
}
