// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.keras;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;
import org.bellows.worker.model.tensor.PrintableName;
import org.bellows.worker.model.tensor.StoredTensor;
import org.bellows.worker.model.tensor.TensorFile;

/**
 * HDF5 files of Keras: weights alone, or whole models. Arrays are named layer/kind, "fc1/kernel". A
 * model that says that it has a layer of other than Keras' plain ones (Lambda, custom code) is
 * refused: its answers could not be ours.
 */
public final class KerasFile {
  /** "block1_conv1/block1_conv1/kernel:0", "model_weights/dense/dense/bias:0". */
  private static final Pattern ARRAY =
      Pattern.compile(
          "(?:model_weights/)?([^/]+)/(?:[^/]+/)*"
              + "(kernel|depthwise_kernel|bias|gamma|beta|moving_mean|moving_variance)(?::0)?");

  /** As Keras 1 named them: "fc1/fc1_W_1:0". */
  private static final Pattern OLD_ARRAY =
      Pattern.compile("(?:model_weights/)?([^/]+)/[^/]+_(W|b)(?:_\\d+)?(?::0)?");

  private static final Set<String> NO_LAYERS = Set.of("optimizer_weights");
  private static final byte[] CLASS = "\"class_name\": \"".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_CLASS = 64;

  /** Names that a configuration may hold: layers, and what configures them. */
  private static final Set<String> KNOWN =
      Set.of(
          "Sequential",
          "Model",
          "Functional",
          "InputLayer",
          "Conv2D",
          "DepthwiseConv2D",
          "SeparableConv2D",
          "BatchNormalization",
          "Activation",
          "ReLU",
          "Softmax",
          "Dense",
          "Dropout",
          "SpatialDropout2D",
          "Flatten",
          "Reshape",
          "Add",
          "Multiply",
          "Concatenate",
          "ZeroPadding2D",
          "MaxPooling2D",
          "AveragePooling2D",
          "GlobalAveragePooling2D",
          "GlobalMaxPooling2D",
          "L1L2",
          "L2",
          "L1",
          "Zeros",
          "Ones",
          "Constant",
          "GlorotUniform",
          "GlorotNormal",
          "HeNormal",
          "HeUniform",
          "VarianceScaling",
          "RandomNormal",
          "RandomUniform",
          "TruncatedNormal",
          "Adam",
          "SGD",
          "RMSprop",
          "ExponentialDecay",
          "CategoricalCrossentropy",
          "SparseCategoricalCrossentropy",
          "MeanMetricWrapper",
          "CategoricalAccuracy",
          "SparseCategoricalAccuracy",
          "__tuple__");

  private KerasFile() {}

  /** Whether the file begins like HDF5. */
  public static boolean recognises(byte[] content) {
    return Hdf5File.recognises(content);
  }

  /**
   * @param where names the file in messages
   * @throws BellowsException (data) in one sentence when it is damaged, or has layers with code
   */
  public static TensorFile read(byte[] content, String where) {
    requireKnownClasses(content, where);
    Map<String, StoredTensor> named = new LinkedHashMap<>();
    Hdf5File.arrays(content, where)
        .forEach(
            (path, tensor) -> {
              boolean layer = !NO_LAYERS.contains(path.split("/", 2)[0]);
              if (layer && named.put(name(path), tensor) != null) {
                throw BellowsException.data(
                    "%s is refused: it has two arrays %s"
                        .formatted(where, PrintableName.name(name(path))));
              }
            });
    return new TensorFile("Keras HDF5", named, Map.of());
  }

  private static String name(String path) {
    Matcher matcher = ARRAY.matcher(path);
    if (matcher.matches()) {
      return matcher.group(1) + "/" + matcher.group(2).replace("depthwise_", "");
    }
    Matcher old = OLD_ARRAY.matcher(path);
    if (old.matches()) {
      return old.group(1) + "/" + (old.group(2).equals("W") ? "kernel" : "bias");
    }
    return path;
  }

  /** The model's description is a text somewhere in the file, if it has one. */
  private static void requireKnownClasses(byte[] content, String where) {
    for (int at = next(content, 0); at >= 0; at = next(content, at)) {
      int end = at;
      while (end < content.length && end - at < LONGEST_CLASS && content[end] != '"') {
        end++;
      }
      String name = new String(content, at, end - at, StandardCharsets.UTF_8);
      if (!KNOWN.contains(name)) {
        throw BellowsException.data(
            ("%s is refused: its model has a %s, which may be code of its own; save the weights"
                    + " alone, model.save_weights(FILE)")
                .formatted(where, PrintableName.name(name)));
      }
    }
  }

  /** The position after the next {@code "class_name": "}; -1: there is none. */
  private static int next(byte[] content, int from) {
    for (int i = from; i <= content.length - CLASS.length; i++) {
      int matching = 0;
      while (matching < CLASS.length && content[i + matching] == CLASS[matching]) {
        matching++;
      }
      if (matching == CLASS.length) {
        return i + matching;
      }
    }
    return -1;
  }
}
