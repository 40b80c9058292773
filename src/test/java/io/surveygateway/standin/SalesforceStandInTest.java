package io.surveygateway.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.salesforce.AuthenticationType;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.salesforce.SalesforceEndpointConfig;
import org.apache.camel.component.salesforce.api.NoSuchSObjectException;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.component.salesforce.api.SalesforceMultipleChoicesException;
import org.apache.camel.component.salesforce.api.dto.RestError;
import org.apache.camel.component.salesforce.api.dto.UpsertSObjectResult;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in as camel-salesforce sees it. */
class SalesforceStandInTest {

  private static final String CONTACTS =
      "salesforce:compositeUpsertSObjectCollections?sObjectName=Contact&sObjectIdName=Email";
  private static final String RESPONSES =
      "salesforce:compositeUpsertSObjectCollections"
          + "?sObjectName=Survey_Response__c&sObjectIdName=Response_Key__c";
  private static final String ONE_RESPONSE =
      "salesforce:upsertSObject?sObjectName=Survey_Response__c&sObjectIdName=Response_Key__c"
          + "&rawPayload=true";

  private static final ObjectMapper JSON = new ObjectMapper();

  private SalesforceStandIn salesforce;
  private CamelContext camel;
  private ProducerTemplate template;

  @BeforeEach
  void start() {
    salesforce = SalesforceStandIn.start();
    camel = new DefaultCamelContext();
    var component = new SalesforceComponent();
    component.setLazyLogin(true);
    component.setAuthenticationType(AuthenticationType.CLIENT_CREDENTIALS);
    component.setLoginUrl(salesforce.url());
    component.setClientId(SalesforceStandIn.CLIENT_ID);
    component.setClientSecret(SalesforceStandIn.CLIENT_SECRET);
    var config = new SalesforceEndpointConfig();
    config.setApiVersion("62.0");
    component.setConfig(config);
    camel.addComponent("salesforce", component);
    camel.start();
    template = camel.createProducerTemplate();
  }

  @AfterEach
  void stop() {
    camel.stop();
    salesforce.close();
  }

  @Test
  void upsertsManyRecordsInOneCall() {
    var first =
        upsert(CONTACTS, contact("ada@example.org", "Byron"), contact("g@example.org", "H"));
    var second = upsert(CONTACTS, contact("ADA@example.org", "Lovelace"));

    assertThat(first).extracting(UpsertSObjectResult::getSuccess).containsExactly(true, true);
    assertThat(first).extracting(UpsertSObjectResult::getCreated).containsExactly(true, true);
    assertThat(first.get(0).getId()).matches("003[A-Za-z0-9]{15}");
    assertThat(second.get(0).getCreated()).isFalse();
    assertThat(second.get(0).getId()).isEqualTo(first.get(0).getId());
    assertThat(salesforce.contacts())
        .extracting(contact -> contact.text("LastName"))
        .containsExactlyInAnyOrder("Lovelace", "H");
    assertThat(salesforce.find("Contact", "Email", "ada@example.org"))
        .hasValueSatisfying(contact -> assertThat(contact.writes()).isEqualTo(2));
    assertThat(salesforce.requests("/composite/sobjects/Contact/Email")).hasSize(2);
  }

  @Test
  void takesTwoHundredRecordsAndNoMore() {
    var many = IntStream.range(0, 200).mapToObj(i -> contact(i + "@example.org", "N" + i)).toList();

    assertThat(upsert(CONTACTS, many)).allMatch(UpsertSObjectResult::getSuccess);

    var tooMany = new ArrayList<>(many);
    tooMany.add(contact("201@example.org", "N201"));
    var refused = refusalOf(() -> upsert(CONTACTS, tooMany));
    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(salesforce.contacts()).hasSize(200);
  }

  @Test
  void relatesAResponseToItsContact() {
    var ada = upsert(CONTACTS, contact("ada@example.org", "Byron")).get(0).getId();

    var results =
        upsert(
            RESPONSES,
            response("popsee:1", Map.of("Contact__r", Map.of("Email", "ada@example.org"))),
            response("popsee:2", Map.of("Contact__r", Map.of("Email", "nobody@example.org"))),
            response("popsee:3", Map.of("NPS__c", 9)));

    assertThat(results)
        .extracting(UpsertSObjectResult::getSuccess)
        .containsExactly(true, false, true);
    assertThat(error(results.get(1)))
        .isEqualTo(
            "INVALID_FIELD: Foreign key external ID: nobody@example.org not found for field Email"
                + " in entity Contact []");
    assertThat(salesforce.find("Survey_Response__c", "Response_Key__c", "popsee:1"))
        .hasValueSatisfying(r -> assertThat(r.text("Contact__c")).isEqualTo(ada));
    assertThat(salesforce.surveyResponses()).hasSize(2);
  }

