// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Assumptions;

/** Files of the tests, and what becomes of damaged ones. */
public final class ModelFiles {
  private ModelFiles() {}

  /** What {@code src/test/python/pretrained_reference.py} wrote. */
  public static byte[] reference(String name) throws IOException {
    String path = "/org/bellows/worker/model/reference/" + name;
    try (InputStream in = ModelFiles.class.getResourceAsStream(path)) {
      assertThat(in).as(path).isNotNull();
      return in.readAllBytes();
    }
  }

  /** A file of shared/data/weights; the test is skipped, and says so, where it is absent. */
  public static Path weights(String name) {
    String configured = System.getenv("BELLOWS_TEST_DATA");
    List<Path> roots =
        configured != null
            ? List.of(Path.of(configured))
            : List.of(Path.of("../shared/data"), Path.of("../../shared/data"));
    for (Path root : roots) {
      Path file = root.resolve("weights").resolve(name);
      if (Files.isRegularFile(file)) {
        return file.toAbsolutePath().normalize();
      }
    }
    String reason = "skipped: no test data weights/" + name + " in any of " + roots;
    System.out.println(reason);
    Assumptions.abort(reason);
    throw new IllegalStateException("abort() returned");
  }

  /**
   * Changes, cuts and repeats bytes: the reader may accept the file or refuse it in a sentence, and
   * nothing else.
   */
  public static void damage(byte[] file, int times, long seed, Consumer<byte[]> reader) {
    for (int i = 0; i < times; i++) {
      byte[] damaged = damaged(file, new SplittableRandom(seed + i));
      try {
        reader.accept(damaged);
      } catch (BellowsException e) {
        assertThat(e.category()).as(e.getMessage()).isEqualTo(ErrorCategory.DATA);
        assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(600);
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + (seed + i) + ": " + e, e);
      }
    }
  }

  private static byte[] damaged(byte[] file, SplittableRandom random) {
    byte[] damaged = file.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      // Headers are where it hurts: half of the changes go to the first or the last bytes.
      int reach = random.nextBoolean() ? Math.min(256, file.length) : file.length;
      int at = random.nextInt(reach);
      int index = random.nextBoolean() ? at : file.length - 1 - at;
      damaged[index] =
          (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff * random.nextInt(2));
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(damaged, random.nextInt(file.length)) : damaged;
  }
}
