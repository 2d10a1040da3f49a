// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.FileContents;
import org.bellows.data.storage.Sha256;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.lease.Fence;

/** Reads and writes {@code manifest.json}. */
public final class ManifestFile {
  public static final String NAME = "manifest.json";

  private static final String INSTANCES = "instances";
  private static final String MULTI_LABEL = "multiLabel";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private ManifestFile() {}

  /**
   * @throws BellowsException (data) when there is no dataset, or its manifest cannot be understood
   */
  public static DatasetManifest read(Configuration hadoop, String dataPath) {
    Path folder = Storage.qualify(dataPath);
    FileSystem files = Storage.fileSystem(hadoop, folder);
    Path file = new Path(folder, NAME);
    byte[] content;
    try {
      content = FileContents.read(hadoop, file, FileContents.MOST_DESCRIPTION_BYTES);
    } catch (FileNotFoundException e) {
      throw missing(files, folder);
    } catch (IOException e) {
      throw Storage.readFailure("reading " + file, hadoop, file, e);
    }
    return parse(file, content);
  }

  /** For a dataset that no other process writes. */
  public static void write(Configuration hadoop, String dataPath, DatasetManifest manifest) {
    write(Fence.none(hadoop), Storage.qualify(dataPath), manifest);
  }

  /** Whole or not at all: a reader never sees half a manifest. */
  public static void write(Fence fence, Path folder, DatasetManifest manifest) {
    try {
      fence.replace(
          new Path(folder, NAME),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest cannot be written as JSON", e);
    }
  }

  /** The dataset's identity: see this package's documentation. */
  public static String sha256(DatasetManifest manifest) {
    Map<String, Object> identity = new LinkedHashMap<>();
    identity.put("classes", manifest.classes());
    identity.put("formatVersion", manifest.formatVersion());
    identity.put("splits", manifest.splits().stream().map(Split::ofAnyWriter).toList());
    if (manifest.hasPixelClasses()) {
      identity.put("pixelClasses", manifest.pixelClasses());
    }
    if (manifest.instances()) {
      identity.put(INSTANCES, true);
    }
    if (manifest.multiLabel()) {
      identity.put(MULTI_LABEL, true);
    }
    try {
      return Sha256.of(JSON.writeValueAsString(identity).getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest cannot be written as JSON", e);
    }
  }

  /**
   * @param file names the content in messages
   * @throws BellowsException (data) when it cannot be understood, or no dataset can be like that
   */
  public static DatasetManifest parse(Object file, byte[] content) {
    try {
      JsonNode tree = JSON.readTree(content);
      if (tree == null || !tree.isObject()) {
        throw BellowsException.data(file + " is not a JSON object of " + content.length + " bytes");
      }
      int version = tree.path("formatVersion").asInt(0);
      if (!DatasetManifest.FORMAT.reads(version)) {
        throw BellowsException.data(
            "%s has format version %s, this version of Bellows reads %s; prepare the data again"
                .formatted(file, tree.path("formatVersion").asText(), DatasetManifest.FORMAT));
      }
      addEmpty(tree, "pixelClasses");
      for (String flag : List.of(INSTANCES, MULTI_LABEL)) {
        if (!tree.has(flag)) {
          ((ObjectNode) tree).put(flag, false);
        }
      }
      tree.path("splits").forEach(split -> addEmpty(split, "labelPixels"));
      DatasetManifest manifest = JSON.treeToValue(tree, DatasetManifest.class);
      ManifestCheck.check(file, manifest);
      return manifest;
    } catch (JsonProcessingException e) {
      String reason =
          e.getCause() instanceof NullPointerException
              ? "a list contains a null"
              : e.getOriginalMessage();
      throw BellowsException.data(
          file + " (" + content.length + " bytes) is damaged: " + reason, e);
    } catch (IOException e) {
      throw Storage.failure("reading " + file, e);
    }
  }

  /** Empty fields are not written. */
  private static void addEmpty(JsonNode node, String list) {
    if (node instanceof ObjectNode object && !object.has(list)) {
      object.putArray(list);
    }
  }

  private static BellowsException missing(FileSystem files, Path folder) {
    try {
      return files.exists(folder)
          ? BellowsException.data(
              folder
                  + " is not a prepared dataset: it holds no "
                  + NAME
                  + " (run \"prepare\" to the end)")
          : BellowsException.data("there is no dataset at " + folder + ": no such path");
    } catch (IOException e) {
      return Storage.failure("reading " + folder, e);
    }
  }
}
