// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.Storage;
import org.bellows.worker.device.UnusableDeviceException;

/**
 * Understood failures of tasks travel as values: Spark would retry the task three times and then
 * hand the driver a text without a category.
 */
public final class BellowsFailures {
  /** As Spark ends its account of a lost task: the exception's class, then what it says. */
  private static final Pattern OURS = Pattern.compile(": org\\.bellows\\.[\\w.]*Exception: (.+)$");

  private static final String NO_SPACE = "No space left on device";

  private BellowsFailures() {}

  /** Either a value or why there is none. */
  public record Captured<T>(T value, ErrorCategory category, String message)
      implements Serializable {
    /** Something of the value; a failure stays as it is. */
    public <R> Captured<R> map(Function<T, R> of) {
      return new Captured<>(category == null ? of.apply(value) : null, category, message);
    }
  }

  /** In a task. */
  public static <T> Captured<T> capture(Supplier<T> work) {
    try {
      return new Captured<>(work.get(), null, null);
    } catch (BellowsException e) {
      return new Captured<>(null, e.category(), e.getMessage());
    }
  }

  /** In a task, where another try may have more luck with lost infrastructure. */
  public static <T> Captured<T> captureLasting(Supplier<T> work) {
    try {
      return new Captured<>(work.get(), null, null);
    } catch (BellowsException e) {
      // A disk that is full is so for the next try, too, and so is a host without a usable device.
      boolean isLasting = Storage.isDiskFull(e) || e instanceof UnusableDeviceException;
      if (e.category() == ErrorCategory.INFRASTRUCTURE && !isLasting) {
        throw e;
      }
      return new Captured<>(null, e.category(), e.getMessage());
    }
  }

  /**
   * On the driver.
   *
   * @throws BellowsException the first failure of a task; infrastructure when tasks were lost
   */
  public static <T> List<T> collect(JavaRDD<Captured<T>> captured) {
    List<T> values = new ArrayList<>();
    for (Captured<T> one : run(captured::collect)) {
      if (one.category() != null) {
        throw new BellowsException(one.category(), one.message(), null);
      }
      values.add(one.value());
    }
    return values;
  }

  /** Work that may throw whatever Scala code throws: checked exceptions, undeclared. */
  @FunctionalInterface
  public interface SparkAction<T> {
    T run() throws Exception;
  }

  /**
   * On the driver: what Spark throws, without saying so, becomes a failure with a category.
   *
   * @throws BellowsException (infrastructure) when tasks were lost
   */
  public static <T> T run(SparkAction<T> action) {
    try {
      return action.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (SparkException e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
      throw BellowsException.infrastructure(sentence(first), e);
    } catch (Exception e) {
      throw new IllegalStateException("the Spark job failed", e);
    }
  }

  /**
   * The part of Spark's message about a task that failed too often that is ours, or the system's.
   */
  static String sentence(String ofSpark) {
    Matcher ours = OURS.matcher(ofSpark);
    if (ours.find()) {
      return ours.group(1);
    }
    return ofSpark.contains(NO_SPACE)
        ? "a disk that Spark itself writes to is full (spark.local.dir): " + ofSpark
        : ofSpark;
  }
}
