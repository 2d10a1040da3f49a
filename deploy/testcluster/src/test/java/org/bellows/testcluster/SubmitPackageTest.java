// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code spark-submit} is given holds what a cluster lacks, and nothing that it has. */
class SubmitPackageTest {
  private static final List<String> THE_CLUSTERS_OWN =
      List.of("org/apache/spark/", "org/apache/hadoop/", "scala/");
  private static final Pattern NATIVE = Pattern.compile(".*\\.(so|so\\..*|dll|dylib|jnilib|a|lib)");

  /** JavaCPP's and JNA's names of the platform; JavaCPP's may have an extension. */
  private static final Pattern THIS_PLATFORM = Pattern.compile(".*/linux-x86[_-]64(-[^/]*)?/.*");

  private static final long MOST_BYTES_OF_OURS = 4_000_000;

  @TempDir Path folder;

  private static List<String> files(Path archive) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.stream().filter(e -> !e.isDirectory()).map(ZipEntry::getName).toList();
    }
  }

  /** Of all jars in the archive, as {@code JAR!FILE}. */
  private List<String> filesOfLibraries() throws IOException {
    List<String> files = new ArrayList<>();
    Path copy = folder.resolve("library.jar");
    try (ZipFile archive = new ZipFile(archive().toFile())) {
      for (ZipEntry entry : archive.stream().toList()) {
        assertThat(entry.getName()).endsWith(".jar").doesNotContain("/");
        try (InputStream jar = archive.getInputStream(entry)) {
          Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        files(copy).forEach(name -> files.add(entry.getName() + "!" + name));
      }
    }
    return files;
  }

  private static Path archive() {
    return Bundle.built().file("submit/bellows-libraries.zip");
  }

  @Test
  void theArchiveHoldsNeitherSparkNorHadoopNorScalaNorOtherPlatforms() throws IOException {
    List<String> files = filesOfLibraries();
    assertThat(files)
        .noneMatch(
            file -> THE_CLUSTERS_OWN.stream().anyMatch(own -> afterJar(file).startsWith(own)));
    List<String> natives = files.stream().filter(f -> NATIVE.matcher(f).matches()).toList();
    assertThat(natives)
        .allMatch(file -> THIS_PLATFORM.matcher(file).matches())
        .anyMatch(file -> file.endsWith("/libnd4jcpu.so"))
        .anyMatch(file -> file.contains("libopencv_imgcodecs.so"))
        .anyMatch(file -> file.endsWith("/linux-x86-64/libjnidispatch.so"));
    assertThat(files).noneMatch(file -> afterJar(file).startsWith("org/bellows/"));
  }

  private static String afterJar(String file) {
    return file.substring(file.indexOf('!') + 1);
  }

  @Test
  void theJarHoldsBellowsAlone() throws IOException {
    Path jar = Bundle.built().file("submit/bellows.jar");
    List<String> classes = files(jar).stream().filter(f -> f.endsWith(".class")).toList();
    assertThat(classes)
        .contains(
            "org/bellows/driver/command/Bellows.class",
            "org/bellows/worker/natives/NativeLibraries.class",
            "org/bellows/conf/Settings.class")
        // The name that DL4J asks for oneDNN by.
        .allMatch(file -> file.startsWith("org/bellows/") || file.startsWith("org/nd4j/"));
    assertThat(files(jar)).contains("reference.conf");
    assertThat(Files.size(jar)).isLessThan(MOST_BYTES_OF_OURS);
  }
}
