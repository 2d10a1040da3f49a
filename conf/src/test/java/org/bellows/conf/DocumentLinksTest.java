// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Links of the documents lead to files and headings; pictures name types, and documents tests, that
 * exist.
 */
class DocumentLinksTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CODE = Pattern.compile("(?ms)^\\s*```.*?^\\s*```");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(?!java\\b)(\\w+)`");
  private static final Pattern PICTURE_NAME = Pattern.compile("<text class=\"name\"[^>]*>([^<]+)<");

  @Test
  void everyLinkLeadsToAFileAndAHeading() throws IOException {
    List<Path> documents = files(".md");
    assertThat(documents).contains(ROOT.resolve("README.md"), ROOT.resolve("docs/README.md"));
    List<String> broken = new ArrayList<>();
    for (Path document : documents) {
      LINK.matcher(text(document))
          .results()
          .map(link -> link.group(1))
          .filter(link -> !link.startsWith("http"))
          .filter(link -> !leadsSomewhere(document, link))
          .forEach(link -> broken.add(ROOT.relativize(document) + ": " + link));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void typesInPicturesExist() throws IOException {
    Set<String> types =
        files(".java").stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    List<String> named = new ArrayList<>();
    for (Path picture : files(".svg")) {
      PICTURE_NAME
          .matcher(Files.readString(picture))
          .results()
          .flatMap(name -> Stream.of(name.group(1).split("[ ,.]+")))
          .filter(name -> Character.isUpperCase(name.charAt(0)))
          .forEach(named::add);
    }
    assertThat(named).contains("SampleOrder", "ShardedVector");
    assertThat(types).containsAll(named);
  }

  /** As {@code ClassTest.method}. */
  @Test
  void testsThatDocumentsNameExist() throws IOException {
    Map<String, Path> classes = new HashMap<>();
    for (Path file : files("Test.java")) {
      classes.put(file.getFileName().toString().replace(".java", ""), file);
    }
    int named = 0;
    List<String> missing = new ArrayList<>();
    for (Path document : files(".md")) {
      for (MatchResult test : TEST.matcher(text(document)).results().toList()) {
        named++;
        Path file = classes.get(test.group(1));
        if (file == null || !Files.readString(file).contains(" void " + test.group(2) + "(")) {
          missing.add(ROOT.relativize(document) + ": " + test.group());
        }
      }
    }
    assertThat(named).isGreaterThan(30);
    assertThat(missing).isEmpty();
  }

  private static boolean leadsSomewhere(Path document, String link) {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
    return Files.exists(target)
        && (hash < 0
            || !target.toString().endsWith(".md")
            || anchors(target).contains(link.substring(hash + 1)));
  }

  /** The names that GitHub gives to a document's headings. */
  private static Set<String> anchors(Path document) {
    return HEADING
        .matcher(text(document))
        .results()
        .map(DocumentLinksTest::anchor)
        .collect(Collectors.toSet());
  }

  private static String anchor(MatchResult heading) {
    return heading
        .group(1)
        .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\w\\- ]", "")
        .replace(' ', '-');
  }

  private static String text(Path document) {
    try {
      return CODE.matcher(Files.readString(document)).replaceAll("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Predicate<String> has(Path file) {
    Path inside = ROOT.relativize(file);
    return folder ->
        StreamSupport.stream(inside.spliterator(), false).anyMatch(Path.of(folder)::equals);
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(ending))
          .filter(file -> Stream.of("target", ".git", "shared").noneMatch(has(file)))
          .toList();
    }
  }
}
