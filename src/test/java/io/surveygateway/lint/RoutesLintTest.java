package io.surveygateway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mistake that the lint knows, made on purpose in a copy of {@code routes/}. */
class RoutesLintTest {

  private static final String POPSEE = "providers/popsee/popsee.camel.yaml";
  private static final String POPSEE_JQ = "providers/popsee/popsee.jq";
  private static final String ROUTER = "router.camel.yaml";
  private static final String SLACK = "destinations/slack/slack.camel.yaml";
  private static final String HMAC = "kamelets/check-hmac.kamelet.yaml";

  private static OutsideLint outside;
  private static RoutesLint lint;

  @TempDir Path base;
  private RoutesCopy routes;

  @BeforeAll
  static void start() {
    outside = new OutsideLint(RoutesCopy.settings());
    lint = outside.lint();
  }

  @AfterAll
  static void stop() {
    outside.close();
  }

  @BeforeEach
  void copyRoutes() throws IOException {
    routes = RoutesCopy.in(base);
  }

  @Test
  void saysNothingOfRoutesWithoutAMistake() {
    assertThat(check().mistakes()).isEmpty();
  }

  @Test
  void namesBrokenYaml() throws IOException {
    var line = routes.edit(POPSEE, "      steps:\n", "     steps:\n");

    assertMistake(
        POPSEE,
        line,
        "This is no YAML: expected <block end>, but found '<block mapping start>'",
        "Compare the indentation with the lines above");
  }

  @Test
  void namesATab() throws IOException {
    routes.edit(POPSEE, "        - unmarshal:", "\t- unmarshal:");

    assertThat(only(POPSEE).remedy()).isEqualTo("Indent with blanks: tabs are not taken.");
  }

  @Test
  void namesAnUnknownStep() throws IOException {
    var line = routes.edit(POPSEE, "- setBody:", "- setBodyy:");

    assertMistake(POPSEE, line, "There is no step setBodyy", "Did you mean setBody?");
  }

  @Test
  void namesAMemberThatAStepHasNot() throws IOException {
    var line = routes.edit(ROUTER, "loggingLevel: DEBUG", "logginLevel: DEBUG");

    assertMistake(ROUTER, line, "log has no logginLevel", "Did you mean loggingLevel?");
  }

  @Test
  void namesAValueThatAStepDoesNotTake() throws IOException {
    var line = routes.edit(ROUTER, "loggingLevel: DEBUG", "loggingLevel: LOUD");

    assertMistake(
        ROUTER,
        line,
        "Expected loggingLevel to be one of [TRACE, DEBUG, INFO, WARN, ERROR, OFF], got 'LOUD'",
        "There are DEBUG, ERROR, INFO, OFF, TRACE, WARN.");
  }

  @Test
  void namesAStepWithoutItsExpression() throws IOException {
    routes.edit(
        ROUTER,
        """
                        expression:
                          jq:
                            expression: .type == "survey.response.completed"
        """,
        "");

    assertThat(only(ROUTER).says()).isEqualTo("item of when lacks an expression");
  }

  @Test
  void namesTwoStepsBehindOneHyphen() throws IOException {
    routes.append(
        ROUTER,
        """
        - route:
            id: two
            from:
              uri: direct:two
              steps:
                - log:
                    message: one
                  setBody:
                    constant: two
        """);

    assertThat(only(ROUTER).says())
        .isEqualTo("Expected one name behind the hyphen, got log, setBody");
  }

  @Test
  void namesANameThatStandsTwice() throws IOException {
    var line = 1 + routes.edit(POPSEE, "id: popsee-map\n", "id: popsee-map\n    id: popsee-map\n");

    assertMistake(
        POPSEE, line, "id stands twice in route", "Delete one: Camel takes one of them only.");
  }

  @Test
  void namesAnUnknownComponent() throws IOException {
    var line = routes.edit(ROUTER, "uri: outbox:slack", "uri: outbx:slack");

    assertMistake(ROUTER, line, "There is no component outbx", "Did you mean outbox?");
  }

  @Test
  void namesAnUnknownParameterOfAComponent() throws IOException {
    var line =
        routes.edit(
            "destinations/database/database.camel.yaml", "resetAutoCommit", "resetAutoComit");

    assertMistake(
        "destinations/database/database.camel.yaml",
        line,
        "spring-jdbc: has no parameter resetAutoComit",
        "Did you mean resetAutoCommit?");
  }

