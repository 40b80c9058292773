package io.surveygateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between packages stay as they are drawn here. */
class PackagesTest {

  private static final String ROOT = "io.surveygateway.";

  /** Who may know whom. What is not listed knows no other package of ours. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("failure", Set.of()),
          Map.entry("proof", Set.of()),
          Map.entry("event", Set.of("failure")),
          Map.entry("store", Set.of("failure")),
          Map.entry("logs", Set.of()),
          Map.entry("settings", Set.of()),
          Map.entry("tracing", Set.of("settings")),
          Map.entry("inbox", Set.of("event", "failure", "logs", "store", "tracing")),
          Map.entry("outbox", Set.of("event", "failure", "inbox", "logs", "store", "tracing")),
          Map.entry("webhook", Set.of("failure", "proof", "inbox", "logs", "store")),
          Map.entry("forward", Set.of("failure", "proof")),
          Map.entry("slack", Set.of("event", "failure", "outbox", "settings")),
          Map.entry("salesforce", Set.of("event", "failure", "outbox", "settings")),
          Map.entry("warehouse", Set.of("event", "failure", "outbox", "store")),
          Map.entry(
              "surveymonkey",
              Set.of("event", "failure", "inbox", "proof", "store", "upkeep", "webhook")),
          Map.entry("smartsurvey", Set.of("event", "failure", "store", "upkeep")),
          Map.entry("upkeep", Set.of("failure", "store")),
          Map.entry(
              "trial",
              Set.of("event", "failure", "inbox", "lint", "outbox", "store", "surveymonkey")),
          Map.entry(
              "console", Set.of("inbox", "operations", "reload", "store", "trial", "webhook")),
          Map.entry("reload", Set.of("inbox", "lint", "operations", "outbox", "webhook")),
          Map.entry(
              "alerts",
              Set.of(
                  "event", "failure", "logs", "outbox", "proof", "slack", "store", "upkeep",
                  "webhook")),
          Map.entry("lint", Set.of("inbox", "outbox", "webhook")),
          Map.entry(
              "operations",
              Set.of(
                  "event", "lint", "logs", "outbox", "store", "upkeep", "warehouse", "webhook")));

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.surveygateway");

  static Set<String> packages() {
    return new TreeSet<>(ARROWS.keySet());
  }

  @ParameterizedTest
  @MethodSource("packages")
  void knowOnlyWhomTheyMay(String name) {
    var allowed = ARROWS.get(name);

    noClasses()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .dependOnClassesThat(
            describe(
                "are in another package of ours than " + allowed,
                other ->
                    other.getPackageName().startsWith(ROOT)
                        && !other.getPackageName().equals(ROOT + name)
                        && !allowed.contains(other.getPackageName().substring(ROOT.length()))))
        .check(OURS);
  }

  @Test
  void areAllDrawn() {
    assertThat(OURS.stream().map(JavaClass::getPackageName).filter(p -> p.startsWith(ROOT)))
        .map(name -> name.substring(ROOT.length()))
        .allSatisfy(name -> assertThat(ARROWS).containsKey(name));
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"event", "failure", "proof", "store"})
  void knowNoCamel(String name) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.camel..")
        .check(OURS);
  }

  @Test
  void proofsArePlainJava() {
    classes()
        .that()
        .resideInAPackage(ROOT + "proof")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(ROOT + "proof", "java..", "javax.crypto..", "org.jspecify..")
        .check(OURS);
  }
}
