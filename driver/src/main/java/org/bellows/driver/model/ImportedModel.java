// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.NameList;
import org.bellows.models.pretrained.ExpectedInput;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.model.pretrained.ImportReport;
import org.bellows.worker.model.pretrained.WeightImport;
import org.bellows.worker.model.tensor.TensorFile;

/** Imported weights with what must be known to use them. */
public final class ImportedModel {
  private ImportedModel() {}

  /**
   * Names of classes from a text file, a line each.
   *
   * @param path null: none
   * @param expected null: as many as there are
   * @throws BellowsException (data) when a name is missing, empty or said twice
   */
  public static List<String> classNames(Configuration hadoop, String path, Integer expected) {
    if (path == null) {
      return List.of();
    }
    Path file = Storage.qualify(path);
    try {
      List<String> names = NameList.classes(Storage.fileSystem(hadoop, file), file);
      if (names.isEmpty()) {
        throw BellowsException.data(file + " is empty, expected a line for each class");
      }
      if (expected != null && expected != names.size()) {
        throw BellowsException.data(
            "%s names %d classes, --classes says %d".formatted(file, names.size(), expected));
      }
      return names;
    } catch (FileNotFoundException e) {
      throw BellowsException.data("there is no file " + file, e);
    } catch (IOException e) {
      throw Storage.failure("reading " + file, e);
    }
  }

  /**
   * @param names of the classes; none: those that the file tells, else numbers
   * @param version of Bellows, for the model's card
   */
  public static TrainedModel of(
      TensorFile file,
      WeightImport.Target target,
      WeightImport.Outcome outcome,
      List<String> names,
      String version) {
    float[] parameters = outcome.parameters();
    ImportReport report = outcome.report();
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("bellows", version);
    provenance.put("imported-from", report.file());
    provenance.put("imported-format", report.format());
    provenance.put("imported-names", report.source());
    provenance.put("imported-remarks", String.join("; ", report.remarks()));
    ModelCard told = told(file, report.file(), target);
    ExpectedInput pictures =
        told == null
            ? outcome.form().pictures()
            : new ExpectedInput(told.mean(), told.standardDeviation(), told.resizePixels());
    boolean unknown = pictures.mean().length != target.input().channels();
    ModelCard card =
        new ModelCard(
            ModelCard.FORMAT_VERSION,
            target.network().name(),
            target.input(),
            names.isEmpty() ? classes(told, target.classes()) : names,
            unknown ? filled(target, 0) : pictures.mean(),
            unknown ? filled(target, 1) : pictures.standardDeviation(),
            told == null ? evaluationCrop(target) : told.evaluationCrop(),
            pictures.resizePixels(),
            FloatArrays.sha256(parameters, parameters.length),
            provenance,
            told == null ? null : told.pixelInference(),
            told == null ? null : told.evaluationInterpolation(),
            null);
    boolean isOfSeveral = told != null && told.multiLabelled();
    return new TrainedModel(isOfSeveral ? card.with(told.multiLabel()) : card, parameters);
  }

  /** A network that answers for each pixel sees the whole picture. */
  private static AugmentSettings.EvaluationCrop evaluationCrop(WeightImport.Target target) {
    return target.network().isOfPixels()
        ? AugmentSettings.EvaluationCrop.RESIZE
        : AugmentSettings.EvaluationCrop.CENTRE;
  }

  private static List<String> classes(ModelCard told, int count) {
    return told != null && told.classes().size() == count
        ? told.classes()
        : IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private static float[] filled(WeightImport.Target target, float value) {
    float[] values = new float[target.input().channels()];
    Arrays.fill(values, value);
    return values;
  }

  /** The content of a file of Bellows; null if it does not fit. */
  private static ModelCard told(TensorFile file, String where, WeightImport.Target target) {
    String text = file.metadata().get(ModelCard.METADATA_KEY);
    if (text == null) {
      return null;
    }
    ModelCard card =
        Json.read(text.getBytes(StandardCharsets.UTF_8), ModelCard.class, where)
            .requireSound(where);
    int channels = target.input().channels();
    return card.mean().length == channels && card.standardDeviation().length == channels
        ? card
        : null;
  }
}
