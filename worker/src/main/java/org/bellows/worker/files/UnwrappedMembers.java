// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
import com.fasterxml.jackson.databind.ser.ResolvableSerializer;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Records with a component that is {@link Unwrapped}. */
final class UnwrappedMembers {
  private UnwrappedMembers() {}

  static SimpleModule module() {
    return new SimpleModule("unwrapped members")
        .setSerializerModifier(new Writers())
        .setDeserializerModifier(new Readers());
  }

  private static Optional<String> unwrapped(Class<?> type) {
    return components(type).stream()
        .filter(component -> component.isAnnotationPresent(Unwrapped.class))
        .map(RecordComponent::getName)
        .findFirst();
  }

  private static List<RecordComponent> components(Class<?> type) {
    return type.isRecord() ? List.of(type.getRecordComponents()) : List.of();
  }

  /** Names of members that are the record's own. */
  private static Set<String> own(Class<?> type, String unwrapped) {
    Set<String> own = new HashSet<>();
    components(type).forEach(component -> own.add(component.getName()));
    own.remove(unwrapped);
    JsonIgnoreProperties ignored = type.getAnnotation(JsonIgnoreProperties.class);
    if (ignored != null) {
      own.addAll(Arrays.asList(ignored.value()));
    }
    return own;
  }

  private static final class Writers extends BeanSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("unchecked")
    public JsonSerializer<?> modifySerializer(
        SerializationConfig config, BeanDescription bean, JsonSerializer<?> serializer) {
      return unwrapped(bean.getBeanClass())
          .<JsonSerializer<?>>map(
              name -> new Writer((JsonSerializer<Object>) serializer, bean.getBeanClass(), name))
          .orElse(serializer);
    }
  }

  private static final class Readers extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
      return unwrapped(bean.getBeanClass())
          .<JsonDeserializer<?>>map(
              name -> new Reader(deserializer, name, own(bean.getBeanClass(), name)))
          .orElse(deserializer);
    }
  }

  private static final class Writer extends JsonSerializer<Object>
      implements ResolvableSerializer, ContextualSerializer {
    private final JsonSerializer<Object> record;
    private final Class<?> type;
    private final String unwrapped;

    Writer(JsonSerializer<Object> record, Class<?> type, String unwrapped) {
      this.record = record;
      this.type = type;
      this.unwrapped = unwrapped;
    }

    @Override
    public void resolve(SerializerProvider provider) throws JsonMappingException {
      if (record instanceof ResolvableSerializer resolvable) {
        resolvable.resolve(provider);
      }
    }

    @Override
    @SuppressWarnings("unchecked")
    public JsonSerializer<?> createContextual(SerializerProvider provider, BeanProperty property)
        throws JsonMappingException {
      JsonSerializer<?> inContext = provider.handlePrimaryContextualization(record, property);
      return new Writer((JsonSerializer<Object>) inContext, type, unwrapped);
    }

    /** Components are in the order of their names; other members come after them. */
    @Override
    public void serialize(Object value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      JsonParser inner = inner((Record) value, provider);
      out.writeStartObject(value);
      for (Iterator<PropertyWriter> all = record.properties(); all.hasNext(); ) {
        PropertyWriter member = all.next();
        if (member.getName().equals(unwrapped)) {
          continue;
        }
        boolean isComponent = isComponent(member.getName());
        while (inner.currentToken() == JsonToken.FIELD_NAME
            && (!isComponent || inner.currentName().compareTo(member.getName()) < 0)) {
          copyMember(inner, out);
        }
        write(member, value, out, provider);
      }
      while (inner.currentToken() == JsonToken.FIELD_NAME) {
        copyMember(inner, out);
      }
      out.writeEndObject();
    }

    private boolean isComponent(String name) {
      return components(type).stream().anyMatch(component -> component.getName().equals(name));
    }

    private static void write(
        PropertyWriter member, Object value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      try {
        member.serializeAsField(value, out, provider);
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw JsonMappingException.wrapWithPath(e, value, member.getName());
      }
    }

    /** The component's JSON, before the name of its first member. */
    private JsonParser inner(Record value, SerializerProvider provider) throws IOException {
      TokenBuffer members = provider.bufferForValueConversion();
      provider.defaultSerializeValue(Members.member(value, unwrapped), members);
      JsonParser inner = members.asParser();
      inner.nextToken();
      inner.nextToken();
      return inner;
    }

    private static void copyMember(JsonParser inner, JsonGenerator out) throws IOException {
      out.writeFieldName(inner.currentName());
      inner.nextToken();
      out.copyCurrentStructure(inner);
      inner.nextToken();
    }
  }

  private static final class Reader extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    private final String unwrapped;
    private final HashSet<String> own;

    Reader(JsonDeserializer<?> record, String unwrapped, Set<String> own) {
      super(record);
      this.unwrapped = unwrapped;
      this.own = new HashSet<>(own);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> record) {
      return new Reader(record, unwrapped, own);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.isExpectedStartObjectToken()) {
        return super.deserialize(parser, context);
      }
      TokenBuffer members = context.bufferForInputBuffering(parser);
      TokenBuffer inner = context.bufferForInputBuffering(parser);
      members.writeStartObject();
      inner.writeStartObject();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        TokenBuffer to = own.contains(parser.currentName()) ? members : inner;
        to.copyCurrentStructure(parser);
      }
      inner.writeEndObject();
      members.writeFieldName(unwrapped);
      members.append(inner);
      members.writeEndObject();
      JsonParser rearranged = members.asParser(parser);
      rearranged.nextToken();
      return super.deserialize(rearranged, context);
    }
  }
}
