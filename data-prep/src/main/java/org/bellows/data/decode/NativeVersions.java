// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.io.PrintStream;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Keeps one warning of JavaCPP's from users. When the class that describes a native library is
 * initialised, JavaCPP compares that library's version with its own and writes to standard error if
 * the two differ. OpenCV, OpenBLAS and ND4J are of JavaCPP 1.5.7, oneDNN is of 1.5.8, PyTorch of
 * 1.5.14, and one process can hold a single JavaCPP. Losses, gradients and pictures are pinned by
 * tests, so the warning says nothing that a user could act on.
 */
public final class NativeVersions {
  private static final Pattern MISMATCH =
      Pattern.compile("Warning: Versions of org\\.bytedeco:javacpp:\\S+ and \\S+ do not match\\.");

  private static final List<String> OF_PICTURES =
      List.of(
          "org.bytedeco.openblas.presets.openblas_nolapack",
          "org.bytedeco.opencv.presets.opencv_core");

  private NativeVersions() {}

  /** For OpenCV and what it needs; comes before the first use of a class of OpenCV's. */
  public static void acceptForPictures() {
    accept(OF_PICTURES);
  }

  /**
   * Initialises classes that describe native libraries, without that warning. What else is written
   * to standard error meanwhile goes through.
   *
   * @param presets names of classes on the class path
   */
  public static synchronized void accept(List<String> presets) {
    PrintStream error = System.err;
    PrintStream filtered = new WithoutWarning(error);
    System.setErr(filtered);
    try {
      for (String name : presets) {
        Class.forName(name, true, NativeVersions.class.getClassLoader());
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("a library of Bellows is missing: " + e.getMessage(), e);
    } finally {
      if (System.err == filtered) {
        System.setErr(error);
      }
    }
  }

  /** Passes everything on but the lines that are the warning. */
  private static final class WithoutWarning extends PrintStream {
    private final PrintStream error;

    WithoutWarning(PrintStream error) {
      super(error, true);
      this.error = error;
    }

    @Override
    public void println(String line) {
      if (line == null || !MISMATCH.matcher(line).matches()) {
        error.println(line);
      }
    }
  }
}
