package org.bellows.worker.model;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.bellows.conf.AugmentSettings;
import org.bellows.models.network.InputShape;

/**
 * What one must know of a model to use it.
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
    Map<String, String> provenance)
    implements Serializable {
  public static final int FORMAT_VERSION = 1;

  /** Under which a card stands, as JSON, in the metadata of files for other programs. */
  public static final String METADATA_KEY = "bellows-card";
}