  @Test
  void namesAnUnknownParameterOfTheOutbox() throws IOException {
    var line = routes.edit(SLACK, "        requires:", "        require:");

    assertMistake(SLACK, line, "outbox: has no parameter require", "Did you mean requires?");
  }

  @Test
  void namesAParameterThatWouldBecomeAQueryOfTheOtherSide() throws IOException {
    var file = "providers/surveymonkey/surveymonkey.camel.yaml";
    var line = routes.edit(file, "followRedirects: false", "folowRedirects: false");

    assertMistake(
        file, line, "https: has no parameter folowRedirects", "Did you mean followRedirects?");
  }

  @Test
  void namesAnUnknownKamelet() throws IOException {
    var line = routes.edit(POPSEE, "kamelet:check-hmac", "kamelet:check-hmack");

    assertMistake(POPSEE, line, "There is no kamelet check-hmack", "Did you mean check-hmac?");
  }

  @Test
  void namesAnUnknownParameterOfAKamelet() throws IOException {
    var line = routes.edit(POPSEE, "prefix:", "prefixx:");

    assertMistake(
        POPSEE, line, "kamelet:check-hmac has no parameter prefixx", "Did you mean prefix?");
  }

  @Test
  void namesAMissingParameterOfAKamelet() throws IOException {
    routes.edit(POPSEE, "              key: \"{gateway.providers.popsee.secret}\"\n", "");
    var line = routes.line(POPSEE, "kamelet:check-hmac");

    assertMistake(
        POPSEE, line, "kamelet:check-hmac lacks its parameter key", "Add key: to its parameters.");
  }

  @Test
  void namesAValueThatAKameletDoesNotTake() throws IOException {
    var line = routes.edit(POPSEE, "algorithm: sha256", "algorithm: sha255");

    assertMistake(
        POPSEE,
        line,
        "Expected algorithm of kamelet:check-hmac to be one of [sha1, sha256, sha512], got 'sha255'",
        "Did you mean sha256?");
  }

  @Test
  void namesAKameletWhoseFileIsCalledOtherwise() throws IOException {
    routes.edit(HMAC, "name: check-hmac\n", "name: check-hash\n");

    assertThat(check().mistakes())
        .anySatisfy(
            mistake ->
                assertThat(mistake.says())
                    .isEqualTo(
                        "The kamelet is called check-hash and its file check-hmac.kamelet.yaml"));
  }

  @Test
  void namesASettingThatIsNotThere() throws IOException {
    var file = "providers/smartsurvey/smartsurvey.camel.yaml";
    var line = routes.edit(file, "smartsurvey.max-body}}", "smartsurvey.max-boddy}}");

    assertMistake(
        file,
        line,
        "{{gateway.providers.smartsurvey.max-boddy}} has no value",
        "Set gateway.providers.smartsurvey.max-boddy in application.yaml, or give it a default:"
            + " {{gateway.providers.smartsurvey.max-boddy:…}}");
  }

  @Test
  void namesASettingThatSimpleWouldMissWhileItRuns() throws IOException {
    var file = "providers/surveymonkey/surveymonkey.camel.yaml";
    var line =
        routes.edit(
            file,
            "bearer ${properties:gateway.providers.surveymonkey.access-token}",
            "bearer ${properties:gateway.providers.surveymonkey.token}");

    assertMistake(
        file,
        line,
        "${properties:gateway.providers.surveymonkey.token} has no value",
        "Set gateway.providers.surveymonkey.token in application.yaml");
  }

  @Test
  void namesASecretsSettingThatIsNotThereAndStartsTheProviderAllTheSame() throws IOException {
    var line =
        routes.edit(
            POPSEE, "{gateway.providers.popsee.secret}", "{gateway.providers.popse.secret}");

    assertMistake(
        POPSEE,
        line,
        "There is no setting gateway.providers.popse.secret, so the provider stays off",
        "Check its spelling, or add it to application.yaml.");
    assertThat(check().leftOut()).isEmpty();
  }

  @Test
  void takesASettingWithADefault() throws IOException {
    routes.edit(ROUTER, "message: Kept a", "message: \"{{gateway.nothing:Kept}} a\" #");

    assertThat(check().mistakes()).isEmpty();
  }

  @Test
  void namesAParameterThatAKameletUsesAndHasNot() throws IOException {
    var line = routes.edit(HMAC, "header: \"{{header}}\"", "header: \"{{heder}}\"");

    assertMistake(
        HMAC, line, "{{heder}} has no value", "Add it to the kamelet's properties, set heder");
  }

