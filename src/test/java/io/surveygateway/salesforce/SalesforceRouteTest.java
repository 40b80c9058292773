package io.surveygateway.salesforce;

import static io.surveygateway.salesforce.ResponseEvents.batch;
import static io.surveygateway.salesforce.ResponseEvents.completed;
import static io.surveygateway.salesforce.ResponseEvents.deleted;
import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.outbox.CallBudgets;
import io.surveygateway.routes.DestinationRoute;
import io.surveygateway.routes.DestinationRoute.Outcome;
import io.surveygateway.salesforce.ResponseEvents.Event;
import io.surveygateway.standin.Answer;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SalesforceField;
import io.surveygateway.standin.SalesforceObject;
import io.surveygateway.standin.SalesforceRecord;
import io.surveygateway.standin.SalesforceStandIn;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.component.salesforce.AuthenticationType;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.salesforce.SalesforceEndpointConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code routes/destinations/salesforce/salesforce.camel.yaml}, from the outbox to the wire. */
class SalesforceRouteTest {

  private static final Path METADATA =
      Path.of(
          "routes/destinations/salesforce/metadata/force-app/main/default/objects/Survey_Response__c");

  private SalesforceStandIn salesforce;
  private @Nullable DestinationRoute route;

  @BeforeEach
  void startSalesforce() {
    salesforce = SalesforceStandIn.start();
    salesforce.declare(SalesforceObject.read(METADATA));
  }

  @AfterEach
  void stop() {
    if (route != null) {
      route.close();
    }
    salesforce.close();
  }

  @Test
  void relatesAResponseToItsContact() throws Exception {
    var outcome = deliver(completed("r1").by("Jo@Example.org").named("Jo", "Miller").scoring(9));

    assertThat(outcome.thrown()).isNull();
    var contact = only("Contact");
    assertThat(contact.text("Email")).isEqualTo("jo@example.org");
    assertThat(contact.text("LastName")).isEqualTo("Miller");
    var response = only("Survey_Response__c");
    assertThat(response.text("Response_Key__c")).isEqualTo("popsee:r1");
    assertThat(response.text("Contact__c")).isEqualTo(contact.id());
    assertThat(response.text("NPS__c")).isEqualTo("9");
    assertThat(outcome.deliveries().decisions().get(0).externalReference())
        .isEqualTo(response.id());
  }

  @Test
  void writesABatchOf200InTwoCalls() throws Exception {
    var events = new Event[200];
    for (var i = 0; i < events.length; i++) {
      events[i] = completed("r" + i).by("p" + i % 150 + "@example.org").named("P", "N" + i);
    }

    var outcome = deliver(events);

    assertThat(outcome.deliveries().decisions()).hasSize(200);
    assertThat(outcome.deliveries().decisions().values()).allMatch(it -> it.isDelivered());
    assertThat(salesforce.contacts()).hasSize(150);
    assertThat(salesforce.surveyResponses()).hasSize(200);
    assertThat(salesforce.requests("/composite/")).hasSize(2);
  }

  @Test
  void callsNothingForAnEmptyList() throws Exception {
    deliver(completed("r1"));

    assertThat(salesforce.requests("/composite/"))
        .extracting(request -> request.path().replaceAll(".*/sobjects/", ""))
        .containsExactly("Survey_Response__c/Response_Key__c");
  }

  @Test
  void makesOneContactOfOneAddressHoweverItIsWritten() throws Exception {
    deliver(
        completed("r1").by("JO@example.org").named("Joan", "Miller").respondent("phone", "1"),
        completed("r2").by("jo@example.ORG").named("Jo", "Miller"));

    var contact = only("Contact");
    assertThat(contact.text("FirstName")).isEqualTo("Jo");
    assertThat(contact.text("Phone")).isEqualTo("1");
    assertThat(salesforce.surveyResponses())
        .extracting(response -> response.text("Contact__c"))
        .containsExactly(contact.id(), contact.id());
  }

