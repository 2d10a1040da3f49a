// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.storage.NumberedEntries;
import org.bellows.data.storage.Storage;

/** All models below one path. */
public final class ModelRegistry {
  private static final String MODELS = "models";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final Configuration hadoop;
  private final Path models;

  /**
   * @param path {@code registry.path}; need not be there yet
   */
  public ModelRegistry(Configuration hadoop, String path) {
    this.hadoop = hadoop;
    this.models = new Path(Storage.qualify(path), MODELS);
  }

  /**
   * @throws BellowsException (data) when there is no folder of a registry
   */
  public void requireThere() {
    FileSystem files = Storage.fileSystem(hadoop, models);
    try {
      if (!files.exists(models)) {
        throw BellowsException.data(
            files.exists(models.getParent())
                ? models.getParent()
                    + " is no registry: it has no folder models; \"bellows retrain\" makes one"
                : "there is no registry at "
                    + models.getParent()
                    + ": no such path; \"bellows retrain\" makes one");
      }
    } catch (IOException e) {
      throw Storage.failure("reading " + models, e);
    }
  }

  /** Names of the models that there are, sorted. */
  public List<String> names() {
    return NumberedEntries.names(hadoop, models).stream().filter(NAME.asMatchPredicate()).toList();
  }

  /**
   * A model to write to; it need not be there yet.
   *
   * @throws BellowsException (configuration) when no model can have this name
   */
  public RegisteredModel model(String name) {
    if (!NAME.matcher(name).matches()) {
      throw BellowsException.configuration(
          "\"%s\" is no name for a model in a registry; allowed: letters, digits, dots, underscores and dashes, a letter or digit first"
              .formatted(name));
    }
    return new RegisteredModel(hadoop, new Path(models, name));
  }

  /**
   * @throws BellowsException (data) naming the models that there are
   */
  public RegisteredModel existing(String name) {
    RegisteredModel model = model(name);
    if (!names().contains(name)) {
      throw BellowsException.data(
          "there is no model \"%s\" in %s; there %s"
              .formatted(
                  name, models, names().isEmpty() ? "is none" : "are: " + Words.and(names())));
    }
    return model;
  }

  /**
   * @param reference NAME, for the current version, or NAME:VERSION
   * @throws BellowsException (configuration) for a malformed reference; (data) when there is no
   *     such version
   */
  public VersionReference resolve(String reference) {
    int colon = reference.indexOf(':');
    if (colon < 0) {
      RegisteredModel model = existing(reference);
      return new VersionReference(model, model.requireCurrent().version());
    }
    String version = reference.substring(colon + 1);
    if (!version.matches("\\d{1,9}")) {
      throw BellowsException.configuration(
          "\"%s\" is not NAME or NAME:VERSION: \"%s\" is not a number"
              .formatted(reference, version));
    }
    RegisteredModel model = existing(reference.substring(0, colon));
    int number = Integer.parseInt(version);
    model.card(number);
    return new VersionReference(model, number);
  }

  /** One version of one model; it was there. */
  public record VersionReference(RegisteredModel model, int version) {
    public VersionCard card() {
      return model.card(version);
    }

    @Override
    public String toString() {
      return model.name() + ":" + version;
    }
  }
}
