// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.IOException;

/** A file of rows; whole or not there. Its bytes depend on the rows and the models alone. */
public interface PredictionFile extends AutoCloseable {
  void write(PredictionRow row) throws IOException;

  /**
   * Puts the file in its place.
   *
   * @return its SHA-256
   */
  String finish() throws IOException;

  /** Without {@link #finish} nothing is left. */
  @Override
  void close() throws IOException;
}
