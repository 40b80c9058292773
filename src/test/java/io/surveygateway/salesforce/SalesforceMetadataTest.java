package io.surveygateway.salesforce;

import static io.surveygateway.salesforce.ResponseEvents.batch;
import static io.surveygateway.salesforce.ResponseEvents.completed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.routes.Samples;
import io.surveygateway.salesforce.ResponseEvents.Event;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** {@code salesforce.jq} and {@code metadata/} speak of the same fields. */
class SalesforceMetadataTest {

  private static final Path FOLDER = Path.of("routes/destinations/salesforce");
  private static final Path METADATA = FOLDER.resolve("metadata/force-app/main/default");
  private static final Path FIELDS = METADATA.resolve("objects/Survey_Response__c/fields");

  /** Fields of the object that no mapping writes: the relation, and what Salesforce computes. */
  private static final Set<String> NOT_MAPPED = Set.of("Contact__c", "NPS_Category__c");

  /** Lengths of Contact's standard fields. Source: Object Reference, "Contact". */
  private static final Map<String, Integer> CONTACT =
      Map.of("FirstName", 40, "LastName", 80, "Phone", 40);

  @Test
  void theMappingFillsEveryFieldThatIsThere() throws Exception {
    var expected = new TreeSet<>(fields().keySet());
    expected.removeAll(NOT_MAPPED);

    assertThat(new TreeSet<>(names(mapped(everything("x", "x")).path("response"))))
        .isEqualTo(expected);
  }

