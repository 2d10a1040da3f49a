// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.worker.model.tensor.ByteSlice;
import org.bellows.worker.model.tensor.PrintableName;
import org.bellows.worker.model.tensor.StoredTensor;

/** Finds the dictionary of arrays in what was saved. */
final class StateDict {
  /** Under which checkpoints of training programs keep it. */
  private static final List<String> WRAPPERS =
      List.of("state_dict", "model_state_dict", "model", "net", "network");

  /** The prefix that DataParallel and torch.compile put before each name. */
  private static final List<String> PREFIXES = List.of("module.", "_orig_mod.");

  private StateDict() {}

  /**
   * @param bytes of the storages, by key
   * @throws BellowsException (data) when there is none, or an array is outside its storage
   */
  static Map<String, StoredTensor> of(Object root, Map<String, ByteSlice> bytes, String where) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    dictionary(root, where)
        .forEach(
            (key, value) -> {
              if (value instanceof TensorView view) {
                String name = String.valueOf(key);
                tensors.put(name, tensor(name, view, bytes, where));
              }
            });
    return withoutPrefix(tensors);
  }

  private static Map<?, ?> dictionary(Object root, String where) {
    if (root instanceof Map<?, ?> map) {
      if (holdsArrays(map)) {
        return map;
      }
      for (String wrapper : WRAPPERS) {
        if (map.get(wrapper) instanceof Map<?, ?> inner && holdsArrays(inner)) {
          return inner;
        }
      }
    }
    throw BellowsException.data(
        "%s holds no dictionary of arrays, neither at its top nor under %s"
            .formatted(where, Words.or(WRAPPERS)));
  }

  private static boolean holdsArrays(Map<?, ?> map) {
    return map.keySet().stream().allMatch(String.class::isInstance)
        && map.values().stream().filter(TensorView.class::isInstance).count() > map.size() / 2;
  }

  private static StoredTensor tensor(
      String name, TensorView view, Map<String, ByteSlice> bytes, String where) {
    ByteSlice slice = bytes.get(view.storage().key());
    if (slice == null) {
      throw BellowsException.data(
          "%s is refused: array %s has a storage that is not there"
              .formatted(where, PrintableName.name(name)));
    }
    try {
      return StoredTensor.strided(
          PrintableName.name(name),
          view.storage().type(),
          view.shape(),
          view.strides(),
          view.offset(),
          slice);
    } catch (IllegalArgumentException e) {
      throw BellowsException.data(
          "%s is refused: array %s %s".formatted(where, PrintableName.name(name), e.getMessage()),
          e);
    }
  }

  /** Each is taken off once, in either order. */
  private static Map<String, StoredTensor> withoutPrefix(Map<String, StoredTensor> tensors) {
    Map<String, StoredTensor> bare = tensors;
    for (int round = 0; round < PREFIXES.size(); round++) {
      for (String prefix : PREFIXES) {
        if (!bare.isEmpty() && bare.keySet().stream().allMatch(key -> key.startsWith(prefix))) {
          Map<String, StoredTensor> shorter = new LinkedHashMap<>();
          bare.forEach((name, tensor) -> shorter.put(name.substring(prefix.length()), tensor));
          bare = shorter;
        }
      }
    }
    return bare;
  }
}
