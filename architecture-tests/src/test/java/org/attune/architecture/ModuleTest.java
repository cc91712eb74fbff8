package org.attune.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.Set;

/** The module diagram of ARCHITECTURE.md: who may use whom, and which library lives where. */
@AnalyzeClasses(packages = "org.attune", importOptions = DoNotIncludeTests.class)
class ModuleTest {
  /** Each module with the modules it may use. */
  private static final Map<String, Set<String>> MODULES =
      Map.of(
          "data", Set.of(),
          "run", Set.of(),
          "tensor", Set.of(),
          "feedback", Set.of("data"),
          "server", Set.of("data", "feedback", "run"),
          "testkit", Set.of("tensor"),
          "model", Set.of("data", "tensor"),
          "train", Set.of("data", "feedback", "model", "run", "tensor"),
          "cli", Set.of("data", "feedback", "model", "run", "server", "tensor", "train"));

  @ArchTest
  static void a_module_uses_only_the_modules_below_it(JavaClasses classes) {
    MODULES.forEach(
        (module, allowed) -> {
          String[] others =
              MODULES.keySet().stream()
                  .filter(other -> !other.equals(module) && !allowed.contains(other))
                  .map(ModuleTest::packagesOf)
                  .toArray(String[]::new);
          noClasses()
              .that()
              .resideInAPackage(packagesOf(module))
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(others)
              .because(module + " may use only " + allowed)
              .check(classes);
        });
  }

  @ArchTest
  static final ArchRule every_class_belongs_to_a_module =
      noClasses()
          .should()
          .resideOutsideOfPackages(
              MODULES.keySet().stream().map(ModuleTest::packagesOf).toArray(String[]::new));

  @ArchTest
  static final ArchRule only_tensor_sees_the_native_library = only("tensor", "org.bytedeco..");

  @ArchTest static final ArchRule only_model_sees_the_tokenizer_library = only("model", "ai.djl..");

  @ArchTest static final ArchRule only_data_sees_duckdb = only("data", "org.duckdb..");

  @ArchTest
  static final ArchRule only_data_and_server_use_sql =
      noClasses()
          .that()
          .resideOutsideOfPackages(packagesOf("data"), packagesOf("server"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..");

  @ArchTest
  static final ArchRule only_server_sees_spring =
      only("server", "org.springframework..", "org.apache.lucene..");

  @ArchTest static final ArchRule only_cli_sees_picocli = only("cli", "picocli..");

  @ArchTest
  static final ArchRule trainers_do_not_depend_on_each_other =
      slices()
          .assignedFrom(trainers("sft", "reward", "ppo"))
          .should()
          .notDependOnEachOther()
          .because(
              "loops may repeat, maths and I/O may not; what two trainers share has a place of its own");

  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices().matching("org.attune.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule internal_packages_are_used_only_in_their_own_module =
      slices()
          .assignedFrom(modulesOf(MODULES.keySet()))
          .should()
          .notDependOnEachOther()
          .ignoreDependency(alwaysTrue(), not(resideInAPackage("..internal..")));

  private static ArchRule only(String module, String... libraryPackages) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(packagesOf(module))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraryPackages);
  }

  private static String packagesOf(String module) {
    return "org.attune." + module + "..";
  }

  private static SliceAssignment trainers(String... names) {
    return byPackage("org.attune.train.", Set.of(names));
  }

  private static SliceAssignment modulesOf(Set<String> names) {
    return byPackage("org.attune.", names);
  }

  /** Puts a class into the slice of the first of {@code names} that follows {@code prefix}. */
  private static SliceAssignment byPackage(String prefix, Set<String> names) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        return names.stream()
            .filter(name -> (javaClass.getPackageName() + ".").startsWith(prefix + name + "."))
            .findFirst()
            .map(SliceIdentifier::of)
            .orElse(SliceIdentifier.ignore());
      }

      @Override
      public String getDescription() {
        return "packages " + prefix + names;
      }
    };
  }
}
