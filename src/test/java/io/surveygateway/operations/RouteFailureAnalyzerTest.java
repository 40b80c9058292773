package io.surveygateway.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

/** What a person reads when the gateway does not start because of a route. */
@ExtendWith(OutputCaptureExtension.class)
class RouteFailureAnalyzerTest {

  private static final String ROUTE =
      """
      - route:
          id: one
          from:
            uri: direct:one
            steps:
      """;

  @TempDir Path folder;

  @Test
  void showsWhereYamlIsBroken(CapturedOutput output) throws IOException {
    var report =
        start(
            """
            - route:
                id: one
                from:
                  uri: direct:one
                 steps:
                   - log: x
            """,
            output);

    assertThat(report)
        .isEqualTo(
            """
            Description:

            The routes could not be loaded:
              Error pre-parsing resource: file:routes/x.camel.yaml
              while parsing a block mapping
               in file:routes/x.camel.yaml, line 2, column 5:
                      id: one
                      ^
              expected <block end>, but found '<block mapping start>'
               in file:routes/x.camel.yaml, line 5, column 6:
                       steps:
                       ^

            Action:

            Mend the file at the line and column above. Indentation decides what belongs to what; \
            an editor with Camel's YAML schema marks such places.
            """);
  }

  @Test
  void showsWhereAStepIsUnknown(CapturedOutput output) throws IOException {
    var report =
        start(
            ROUTE
                + """
                        - setBodyy:
                            constant: x
                """,
            output);

    assertThat(report)
        .isEqualTo(
            """
            Description:

            The routes could not be loaded:
              Unknown node id: setBodyy
               in file:routes/x.camel.yaml, line 6, column 11:
                          - setBodyy:
                            ^

            Action:

            Mend the file at the line and column above. Indentation decides what belongs to what; \
            an editor with Camel's YAML schema marks such places.
            """);
  }

  @Test
  void namesTheSettingThatIsMissing(CapturedOutput output) throws IOException {
    var report =
        start(
            ROUTE
                + """
                        - log:
                            message: "{{gateway.nothing}}"
                """,
            output);

    assertThat(report)
        .isEqualTo(
            """
            Description:

            Route one (x.camel.yaml, line 2) could not be built, at the step Log[{{gateway.nothing}}]:
              Property with key [gateway.nothing] not found in properties from text: \
            {{gateway.nothing}}

            Action:

            Set gateway.nothing in application.yaml, or write {{gateway.nothing:default}} in the \
            route.
            """);
  }

  @Test
  void showsWhereAJqFileIsBroken(CapturedOutput output) throws IOException {
    var mapping = folder.resolve("broken.jq");
    Files.writeString(mapping, "# A mapping\n{\n  id: .id,\n  text: .answers[\n}\n");

    var report =
        start(
            ROUTE
                + """
                        - setBody:
                            expression:
                              jq:
                                expression: resource:file:%s
                """
                    .formatted(mapping),
            output);

    assertThat(report)
        .isEqualTo(
            """
            Description:

            Route one (x.camel.yaml, line 2) could not be built, at the step \
            SetBody[jq{resource:file:%s}]:
              Illegal syntax in line 5, column 1 of the expression:
                }
                ^
              Encountered " "}" "} "" at line 5, column 1.

            Action:

            Mend the expression at the line and column above. A jq file can be tried on a sample: \
            jq -f <file> <sample>.
            """
                .formatted(mapping));
  }

  @Test
  void saysEachReasonOnce(CapturedOutput output) throws IOException {
    var report =
        start(
            ROUTE
                + """
                        - to:
                            uri: log:x
                            parameters:
                              showAlll: true
                """,
            output);

    assertThat(report)
        .containsOnlyOnce("There are 1 parameters that couldn't be set")
        .contains("Action:\n\nCompare the parameters with the component's documentation.");
  }

  @Test
  void saysWhichComponentIsUnknown(CapturedOutput output) throws IOException {
    assertThat(start(ROUTE + "        - to: nosuch:x\n", output))
        .contains("No endpoint could be found for: nosuch://x")
        .contains("Check how the scheme is spelt.");
  }

  @Test
  void saysWhichBeanIsUnknown(CapturedOutput output) throws IOException {
    assertThat(start(ROUTE + "        - process:\n            ref: nosuch\n", output))
        .contains("No bean could be found in the registry for: nosuch")
        .contains("Check how the name is spelt in the route");
  }

  @Test
  void saysWhichFileIsMissing(CapturedOutput output) throws IOException {
    assertThat(
            start(
                ROUTE
                    + """
                            - setBody:
                                expression:
                                  jq:
                                    expression: resource:file:no/such.jq
                    """,
                output))
        .contains("no/such.jq")
        .contains("It counts from the folder that the gateway was started in");
  }

  @Test
  void saysThatTwoRoutesWantTheSame(CapturedOutput output) throws IOException {
    assertThat(
            start(
                ROUTE
                    + "        - log: x\n"
                    + ROUTE.replace("id: one", "id: two")
                    + "        - log: x\n",
                output))
        .contains("Route two (x.camel.yaml, line 8) could not be started:\n  Multiple consumers");
  }

  @Test
  void saysWhereAnIdStandsTwice(CapturedOutput output) throws IOException {
    assertThat(start(ROUTE + "        - log: x\n" + ROUTE + "        - log: x\n", output))
        .contains("Route one (x.camel.yaml, line 2; x.camel.yaml, line 8) stands in more than one");
  }

  @Test
  void leavesOtherFailuresToOthers() {
    assertThat(
            new RouteFailureAnalyzer(new MockEnvironment())
                .analyze(new IllegalStateException("port in use")))
        .isNull();
  }

  /** The report, with the temporary folder called routes and without the reporter's frame. */
  private String start(String route, CapturedOutput output) throws IOException {
    Files.writeString(folder.resolve("x.camel.yaml"), route);
    var thrown =
        catchThrowable(
            () ->
                new SpringApplicationBuilder(CamelAlone.class)
                    .web(WebApplicationType.NONE)
                    .run("--camel.main.routes-include-pattern=file:" + folder + "/*.yaml")
                    .close());
    assertThat(thrown).isNotNull();
    var all = output.getAll();
    assertThat(all).contains("APPLICATION FAILED TO START");
    return all.substring(all.lastIndexOf("Description:"))
            .replace("file:" + folder + "/x.camel.yaml", "file:routes/x.camel.yaml")
            .lines()
            .map(String::stripTrailing)
            .reduce((one, other) -> one + "\n" + other)
            .orElse("")
            .strip()
        + "\n";
  }

  @ImportAutoConfiguration(CamelAutoConfiguration.class)
  static class CamelAlone {}
}
