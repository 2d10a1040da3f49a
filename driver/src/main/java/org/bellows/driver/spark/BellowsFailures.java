package org.bellows.driver.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/**
 * Understood failures of tasks travel as values: Spark would retry the task three times and then
 * hand the driver a text without a category.
 */
public final class BellowsFailures {
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
      if (e.category() == ErrorCategory.INFRASTRUCTURE) {
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
      throw BellowsException.infrastructure(first, e);
    } catch (Exception e) {
      throw new IllegalStateException("the Spark job failed", e);
    }
  }
}
