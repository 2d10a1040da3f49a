// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.worker.model.tensor.ElementType;
import org.bellows.worker.model.tensor.PrintableName;

/**
 * The names of Python that a checkpoint may use, and the result of calling them: an empty
 * dictionary, or the description of a tensor. No other is let through.
 */
final class TorchGlobals {
  private static final String DICTIONARY = "collections.OrderedDict";
  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String OLD_TENSOR = "torch._utils._rebuild_tensor";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final String SHAPE = "torch.Size";
  private static final Set<String> FUNCTIONS =
      Set.of(DICTIONARY, TENSOR, OLD_TENSOR, PARAMETER, SHAPE);

  private static final Map<String, ElementType> STORAGES =
      Map.ofEntries(
          Map.entry("torch.DoubleStorage", ElementType.FLOAT64),
          Map.entry("torch.FloatStorage", ElementType.FLOAT32),
          Map.entry("torch.HalfStorage", ElementType.FLOAT16),
          Map.entry("torch.BFloat16Storage", ElementType.BFLOAT16),
          Map.entry("torch.LongStorage", ElementType.INT64),
          Map.entry("torch.IntStorage", ElementType.INT32),
          Map.entry("torch.ShortStorage", ElementType.INT16),
          Map.entry("torch.CharStorage", ElementType.INT8),
          Map.entry("torch.ByteStorage", ElementType.UINT8),
          Map.entry("torch.BoolStorage", ElementType.BOOL));

  private final String where;

  /** By key, in the order in which they are named first. */
  private final Map<String, TorchStorage> storages = new LinkedHashMap<>();

  /**
   * @param where names the file in messages
   */
  TorchGlobals(String where) {
    this.where = where;
  }

  Map<String, TorchStorage> storages() {
    return storages;
  }

  /**
   * @throws BellowsException (data) naming what is not allowed
   */
  PickleGlobal allowed(String module, String name) {
    PickleGlobal global = new PickleGlobal(module, name);
    String text = global.toString();
    if (!FUNCTIONS.contains(text) && !STORAGES.containsKey(text)) {
      throw BellowsException.data(
          ("%s is refused: it wants Python's %s, which arrays do not need; save the weights alone,"
                  + " torch.save(model.state_dict(), FILE)")
              .formatted(where, PrintableName.name(text)));
    }
    return global;
  }

  Object call(PickleGlobal function, PickleTuple arguments) {
    List<Object> items = arguments.items();
    return switch (function.toString()) {
      case DICTIONARY -> dictionary(items);
      case TENSOR, OLD_TENSOR -> tensor(items);
      case PARAMETER -> argument(items, 0, TensorView.class);
      case SHAPE -> argument(items, 0, PickleTuple.class);
      default -> throw refused("calls " + function);
    };
  }

  /** Python 2 gives the items as pairs right away. */
  private Map<Object, Object> dictionary(List<Object> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (arguments.isEmpty()) {
      return map;
    }
    for (Object pair : argument(arguments, 0, List.class)) {
      List<?> items = pair instanceof PickleTuple tuple ? tuple.items() : List.of();
      List<?> two = pair instanceof List<?> list ? list : items;
      if (two.size() != 2 || !(two.get(0) instanceof String)) {
        throw refused("a dictionary's items are no pairs of a name and a value");
      }
      map.put(two.get(0), two.get(1));
    }
    return map;
  }

  /** (storage, offset, shape, strides, ..): what follows is about training. */
  private TensorView tensor(List<Object> arguments) {
    return new TensorView(
        argument(arguments, 0, TorchStorage.class),
        argument(arguments, 1, Long.class),
        numbers(argument(arguments, 2, PickleTuple.class)),
        numbers(argument(arguments, 3, PickleTuple.class)));
  }

  /** ("storage", type, key, device, elements[, view]). */
  TorchStorage storage(PickleTuple id) {
    List<Object> items = id.items();
    ElementType type = STORAGES.get(argument(items, 1, PickleGlobal.class).toString());
    if (type == null || !"storage".equals(items.get(0))) {
      throw refused("what should name a storage does not");
    }
    if (items.size() > 5 && items.get(5) != PickleReader.None.NONE) {
      throw refused("it has views of storages, which PyTorch before 0.4 wrote");
    }
    String key = argument(items, 2, String.class);
    long elements = argument(items, 4, Long.class);
    if (elements < 0 || elements > Integer.MAX_VALUE) {
      throw refused("a storage has %d elements".formatted(elements));
    }
    TorchStorage storage = new TorchStorage(key, type, elements);
    TorchStorage known = storages.putIfAbsent(key, storage);
    if (known != null && !known.equals(storage)) {
      throw refused("storage %s is described twice".formatted(PrintableName.name(key)));
    }
    return storage;
  }

  private long[] numbers(PickleTuple tuple) {
    long[] numbers = new long[tuple.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = argument(tuple.items(), i, Long.class);
    }
    return numbers;
  }

  private <T> T argument(List<Object> items, int index, Class<T> type) {
    if (index >= items.size() || !type.isInstance(items.get(index))) {
      throw refused(
          "argument %d of something that it builds is no %s"
              .formatted(index + 1, type.getSimpleName()));
    }
    return type.cast(items.get(index));
  }

  private BellowsException refused(String why) {
    return BellowsException.data(where + " is refused: " + why);
  }
}