  @Test
  void neverReplacesALastNameByAGuess() throws Exception {
    salesforce.add("Contact", Map.of("Email", "jo@example.org", "LastName", "Known"));

    deliver(
        completed("r1").by("jo@example.org").respondent("name", "Anonymous Coward"),
        completed("r2").by("ann.new@example.org"),
        completed("r3").by("bo@example.org").respondent("name", "Bo van Dijk"));

    assertThat(salesforce.contacts())
        .extracting(contact -> contact.text("FirstName") + "|" + contact.text("LastName"))
        .containsExactlyInAnyOrder("|Known", "|ann.new", "Bo van|Dijk");
    assertThat(salesforce.surveyResponses())
        .extracting(response -> response.text("Contact__c").isEmpty())
        .containsExactly(false, false, false);
  }

  @Test
  void leavesOutOfAContactWhatIsNotKnown() throws Exception {
    salesforce.add(
        "Contact", Map.of("Email", "jo@example.org", "LastName", "Known", "Phone", "123"));

    deliver(completed("r1").by("jo@example.org"));

    assertThat(only("Contact").text("Phone")).isEqualTo("123");
  }

  @Test
  void emptiesWhatAResponseNoLongerHolds() throws Exception {
    deliver(completed("r1").scoring(9).commenting("good"));
    route.deliver(batch(completed("r1").scoring(3)));

    assertThat(only("Survey_Response__c").text("NPS__c")).isEqualTo("3");
    assertThat(only("Survey_Response__c").text("Comment__c")).isEmpty();
  }

  @Test
  void keepsWhatAThinEventDoesNotTell() throws Exception {
    deliver(
        completed("r1")
            .by("jo@example.org")
            .named("Jo", "Miller")
            .scoring(9)
            .answering("q1", "Fine")
            .attribute("plan", "pro"));
    var before = new HashMap<>(only("Survey_Response__c").fields());

    var outcome = route.deliver(batch(completed("r1").updated().thin()));

    assertThat(outcome.deliveries().decisions().get(0).isDelivered()).isTrue();
    var after = new HashMap<>(only("Survey_Response__c").fields());
    assertThat(after.remove("Event_Type__c").textValue()).isEqualTo("survey.response.updated");
    before.remove("Event_Type__c");
    assertThat(after)
        .isEqualTo(before)
        .containsKeys("NPS__c", "Answers__c", "Attributes__c", "Contact__c", "Survey_Title__c");
    assertThat(after.get("Status__c").textValue()).isEqualTo("completed");
  }

