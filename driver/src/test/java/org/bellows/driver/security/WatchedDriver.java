// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.Security;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.SparkUserAppException;
import org.bellows.driver.command.Bellows;
import org.bellows.worker.collective.transport.JobSecret;

/**
 * The main class, beside a source of random bits that writes down, where nobody looks for it, which
 * ones a job draws as its secret: there is no other way to know them.
 */
public final class WatchedDriver {
  /** System property: the file with a line of hexadecimal digits for each secret. */
  static final String FILE = "bellows.test.drawn-secrets";

  private WatchedDriver() {}

  public static void main(String[] args) throws SparkUserAppException {
    Security.insertProviderAt(new Recorder(), 1);
    Bellows.main(args);
  }

  /** Java's own random numbers. */
  public static final class Recorder extends Provider {
    Recorder() {
      super("Recorder", "1", "writes down what a job draws as its secret");
      put("SecureRandom.Recorder", Recording.class.getName());
    }
  }

  /** Instantiated by Java's security library. */
  public static final class Recording extends SecureRandomSpi {
    private final SecureRandom random;

    public Recording() throws GeneralSecurityException {
      random = SecureRandom.getInstance("NativePRNG");
    }

    @Override
    protected void engineSetSeed(byte[] seed) {
      random.setSeed(seed);
    }

    @Override
    protected byte[] engineGenerateSeed(int bytes) {
      return random.generateSeed(bytes);
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      random.nextBytes(bytes);
      String secrets = JobSecret.class.getName();
      if (StackWalker.getInstance()
          .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(secrets)))) {
        record(HexFormat.of().formatHex(bytes));
      }
    }

    private static void record(String secret) {
      Path file = Path.of(System.getProperty(FILE));
      try {
        Files.write(file, List.of(secret), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
