package io.surveygateway.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.outbox.Deliveries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.camel.component.salesforce.api.dto.RestError;
import org.apache.camel.component.salesforce.api.dto.UpsertSObjectResult;
import org.jspecify.annotations.Nullable;

/**
 * What one batch of deliveries asks of Salesforce, and what Salesforce says to each record.
 *
 * <p>Asked in this order, each list once: {@link #contacts()}, {@link #newContacts()}, {@link
 * #responses()}, {@link #deletions()}; each answered before the next, unless it is empty. Every
 * record's own answer decides its delivery: a contact that is refused costs only its responses.
 * Last, {@link #deletionsKnown} if {@link #someSeemGone}.
 *
 * <ul>
 *   <li>Respondents with one key are one contact; of two values the later one counts.
 *   <li>An e-mail address is compared and sent in lower case, as Salesforce keeps it. One that
 *       cannot be an address makes no contact, and neither does one that Salesforce finds invalid.
 *   <li>A contact is first sent with what is known of it for sure. Salesforce asks for a last name
 *       if, and only if, there is no such contact yet; then it gets what is guessed too, and so no
 *       guess takes the place of what someone knows.
 * </ul>
 *
 * <p>For one thread at a time; keeps no reference to what it gives away.
 */
final class SalesforceBatch {

  private static final String CONTACT = "Contact";
  private static final String RESPONSE = "Survey_Response__c";
  private static final String RESPONSE_KEY = "Response_Key__c";
  private static final String RELATION = "Contact__r";
  private static final String EMAIL = "Email";
  private static final String LAST_NAME = "LastName";
  private static final int LONGEST_EMAIL = 80;
  private static final int LONGEST_LAST_NAME = 80;

  private static final Pattern PLAUSIBLE_EMAIL =
      Pattern.compile("[^\\s\\p{Cntrl}@<>(),;:\\\\\"\\[\\]]+@[a-z0-9-]+(\\.[a-z0-9-]+)+");

  private final Deliveries deliveries;
  private final String contactKey;
  private final List<Work> work = new ArrayList<>();
  private final Map<String, Person> people = new LinkedHashMap<>();
  private List<Person> askedPeople = List.of();
  private List<Work> askedWork = List.of();
  private final List<Integer> seemGone = new ArrayList<>();

  /** One delivery: a response to write, perhaps with a contact, or the key of one to delete. */
  private record Work(
      int index,
      @Nullable ObjectNode response,
      @Nullable Person person,
      @Nullable String deletion) {}

  /** One contact, and what has become of it. */
  private static final class Person {

    private enum State {
      NOT_ASKED,
      NEEDS_NAME,
      KNOWN,
      NO_CONTACT,
      REFUSED
    }

    private final String key;
    private final ObjectNode known = JsonNodeFactory.instance.objectNode();
    private final ObjectNode guessed = JsonNodeFactory.instance.objectNode();
    private State state = State.NOT_ASKED;
    private @Nullable Failure failure;

    Person(String key) {
      this.key = key;
    }

    void refused(Failure why) {
      state = State.REFUSED;
      failure = why;
    }
  }

  /**
   * @param mapped what salesforce.jq gave: an array, one item for each delivery
   * @throws FailureException permanent, if it is something else
   */
  SalesforceBatch(Deliveries deliveries, String contactKey, @Nullable JsonNode mapped) {
    this.deliveries = deliveries;
    this.contactKey = contactKey;
    if (mapped == null || !mapped.isArray() || mapped.size() != deliveries.size()) {
      throw new FailureException(
          Failure.permanent(
              "Expected salesforce.jq to give an array of "
                  + deliveries.size()
                  + ", one item for each event, and got "
                  + (mapped != null && mapped.isArray() ? mapped.size() : "something else")
                  + ": mend salesforce.jq, then retry"));
    }
    for (var i = 0; i < mapped.size(); i++) {
      plan(i, mapped.get(i));
    }
  }

