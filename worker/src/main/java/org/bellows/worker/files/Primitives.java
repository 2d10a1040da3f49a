// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.List;

/**
 * A primitive that is null in a file is no zero. (Jackson's own switch for that, {@code
 * FAIL_ON_NULL_FOR_PRIMITIVES}, would not let one be absent either where it may be.)
 */
final class Primitives {
  private Primitives() {}

  static SimpleModule module() {
    SimpleModule module = new SimpleModule("primitives");
    for (Class<?> type : List.of(int.class, long.class, double.class, boolean.class)) {
      add(module, type);
    }
    return module;
  }

  @SuppressWarnings("unchecked")
  private static <T> void add(SimpleModule module, Class<T> type) {
    JsonDeserializer<T> standard =
        (JsonDeserializer<T>) NumberDeserializers.find(type, type.getName());
    module.addDeserializer(type, new Present<>(type, standard));
  }

  private static final class Present<T> extends JsonDeserializer<T> {
    private final Class<T> type;
    private final JsonDeserializer<T> standard;

    Present(Class<T> type, JsonDeserializer<T> standard) {
      this.type = type;
      this.standard = standard;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return standard.deserialize(parser, context);
    }

    @Override
    public T getNullValue(DeserializationContext context) throws JsonMappingException {
      return context.reportInputMismatch(type, "Cannot map `null` into type `%s`", type.getName());
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) throws JsonMappingException {
      return standard.getNullValue(context);
    }
  }
}