  @Test
  void namesBrokenJq() throws IOException {
    routes.write(POPSEE_JQ, "# A mapping\n{\n  id: .id,\n  text: .answers[\n}\n");

    assertMistake(
        POPSEE_JQ,
        5,
        "This is no jq: '}' was not expected",
        "Look at what stands before it: a comma, a pipe or an end is missing mostly.");
  }

  @Test
  void namesJqThatEndsTooEarly() throws IOException {
    routes.write(POPSEE_JQ, "if .a then {\n  id: .id\n}\n");

    assertThat(only(POPSEE_JQ).says()).isEqualTo("This is no jq: it ends too early");
  }

  @Test
  void namesATextInJqThatIsNotClosed() throws IOException {
    routes.write(POPSEE_JQ, "{id: \"x}\n");

    assertThat(only(POPSEE_JQ).says()).startsWith("This is no jq");
  }

  @Test
  void namesBrokenJqInARoute() throws IOException {
    var line = routes.edit(ROUTER, ".type == \"survey.response.completed\"", ".type == (");

    assertMistake(ROUTER, line, "This is no jq: it ends too early", "Look for a bracket");
  }

  @Test
  void namesAnUnknownFunctionOfJq() throws IOException {
    routes.append(POPSEE_JQ, "| with_entris(.)\n");
    var line = (int) Files.readString(routes.file(POPSEE_JQ)).lines().count();

    assertMistake(
        POPSEE_JQ,
        line,
        "jq has no function with_entris/1 (1 arguments)",
        "Did you mean with_entries?");
  }

  @Test
  void namesAFunctionOfJqWithTooManyArguments() throws IOException {
    routes.append(POPSEE_JQ, "| map(.; .)\n");

    assertThat(only(POPSEE_JQ).remedy()).isEqualTo("Give map as many arguments as it takes: 1.");
  }

  @Test
  void namesAnUnknownVariableOfJq() throws IOException {
    routes.append(POPSEE_JQ, "| if $nothing then . else . end\n");

    assertThat(only(POPSEE_JQ).says()).isEqualTo("jq has no variable $nothing");
  }

  @Test
  void namesAJqFileThatIsNotThere() throws IOException {
    var line = routes.edit(POPSEE, "popsee/popsee.jq", "popsee/posee.jq");

    assertThat(check().mistakes())
        .anySatisfy(
            mistake -> {
              assertThat(mistake.place().line()).isEqualTo(line);
              assertThat(mistake.says())
                  .isEqualTo("There is no file routes/providers/popsee/posee.jq");
            })
        .anySatisfy(mistake -> assertThat(mistake.says()).isEqualTo("No route names this file"));
  }

  @Test
  void namesAnIdThatStandsTwiceInDifferentFiles() throws IOException {
    var line = routes.edit(POPSEE, "id: check-popsee-signature", "id: keep-event");

    assertMistake(
        POPSEE,
        line,
        "The id keep-event stands in routes/router.camel.yaml, line %d, column 17 already"
            .formatted(routes.line(ROUTER, "id: keep-event")),
        "Give one of them another id");
  }

  @Test
  void namesARouteIdThatStandsTwice() throws IOException {
    var line = routes.edit(POPSEE, "id: popsee-map\n", "id: popsee-receive\n");

    assertMistake(
        POPSEE,
        line,
        "The id popsee-receive stands in routes/providers/popsee/popsee.camel.yaml, line %d, column 9"
                .formatted(routes.line(POPSEE, "id: popsee-receive"))
            + " already",
        "Give one of them another id");
  }

  @Test
  void namesTheCopyOfAFolderAndNotTheOneThatWasCopied() throws IOException {
    routes.copyFolder("providers/popsee", "providers/nobodys");
    Files.move(
        routes.file("providers/nobodys/popsee.camel.yaml"),
        routes.file("providers/nobodys/nobodys.camel.yaml"));

    var findings = check();

    assertThat(findings.leftOut()).containsOnlyKeys("routes/providers/nobodys");
    assertThat(findings.leftOut().get("routes/providers/nobodys"))
        .extracting(Mistake::says)
        .contains(
            "Expected the name of the folder, nobodys, got popsee",
            "A route in routes/providers/popsee/popsee.camel.yaml, line %d, column 12 takes the"
                    .formatted(routes.line(POPSEE, "uri: kamelet:webhook-source"))
                + " webhook path /webhooks/popsee already",
            "A route in routes/providers/popsee/popsee.camel.yaml, line %d, column 12 takes"
                    .formatted(routes.line(POPSEE, "      uri: inbox:popsee\n      steps"))
                + " inbox:popsee already");
    assertThat(findings.stopping()).isEmpty();
  }

