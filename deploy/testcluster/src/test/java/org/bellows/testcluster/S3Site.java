// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bellows.testing.S3Server;

/**
 * What gives the bundle's {@code bin/bellows} a server with S3's protocol, as {@code
 * docs/object-stores.md} says: the connector's jars and a {@code core-site.xml}.
 *
 * @param folder with that file
 */
record S3Site(Path folder) {
  static S3Site of(S3Server server, Path folder) throws IOException {
    String settings =
        server.client().entrySet().stream()
            .map(
                entry ->
                    "<property><name>%s</name><value>%s</value></property>"
                        .formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining("\n", "<configuration>\n", "\n</configuration>\n"));
    Files.writeString(Files.createDirectory(folder).resolve("core-site.xml"), settings);
    return new S3Site(folder);
  }

  /** The value of {@code BELLOWS_CLASS_PATH}. */
  String classPath() {
    return Bundle.property("bellows.cluster") + "/connector/*:" + folder;
  }

  /**
   * Renders pictures into {@code source/pictures} of the bucket, by requests: the server gives
   * files in its folder no ETag, which Hadoop 3.5 needs.
   */
  Process uploadPictures(Bundle bundle, S3Server server, Path log, String javaOptions)
      throws IOException {
    Map<String, String> environment =
        Map.of(
            "BELLOWS_CLASS_PATH",
            Stream.of(classPath(), Bundle.property("bellows.cluster") + "/classes")
                .collect(Collectors.joining(":")),
            "BELLOWS_JAVA_OPTIONS",
            javaOptions,
            "bellows_main",
            Pictures.class.getName());
    return bundle.start("bin/bellows", log, environment, List.of(server.root() + "/source"));
  }
}
