// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.SampleSources;
import scala.Tuple2;

/** Two pictures whose files would be the same: a.jpg and a.png. */
final class OutputCollisions {
  private OutputCollisions() {}

  /**
   * @param paths of the pictures
   * @param names of their files, one a path
   * @throws BellowsException (data) naming two pictures
   */
  static void requireNone(List<String> paths, List<String> names) {
    Map<String, String> first = new HashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      requireNew(first, names.get(i), paths.get(i));
    }
  }

  /**
   * @throws BellowsException (data) naming two samples of the split
   */
  static void requireNone(
      Configuration hadoop, String path, DatasetManifest manifest, String split) {
    Map<String, String> first = new HashMap<>();
    SampleSources.forEach(
        hadoop,
        path,
        manifest.split(split),
        (id, source) -> requireNew(first, PictureNames.of(source), source));
  }

  private static void requireNew(Map<String, String> first, String name, String source) {
    String before = first.putIfAbsent(name, source);
    if (before != null) {
      throw collision(before, source, name);
    }
  }

  /**
   * @throws BellowsException (data) naming the two pictures that come first by their paths
   */
  static void requireNone(JavaRDD<String> paths) {
    List<Tuple2<String, List<String>>> found =
        paths
            .mapToPair(path -> new Tuple2<>(PictureNames.of(path), List.of(path)))
            .reduceByKey(OutputCollisions::firstTwo)
            .filter(named -> named._2().size() > 1)
            .takeOrdered(1, new ByName());
    if (!found.isEmpty()) {
      List<String> both = found.get(0)._2();
      throw collision(both.get(0), both.get(1), found.get(0)._1());
    }
  }

  private static List<String> firstTwo(List<String> a, List<String> b) {
    return Stream.concat(a.stream(), b.stream()).sorted().limit(2).toList();
  }

  private static BellowsException collision(String one, String other, String name) {
    return BellowsException.data(
        "%s and %s would both be predicted to %s; rename one of them, or predict them apart"
            .formatted(one, other, name));
  }

  /** A comparator that Spark can send. */
  private static final class ByName
      implements Comparator<Tuple2<String, List<String>>>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(Tuple2<String, List<String>> a, Tuple2<String, List<String>> b) {
      return a._1().compareTo(b._1());
    }
  }
}
