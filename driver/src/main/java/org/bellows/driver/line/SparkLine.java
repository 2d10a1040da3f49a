// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.line;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.ui.SparkUI;
import org.bellows.conf.BellowsException;

/** Calls that have other types in Spark 3 and in Spark 4. */
public interface SparkLine {

  /**
   * The calls for the Spark that runs this.
   *
   * @throws BellowsException (configuration) if this build is for another line of Spark
   */
  static SparkLine current() {
    return of(org.apache.spark.package$.MODULE$.SPARK_VERSION());
  }

  /**
   * @param sparkVersion such as 3.5.5
   */
  static SparkLine of(String sparkVersion) {
    String major = sparkVersion.substring(0, Math.max(0, sparkVersion.indexOf('.')));
    String name = SparkLine.class.getPackageName() + ".Spark" + major + "Line";
    try {
      return Class.forName(name).asSubclass(SparkLine.class).getDeclaredConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw BellowsException.configuration(
          "this build of Bellows cannot run on Spark %s: it is for another line of Spark; take the one whose name says spark-%s"
              .formatted(sparkVersion, major.equals("3") ? "3.5" : major));
    } catch (InstantiationException
        | IllegalAccessException
        | InvocationTargetException
        | NoSuchMethodException e) {
      throw new IllegalStateException(name + " has no constructor without parameters", e);
    }
  }

  /**
   * Serves a page beside Spark's own, behind their filters.
   *
   * @param headers of each answer
   * @param body is asked at each request
   */
  void attachPage(SparkUI ui, String path, Map<String, String> headers, Supplier<byte[]> body);

  /** What YARN's application master takes an exit code from. */
  SparkUserAppException exit(int exitCode);
}
