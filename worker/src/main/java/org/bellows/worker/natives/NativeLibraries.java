// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.natives;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import org.bellows.conf.BellowsException;
import org.bellows.data.decode.NativeVersions;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.deeplearning4j.nn.layers.mkldnn.BaseMKLDNNHelper;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads ND4J's, oneDNN's and OpenCV's native libraries once a process, one process of a host at a
 * time.
 *
 * <p>JavaCPP unpacks them (365 MB for ND4J alone) into a cache that races between processes. Here
 * all processes of a host and user share one cache, and a lock on a file makes the first unpack and
 * the others find it done. JavaCPP loads a library from there if it has the right size and date, so
 * no other user may write to it.
 */
public final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
  private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";
  private static final List<String> OF_ONE_DNN =
      List.of("org.bytedeco.opencl.presets.OpenCL", "org.bytedeco.dnnl.presets.dnnl");
  private static final String HELPERS_PROPERTY = "org.eclipse.deeplearning4j.helpers.disable";

  private NativeLibraries() {}

  /**
   * Must come before anything that touches ND4J or OpenCV. Later calls do nothing.
   *
   * @return versions of what was loaded, for logs
   */
  public static String load() {
    return Loaded.VERSIONS;
  }

  /**
   * Loads them and says in one line what they compute with, for logs and provenance. From then on
   * oneDNN cannot be limited to fewer instructions.
   */
  public static String describe() {
    load();
    return describe(oneDnn() + instructions());
  }

  /** The class initialiser is the once-a-process lock. */
  private static final class Loaded {
    static final String VERSIONS = loadUnderLock();
  }

  private static String loadUnderLock() {
    // DL4J switches its oneDNN layer helpers off by default.
    System.setProperty(HELPERS_PROPERTY, "false");
    locked(
        () -> {
          NativeVersions.acceptForPictures();
          NativeVersions.accept(OF_ONE_DNN);
          Loader.load(opencv_core.class);
          Loader.load(opencv_imgproc.class);
          Loader.load(opencv_imgcodecs.class);
          Loader.load(dnnl.class);
          opencv_core.setNumThreads(1);
          Nd4j.zeros(1).close();
        });
    return describe(oneDnn());
  }

  /** Runs what unpacks libraries while no other process of this host and user does. */
  static void locked(Runnable loading) {
    String given = System.getProperty(CACHE_PROPERTY);
    Path cache = given != null ? Path.of(given) : usersCache();
    try {
      if (given != null) {
        Files.createDirectories(cache);
      } else {
        PrivateFolder.require(cache);
        System.setProperty(CACHE_PROPERTY, cache.toString());
      }
      try (FileChannel channel =
              FileChannel.open(
                  cache.resolve("bellows.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        LOG.debug("holding {} while libraries load", lock);
        loading.run();
      }
    } catch (IOException e) {
      throw BellowsException.infrastructure(
          "cannot unpack native libraries into " + cache + ": " + e.getMessage(), e);
    }
  }

  /** Where no folder is given from outside: one a user in the machine's temporary folder. */
  private static Path usersCache() {
    return Path.of(System.getProperty("java.io.tmpdir"))
        .resolve("bellows-native-" + System.getProperty("user.name"));
  }

  /** ND4J's jars name their version only in Maven's own file. */
  private static String version() {
    Properties properties = new Properties();
    try (InputStream in =
        Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-native/pom.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      LOG.debug("no version of ND4J", e);
    }
    return properties.getProperty("version", "of unknown version");
  }

  private static String describe(String oneDnn) {
    String library =
        new File(String.valueOf(Loader.getLoadedLibraries().get("jnind4jcpu"))).getPath();
    String build =
        library.contains("avx512")
            ? "oneDNN AVX-512"
            : library.contains("avx2") ? "oneDNN AVX2" : "generic";
    return "oneDNN %s, ND4J %s on the CPU (%s build, helpers %s, %s threads)"
        .formatted(
            oneDnn,
            version(),
            build,
            BaseMKLDNNHelper.mklDnnEnabled() ? "on" : "OFF: convolutions will be slow",
            System.getenv().getOrDefault("OMP_NUM_THREADS", "all"));
  }

  private static String oneDnn() {
    dnnl_version_t version = dnnl_version();
    return "%d.%d.%d".formatted(version.major(), version.minor(), version.patch());
  }

  /** The instructions that oneDNN chose from what this processor has, or may use of it. */
  private static String instructions() {
    int instructions = dnnl_get_effective_cpu_isa();
    String best =
        has(instructions, dnnl_cpu_isa_avx512_core)
            ? "AVX-512"
            : has(instructions, dnnl_cpu_isa_avx2) ? "AVX2" : "no AVX2: it will be slow";
    return " (%s, the best this process may use)".formatted(best);
  }

  private static boolean has(int instructions, int wanted) {
    return (instructions & wanted) == wanted;
  }
}