  @Test
  void everyValueHasTheTypeOfItsField() throws Exception {
    var response = mapped(everything("x", "x")).path("response");
    var fields = fields();

    for (var name : names(response)) {
      var value = response.path(name);
      switch (fields.get(name).type()) {
        case "Number" -> assertThat(value.isNumber()).as(name).isTrue();
        case "DateTime" ->
            assertThat(Instant.parse(value.textValue())).as(name).isAfter(Instant.EPOCH);
        default -> assertThat(value.isTextual()).as(name).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "中", "😀", "a😀", "\n", "👩‍👩‍👧"})
  void noTextIsLongerThanItsField(String piece) throws Exception {
    var item = mapped(everything(piece, piece.repeat(200_000 / piece.length())));
    var fields = fields();

    for (var name : names(item.path("response"))) {
      var length = fields.get(name).length();
      if (length != null && !name.equals("Response_Key__c")) {
        assertThat(item.path("response").path(name).textValue().length())
            .as(name)
            .isBetween(1, length);
      }
    }
    for (var part : List.of("contact", "newContact")) {
      for (var name : names(item.path(part))) {
        if (CONTACT.containsKey(name) && !item.path(part).path(name).isNull()) {
          assertThat(item.path(part).path(name).textValue().length())
              .as(name)
              .isBetween(1, CONTACT.get(name));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "a😀"})
  void noTextIsCutThatFits(String piece) throws Exception {
    for (var field : List.of("Survey_Title__c", "Comment__c")) {
      var longest = fields().get(field).length();
      var text = (piece.repeat(longest)).substring(0, longest - longest % piece.length());

      var response = mapped(everything("x", text)).path("response");

      assertThat(response.path(field).textValue()).isEqualTo(text);
    }
  }

  @Test
  void everyStatusOfAResponseIsInThePicklist() throws Exception {
    var schema =
        new ObjectMapper()
            .readTree(new File("src/main/resources/schema/survey-event.schema.json"))
            .at("/$defs/response/properties/status/enum");
    var written = new TreeSet<String>();
    schema.forEach(status -> written.add(status.asText()));
    // A deleted response has no record.
    written.remove("deleted");

    assertThat(picklist("Status__c")).isEqualTo(written);
  }

  @Test
  void theKeyIsAnExternalIdThatKnowsCase() throws Exception {
    var key = xml(FIELDS.resolve("Response_Key__c.field-meta.xml"));

    assertThat(text(key, "externalId")).isEqualTo("true");
    assertThat(text(key, "unique")).isEqualTo("true");
    assertThat(text(key, "caseSensitive")).isEqualTo("true");
  }

  @Test
  void thePermissionSetLetsTheGatewayWriteEveryField() throws Exception {
    var permissions =
        xml(METADATA.resolve("permissionsets/Survey_Gateway.permissionset-meta.xml"))
            .getElementsByTagName("fieldPermissions");
    var editable = new HashSet<String>();
    for (var i = 0; i < permissions.getLength(); i++) {
      var permission = (Element) permissions.item(i);
      if ("true".equals(text(permission, "editable"))) {
        editable.add(text(permission, "field"));
      }
    }

    // Required fields are open to whoever sees the object; naming them fails a deployment.
    var expected = new HashSet<>(Set.of("Contact.Email", "Contact.Phone"));
    for (var name : fields().keySet()) {
      if (!name.equals("Response_Key__c") && !name.equals("NPS_Category__c")) {
        expected.add("Survey_Response__c." + name);
      }
    }
    assertThat(editable).isEqualTo(expected);
  }

  /** A type, and the longest text that it holds, or null where that does not apply. */
  private record Field(String type, @Nullable Integer length) {}

  private static Map<String, Field> fields() throws Exception {
    var fields = new TreeMap<String, Field>();
    try (var files = Files.list(FIELDS)) {
      for (var file : files.toList()) {
        var xml = xml(file);
        var name = text(xml, "fullName");
        assertThat(file.getFileName()).hasToString(name + ".field-meta.xml");
        var type = String.valueOf(text(xml, "type"));
        var length = text(xml, "length");
        // A URL's length is not in its metadata.
        fields.put(
            name,
            new Field(
                type, length != null ? Integer.valueOf(length) : type.equals("Url") ? 255 : null));
      }
    }
    return fields;
  }

  private static Set<String> picklist(String field) throws Exception {
    var names = new TreeSet<String>();
    var values = xml(FIELDS.resolve(field + ".field-meta.xml")).getElementsByTagName("value");
    for (var i = 0; i < values.getLength(); i++) {
      names.add(text((Element) values.item(i), "fullName"));
    }
    return names;
  }

  private static Element xml(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(file.toFile())
        .getDocumentElement();
  }

  private static @Nullable String text(Element owner, String name) {
    var found = owner.getElementsByTagName(name);
    return found.getLength() == 0 ? null : found.item(0).getTextContent().strip();
  }

  private static JsonNode mapped(Event event) throws Exception {
    return Samples.map(FOLDER.resolve("salesforce.jq"), batch(event)).get(0);
  }

  private static List<String> names(JsonNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** An event that has every member; free text and ids are this text. */
  private static Event everything(String id, String text) {
    var event = completed("r1");
    var data = event.data();
    data.put("id", text);
    data.putObject("survey").put("id", text).put("title", text);
    data.putObject("collector").put("id", text).put("name", text).put("channel", text);
    var respondent = data.putObject("respondent").put("email", "jo@example.org");
    for (var member : List.of("id", "name", "phone", "externalId", "language")) {
      respondent.put(member, text);
    }
    if (id.equals(text)) {
      respondent.put("firstName", text).put("lastName", text);
    }
    for (var member : List.of("startedAt", "completedAt", "modifiedAt")) {
      data.put(member, "2026-03-02T09:16:55.123Z");
    }
    data.put("durationSeconds", 168.5).put("pageUrl", text);
    data.putObject("links").put("analyze", text);
    data.putObject("scores").put("nps", 9).put("csat", 4.5).put("ces", 2).put("other", 1);
    data.putObject("attributes").put("comment", text).put("hidden", text);
    ArrayNode answers = data.putArray("answers");
    ObjectNode answer = answers.addObject().put("questionId", "q").put("position", 1);
    answer.put("question", text).put("type", "text").put("text", text);
    return event;
  }
}
