package org.attune.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Rules that hold in every module; CONTRIBUTING.md gives their reasons. */
@AnalyzeClasses(packages = "org.attune", importOptions = DoNotIncludeTests.class)
class CodeTest {
  /** Raised as the code grows, so that a rule which scans nothing cannot pass. */
  private static final int FEWEST_CLASSES = 450;

  @ArchTest
  static void enough_classes_were_scanned(JavaClasses classes) {
    assertThat(classes).hasSizeGreaterThan(FEWEST_CLASSES);
  }

  @ArchTest
  static final ArchRule every_package_is_null_marked =
      classes()
          .should(
              have(
                  DescribedPredicate.describe(
                      "a package marked @NullMarked in its package-info.java",
                      (JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class))));

  @ArchTest
  static final ArchRule packages_are_named_for_what_they_hold =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..",
              "..utils..",
              "..common..",
              "..core..",
              "..shared..",
              "..helper..",
              "..helpers..",
              "..manager..",
              "..impl..",
              "..misc..",
              "..base..")
          .because("such a name says nothing about what belongs there");

  @ArchTest
  static final ArchRule failures_have_a_category = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

  @ArchTest
  static final ArchRule only_the_command_line_prints =
      noClasses().that().resideOutsideOfPackage("org.attune.cli..").should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule randomness_comes_from_a_seed =
      noClasses()
          .should()
          .callConstructor(Random.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(ThreadLocalRandom.class, "current");

  @ArchTest
  static final ArchRule the_time_comes_from_a_clock =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .because(
              "a java.time.Clock can be set by a test, and System.nanoTime() measures durations");

  @ArchTest
  static final ArchRule maths_has_no_state =
      classes()
          .that()
          .resideInAPackage("org.attune.train..")
          .and()
          .haveNameMatching(".*(Loss|\\.Gae|\\.Whitening)")
          .should()
          .haveModifier(FINAL)
          .andShould()
          .haveOnlyFinalFields();

  @ArchTest
  static final ArchRule every_setting_has_an_effect =
      methods()
          .that(
              DescribedPredicate.describe(
                  "return a component of a *Config record of a run",
                  CodeTest::isComponentOfConfiguration))
          .should(beReadOutsideTheirRecord());

  private static boolean isComponentOfConfiguration(JavaMethod method) {
    JavaClass owner = method.getOwner();
    return owner.isRecord()
        && owner.getPackageName().startsWith("org.attune.run")
        && owner.getSimpleName().endsWith("Config")
        && method.getRawParameterTypes().isEmpty()
        && owner.tryGetField(method.getName()).isPresent();
  }

  private static ArchCondition<JavaMethod> beReadOutsideTheirRecord() {
    return new ArchCondition<>("be read outside their record") {
      @Override
      public void check(JavaMethod component, ConditionEvents events) {
        boolean read =
            declarations(component)
                .flatMap(method -> method.getAccessesToSelf().stream())
                .map(JavaAccess::getOriginOwner)
                .anyMatch(reader -> !isWithin(component.getOwner(), reader));
        events.add(
            new SimpleConditionEvent(
                component,
                read,
                component.getFullName() + (read ? " is read" : " is a setting without effect")));
      }
    };
  }

  /**
   * The component itself, and what it implements: a reader may know the record by its interface.
   */
  private static Stream<JavaMethod> declarations(JavaMethod component) {
    return Stream.concat(
        Stream.of(component),
        component.getOwner().getAllRawInterfaces().stream()
            .flatMap(type -> type.tryGetMethod(component.getName()).stream()));
  }

  private static boolean isWithin(JavaClass record, JavaClass reader) {
    return reader.equals(record)
        || reader.getEnclosingClass().filter(outer -> isWithin(record, outer)).isPresent();
  }
}
