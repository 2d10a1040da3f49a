// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.bellows.conf.Settings;

/** Who may import whom: docs/development.md has the table. */
@AnalyzeClasses(packages = "org.bellows", importOptions = ImportOption.DoNotIncludeTests.class)
class ModulesTest {

  @ArchTest
  static final ArchRule MODULES =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("conf")
          .definedBy("org.bellows.conf..")
          .layer("data-prep")
          .definedBy("org.bellows.data..")
          .layer("models")
          .definedBy("org.bellows.models..")
          .layer("worker")
          .definedBy("org.bellows.worker..")
          .layer("driver")
          .definedBy("org.bellows.driver..")
          .whereLayer("conf")
          .mayOnlyBeAccessedByLayers("data-prep", "models", "worker", "driver")
          .whereLayer("data-prep")
          .mayOnlyBeAccessedByLayers("worker", "driver")
          .whereLayer("models")
          .mayOnlyBeAccessedByLayers("worker", "driver")
          .whereLayer("worker")
          .mayOnlyBeAccessedByLayers("driver")
          .whereLayer("driver")
          .mayNotBeAccessedByAnyLayer();

  /** Of every package by itself, whatever it is below. */
  @ArchTest
  static final ArchRule NO_CYCLES_BETWEEN_PACKAGES =
      slices().matching("org.bellows.(**)").should().beFreeOfCycles();

  /** Of the packages right below a module's, each together with all that is below it. */
  @ArchTest
  static final ArchRule NO_CYCLES_BETWEEN_ROOMS =
      slices().matching("org.bellows.(*).(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule SPARK_ONLY_IN_DRIVER_AND_CONVERSION =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.bellows.driver..", "org.bellows.data.prepare..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..");

  @ArchTest
  static final ArchRule DL4J_ONLY_IN_ITS_TRANSLATOR_AND_ITS_ENGINE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.bellows.models.dl4j..",
              "org.bellows.worker.engine.dl4j..",
              "org.bellows.worker.natives..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.deeplearning4j..");

  @ArchTest
  static final ArchRule PYTORCH_ONLY_IN_ITS_ENGINE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.bellows.worker.engine.torch..", "org.bellows.worker.natives..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco.pytorch..");

  /** Whatever engine computes, what is above it is the same. */
  @ArchTest
  static final ArchRule ENGINES_ONLY_BEHIND_THEIR_DOOR =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.bellows.worker.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.bellows.worker.engine.onednn..",
              "org.bellows.worker.engine.dl4j..",
              "org.bellows.worker.engine.torch..");

  /** Each module below the driver takes the records that it needs; nested ones are such. */
  @ArchTest
  static final ArchRule ALL_SETTINGS_TOGETHER_ONLY_IN_CONF_AND_DRIVER =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.bellows.conf..", "org.bellows.driver..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName(Settings.class.getName());

  @ArchTest
  static final ArchRule CONF_KNOWS_ONLY_TYPESAFE_CONFIG =
      noClasses()
          .that()
          .resideInAPackage("org.bellows.conf..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache..", "org.nd4j..", "org.deeplearning4j..", "org.bytedeco..", "picocli..");

  @ArchTest
  static final ArchRule NO_JAVA_DESERIALIZATION_OF_FILES =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.deeplearning4j.util.ModelSerializer");

  @ArchTest
  static final ArchRule NO_UNSEEDED_RANDOM =
      noClasses()
          .should()
          .callConstructor(java.util.Random.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.concurrent.ThreadLocalRandom.class);

  @ArchTest
  static final ArchRule NO_GENERIC_EXCEPTIONS =
      GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
}
