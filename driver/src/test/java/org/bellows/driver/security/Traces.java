// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where secrets are looked for, and in which forms. */
final class Traces {
  /** From what is looked for to whose it is; bytes as ISO 8859-1 characters, one each. */
  private final Map<String, String> owners = new LinkedHashMap<>();

  private final List<String> found = new ArrayList<>();
  private int files;

  void lookFor(String name, String secret) {
    owners.put(secret, name);
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    owners.put(Base64.getEncoder().withoutPadding().encodeToString(bytes), name + " in Base64");
  }

  void lookFor(String name, byte[] secret) {
    owners.put(new String(secret, StandardCharsets.ISO_8859_1), name + " as bytes");
    owners.put(HexFormat.of().formatHex(secret), name + " in hexadecimal digits");
    owners.put(HexFormat.of().withUpperCase().formatHex(secret), name + " in hexadecimal digits");
    owners.put(Base64.getEncoder().withoutPadding().encodeToString(secret), name + " in Base64");
    String numbers = Arrays.toString(secret);
    owners.put(numbers.substring(1, numbers.length() - 1), name + " as numbers");
  }

  /** What was not there when secrets could not yet be known is to be looked at once more. */
  void search(String place, String content) {
    owners.forEach(
        (secret, owner) -> {
          if (content.contains(secret)) {
            found.add(owner + " stands in " + place);
          }
        });
  }

  void search(Path folder) throws IOException {
    List<Path> all;
    try (var walk = Files.walk(folder)) {
      all = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : all) {
      search(
          folder.relativize(file).toString(),
          new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      files++;
    }
  }

  List<String> found() {
    return found;
  }

  int files() {
    return files;
  }
}