  private void plan(int index, JsonNode item) {
    var deletion = item.path("delete");
    if (deletion.isTextual() && !deletion.textValue().isBlank()) {
      work.add(new Work(index, null, null, deletion.textValue()));
      return;
    }
    if (!(item.get("response") instanceof ObjectNode response)
        || response.path(RESPONSE_KEY).asText().isBlank()) {
      deliveries.failed(
          index,
          Failure.permanent(
              item.has("error")
                  ? "salesforce.jq could not map this event: try it with jq"
                  : "Expected salesforce.jq to give a response with a "
                      + RESPONSE_KEY
                      + ", or a delete, and got neither: mend salesforce.jq, then retry"));
      return;
    }
    @Nullable Person person = null;
    if (item.get("contact") instanceof ObjectNode contact) {
      if (!contact.has(contactKey)) {
        deliveries.failed(
            index,
            Failure.permanent(
                "Expected salesforce.jq to give a contact with the field "
                    + contactKey
                    + " of gateway.salesforce.contact-key, and got none: mend either, then retry"));
        return;
      }
      person = person(contact, item.path("newContact"));
    }
    work.add(new Work(index, response.deepCopy(), person, null));
  }

  private @Nullable Person person(ObjectNode given, JsonNode guessed) {
    var contact = given.deepCopy();
    if (contact.path(EMAIL).isTextual()) {
      var email = contact.path(EMAIL).textValue().strip().toLowerCase(Locale.ROOT);
      contact.put(EMAIL, isPlausible(email) ? email : null);
    }
    var key = contact.path(contactKey).asText("").strip();
    if (key.isEmpty() || contact.path(contactKey).isNull()) {
      return null;
    }
    var person = people.computeIfAbsent(key, Person::new);
    merge(contact, person.known);
    merge(guessed, person.guessed);
    return person;
  }

  private static boolean isPlausible(String email) {
    return email.length() <= LONGEST_EMAIL && PLAUSIBLE_EMAIL.matcher(email).matches();
  }

  /** Nothing is no news: a value that is null changes nothing. */
  private static void merge(JsonNode from, ObjectNode into) {
    from.properties().stream()
        .filter(field -> !field.getValue().isNull() && !field.getValue().asText(" ").isEmpty())
        .forEach(field -> into.set(field.getKey(), field.getValue()));
  }

  /** The contacts of the batch, with what is known of them for sure. */
  List<ObjectNode> contacts() {
    askedPeople = List.copyOf(people.values());
    return askedPeople.stream().map(person -> record(CONTACT, person.known)).toList();
  }

  /** Those of them that Salesforce did not know, with what is guessed of them. */
  List<ObjectNode> newContacts() {
    askedPeople = people.values().stream().filter(p -> p.state == Person.State.NEEDS_NAME).toList();
    return askedPeople.stream().map(this::newContact).toList();
  }

  private ObjectNode newContact(Person person) {
    var whole = person.guessed.deepCopy();
    whole.setAll(person.known);
    if (whole.path(LAST_NAME).asText().isBlank()) {
      var email = whole.path(EMAIL).asText(person.key);
      var name = email.replaceFirst("@.*", "");
      whole.put(LAST_NAME, name.substring(0, Math.min(LONGEST_LAST_NAME, name.length())));
    }
    return record(CONTACT, whole);
  }

  /** Takes Salesforce's answers to {@link #contacts()} or {@link #newContacts()}. */
  void contactsAnswered(@Nullable Object answers) {
    var results = results(answers, askedPeople.size());
    for (var i = 0; i < results.size(); i++) {
      var person = askedPeople.get(i);
      var result = results.get(i);
      if (Boolean.TRUE.equals(result.getSuccess())) {
        person.state = Person.State.KNOWN;
      } else if (person.state == Person.State.NOT_ASKED
          && !person.known.has(LAST_NAME)
          && has(result, "REQUIRED_FIELD_MISSING")) {
        person.state = Person.State.NEEDS_NAME;
      } else if (has(result, "INVALID_EMAIL_ADDRESS")) {
        person.state = Person.State.NO_CONTACT;
      } else {
        person.refused(SalesforceErrors.ofRecord("the contact", result.getErrors()));
      }
    }
  }