  @Test
  void writesAThinEventThatIsTheFirst() throws Exception {
    deliver(completed("r1").thin());

    assertThat(only("Survey_Response__c").text("Status__c")).isEqualTo("completed");
    assertThat(only("Survey_Response__c").text("Survey_Id__c")).isEqualTo("s-42");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not an address", "jo@", "@example.org", "jo@example", "a@b@c.org", " "})
  void writesAResponseWhoseAddressIsNone(String email) throws Exception {
    var outcome = deliver(completed("r1").by(email).named("Jo", "Miller"));

    assertThat(outcome.deliveries().decisions().get(0).isDelivered()).isTrue();
    assertThat(salesforce.contacts()).isEmpty();
    assertThat(only("Survey_Response__c").text("Respondent_Email__c"))
        .isEqualTo(email.strip().isEmpty() ? " " : email);
  }

  @Test
  void writesAResponseWhoseAddressSalesforceDoesNotTake() throws Exception {
    salesforce.refuse(
        "jo@example.org", 1, "INVALID_EMAIL_ADDRESS", "Email: invalid email address: jo");

    var outcome = deliver(completed("r1").by("jo@example.org").named("Jo", "Miller"));

    assertThat(outcome.deliveries().decisions().get(0).isDelivered()).isTrue();
    assertThat(only("Survey_Response__c").text("Contact__c")).isEmpty();
  }

  @Test
  void losesOneDeliveryToOneBadRecord() throws Exception {
    salesforce.refuse(
        "popsee:r2", 1, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Scores need a survey title");

    var outcome = deliver(completed("r1"), completed("r2"), completed("r3"));

    assertThat(outcome.thrown()).isNull();
    var decisions = outcome.deliveries().decisions();
    assertThat(decisions.get(0).isDelivered()).isTrue();
    assertThat(decisions.get(1).failure())
        .isEqualTo(
            Failure.permanent(
                "Salesforce refused the response: FIELD_CUSTOM_VALIDATION_EXCEPTION,"
                    + " Scores need a survey title"));
    assertThat(decisions.get(2).isDelivered()).isTrue();
  }

  @Test
  void losesOnlyTheResponsesOfARefusedContact() throws Exception {
    salesforce.refuse(
        "jo@example.org", 1, "DUPLICATES_DETECTED", "Use one of these records? jo@example.org");

    var outcome =
        deliver(
            completed("r1").by("jo@example.org").named("Jo", "Miller"),
            completed("r2").by("ann@example.org").named("Ann", "Lee"),
            completed("r3").by("jo@example.org"));

    var decisions = outcome.deliveries().decisions();
    assertThat(decisions.get(1).isDelivered()).isTrue();
    assertThat(decisions.get(0).failure()).isEqualTo(decisions.get(2).failure());
    assertThat(decisions.get(0).failure().kind()).isEqualTo(Kind.PERMANENT);
    assertThat(decisions.get(0).failure().reason())
        .startsWith("Salesforce refused the contact: DUPLICATES_DETECTED")
        .doesNotContain("jo@example.org");
    assertThat(salesforce.surveyResponses()).hasSize(1);
  }

  @Test
  void triesARecordAgainThatWasLocked() throws Exception {
    salesforce.refuse(
        "popsee:r1", 1, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record");

    assertThat(deliver(completed("r1")).deliveries().decisions().get(0).failure().kind())
        .isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void tellsOfContactsThatShareAnAddress() throws Exception {
    salesforce.add("Contact", Map.of("Email", "jo@example.org", "LastName", "One"));
    salesforce.add("Contact", Map.of("Email", "jo@example.org", "LastName", "Two"));

    assertThat(
            deliver(completed("r1").by("jo@example.org")).deliveries().decisions().get(0).failure())
        .isEqualTo(
            Failure.permanent(
                "Salesforce refused the contact: DUPLICATE_EXTERNAL_ID (Email):"
                    + " several records have this key: merge them, or take a unique contact-key"));
  }

  @Test
  void findsContactsByAnExternalIdWhereOneIsSet() throws Exception {
    salesforce.declare(
        SalesforceObject.of(
            "Contact",
            "003",
            true,
            SalesforceField.text("LastName", "Last Name", 80).thatIsRequired(),
            SalesforceField.text("Customer_Id__c", "Customer Id", 80).thatIsKey(),
            SalesforceField.email("Email", "Email")));
    route = route("Customer_Id__c");

    var outcome = route.deliver(batch(completed("r1").by("jo@example.org")));

    assertThat(outcome.deliveries().decisions().get(0).failure().reason())
        .isEqualTo(
            "Expected salesforce.jq to give a contact with the field Customer_Id__c of"
                + " gateway.salesforce.contact-key, and got none: mend either, then retry");
  }

  @Test
  void deletesWhatWasDeleted() throws Exception {
    deliver(completed("r1"), completed("r/2+ü"), completed("r3"));

    var outcome = route.deliver(batch(deleted("r1"), deleted("r/2+ü"), completed("r4")));

    assertThat(outcome.thrown()).isNull();
    assertThat(outcome.deliveries().decisions().values()).allMatch(it -> it.isDelivered());
    assertThat(salesforce.surveyResponses())
        .extracting(response -> response.text("Response_Key__c"))
        .containsExactly("popsee:r3", "popsee:r4");
  }

  @Test
  void takesWhatIsGoneForDeleted() throws Exception {
    deliver(completed("r1"));

    var outcome =
        route.deliver(batch(deleted("never-seen"), deleted("r1"), deleted("never-seen-either")));

    assertThat(outcome.thrown()).isNull();
    assertThat(outcome.deliveries().decisions()).hasSize(3);
    assertThat(outcome.deliveries().decisions().values()).allMatch(it -> it.isDelivered());
    assertThat(salesforce.requests("/describe")).hasSize(1);
  }

  @Test
  void asksForNoDescriptionWhereAllWasThere() throws Exception {
    deliver(completed("r1"));
    route.deliver(batch(deleted("r1")));

    assertThat(salesforce.requests("/describe")).isEmpty();
  }

  @Test
  void takesNothingForDeletedWhereTheObjectIsHidden() throws Exception {
    deliver(completed("r1"));
    salesforce.hide("Survey_Response__c");

    var outcome = route.deliver(batch(deleted("r1")));

    assertThat(outcome.thrown()).isNotNull();
    assertThat(new SalesforceErrors().classify(outcome.thrown()))
        .isEqualTo(
            Failure.permanent(
                "Salesforce answered 404: NOT_FOUND: deploy the metadata, and give the permission"
                    + " set to the gateway's user; check gateway.salesforce.contact-key"));
    assertThat(outcome.deliveries().decisions()).isEmpty();
  }

  @Test
  void takesNothingForDeletedWhereTheKeyIsHidden() throws Exception {
    salesforce.declare(
        SalesforceObject.of(
            "Survey_Response__c",
            "a00",
            true,
            SalesforceField.text("Response_Key__c", "Response Key", 255)));

    var outcome = deliver(deleted("r1"));

    assertThat(outcome.thrown()).isNull();
    assertThat(outcome.deliveries().decisions().get(0).failure())
        .isEqualTo(
            Failure.permanent(
                "Salesforce shows no external id Response_Key__c of Survey_Response__c: deploy the"
                    + " metadata, and give the permission set to the gateway's user"));
  }

  @Test
  void takesNothingForDeletedWhereTheLoginAddressIsWrong() throws Exception {
    salesforce.faults().always(Fault.html(404).at("/oauth2/token"));

    var outcome = deliver(deleted("r1"));

    assertThat(new SalesforceErrors().classify(outcome.thrown()))
        .isEqualTo(Failure.auth("Salesforce answered 404 to the login"));
    assertThat(outcome.deliveries().decisions()).isEmpty();
  }

  @Test
  void takesNothingForDeletedWhereSomethingElseAnswers() throws Exception {
    salesforce.faults().next(Fault.html(404).at("/Response_Key__c/"));

    var outcome = deliver(deleted("r1"));

    assertThat(outcome.thrown()).isNull();
    assertThat(outcome.deliveries().decisions().get(0).failure())
        .isEqualTo(Failure.permanent("Salesforce answered 404"));
  }

  @Test
  void triesADeletionAgainWhereTheDescriptionDidNotCome() throws Exception {
    salesforce.faults().next(Fault.html(503).at("/describe"));

    var outcome = deliver(deleted("r1"));

    assertThat(kindOf(outcome)).isEqualTo(Kind.TRANSIENT);
    assertThat(outcome.deliveries().decisions()).isEmpty();
  }

  @Test
  void losesOneDeliveryToOneRefusedDeletion() throws Exception {
    deliver(completed("r1"), completed("r2"));
    salesforce.refuse("popsee:r1", 1, "DELETE_FAILED", "the record is referenced by r1");

    var outcome = route.deliver(batch(deleted("r1"), deleted("r2")));

    assertThat(outcome.thrown()).isNull();
    assertThat(outcome.deliveries().decisions().get(0).failure())
        .isEqualTo(Failure.permanent("Salesforce answered 400: DELETE_FAILED"));
    assertThat(outcome.deliveries().decisions().get(1).isDelivered()).isTrue();
  }

  @Test
  void stopsDeletingWhenSalesforceIsAway() throws Exception {
    deliver(completed("r1"), completed("r2"));
    salesforce.faults().next(Fault.html(503).at("/Response_Key__c/"));

    var outcome = route.deliver(batch(deleted("r1"), deleted("r2"), completed("r3")));

    assertThat(kindOf(outcome)).isEqualTo(Kind.TRANSIENT);
    assertThat(outcome.deliveries().decisions()).containsOnlyKeys(2);
  }

  @Test
  void letsNoHeaderSteerSalesforce() throws Exception {
    route = route("Email");

    var outcome =
        route.deliver(
            batch(completed("r1").by("jo@example.org").named("Jo", "Miller"), deleted("r2")),
            Map.of(
                "sObjectName", "Account",
                "sObjectIdName", "Name",
                "sObjectIdValue", "victim",
                "rawMethod", "DELETE",
                "rawPath", "/services/data/v62.0/sobjects/Account/001",
                "apiVersion", "20.0",
                "allOrNone", "true",
                "Sforce-Call-Options", "client=evil"));

    assertThat(outcome.thrown()).isNull();
    assertThat(salesforce.requests("/services/data"))
        .extracting(request -> request.method() + " " + request.path())
        .containsExactly(
            "PATCH /services/data/v62.0/composite/sobjects/Contact/Email",
            "PATCH /services/data/v62.0/composite/sobjects/Survey_Response__c/Response_Key__c",
            "DELETE /services/data/v62.0/sobjects/Survey_Response__c/Response_Key__c/popsee%3Ar2",
            "GET /services/data/v62.0/sobjects/Survey_Response__c/describe/");
    assertThat(salesforce.requests())
        .noneMatch(request -> request.header("Sforce-Call-Options").isPresent())
        .noneMatch(request -> request.header("Sforce-Limit-Info").isPresent());
  }

  @Test
  void hearsOfTheDailyLimit() throws Exception {
    salesforce.allowDailyRequests(0);

    assertThat(failure(completed("r1")))
        .isEqualTo(
            Failure.rateLimited(
                "Salesforce answered 403: REQUEST_LIMIT_EXCEEDED:"
                    + " the org's calls of 24 hours are used up",
                Duration.ofMinutes(15)));
  }

  @Test
  void hearsOfAProxysPageWithoutHanging() throws Exception {
    salesforce.faults().next(Fault.html(503).at("/composite/"));

    assertThat(failure(completed("r1")))
        .isEqualTo(Failure.transientFailure("Salesforce answered 503"));
  }

  @Test
  void sendsAgainWhatWasAnsweredByNothing() throws Exception {
    salesforce.faults().next(Fault.status(200).at("/composite/"));

    assertThat(failure(completed("r1")).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void sendsAgainWhatWasAnsweredByAPage() throws Exception {
    salesforce.faults().next(Fault.html(200).at("/composite/"));

    assertThat(failure(completed("r1").by("jo@example.org")).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void sendsAgainWhatWasAnsweredByHalf() throws Exception {
    salesforce.faults().next(Fault.cut().at("/composite/"));

    assertThat(failure(completed("r1")))
        .isEqualTo(Failure.transientFailure("Salesforce's answer, a 200, broke off"));
  }

  @Test
  void sendsAgainADeletionThatWasAnsweredByHalf() throws Exception {
    // Of a 404 with the words of the API, which would mean that it is gone.
    salesforce.faults().next(Fault.cut().at("/Response_Key__c/"));

    assertThat(failure(deleted("r1")))
        .isEqualTo(Failure.transientFailure("Salesforce's answer, a 404, broke off"));
  }

  @Test
  void sendsAgainWhatWasCutOff() throws Exception {
    salesforce.faults().next(Fault.lose().at("/composite/"));

    assertThat(failure(completed("r1")).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void logsInAgainWhenTheSessionEnded() throws Exception {
    deliver(completed("r1"));
    salesforce.expireSessions();

    assertThat(route.deliver(batch(completed("r2"))).thrown()).isNull();
    assertThat(salesforce.logins()).isEqualTo(2);
  }

  @Test
  void startsAndTriesAgainWhileSalesforceIsAway() throws Exception {
    salesforce.close();

    assertThat(failure(completed("r1")).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void asksForNewCredentialsWhenTheLoginIsRefused() throws Exception {
    salesforce
        .faults()
        .always(
            Fault.answer(
                    Answer.json(
                        400,
                        "{\"error\":\"invalid_client\",\"error_description\":\"invalid client credentials\"}"))
                .at("/oauth2/token"));

    assertThat(failure(completed("r1")))
        .isEqualTo(
            Failure.auth(
                "Salesforce answered 400: invalid_client: check SALESFORCE_CLIENT_SECRET"));
  }

  @Test
  void saysThatTheMetadataIsMissing() throws Exception {
    salesforce
        .faults()
        .next(
            Fault.answer(
                    Answer.json(
                        404,
                        "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"The requested resource does not exist\"}]"))
                .at("/composite/"));

    assertThat(failure(completed("r1")))
        .isEqualTo(
            Failure.permanent(
                "Salesforce answered 404: NOT_FOUND: deploy the metadata, and give the permission"
                    + " set to the gateway's user; check gateway.salesforce.contact-key"));
  }

  @Test
  void losesOneDeliveryToAnEventThatCannotBeMapped() throws Exception {
    var broken = completed("r2");
    broken.data().put("survey", 5);

    var outcome = deliver(completed("r1"), broken);

    assertThat(outcome.deliveries().decisions().get(0).isDelivered()).isTrue();
    assertThat(outcome.deliveries().decisions().get(1).failure())
        .isEqualTo(Failure.permanent("salesforce.jq could not map this event: try it with jq"));
  }

  @Test
  void startsWithoutAnySettings() throws Exception {
    route =
        new DestinationRoute(
            "salesforce",
            Map.of("gateway.salesforce.contact-key", "Email"),
            camel -> {
              camel.getRegistry().bind("salesforceRecords", records("Email"));
              camel.addComponent("salesforce", component("", "", ""));
            });

    assertThat(route.context().getRouteController().getRouteStatus("salesforce").isStarted())
        .isTrue();
    assertThat(route.outboxParameters())
        .containsEntry("batchSize", "200")
        .containsEntry(
            "requires",
            "gateway.salesforce.login-url and gateway.salesforce.client-id and"
                + " gateway.salesforce.client-secret")
        .containsEntry("errors", "#salesforceErrors");
  }

  private Outcome deliver(Event... events) throws Exception {
    route = route("Email");
    return route.deliver(batch(events));
  }

  private Failure failure(Event event) throws Exception {
    var thrown = deliver(event).thrown();
    assertThat(thrown).isNotNull();
    return new SalesforceErrors().classify(thrown);
  }

  private static Kind kindOf(Outcome outcome) {
    assertThat(outcome.thrown()).isNotNull();
    return new SalesforceErrors().classify(outcome.thrown()).kind();
  }

  private SalesforceRecord only(String object) {
    assertThat(salesforce.records(object)).hasSize(1);
    return salesforce.records(object).get(0);
  }

  private DestinationRoute route(String contactKey) throws Exception {
    return new DestinationRoute(
        "salesforce",
        Map.of("gateway.salesforce.contact-key", contactKey),
        camel -> {
          camel.getRegistry().bind("salesforceRecords", records(contactKey));
          camel.addComponent(
              "salesforce",
              component(
                  salesforce.url(), SalesforceStandIn.CLIENT_ID, SalesforceStandIn.CLIENT_SECRET));
        });
  }

  private static SalesforceRecords records(String contactKey) {
    return new SalesforceRecords(
        new SalesforceProperties(contactKey, ""), new CallBudgets(Clock.systemUTC()));
  }

  /** As {@code camel.component.salesforce} of application.yaml sets it up. */
  private static SalesforceComponent component(String loginUrl, String id, String secret) {
    var component = new SalesforceComponent();
    component.setLazyLogin(true);
    component.setAuthenticationType(AuthenticationType.CLIENT_CREDENTIALS);
    component.setLoginUrl(loginUrl);
    component.setClientId(id);
    component.setClientSecret(secret);
    component.setHttpRequestTimeout(5000);
    var config = new SalesforceEndpointConfig();
    config.setApiVersion("62.0");
    component.setConfig(config);
    return component;
  }
}
