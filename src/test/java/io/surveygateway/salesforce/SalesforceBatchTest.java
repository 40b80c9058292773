package io.surveygateway.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.outbox.Deliveries;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.component.salesforce.api.dto.RestError;
import org.apache.camel.component.salesforce.api.dto.UpsertSObjectResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mapped batch becomes, and what each answer decides. */
class SalesforceBatchTest {

  private static final String REFUSED =
      "PERMANENT Salesforce refused the contact: REQUIRED_FIELD_MISSING";

  private final Map<Integer, String> decisions = new TreeMap<>();

  @Test
  void asksForContactsByTheKeyThatIsSet() throws Exception {
    var batch =
        batch(
            "Customer_Id__c",
            """
            [{"contact": {"Customer_Id__c": "c-1", "Email": "no address", "Phone": "1"},
              "response": {"Response_Key__c": "r1"}},
             {"contact": {"Customer_Id__c": "C-1", "Phone": null},
              "response": {"Response_Key__c": "r2"}},
             {"contact": {"Customer_Id__c": null, "Email": "jo@example.org"},
              "response": {"Response_Key__c": "r3"}}]
            """);

    assertThat(batch.contacts())
        .hasToString(
            """
            [{"attributes":{"type":"Contact"},"Customer_Id__c":"c-1","Phone":"1"}, \
            {"attributes":{"type":"Contact"},"Customer_Id__c":"C-1"}]""");
    batch.contactsAnswered(List.of(success("003A"), success("003B")));
    assertThat(batch.newContacts()).isEmpty();
    assertThat(batch.responses())
        .hasToString(
            """
            [{"attributes":{"type":"Survey_Response__c"},"Response_Key__c":"r1",\
            "Contact__r":{"Customer_Id__c":"c-1"}}, \
            {"attributes":{"type":"Survey_Response__c"},"Response_Key__c":"r2",\
            "Contact__r":{"Customer_Id__c":"C-1"}}, \
            {"attributes":{"type":"Survey_Response__c"},"Response_Key__c":"r3"}]""");
  }

  @Test
  void triesANewContactOnceMore() throws Exception {
    var batch =
        batch(
            "Email",
            """
            [{"contact": {"Email": "jo@example.org", "LastName": null},
              "newContact": {"FirstName": "Jo", "LastName": null},
              "response": {"Response_Key__c": "r1"}}]
            """);
    batch.contacts();

    batch.contactsAnswered(List.of(refusal("REQUIRED_FIELD_MISSING")));
    assertThat(batch.newContacts())
        .hasToString(
            """
            [{"attributes":{"type":"Contact"},"FirstName":"Jo",\
            "Email":"jo@example.org","LastName":"jo"}]""");
    batch.contactsAnswered(List.of(refusal("REQUIRED_FIELD_MISSING")));

    assertThat(batch.newContacts()).isEmpty();
    assertThat(batch.responses()).isEmpty();
    assertThat(decisions).containsExactly(Map.entry(0, REFUSED));
  }

  @Test
  void sendsANullOfAResponseButNotOfAContact() throws Exception {
    var batch =
        batch(
            "Email",
            """
            [{"contact": {"Email": "jo@example.org", "LastName": "M", "Phone": null},
              "response": {"Response_Key__c": "r1", "NPS__c": null}}]
            """);

    assertThat(batch.contacts().get(0).has("Phone")).isFalse();
    batch.contactsAnswered(List.of(success("003")));
    assertThat(batch.responses().get(0).get("NPS__c")).isEqualTo(NullNode.instance);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "{\"response\": null}",
        "{\"response\": {\"Response_Key__c\": \" \"}}",
        "{\"delete\": \"\"}",
        "5"
      })
  void failsOnlyWhatIsNoRecord(String item) throws Exception {
    var batch = batch("Email", "[" + item + ", {\"response\": {\"Response_Key__c\": \"r2\"}}]");

    assertThat(batch.contacts()).isEmpty();
    assertThat(batch.responses()).hasSize(1);
    batch.responsesAnswered(List.of(success("a00")));
    assertThat(decisions)
        .containsExactly(
            Map.entry(
                0,
                "PERMANENT Expected salesforce.jq to give a response with a Response_Key__c, or a"
                    + " delete, and got neither: mend salesforce.jq, then retry"),
            Map.entry(1, "a00"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "[{}, {}]", "null"})
  void failsABatchThatIsNone(String mapped) throws Exception {
    var node = new ObjectMapper().readTree(mapped);

    assertThatThrownBy(() -> new SalesforceBatch(new Recorded(1), "Email", node))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> assertThat(thrown.failure().kind()).isEqualTo(Failure.Kind.PERMANENT));
  }

  @Test
  void decidesNothingByAnswersThatAreNone() throws Exception {
    var batch = batch("Email", "[{\"response\": {\"Response_Key__c\": \"r1\"}}]");
    var asked = batch.responses();

    for (var answers : new Object[] {asked, List.of(), null, "ok"}) {
      assertThatThrownBy(() -> batch.responsesAnswered(answers))
          .isInstanceOfSatisfying(
              FailureException.class,
              thrown -> assertThat(thrown.failure().kind()).isEqualTo(Failure.Kind.TRANSIENT));
    }
    assertThat(decisions).isEmpty();
  }

  private SalesforceBatch batch(String contactKey, String mapped) throws Exception {
    var items = new ObjectMapper().readTree(mapped);
    return new SalesforceBatch(new Recorded(items.size()), contactKey, items);
  }

  private static UpsertSObjectResult success(String id) {
    var result = new UpsertSObjectResult();
    result.setId(id);
    result.setSuccess(true);
    result.setErrors(List.of());
    return result;
  }

  private static UpsertSObjectResult refusal(String code) {
    var result = new UpsertSObjectResult();
    result.setSuccess(false);
    result.setErrors(List.of(new RestError(code, "x")));
    return result;
  }

  /** Notes decisions as text: the reference of what was delivered, or kind and reason. */
  private final class Recorded implements Deliveries {

    private final int size;

    Recorded(int size) {
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public JsonNode event(int index) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isDecided(int index) {
      return decisions.containsKey(index);
    }

    @Override
    public void delivered(int index, @Nullable String externalReference) {
      decisions.putIfAbsent(index, String.valueOf(externalReference));
    }

    @Override
    public void failed(int index, Failure failure) {
      decisions.putIfAbsent(index, failure.kind() + " " + failure.reason());
    }
  }
}
