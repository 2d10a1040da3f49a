// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bellows.conf.PublicApi;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.train.TrainingPlan;

/** docs/api.md lists the types with the annotation, and these name no type that is internal. */
@AnalyzeClasses(packages = "org.bellows", importOptions = ImportOption.DoNotIncludeTests.class)
class PublicApiTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "api.md");
  private static final Pattern ROW = Pattern.compile("^\\| `(org\\.bellows\\.[A-Za-z.]+)` \\|.*");

  /** RankListener is given these; its documentation says what of them is kept. */
  private static final List<String> NAMED_BY_PUBLIC_API =
      List.of(TrainingPlan.class.getName(), Communicator.class.getName());

  @ArchTest
  static void theDocumentListsTheTypes(JavaClasses classes) throws IOException {
    Set<String> documented = new TreeSet<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.add(row.group(1));
      }
    }
    Set<String> marked =
        classes.stream()
            .filter(type -> type.isAnnotatedWith(PublicApi.class))
            .map(JavaClass::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(marked);
  }

  @ArchTest
  static final ArchRule ITS_METHODS_NAME_NO_INTERNAL_TYPE =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .areAnnotatedWith(PublicApi.class)
          .and()
          .arePublic()
          .should(nameNoInternalType());

  private static ArchCondition<JavaMethod> nameNoInternalType() {
    return new ArchCondition<>("name no type of ours that is internal") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        Stream.concat(method.getRawParameterTypes().stream(), Stream.of(method.getRawReturnType()))
            .map(JavaClass::getBaseComponentType)
            .filter(type -> type.getPackageName().startsWith("org.bellows"))
            .filter(type -> !type.isAnnotatedWith(PublicApi.class))
            .filter(type -> !NAMED_BY_PUBLIC_API.contains(type.getName()))
            .forEach(
                type ->
                    events.add(
                        SimpleConditionEvent.violated(
                            method,
                            "%s names %s, which is internal"
                                .formatted(method.getFullName(), type.getName()))));
      }
    };
  }
}