  @Test
  void namesAWebhookPathThatTwoRoutesTake() throws IOException {
    routes.append(
        POPSEE,
        """
        - route:
            id: popsee-again
            routeConfigurationId: refuse-webhook
            from:
              uri: platform-http
              parameters:
                path: /webhooks/popsee
              steps:
                - to:
                    uri: inbox:popsee
        """);

    assertThat(only(POPSEE).says()).endsWith("takes the webhook path /webhooks/popsee already");
  }

  @Test
  void namesAPolicyThatDoesNotExist() throws IOException {
    var line = routes.edit(POPSEE, "set-aside-unreadable", "set-aside-unreadabel");

    assertThat(check().mistakes())
        .anySatisfy(
            mistake -> {
              assertThat(mistake.place().line()).isEqualTo(line);
              assertThat(mistake.says())
                  .isEqualTo(
                      "There is no routeConfiguration set-aside-unreadabel, and Camel says nothing"
                          + " of it");
              assertThat(mistake.remedy()).isEqualTo("Did you mean set-aside-unreadable?");
            });
  }

  @Test
  void namesAMapRouteWithoutItsPolicy() throws IOException {
    routes.edit(POPSEE, "    routeConfigurationId: set-aside-unreadable\n", "");

    assertThat(only(POPSEE).says())
        .isEqualTo(
            "The route popsee-map begins with inbox:, and has no routeConfigurationId:"
                + " set-aside-unreadable");
  }

  @Test
  void namesAReceivingRouteWithoutItsPolicy() throws IOException {
    routes.edit(POPSEE, "    routeConfigurationId: refuse-webhook\n", "");

    assertThat(only(POPSEE).says())
        .isEqualTo(
            "The route popsee-receive begins with kamelet:, and has no routeConfigurationId:"
                + " refuse-webhook");
  }

  @Test
  void namesADestinationThatDoesNotExist() throws IOException {
    var line = routes.edit(ROUTER, "outbox:slack", "outbox:slak");

    assertMistake(
        ROUTER,
        line,
        "No route begins with outbox:slak, so nobody takes what is sent there",
        "Did you mean slack?");
  }

  @Test
  void namesADirectThatNobodyTakes() throws IOException {
    var line = routes.edit(POPSEE, "name: router", "name: roter");

    assertThat(only(POPSEE).says())
        .isEqualTo("No route begins with direct:roter, so nobody takes what is sent there");
    assertThat(only(POPSEE).place().line()).isEqualTo(line - 2);
  }

  @Test
  void namesAnInboxThatNobodyMaps() throws IOException {
    routes.edit(POPSEE, "uri: inbox:popsee\n", "uri: inbox:popsee-two\n");

    assertThat(only(POPSEE).says())
        .isEqualTo("No route begins with inbox:popsee-two, so nobody takes what is sent there");
  }

  @Test
  void namesAFileThatCamelIgnores() throws IOException {
    routes.write("extra.yml", "- route: {}\n");

    assertMistake(
        "extra.yml", 0, "Camel ignores files that end in .yml", "Call it extra.camel.yaml");
  }

  @Test
  void namesAFileThatCamelHasNoLoaderFor() throws IOException {
    routes.write("providers/popsee/popsee.v2.yaml", "- route: {}\n");

    assertMistake(
        "providers/popsee/popsee.v2.yaml",
        0,
        "Expected a name that ends in .camel.yaml or .kamelet.yaml, with no other dot",
        "Call it popsee-v2.camel.yaml");
  }

  @Test
  void namesAFileThatHoldsNoRoutes() throws IOException {
    routes.write("notes.camel.yaml", "survey: x\n");

    assertMistake(
        "notes.camel.yaml",
        1,
        "Expected a list of routes, got something else: Camel would ignore the file",
        "Begin each entry with a hyphen: - route:");
  }

  @Test
  void namesAnEmptyFile() throws IOException {
    routes.write("empty.camel.yaml", "# Nothing yet\n");

    assertMistake("empty.camel.yaml", 0, "The file is empty", "Fill it, or delete it");
  }

  @Test
  void namesAFolderWithoutItsRoutes() throws IOException {
    routes.write("providers/nobodys/nobodys.yaml.txt", "");

    assertThat(check().leftOut()).containsOnlyKeys("routes/providers/nobodys");
  }

