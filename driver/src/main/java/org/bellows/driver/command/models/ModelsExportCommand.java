// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.DisjointPaths;
import org.bellows.data.storage.Storage;
import org.bellows.driver.spark.SiteConfiguration;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.model.pretrained.ModelExport;
import org.bellows.worker.natives.NativeLibraries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code models export}: a model as a file for other programs. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    header = "Writes a model as an ONNX or a safetensors file.",
    description = {"ONNX files use operators of version 13."})
final class ModelsExportCommand implements Callable<Integer> {
  /** Kinds of files. */
  enum Format {
    ONNX,
    SAFETENSORS
  }

  @Option(
      names = "--from",
      required = true,
      paramLabel = "MODEL",
      description = "A training run, an imported model, or a model's folder.")
  private String from;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "onnx or safetensors.")
  private Format format;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The new file. A Hadoop path.")
  private String output;

  @Option(
      names = "--fold",
      description = "onnx: puts each BatchNorm into the convolution before it.")
  private boolean fold;

  @Option(
      names = "--names",
      defaultValue = "bellows",
      paramLabel = "SOURCE",
      description =
          "safetensors: whose names, such as torchvision, where it has the network. Default:"
              + " bellows.")
  private String names;

  @Override
  public Integer call() {
    NativeLibraries.load();
    Configuration hadoop = SiteConfiguration.read();
    // A training that continues there replaces this folder as a whole.
    new DisjointPaths(hadoop).notInside("--output", output, "--from", modelFolder()).require();
    TrainedModel model = TrainedModel.read(hadoop, from);
    Path file = Storage.qualify(output);
    long bytes =
        switch (format) {
          case ONNX -> ModelExport.onnx(hadoop, model, fold, file);
          case SAFETENSORS -> ModelExport.safetensors(hadoop, model, names, file);
        };
    System.out.printf(Locale.ROOT, "%s: %,d bytes%n", file, bytes);
    return 0;
  }

  private String modelFolder() {
    boolean isFolder = Storage.qualify(from).getName().equals(TrainedModel.FOLDER);
    return isFolder ? from : from + "/" + TrainedModel.FOLDER;
  }
}