  @Test
  void refusesEachRecordForItsOwnFault() {
    var results =
        upsert(
            CONTACTS,
            contact("ok@example.org", "Fine"),
            contact("nobody", "Bad address"),
            contact("long@example.org", "x".repeat(81)),
            new LinkedHashMap<>(Map.of("attributes", type("Contact"), "Email", "a@example.org")),
            new LinkedHashMap<>(Map.of("attributes", type("Contact"), "LastName", "No key")));

    assertThat(results.get(0).getSuccess()).isTrue();
    assertThat(results.subList(1, 5))
        .extracting(SalesforceStandInTest::error)
        .containsExactly(
            "INVALID_EMAIL_ADDRESS: Email: invalid email address: nobody [Email]",
            "STRING_TOO_LONG: Last Name: data value too large: "
                + "x".repeat(81)
                + " (max length=80) [LastName]",
            "REQUIRED_FIELD_MISSING: Required fields are missing: [LastName] [LastName]",
            "MISSING_ARGUMENT: Email not specified [Email]");
    assertThat(salesforce.contacts()).hasSize(1);
  }

  @Test
  void refusesAllRecordsOfACallThatShareTheirKey() {
    var results =
        upsert(
            RESPONSES,
            response("popsee:1", Map.of("NPS__c", 9)),
            response("popsee:2", Map.of("NPS__c", 8)),
            response("popsee:1", Map.of("NPS__c", 7)));

    assertThat(results)
        .extracting(UpsertSObjectResult::getSuccess)
        .containsExactly(false, true, false);
    assertThat(error(results.get(2)))
        .isEqualTo("DUPLICATE_VALUE: Duplicate external id specified: popsee:1 [Response_Key__c]");
  }

  @Test
  void refusesAWholeCallThatItCannotRead() {
    assertThat(refusalOf(() -> upsert(CONTACTS, with(contact("a@example.org", "A"), "Foo", 1))))
        .satisfies(
            e -> {
              assertThat(e.getStatusCode()).isEqualTo(400);
              assertThat(e.getErrors().get(0).getErrorCode()).isEqualTo("INVALID_FIELD");
              assertThat(e.getErrors().get(0).getMessage())
                  .isEqualTo("No such column 'Foo' on sobject of type Contact");
            });
    var other = contact("a@example.org", "A");
    other.put("attributes", type("Account"));
    assertThat(refusalOf(() -> upsert(CONTACTS, other)).getStatusCode()).isEqualTo(400);
    assertThat(salesforce.contacts()).isEmpty();
  }

  @Test
  void writesAllRecordsOrNoneWhenAsked() {
    var records = List.of(contact("ada@example.org", "Byron"), contact("nobody", "Bad address"));

    // As a header: camel-salesforce 4.17.0 overlooks the endpoint option of that name.
    var results = upsert(CONTACTS, records, Map.of("allOrNone", "true"));

    assertThat(results).extracting(UpsertSObjectResult::getSuccess).containsExactly(false, false);
    assertThat(error(results.get(0))).startsWith("ALL_OR_NONE_OPERATION_ROLLED_BACK");
    assertThat(salesforce.contacts()).isEmpty();
    assertThat(salesforce.find("Contact", "Email", "ada@example.org")).isEmpty();
  }

