// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bellows.conf.load.TestSettings.load;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.load.KeyHistory;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.load.SettingsText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What became of keys since the first release: {@code key-history.conf}, and how it is used. */
class KeyHistoryTest {
  private static final KeyHistory STANDARD = KeyHistory.standard();

  /** As the first release wrote them. */
  private static final Path FIRST =
      Path.of("..", "driver", "src", "test", "resources", "compatibility", "2026-11");

  /** A table of another house: today's settings were named and behaved otherwise. */
  private static final KeyHistory HISTORY =
      KeyHistory.parse(
          """
          added = [
            { key = optimizer.clip-value, since = "0.2.0", value = "0.0" }
            { key = watch.tensorboard, since = "0.2.0", value = "true" }
          ]
          renamed = [
            { key = optimizer.inertia, to = optimizer.impetus, since = "0.2.0" }
            { key = optimizer.impetus, to = optimizer.momentum, since = "0.3.0" }
            { key = data.folder, to = data.path, since = "0.3.0" }
            { key = train.pace, to = train.speed, since = "0.3.0" }
          ]
          removed = [
            { key = augment.upside-down, since = "0.2.0", value = "false", instead = "turn pictures before prepare" }
            { key = train.speed, since = "0.4.0", instead = "leave it out" }
          ]
          """);

  private static Set<String> today() {
    return SettingsText.flat(load()).keySet();
  }

  private static Map<String, String> firstIdentity(String run) {
    Map<String, String> identity = new TreeMap<>();
    ((ConfigObject)
            ConfigFactory.parseFile(FIRST.resolve(run + "/run.json").toFile())
                .root()
                .get("identity"))
        .forEach((key, value) -> identity.put(key, value.unwrapped().toString()));
    return identity;
  }

  private static Set<String> firstKeys() {
    Set<String> keys = new TreeSet<>();
    ConfigFactory.parseFile(FIRST.resolve("killed/configuration.json").toFile())
        .root()
        .forEach(
            (section, object) ->
                ((ConfigObject) object).keySet().forEach(key -> keys.add(section + "." + key)));
    return keys;
  }

  /** Who adds a key to the identity is stopped here until it is said how older builds behaved. */
  @Test
  void ofEveryKeyThatCameToTheIdentityItIsSaidWhatOlderBuildsBehaveBy() {
    Set<String> first = new TreeSet<>(firstIdentity("killed").keySet());
    // Only part of it where evaluations decide, and where parameters are averaged.
    first.addAll(firstIdentity("killed-averaging").keySet());
    first.add("cluster.executors");
    Set<String> since = today().stream().filter(RunIdentity::isKey).collect(Collectors.toSet());
    since.removeAll(first.stream().map(STANDARD::today).toList());
    assertThat(STANDARD.added().keySet())
        .as("added in key-history.conf, beside identity keys that the first release had not")
        .containsAll(since);
  }

  @Test
  void ofEveryKeyThatIsGoneItIsSaidWhatBecameOfIt() {
    assertThat(firstKeys()).hasSizeGreaterThan(100);
    assertThat(firstKeys())
        .allSatisfy(
            key ->
                assertThat(
                        today().contains(STANDARD.today(key))
                            || STANDARD.removed(STANDARD.today(key)).isPresent())
                    .as("%s is a key, or renamed or removed in key-history.conf", key)
                    .isTrue());
  }

  @Test
  void theHistoryAgreesWithTheSettings() {
    STANDARD
        .added()
        .forEach(
            (key, value) ->
                assertThat(String.valueOf(SettingsText.flat(load(key + "=" + value)).get(key)))
                    .as("how %s is spelt in an identity", key)
                    .isEqualTo(value));
    assertThat(STANDARD.renamedKeys()).doesNotContainAnyElementsOf(today());
    assertThat(STANDARD.removedKeys()).doesNotContainAnyElementsOf(today());
  }

  private static List<String> differences(Map<String, String> there, Map<String, String> asked) {
    return RunIdentity.differences("/run", there, asked, HISTORY).stream()
        .map(Problem::toString)
        .toList();
  }

  /** The identity of today's defaults as a build would have written it that knew none of this. */
  private static Map<String, String> ofAnOlderBuild() {
    Map<String, String> identity = new HashMap<>(RunIdentity.of(load()));
    identity.remove("optimizer.clip-value");
    identity.put("optimizer.inertia", identity.remove("optimizer.momentum"));
    identity.put("augment.upside-down", "false");
    return identity;
  }

  @Test
  void aRunOfAnOlderBuildIsResumedByEffectiveValues() {
    assertThat(differences(ofAnOlderBuild(), RunIdentity.of(load()))).isEmpty();
    assertThat(
            differences(
                ofAnOlderBuild(),
                RunIdentity.of(load("optimizer.clip-value=0.5", "optimizer.momentum=0.8"))))
        .containsExactly(
            "optimizer.clip-value: is 0.5, but the run in /run has 0.0; resume it with that, or"
                + " give another output.path",
            "optimizer.momentum: is 0.8, but the run in /run has 0.9; resume it with that, or give"
                + " another output.path");
  }

  /** The default may become another later: what the older build behaved by does not. */
  @Test
  void whatAnOlderBuildBehavedByIsNotTodaysDefault() {
    KeyHistory history =
        KeyHistory.parse(
            """
            added = [{ key = optimizer.momentum, since = "0.2.0", value = "0.5" }], renamed = [], removed = []
            """);
    Map<String, String> older = new HashMap<>(RunIdentity.of(load()));
    older.remove("optimizer.momentum");
    assertThat(
            RunIdentity.differences(
                "/run", older, RunIdentity.of(load("optimizer.momentum=0.5")), history))
        .isEmpty();
    assertThat(RunIdentity.differences("/run", older, RunIdentity.of(load()), history))
        .singleElement()
        .asString()
        .startsWith("optimizer.momentum: is 0.9, but the run in /run has 0.5;");
  }

