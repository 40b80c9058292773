package io.surveygateway.salesforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.failure.FailureException;
import java.io.EOFException;
import java.net.ConnectException;
import java.util.List;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.salesforce.api.NoSuchSObjectException;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.component.salesforce.api.SalesforceMultipleChoicesException;
import org.apache.camel.component.salesforce.api.dto.RestError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Salesforce's codes and statuses mean. */
class SalesforceErrorsTest {

  private final SalesforceErrors errors = new SalesforceErrors();

  @ParameterizedTest
  @CsvSource({
    "400, UNABLE_TO_LOCK_ROW, TRANSIENT",
    "403, REQUEST_LIMIT_EXCEEDED, RATE_LIMITED",
    "503, SERVER_UNAVAILABLE, TRANSIENT",
    "400, QUERY_TIMEOUT, TRANSIENT",
    "401, INVALID_SESSION_ID, AUTH",
    "400, invalid_grant, AUTH",
    "400, invalid_client, AUTH",
    "400, invalid_client_id, AUTH",
    "403, API_DISABLED_FOR_ORG, AUTH",
    "400, REQUIRED_FIELD_MISSING, PERMANENT",
    "400, INVALID_FIELD, PERMANENT",
    "400, DUPLICATE_VALUE, PERMANENT",
    "400, DUPLICATES_DETECTED, PERMANENT",
    "400, STRING_TOO_LONG, PERMANENT",
    "400, MALFORMED_ID, PERMANENT",
    "400, JSON_PARSER_ERROR, PERMANENT",
    "403, INSUFFICIENT_ACCESS, PERMANENT",
    "500, UNKNOWN_EXCEPTION, TRANSIENT",
    "500, A_CODE_OF_TOMORROW, TRANSIENT",
    "400, A_CODE_OF_TOMORROW, PERMANENT",
  })
  void readsTheCodeOfACall(int status, String code, Kind kind) {
    var thrown = new SalesforceException(List.of(new RestError(code, "said Jo")), status);

    var failure = errors.classify(thrown);

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.reason())
        .startsWith("Salesforce answered " + status + ": " + code)
        .doesNotContain("said Jo");
  }

  @ParameterizedTest
  @CsvSource({
    "0, TRANSIENT",
    "401, AUTH",
    "403, AUTH",
    "404, PERMANENT",
    "408, TRANSIENT",
    "413, PERMANENT",
    "429, RATE_LIMITED",
    "500, TRANSIENT",
    "502, TRANSIENT",
    "503, TRANSIENT",
  })
  void readsAStatusWithoutACode(int status, Kind kind) {
    assertThat(errors.classify(new SalesforceException("Unexpected error", status)).kind())
        .isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({"401, AUTH", "404, AUTH", "302, AUTH", "429, RATE_LIMITED", "503, TRANSIENT"})
  void readsTheStatusOfALogin(int status, Kind kind) {
    var thrown =
        new RuntimeCamelException(
            new SalesforceException("Login error status:[" + status + "] reason:[x]", status));

    assertThat(errors.classify(thrown))
        .isEqualTo(new Failure(kind, "Salesforce answered " + status + " to the login", null));
  }

  @Test
  void parksWhatHasNoPlaceOrTooMany() {
    assertThat(
            errors
                .classify(new NoSuchSObjectException(List.of(new RestError("NOT_FOUND", "x"))))
                .kind())
        .isEqualTo(Kind.PERMANENT);
    assertThat(
            errors
                .classify(new SalesforceMultipleChoicesException("x", 300, List.of("/a", "/b")))
                .kind())
        .isEqualTo(Kind.PERMANENT);
  }

  @Test
  void looksForTheCauseThatKnowsMost() {
    var known =
        new SalesforceException(
            List.of(new RestError("UNABLE_TO_LOCK_ROW", "x", List.of("Contact__c"))), 400);
    var thrown =
        new RuntimeCamelException(new SalesforceException("Error processing upsert", known));

    assertThat(errors.classify(thrown))
        .isEqualTo(
            Failure.transientFailure("Salesforce answered 400: UNABLE_TO_LOCK_ROW (Contact__c)"));
  }

  @Test
  void triesAgainWhatNeverArrived() {
    assertThat(
            errors.classify(
                new SalesforceException(
                    "Unexpected error {0:null} executing {PATCH:http://x/y}",
                    0,
                    new EOFException())))
        .isEqualTo(Failure.transientFailure("Salesforce did not answer"));
    assertThat(errors.classify(new RuntimeCamelException(new ConnectException("x"))))
        .isEqualTo(Failure.transientFailure("Salesforce could not be reached: ConnectException"));
  }

  @ParameterizedTest
  @CsvSource({"200", "401", "404"})
  void triesAgainWhenAnAnswerBrokeOffWhateverItsStatus(int status) {
    assertThat(
            errors.classify(
                new RuntimeCamelException(
                    new SalesforceException(
                        "Unexpected error {" + status + ":null} executing {DELETE:http://x/y}",
                        status,
                        new EOFException()))))
        .isEqualTo(Failure.transientFailure("Salesforce's answer, a " + status + ", broke off"));
  }

  @Test
  void passesOnWhatIsUnderstoodAlready() {
    var known = Failure.permanent("mend salesforce.jq");

    assertThat(errors.classify(new RuntimeCamelException(new FailureException(known))))
        .isEqualTo(known);
  }

  @Test
  void parksEventsThatCannotBeMapped() {
    assertThat(
            errors
                .classify(
                    new RuntimeCamelException(new JsonQueryException("Cannot index \"Jo Miller\"")))
                .reason())
        .isEqualTo("salesforce.jq: The mapping failed: Cannot index …");
  }

  @Test
  void asksForSettingsThatAreMissing() {
    assertThat(
            errors.classify(
                new IllegalArgumentException(
                    "You must specify parameters aligned with one of the supported"
                        + " authentication methods")))
        .isEqualTo(Failure.auth("Salesforce's settings are incomplete: see gateway.salesforce"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "STRING_TOO_LONG; Comment: data value too large: Jo said (max length=255);"
            + " STRING_TOO_LONG (F__c), max length=255: cut it in salesforce.jq",
        "REQUIRED_FIELD_MISSING; Required fields are missing: [LastName];"
            + " REQUIRED_FIELD_MISSING (F__c), Required fields are missing: [LastName]",
        "INVALID_FIELD; No such column 'Mood__c' on sobject of type Survey_Response__c;"
            + " INVALID_FIELD (F__c), No such column 'Mood__c' on sobject of type"
            + " Survey_Response__c: deploy the metadata, and give the permission set to the"
            + " gateway's user",
        "INVALID_EMAIL_ADDRESS; Email: invalid email address: jo@; INVALID_EMAIL_ADDRESS (F__c)",
        "DUPLICATE_VALUE; duplicate value found: F__c duplicates jo@example.org;"
            + " DUPLICATE_VALUE (F__c)",
      })
  void tellsOfARecordWhatIsNobodysWords(String code, String message, String reason) {
    var failure =
        SalesforceErrors.ofRecord(
            "the response", List.of(new RestError(code, message, List.of("F__c"))));

    assertThat(failure).isEqualTo(Failure.permanent("Salesforce refused the response: " + reason));
  }

  @Test
  void triesAgainWhereTheContactWasRemovedMeanwhile() {
    var gone =
        new RestError(
            "INVALID_FIELD",
            "Foreign key external ID: jo@example.org not found for field Email in entity Contact");

    assertThat(SalesforceErrors.ofRecord("the response", List.of(gone)))
        .isEqualTo(Failure.transientFailure("Salesforce refused the response: INVALID_FIELD"));
  }

  @Test
  void parksARecordWhereOnlyOneOfItsErrorsMayPass() {
    var failure =
        SalesforceErrors.ofRecord(
            "the contact",
            List.of(
                new RestError("UNABLE_TO_LOCK_ROW", "x"), new RestError("STRING_TOO_LONG", "x")));

    assertThat(failure.kind()).isEqualTo(Kind.PERMANENT);
  }

  @Test
  void readsCodesThatAreNone() {
    assertThat(
            SalesforceErrors.ofRecord(
                "the contact", List.of(new RestError("<b>Jo</b>", "x", List.of("Jo said")))))
        .isEqualTo(Failure.permanent("Salesforce refused the contact: an error without a code"));
    assertThat(SalesforceErrors.ofRecord("the contact", null))
        .isEqualTo(Failure.permanent("Salesforce refused the contact: it did not say why"));
  }
}