  @Test
  void refusesTheRecordsThatATestNames() {
    salesforce.refuse("popsee:2", 1, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access");

    var batch = List.of(response("popsee:1", Map.of()), response("popsee:2", Map.of("NPS__c", 1)));
    assertThat(upsert(RESPONSES, batch))
        .extracting(UpsertSObjectResult::getSuccess)
        .containsExactly(true, false);
    assertThat(upsert(RESPONSES, batch))
        .extracting(UpsertSObjectResult::getSuccess)
        .containsExactly(true, true);
  }

  @Test
  void saysWhenAKeyBelongsToManyRecords() {
    salesforce.add("Contact", Map.of("LastName", "One", "Email", "two@example.org"));
    salesforce.add("Contact", Map.of("LastName", "Two", "Email", "two@example.org"));

    assertThat(error(upsert(CONTACTS, contact("two@example.org", "Three")).get(0)))
        .startsWith("DUPLICATE_EXTERNAL_ID");
    assertThat(
            refusalOf(
                () ->
                    send(
                        "salesforce:upsertSObject?sObjectName=Contact&sObjectIdName=Email"
                            + "&rawPayload=true",
                        "{\"LastName\":\"Three\"}",
                        Map.of("sObjectIdValue", "two@example.org"))))
        .isInstanceOf(SalesforceMultipleChoicesException.class);
  }

  @Test
  void keepsAUniqueValueToOneRecord() {
    salesforce.add("Survey_Response__c", Map.of("Response_Key__c", "popsee:1"));

    assertThatThrownBy(
            () -> salesforce.add("Survey_Response__c", Map.of("Response_Key__c", "popsee:1")))
        .hasMessageStartingWith("DUPLICATE_VALUE: duplicate value found: Response_Key__c");
  }

  @Test
  void upsertsAndDeletesOneRecordByItsKey() throws Exception {
    var key = Map.<String, Object>of("sObjectIdValue", "popsee:a/b+c");

    assertThat(send(ONE_RESPONSE, "{\"NPS__c\":9}", key).path("created").asBoolean()).isTrue();
    assertThat(send(ONE_RESPONSE, "{\"NPS__c\":8}", key).path("created").asBoolean()).isFalse();
    assertThat(salesforce.surveyResponses())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.text("Response_Key__c")).isEqualTo("popsee:a/b+c");
              assertThat(record.text("NPS__c")).isEqualTo("8");
            });

    var delete =
        "salesforce:deleteSObjectWithId?sObjectName=Survey_Response__c"
            + "&sObjectIdName=Response_Key__c";
    template.requestBodyAndHeaders(delete, null, key);
    assertThat(salesforce.surveyResponses()).isEmpty();
    assertThat(refusalOf(() -> template.requestBodyAndHeaders(delete, null, key)))
        .isInstanceOf(NoSuchSObjectException.class);
  }

  @Test
  void readsOneRecordByItsKey() throws Exception {
    salesforce.add("Contact", Map.of("LastName", "Byron", "Email", "ada@example.org"));

    var contact =
        send(
            "salesforce:getSObjectWithId?sObjectName=Contact&sObjectIdName=Email&rawPayload=true",
            null,
            Map.of("sObjectIdValue", "ada@example.org"));

    assertThat(contact.path("LastName").asText()).isEqualTo("Byron");
    assertThat(contact.path("attributes").path("type").asText()).isEqualTo("Contact");
  }

  @Test
  void wantsALoginWithTheRightSecret() {
    salesforceComponent().setClientSecret("wrong");
    salesforceComponent().getLoginConfig().setClientSecret("wrong");

    var refused = catchThrowable(() -> upsert(CONTACTS, contact("a@example.org", "A")));

    assertThat(refused).rootCause().hasMessageContaining("invalid client credentials");
    assertThat(salesforce.logins()).isZero();
  }

  @Test
  void takesASecondLoginAfterTheSessionExpired() {
    upsert(CONTACTS, contact("a@example.org", "A"));
    salesforce.expireSessions();

    assertThat(upsert(CONTACTS, contact("b@example.org", "B")).get(0).getSuccess()).isTrue();
    assertThat(salesforce.logins()).isEqualTo(2);
    assertThat(salesforce.contacts()).hasSize(2);
  }

  @Test
  void countsCallsAgainstTheDailyLimit() throws Exception {
    salesforce.allowDailyRequests(2);
    upsert(CONTACTS, contact("a@example.org", "A"));

    var limits =
        template.request(
            "salesforce:limits?rawPayload=true", exchange -> exchange.getMessage().setBody(null));
    assertThat(limits.getMessage().getHeader("Sforce-Limit-Info")).isEqualTo("api-usage=2/2");
    assertThat(limits.getMessage().getBody(String.class))
        .isEqualTo("{\"DailyApiRequests\":{\"Max\":2,\"Remaining\":0}}");

    var refused = refusalOf(() -> upsert(CONTACTS, contact("b@example.org", "B")));
    assertThat(refused.getStatusCode()).isEqualTo(403);
    assertThat(refused.getErrors())
        .extracting(RestError::getErrorCode)
        .containsExactly("REQUEST_LIMIT_EXCEEDED");
  }

  @Test
  void doesManyThingsInOneComposite() throws Exception {
    var answer =
        send(
            "salesforce:composite?rawPayload=true",
            """
            {"allOrNone":true,"compositeRequest":[
              {"method":"PATCH","url":"/services/data/v62.0/sobjects/Contact/Email/a@example.org",
               "referenceId":"c","body":{"LastName":"A"}},
              {"method":"PATCH","referenceId":"r",
               "url":"/services/data/v62.0/sobjects/Survey_Response__c/Response_Key__c/popsee:1",
               "body":{"Contact__c":"@{c.id}"}}]}
            """,
            Map.of());

    assertThat(answer.path("compositeResponse"))
        .extracting(one -> one.path("httpStatusCode").asInt())
        .containsExactly(201, 201);
    assertThat(salesforce.surveyResponses().get(0).text("Contact__c"))
        .isEqualTo(salesforce.contacts().get(0).id());
  }

  @Test
  void undoesACompositeOfWhichAPartFails() throws Exception {
    var answer =
        send(
            "salesforce:composite?rawPayload=true",
            """
            {"allOrNone":true,"compositeRequest":[
              {"method":"PATCH","url":"/services/data/v62.0/sobjects/Contact/Email/a@example.org",
               "referenceId":"c","body":{"LastName":"A"}},
              {"method":"PATCH","url":"/services/data/v62.0/sobjects/Contact/Email/b@example.org",
               "referenceId":"d","body":{"FirstName":"B"}}]}
            """,
            Map.of());

    assertThat(answer.path("compositeResponse"))
        .extracting(one -> one.path("body").path(0).path("errorCode").asText())
        .containsExactly("PROCESSING_HALTED", "REQUIRED_FIELD_MISSING");
    assertThat(salesforce.contacts()).isEmpty();
  }

  @Test
  void keepsTheFieldsThatMetadataDeclares(@TempDir Path folder) throws Exception {
    var fields = Files.createDirectories(folder.resolve("Survey_Response__c/fields"));
    field(fields, "Response_Key__c", "Text", "<length>40</length><externalId>true</externalId>");
    field(fields, "Score__c", "Number", "<precision>4</precision><scale>1</scale>");
    field(fields, "Given_At__c", "DateTime", "");
    field(fields, "Kind__c", "Text", "<formula>IF(true, 1, 2)</formula>");
    salesforce.declare(SalesforceObject.read(fields.getParent()));

    assertThat(
            upsert(
                    RESPONSES,
                    response(
                        "popsee:1",
                        Map.of("Score__c", 9.5, "Given_At__c", "2026-03-02T09:16:55.123Z")))
                .get(0)
                .getSuccess())
        .isTrue();
    assertThat(error(upsert(RESPONSES, response("x".repeat(41), Map.of())).get(0)))
        .startsWith("STRING_TOO_LONG");
    assertThat(error(upsert(RESPONSES, response("popsee:2", Map.of("Score__c", 1000))).get(0)))
        .isEqualTo(
            "NUMBER_OUTSIDE_VALID_RANGE: Score__c: value outside of valid range on numeric field:"
                + " 1000 [Score__c]");
    assertThat(error(upsert(RESPONSES, response("popsee:2", Map.of("Kind__c", "x"))).get(0)))
        .startsWith("INVALID_FIELD_FOR_INSERT_UPDATE");
    assertThat(messageOf(Map.of("Score__c", "many")))
        .isEqualTo(
            "Cannot deserialize instance of double from VALUE_STRING value many or request may be"
                + " missing a required field");
    assertThat(messageOf(Map.of("Given_At__c", "yesterday"))).contains("datetime");
    assertThat(messageOf(Map.of("Other__c", 1)))
        .isEqualTo("No such column 'Other__c' on sobject of type Survey_Response__c");
  }

  @Test
  void describesWhatRecordsAreFoundBy() throws Exception {
    var described =
        send(
                "salesforce:getDescription?sObjectName=Survey_Response__c&rawPayload=true",
                "",
                Map.of())
            .path("fields");

    assertThat(described.findValuesAsText("name")).contains("Response_Key__c", "Contact__c");
    assertThat(described)
        .filteredOn(field -> field.path("externalId").booleanValue())
        .extracting(field -> field.path("name").textValue())
        .containsExactly("Response_Key__c");
  }

  @Test
  void saysOfAHiddenObjectWhatItSaysOfARecordThatIsNotThere() {
    var noRecord = refusalOf(() -> delete("popsee:never"));
    salesforce.hide("Survey_Response__c");

    assertThat(refusalOf(() -> delete("popsee:never")).getErrors())
        .isEqualTo(noRecord.getErrors())
        .hasSize(1);
  }

  private void delete(String key) {
    template.requestBody(
        "salesforce:deleteSObjectWithId?sObjectName=Survey_Response__c&sObjectIdName=Response_Key__c",
        key);
  }

  @Test
  void showsRecordsToPeopleWithoutTrustingThem() throws Exception {
    upsert(CONTACTS, contact("ada@example.org", "<script>alert(1)</script>"));
    upsert(
        RESPONSES, response("popsee:1", Map.of("Contact__r", Map.of("Email", "ada@example.org"))));

    var page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(salesforce.url())).build(),
                BodyHandlers.ofString())
            .body();

    assertThat(page)
        .contains("Contacts (1)", "Survey responses (1)", "<td>popsee:1</td>")
        .contains("<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>")
        .doesNotContain("<script");
  }

  private String messageOf(Map<String, Object> fields) {
    return refusalOf(() -> upsert(RESPONSES, response("popsee:2", fields)))
        .getErrors()
        .get(0)
        .getMessage();
  }

  private SalesforceComponent salesforceComponent() {
    return camel.getComponent("salesforce", SalesforceComponent.class);
  }

  @SafeVarargs
  private List<UpsertSObjectResult> upsert(String endpoint, Map<String, Object>... records) {
    return upsert(endpoint, Arrays.asList(records));
  }

  private List<UpsertSObjectResult> upsert(String endpoint, List<Map<String, Object>> records) {
    return upsert(endpoint, records, Map.of());
  }

  @SuppressWarnings("unchecked")
  private List<UpsertSObjectResult> upsert(
      String endpoint, List<Map<String, Object>> records, Map<String, Object> headers) {
    return template.requestBodyAndHeaders(endpoint, records, headers, List.class);
  }

  private JsonNode send(String endpoint, Object body, Map<String, Object> headers)
      throws Exception {
    return JSON.readTree(
        template.requestBodyAndHeaders(endpoint, body, headers, InputStream.class));
  }

  private static SalesforceException refusalOf(ThrowingCall call) {
    var thrown = catchThrowable(call::run);
    while (thrown != null && !(thrown instanceof SalesforceException)) {
      thrown = thrown.getCause();
    }
    assertThat(thrown).isNotNull();
    return (SalesforceException) thrown;
  }

  private static String error(UpsertSObjectResult result) {
    var error = result.getErrors().get(0);
    return error.getErrorCode() + ": " + error.getMessage() + " " + error.getFields();
  }

  private static Map<String, Object> contact(String email, String lastName) {
    return with(with(typed("Contact"), "Email", email), "LastName", lastName);
  }

  private static Map<String, Object> response(String key, Map<String, ?> fields) {
    var response = with(typed("Survey_Response__c"), "Response_Key__c", key);
    response.putAll(fields);
    return response;
  }

  private static Map<String, Object> typed(String object) {
    return with(new LinkedHashMap<>(), "attributes", type(object));
  }

  private static Map<String, String> type(String object) {
    return Map.of("type", object);
  }

  private static Map<String, Object> with(Map<String, Object> record, String name, Object value) {
    record.put(name, value);
    return record;
  }

  private static void field(Path folder, String name, String type, String more) throws Exception {
    Files.writeString(
        folder.resolve(name + ".field-meta.xml"),
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
          <fullName>%s</fullName><label>%s</label><type>%s</type>%s
        </CustomField>
        """
            .formatted(name, name, type, more));
  }

  private interface ThrowingCall {
    void run() throws Exception;
  }
}