  @Test
  void aRunThatARemovedKeyMadeOtherIsRefusedByName() {
    Map<String, String> older = ofAnOlderBuild();
    older.put("augment.upside-down", "true");
    assertThat(differences(older, RunIdentity.of(load())))
        .containsExactly(
            "augment.upside-down: is no setting since 0.2.0, which behaves by false, but the run in"
                + " /run has true; end it with the Bellows that began it, or give another"
                + " output.path");
  }

  /** A key that is part of the identity in some runs only is not asked for in others. */
  @Test
  void onlyKeysThatAreAskedForAreFilledIn() {
    assertThat(HISTORY.inTodaysTerms(Map.of(), Set.of("optimizer.clip-value")))
        .isEqualTo(Map.of("optimizer.clip-value", "0.0"));
    assertThat(HISTORY.inTodaysTerms(Map.of(), Set.of())).isEmpty();
    assertThat(HISTORY.inTodaysTerms(Map.of("optimizer.clip-value", "1.0"), today()))
        .containsEntry("optimizer.clip-value", "1.0");
  }

  private static SettingsLoader loader(String... assignments) {
    return new SettingsLoader(HISTORY).set(List.of(assignments));
  }

  /** Text keys are taken as they are under their old names, too. */
  @ParameterizedTest
  @CsvSource({
    "optimizer.inertia, 0.7, optimizer.momentum, 0.2.0",
    "optimizer.impetus, 0.7, optimizer.momentum, 0.3.0",
    "data.folder, hdfs://host/a: b, data.path, 0.3.0"
  })
  void aRenamedKeyIsUnderstoodAndToldOf(String old, String value, String today, String since) {
    SettingsLoader loader = loader(old + "=" + value);
    Settings settings = loader.load(List.of(), List.of());
    assertThat(SettingsText.flat(settings).get(today)).hasToString(value);
    assertThat(loader.warnings())
        .extracting(Problem::toString)
        .containsExactly(
            "%s: is called %s since %s (--set); the old name is understood for a while"
                .formatted(old, today, since));
  }

  @Test
  void inAProfileToo(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("mine.conf"), "optimizer { inertia = 0.7 }");
    SettingsLoader loader = new SettingsLoader(HISTORY).profile(file.toString());
    assertThat(loader.load(List.of(), List.of()).optimizer().momentum()).isEqualTo(0.7);
    assertThat(loader.warnings())
        .singleElement()
        .asString()
        .contains("(--profile %s)".formatted(file));
    assertThat(loader("optimizer.inertia=0.7", "optimizer.momentum=0.6"))
        .as("the later wins, whatever it is called")
        .satisfies(
            l -> assertThat(l.load(List.of(), List.of()).optimizer().momentum()).isEqualTo(0.6));
    Files.writeString(file, "optimizer { inertia = 0.7, momentum = 0.6 }");
    assertThat(problems(new SettingsLoader(HISTORY).profile(file.toString())))
        .containsExactly(
            "optimizer.inertia: is the old name of optimizer.momentum, which stands there, too"
                + " (--profile %s)".formatted(file));
    Files.writeString(file, "optimizer { inertia = null }");
    assertThat(problems(new SettingsLoader(HISTORY).profile(file.toString())))
        .containsExactly("optimizer.momentum: is null, allowed: a number from 0 to 0.9999");
  }

  private static List<String> problems(SettingsLoader loader) {
    try {
      loader.load(List.of(), List.of());
      return List.of();
    } catch (ConfigurationException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }

  @Test
  void aRemovedKeyIsRefusedWithWhatToDo() {
    assertThat(problems(loader("augment.upside-down=true", "train.pace=7")))
        .containsExactly(
            "augment.upside-down: is no setting since 0.2.0 (--set); turn pictures before prepare",
            "train.pace: is no setting since 0.4.0 (--set); leave it out");
    assertThat(loader("augment.upside-down=true").warnings()).isEmpty();
  }

  @Test
  void aConfigurationOfAnOlderBuildIsTheSameByEffectiveValues() {
    Settings now = load("data.path=/data", "optimizer.momentum=0.8");
    String older =
        now.effectiveJson()
            .replace("\"clip-value\":0.0,", "")
            .replace("\"momentum\":0.8", "\"inertia\":0.8")
            .replace("\"top\":5", "")
            .replace("\"crop\":", "\"upside-down\":false,\"crop\":")
            .replace("\"epochs\":90", "\"epochs\":90,\"speed\":7");
    assertThat(older)
        .hasSizeLessThan(now.effectiveJson().length() + 30)
        .isNotEqualTo(now.effectiveJson());
    assertThat(EarlierConfiguration.isSame(older, now, HISTORY)).isTrue();
    assertThat(EarlierConfiguration.isSame(older, load("data.path=/data"), HISTORY)).isFalse();
    assertThat(EarlierConfiguration.isSame(older.replace("/data", "/other"), now, HISTORY))
        .isFalse();
    assertThat(
            EarlierConfiguration.isSame(
                older.replace("upside-down\":false", "upside-down\":true"), now, HISTORY))
        .isFalse();
    assertThat(EarlierConfiguration.isSame("{ not json", now, HISTORY)).isFalse();
    assertThat(EarlierConfiguration.isSame("{}", now, HISTORY))
        .as("identity keys have no default here")
        .isFalse();
    assertThat(EarlierConfiguration.isSame(now.effectiveJson(), now)).isTrue();
  }
}