  /** The responses of the batch, but for those whose contact was refused. */
  List<ObjectNode> responses() {
    var asked = new ArrayList<Work>();
    var records = new ArrayList<ObjectNode>();
    for (var item : work) {
      if (item.response() == null) {
        continue;
      }
      var person = item.person();
      if (person != null && person.failure != null) {
        deliveries.failed(item.index(), person.failure);
        continue;
      }
      var record = record(RESPONSE, item.response());
      if (person != null && person.state == Person.State.KNOWN) {
        record.putObject(RELATION).set(contactKey, person.known.get(contactKey));
      }
      asked.add(item);
      records.add(record);
    }
    askedWork = asked;
    return records;
  }

  /** Takes Salesforce's answers to {@link #responses()}. */
  void responsesAnswered(@Nullable Object answers) {
    var results = results(answers, askedWork.size());
    for (var i = 0; i < results.size(); i++) {
      var result = results.get(i);
      var index = askedWork.get(i).index();
      if (Boolean.TRUE.equals(result.getSuccess())) {
        deliveries.delivered(index, result.getId());
      } else {
        deliveries.failed(index, SalesforceErrors.ofRecord("the response", result.getErrors()));
      }
    }
  }

  /** The keys of the responses that are to go. */
  List<String> deletions() {
    askedWork = work.stream().filter(item -> item.deletion() != null).toList();
    return askedWork.stream().map(Work::deletion).toList();
  }

  /**
   * @param position place in {@link #deletions()}, from 0
   */
  void deleted(int position) {
    deliveries.delivered(askedWork.get(position).index(), null);
  }

  /**
   * Takes what went wrong with a deletion. One that seems gone already waits for {@link
   * #deletionsKnown}.
   *
   * @param position place in {@link #deletions()}, from 0
   * @throws FailureException if it concerns not this record alone, but whatever is sent now
   */
  void notDeleted(int position, Throwable thrown) {
    var index = askedWork.get(position).index();
    if (SalesforceErrors.mayBeGone(thrown)) {
      seemGone.add(index);
      return;
    }
    var failure = new SalesforceErrors().classify(thrown);
    if (failure.kind() != Failure.Kind.PERMANENT) {
      throw new FailureException(failure, thrown);
    }
    deliveries.failed(index, failure);
  }

  /** Whether Salesforce found nothing to delete for some keys. */
  boolean someSeemGone() {
    return !seemGone.isEmpty();
  }

  /**
   * Takes Salesforce's description of the object whose records seemed gone. They are, and so
   * delivered, if their key is one that Salesforce finds records by.
   *
   * @param description as of {@code /sobjects/<object>/describe}, or null if it could not be read
   */
  void deletionsKnown(@Nullable JsonNode description) {
    var isKnown =
        description != null
            && StreamSupport.stream(description.path("fields").spliterator(), false)
                .filter(field -> field.path("name").asText().equalsIgnoreCase(RESPONSE_KEY))
                .anyMatch(field -> field.path("externalId").asBoolean());
    for (var index : seemGone) {
      if (isKnown) {
        deliveries.delivered(index, null);
      } else {
        deliveries.failed(
            index, SalesforceErrors.missing("external id " + RESPONSE_KEY + " of " + RESPONSE));
      }
    }
  }

  private static ObjectNode record(String type, ObjectNode fields) {
    var record = JsonNodeFactory.instance.objectNode();
    record.putObject("attributes").put("type", type);
    record.setAll(fields.deepCopy());
    return record;
  }

  private static boolean has(UpsertSObjectResult result, String code) {
    return result.getErrors() != null
        && result.getErrors().stream().map(RestError::getErrorCode).anyMatch(code::equals);
  }

  /**
   * The answers, one for each record. camel-salesforce gives back the request where it could not
   * read an answer of 200 (CompositeSObjectCollectionsProcessor#processResponse).
   */
  private static List<UpsertSObjectResult> results(@Nullable Object answers, int expected) {
    if (answers instanceof List<?> list
        && list.size() == expected
        && list.stream().allMatch(UpsertSObjectResult.class::isInstance)) {
      return list.stream().map(UpsertSObjectResult.class::cast).toList();
    }
    throw new FailureException(
        Failure.transientFailure(
            "Expected an answer of Salesforce for each of "
                + expected
                + " records, and could not read any: they are sent again"));
  }
}