  @Test
  void namesAProviderWithoutSamplesAndStartsItAllTheSame() throws IOException {
    for (var sample : Files.list(routes.file("providers/popsee/samples")).toList()) {
      Files.delete(sample);
    }
    Files.delete(routes.file("providers/popsee/samples"));

    assertMistake(
        "providers/popsee/samples",
        0,
        "There are no samples of what the provider sends",
        "Put a request into samples/<situation>.json");
    assertThat(check().leftOut()).isEmpty();
  }

  @Test
  void namesASampleOfWhichNobodySaysWhatItBecomes() throws IOException {
    routes.delete("providers/popsee/samples/minimal.expected.json");

    assertMistake(
        "providers/popsee/samples/minimal.json",
        0,
        "The sample lacks minimal.expected.json",
        "Write what it has to become");
  }

  @Test
  void namesWhatNoSampleBecomes() throws IOException {
    routes.delete("providers/popsee/samples/minimal.json");

    assertMistake(
        "providers/popsee/samples/minimal.expected.json",
        0,
        "There is no sample that becomes this",
        "Put the request beside it");
  }

  @Test
  void namesAllMistakesOfOneRun() throws IOException {
    routes.edit(POPSEE, "- setBody:", "- setBodyy:");
    routes.edit(POPSEE, "prefix:", "prefixx:");
    routes.edit(ROUTER, "outbox:slack", "outbox:slak");
    routes.edit("providers/smartsurvey/smartsurvey.jq", "{", "{{");

    assertThat(check().mistakes())
        .extracting(mistake -> mistake.place().file())
        .containsExactly(
            "routes/" + POPSEE,
            "routes/" + POPSEE,
            "routes/providers/smartsurvey/smartsurvey.jq",
            "routes/" + ROUTER);
  }

  @Test
  void saysNothingOfWhatAnUnreadableFileMayHold() throws IOException {
    routes.edit("refusals.camel.yaml", "    description:", "   description:");

    assertThat(only("refusals.camel.yaml").says()).startsWith("This is no YAML");
  }

  @Test
  void saysThatTheRouterNeedsADestinationThatCannotBeRead() throws IOException {
    routes.edit(SLACK, "    description:", "   description:");

    assertThat(check().stopping())
        .extracting(Mistake::says)
        .containsExactly("outbox:slack is needed here, and routes/destinations/slack has mistakes");
  }

  @Test
  void leavesOutAProviderAndStartsTheOthers() throws IOException {
    routes.edit(POPSEE, "- setBody:", "- setBodyy:");

    var findings = check();

    assertThat(findings.leftOut()).containsOnlyKeys("routes/providers/popsee");
    assertThat(findings.stopping()).isEmpty();
  }

  @Test
  void stopsWhereTheRouterHasAMistake() throws IOException {
    routes.edit(ROUTER, "- choice:", "- choise:");

    var findings = check();

    assertThat(findings.stopping()).hasSize(1);
    assertThat(findings.leftOut()).isEmpty();
  }

  @Test
  void stopsWhereADestinationHasAMistakeThatTheRouterSendsTo() throws IOException {
    routes.edit(SLACK, "        requires:", "        require:");

    var findings = check();

    assertThat(findings.leftOut()).containsOnlyKeys("routes/destinations/slack");
    assertThat(findings.stopping())
        .extracting(Mistake::says)
        .containsExactly("outbox:slack is needed here, and routes/destinations/slack has mistakes");
  }

  @Test
  void leavesOutADestinationThatNobodySendsTo() throws IOException {
    routes.edit(SLACK, "        requires:", "        require:");
    routes.edit(ROUTER, "uri: outbox:slack", "uri: outbox:database");

    var findings = check();

    assertThat(findings.leftOut()).containsOnlyKeys("routes/destinations/slack");
    assertThat(findings.stopping()).isEmpty();
  }

  private Findings check() {
    return routes.check(lint);
  }

  private Mistake only(String file) {
    var found = check().mistakes();
    assertThat(found).extracting(m -> m.place().file()).containsOnly("routes/" + file);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private void assertMistake(String file, int line, String says, String remedy) {
    var of =
        check().mistakes().stream()
            .filter(mistake -> mistake.place().file().equals("routes/" + file))
            .toList();
    assertThat(of).hasSize(1);
    assertThat(of.get(0).says()).isEqualTo(says);
    assertThat(of.get(0).place().line()).as(of.get(0).toString()).isEqualTo(line);
    assertThat(of.get(0).remedy()).startsWith(remedy);
  }
}
