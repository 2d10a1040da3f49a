// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.pretrained;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.ChecksumFiles;
import org.bellows.data.storage.Storage;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.pretrained.ForeignParameter;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.models.zoo.PretrainedForms;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.model.onnx.OnnxExport;
import org.bellows.worker.model.safetensors.Safetensors;

/** A model as a file for other programs: there whole or not at all. */
public final class ModelExport {
  private ModelExport() {}

  /**
   * @param fold puts each BatchNorm into the convolution before it
   * @return bytes written
   */
  public static long onnx(Configuration hadoop, TrainedModel model, boolean fold, Path file) {
    return write(hadoop, file, out -> OnnxExport.write(model, fold, out));
  }

  /**
   * @param source whose names; {@link PretrainedForm#OWN} gives back bit for bit what was exported
   * @return bytes written
   * @throws BellowsException (configuration) when the source does not know the network
   */
  public static long safetensors(
      Configuration hadoop, TrainedModel model, String source, Path file) {
    Map<String, Safetensors.Array> arrays = arrays(model, source);
    Map<String, String> metadata =
        Map.of("format", "pt", ModelCard.METADATA_KEY, Json.line(model.card()));
    return write(hadoop, file, out -> Safetensors.write(out, arrays, metadata));
  }

  private static Map<String, Safetensors.Array> arrays(TrainedModel model, String source) {
    ModelCard card = model.card();
    NetworkGraph graph =
        NetworkRegistry.standard().get(card.network()).graph(card.input(), card.classes().size());
    List<PretrainedForm> forms = new ArrayList<>(PretrainedForms.of(card.network()));
    forms.add(PretrainedForm.own(graph));
    List<String> sources = forms.stream().map(PretrainedForm::source).toList();
    if (!sources.contains(source)) {
      throw BellowsException.configuration(
          "--names is \"%s\", but %s is known under the names of %s"
              .formatted(source, card.network(), Words.and(sources)));
    }
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    for (ForeignParameter parameter :
        ForeignParameter.of(graph, model.parameters(), forms.get(sources.indexOf(source)))) {
      arrays.put(parameter.name(), new Safetensors.Array(parameter.shape(), parameter.read()));
    }
    return arrays;
  }

  private static long write(Configuration hadoop, Path file, AtomicFile.Content content) {
    FileSystem found = Storage.fileSystem(hadoop, file);
    FileSystem files = ChecksumFiles.without(found);
    try {
      if (files.exists(file)) {
        throw BellowsException.configuration(file + " is there already; give a new path");
      }
      ChecksumFiles.remove(found, file);
      AtomicFile.write(
          files,
          file,
          out -> {
            BufferedOutputStream buffered = new BufferedOutputStream(out);
            content.writeTo(buffered);
            buffered.flush();
          });
      return files.getFileStatus(file).getLen();
    } catch (IOException e) {
      throw Storage.writeFailure(file, e);
    }
  }
}
