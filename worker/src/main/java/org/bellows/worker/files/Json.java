// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.bellows.conf.BellowsException;

/**
 * JSON of records: keys sorted, so that equal content gives equal bytes. A number that is not
 * finite is written as null; {@link MayBeNotFinite} says where it is read again. Every component of
 * a record must be in the JSON, except those with {@link JsonProperty} that older files do not
 * have: they are then 0, false or null. The members of an {@link Unwrapped} component stand among
 * those of its record.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .annotationIntrospector(new RequiredUnlessSaid())
          .addModule(FiniteNumbers.module())
          .addModule(Primitives.module())
          .addModule(UnwrappedMembers.module())
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * A component with {@code @JsonProperty} states itself whether it is required; all others are.
   */
  private static final class RequiredUnlessSaid extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      JsonProperty said = _findAnnotation(member, JsonProperty.class);
      return said == null ? member instanceof AnnotatedParameter : said.required();
    }
  }

  /** One line, no spaces. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  public static byte[] pretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  /**
   * @param where names the content in messages
   * @param type of a record, every member must be there; it may be null only where its type is that
   *     of a boxed number, or it is marked as {@link NullableMember}
   * @throws BellowsException (data) when the content is not what the type needs
   */
  public static <T> T read(byte[] content, Class<T> type, Object where) {
    try {
      T value = MAPPER.readValue(content, type);
      if (value == null) {
        throw BellowsException.data(where + " holds nothing");
      }
      Members.requireAll(value, where);
      return value;
    } catch (IOException e) {
      throw BellowsException.data(
          where + " (" + content.length + " bytes) is damaged: " + firstLine(e), e);
    }
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
