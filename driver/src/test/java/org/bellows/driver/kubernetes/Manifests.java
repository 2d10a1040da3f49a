// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.bellows.driver.kubernetes.GangSchedulers.PodGroup;
import org.bellows.driver.kubernetes.SparkOperator.ScheduledSparkApplication;
import org.bellows.driver.kubernetes.SparkOperator.SparkApplication;

/**
 * Reads manifests as strictly as an API server that is asked to validate fields: one that a kind
 * does not have, or a value of another type, is refused. Kinds of Kubernetes itself are fabric8's
 * classes, which are generated from its API; those of the Spark operator are {@link SparkOperator},
 * those of other schedulers {@link GangSchedulers}.
 */
final class Manifests {
  static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();
  static final Path TARGET = DEPLOY.resolve("targets/kubernetes");

  private static final Map<String, Class<?>> KINDS =
      Map.ofEntries(
          Map.entry("v1 Pod", Pod.class),
          Map.entry("v1 Service", Service.class),
          Map.entry("v1 ServiceAccount", ServiceAccount.class),
          Map.entry("v1 ConfigMap", ConfigMap.class),
          Map.entry("batch/v1 Job", Job.class),
          Map.entry("batch/v1 CronJob", CronJob.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
          Map.entry("rbac.authorization.k8s.io/v1 Role", Role.class),
          Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class),
          Map.entry("scheduling.k8s.io/v1 PriorityClass", PriorityClass.class),
          Map.entry("scheduling.volcano.sh/v1beta1 PodGroup", PodGroup.class),
          Map.entry("sparkoperator.k8s.io/v1beta2 SparkApplication", SparkApplication.class),
          Map.entry(
              "sparkoperator.k8s.io/v1beta2 ScheduledSparkApplication",
              ScheduledSparkApplication.class));

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final JsonMapper STRICT = strict();

  private Manifests() {}

  /** Fabric8's classes keep fields that they do not know, unless told not to. */
  private static final class NothingUnknown extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return Boolean.FALSE;
    }
  }

  private static JsonMapper strict() {
    JsonMapper mapper =
        JsonMapper.builder()
            .annotationIntrospector(new NothingUnknown())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();
    for (CoercionInputShape scalar :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      mapper.coercionConfigFor(LogicalType.Textual).setCoercion(scalar, CoercionAction.Fail);
    }
    return mapper;
  }

  /** All documents of a file. */
  static List<Object> read(Path file) throws IOException {
    return parse(file.getFileName().toString(), Files.readString(file));
  }

  /** The one document of that kind in a file of the target. */
  static <T> T read(String file, Class<T> kind) throws IOException {
    List<T> found =
        read(TARGET.resolve(file)).stream().filter(kind::isInstance).map(kind::cast).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "%s holds %d of %s, expected 1".formatted(file, found.size(), kind.getSimpleName()));
    }
    return found.get(0);
  }

  /** Of a file of Spark's settings. */
  static Map<String, String> properties(String file) throws IOException {
    Properties read = new Properties();
    try (var in = Files.newBufferedReader(TARGET.resolve(file))) {
      read.load(in);
    }
    Map<String, String> properties = new TreeMap<>();
    read.forEach((key, value) -> properties.put((String) key, ((String) value).trim()));
    return properties;
  }

  /**
   * @throws IllegalArgumentException that names file, kind and field of what does not fit
   */
  static List<Object> parse(String name, String text) throws IOException {
    List<Object> documents = new ArrayList<>();
    try (var trees =
        YAML.readerFor(JsonNode.class).<JsonNode>readValues(new YAMLFactory().createParser(text))) {
      while (trees.hasNextValue()) {
        documents.add(typed(name, trees.nextValue()));
      }
    }
    return documents;
  }

  private static Object typed(String name, JsonNode tree) {
    String kind = tree.path("apiVersion").asText() + " " + tree.path("kind").asText();
    Class<?> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException(
          "%s: %s is none of the kinds that are known: %s".formatted(name, kind, KINDS.keySet()));
    }
    try {
      return STRICT.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("%s: %s: %s".formatted(name, kind, e.getMessage()), e);
    }
  }
}
