package io.surveygateway.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The records of an org, and the rules that each of them keeps.
 *
 * <p>Not for many threads at a time: its owner locks.
 */
final class SalesforceOrg {

  /** Why a record was not written. */
  record Refusal(String code, String message, List<String> fields) {

    static Refusal of(String code, String message, String... fields) {
      return new Refusal(code, message, List.of(fields));
    }
  }

  /** Thrown for a record that is not written. */
  static final class RefusedException extends Exception {

    private final transient Refusal refusal;

    RefusedException(Refusal refusal) {
      super(refusal.code() + ": " + refusal.message());
      this.refusal = refusal;
    }

    Refusal refusal() {
      return refusal;
    }
  }

  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@<>(),;:\\\\\"\\[\\]]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");

  /** As the API takes them: with or without parts of a second, {@code Z} or {@code +0000}. */
  private static final DateTimeFormatter DATETIME =
      DateTimeFormatter.ofPattern(
          "uuuu-MM-dd'T'HH:mm:ss[.SSSSSSSSS][.SSSSSS][.SSS][.SS][.S][XXX][XX]", Locale.ROOT);

  private final Map<String, SalesforceObject> objects = new LinkedHashMap<>();
  private Map<String, SalesforceRecord> records = new LinkedHashMap<>();
  private Map<String, Set<String>> idsByKey = new HashMap<>();
  private long sequence;

  void declare(SalesforceObject object) {
    objects.put(object.name(), object);
  }

  void hide(String object) {
    objects.remove(object);
  }

  Optional<SalesforceObject> object(String name) {
    return objects.values().stream().filter(o -> o.name().equalsIgnoreCase(name)).findFirst();
  }

  /** The records of an object, oldest first. */
  List<SalesforceRecord> records(String object) {
    return records.values().stream().filter(r -> r.object().equals(object)).toList();
  }

  Optional<SalesforceRecord> record(String id) {
    return id.length() == 15
        ? Optional.ofNullable(records.get(id + suffix(id)))
        : Optional.ofNullable(records.get(id));
  }

  /** The records with this value in a key field. */
  List<SalesforceRecord> find(SalesforceObject object, SalesforceField key, String value) {
    return idsByKey.getOrDefault(place(object, key, value), Set.of()).stream()
        .map(records::get)
        .toList();
  }

  SalesforceRecord create(SalesforceObject object, JsonNode values) throws RefusedException {
    var fields = checked(object, values, Map.of());
    var missing =
        object.fields().values().stream()
            .filter(field -> field.required() && !fields.containsKey(field.name()))
            .map(SalesforceField::name)
            .toList();
    if (!missing.isEmpty()) {
      throw new RefusedException(
          new Refusal(
              "REQUIRED_FIELD_MISSING",
              "Required fields are missing: [" + String.join(", ", missing) + "]",
              missing));
    }
    var id = newId(object);
    checkUnique(object, fields, id);
    var now = Instant.now();
    var record = new SalesforceRecord(object.name(), id, fields, now, now, 1);
    put(object, record);
    return record;
  }

  SalesforceRecord update(SalesforceObject object, SalesforceRecord old, JsonNode values)
      throws RefusedException {
    var fields = checked(object, values, old.fields());
    for (var field : object.fields().values()) {
      if (field.required() && !fields.containsKey(field.name())) {
        throw refused(
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [" + field.name() + "]",
            field.name());
      }
    }
    checkUnique(object, fields, old.id());
    remove(old);
    var record =
        new SalesforceRecord(
            old.object(), old.id(), fields, old.createdAt(), Instant.now(), old.writes() + 1);
    put(object, record);
    return record;
  }

  /** Deletes a record; lookups that lead to it are emptied. */
  void delete(SalesforceRecord record) {
    remove(record);
    records.remove(record.id());
    for (var other : List.copyOf(records.values())) {
      var kept = new LinkedHashMap<>(other.fields());
      if (kept.values().removeIf(value -> value.asText().equals(record.id()))) {
        records.put(
            other.id(),
            new SalesforceRecord(
                other.object(),
                other.id(),
                kept,
                other.createdAt(),
                other.changedAt(),
                other.writes()));
      }
    }
  }

  /** Undoes everything that the work wrote, if it says so. Costs as much as the org is large. */
  <T> T transaction(Supplier<T> work, Predicate<T> isToBeUndone) {
    var before = new LinkedHashMap<>(records);
    var keysBefore = new HashMap<String, Set<String>>();
    idsByKey.forEach((place, ids) -> keysBefore.put(place, new LinkedHashSet<>(ids)));
    var result = work.get();
    if (isToBeUndone.test(result)) {
      records = before;
      idsByKey = keysBefore;
    }
    return result;
  }

  /** The first name in this record that the object has no field or relationship for. */
  static Optional<String> unknownName(SalesforceObject object, JsonNode values) {
    for (var names = values.fieldNames(); names.hasNext(); ) {
      var name = names.next();
      var isKnown =
          name.equals("attributes")
              || name.equalsIgnoreCase("Id")
              || object.field(name).isPresent()
              || object.relationship(name).isPresent()
              || object.anyCustom() && name.endsWith("__c");
      if (!isKnown) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** What is wrong with the JSON type of a value in this record, as Salesforce's parser says it. */
  static Optional<String> mistypedValue(SalesforceObject object, JsonNode values) {
    for (var entries = values.fields(); entries.hasNext(); ) {
      var entry = entries.next();
      var field = object.field(entry.getKey());
      if (field.isPresent() && !entry.getValue().isNull()) {
        var wanted = wantedInstead(field.get(), entry.getValue());
        if (wanted.isPresent()) {
          return Optional.of(
              "Cannot deserialize instance of %s from %s value %s or request may be missing a required field"
                  .formatted(
                      wanted.get(), tokenOf(entry.getValue()), entry.getValue().asText("{")));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> wantedInstead(SalesforceField field, JsonNode value) {
    var fits =
        switch (field.type()) {
          case NUMBER -> value.isNumber() || isNumber(value.asText());
          case CHECKBOX -> value.isBoolean();
          case DATE -> value.isTextual() && isDate(value.asText());
          case DATETIME -> value.isTextual() && isDatetime(value.asText());
          case TEXT, EMAIL, LOOKUP -> value.isValueNode();
        };
    return fits
        ? Optional.empty()
        : Optional.of(
            switch (field.type()) {
              case NUMBER -> "double";
              case CHECKBOX -> "boolean";
              case DATE -> "date";
              case DATETIME -> "datetime";
              default -> "string";
            });
  }

  private static String tokenOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> value.isIntegralNumber() ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
      case BOOLEAN -> value.asBoolean() ? "VALUE_TRUE" : "VALUE_FALSE";
      case ARRAY -> "START_ARRAY";
      case OBJECT -> "START_OBJECT";
      default -> "VALUE_STRING";
    };
  }

  private Map<String, JsonNode> checked(
      SalesforceObject object, JsonNode values, Map<String, JsonNode> old) throws RefusedException {
    var fields = new LinkedHashMap<>(old);
    for (var entries = values.fields(); entries.hasNext(); ) {
      var entry = entries.next();
      var name = entry.getKey();
      var value = entry.getValue();
      if (name.equals("attributes") || name.equalsIgnoreCase("Id")) {
        continue;
      }
      var relationship = object.relationship(name);
      if (relationship.isPresent() && object.field(name).isEmpty()) {
        put(fields, relationship.get().name(), parent(relationship.get(), value));
        continue;
      }
      var field = object.field(name);
      if (field.isPresent()) {
        check(field.get(), value);
        put(fields, field.get().name(), value);
      } else {
        put(fields, name, value);
      }
    }
    object.fields().values().stream()
        .filter(field -> field.type() == SalesforceField.Type.CHECKBOX)
        .forEach(field -> fields.putIfAbsent(field.name(), BooleanNode.FALSE));
    return fields;
  }

  /** An empty text is no value, as in Salesforce. */
  private static void put(Map<String, JsonNode> fields, String name, JsonNode value) {
    if (value.isNull() || value.isTextual() && value.asText().isEmpty()) {
      fields.remove(name);
    } else {
      fields.put(name, value);
    }
  }

  private void check(SalesforceField field, JsonNode value) throws RefusedException {
    var text = value.asText();
    if (field.readOnly()) {
      throw refused(
          "INVALID_FIELD_FOR_INSERT_UPDATE",
          "Unable to create/update fields: %s. Please check the security settings of this field and verify that it is read/write for your profile or permission set."
              .formatted(field.name()),
          field.name());
    }
    if (value.isNull() || text.isEmpty()) {
      return;
    }
    if (field.type() == SalesforceField.Type.NUMBER
        && field.length() > 0
        && Math.abs(value.asDouble()) >= Math.pow(10, field.length())) {
      throw refused(
          "NUMBER_OUTSIDE_VALID_RANGE",
          "%s: value outside of valid range on numeric field: %s".formatted(field.label(), text),
          field.name());
    }
    var isText = field.type() == SalesforceField.Type.TEXT;
    if ((isText || field.type() == SalesforceField.Type.EMAIL) && text.length() > field.length()) {
      throw refused(
          "STRING_TOO_LONG",
          "%s: data value too large: %s (max length=%d)"
              .formatted(field.label(), text, field.length()),
          field.name());
    }
    if (field.type() == SalesforceField.Type.EMAIL && !EMAIL.matcher(text).matches()) {
      throw refused(
          "INVALID_EMAIL_ADDRESS",
          "%s: invalid email address: %s".formatted(field.label(), text),
          field.name());
    }
    if (!field.values().isEmpty() && !field.values().contains(text)) {
      throw refused(
          "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
          "%s: bad value for restricted picklist field: %s".formatted(field.label(), text),
          field.name());
    }
    if (field.type() == SalesforceField.Type.LOOKUP && record(text).isEmpty()) {
      throw refused(
          "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
          "insufficient access rights on cross-reference id: " + text);
    }
  }

  /** The id of the parent that a relationship names by an external id. */
  private JsonNode parent(SalesforceField lookup, JsonNode reference) throws RefusedException {
    if (reference.isNull()) {
      return reference;
    }
    var parent = object(String.valueOf(lookup.parent())).orElseThrow();
    var names = new ArrayList<String>();
    reference.fieldNames().forEachRemaining(names::add);
    names.remove("attributes");
    var key = names.size() == 1 ? parent.field(names.get(0)) : Optional.<SalesforceField>empty();
    if (key.isEmpty() || !key.get().key()) {
      throw refused(
          "INVALID_FIELD",
          "Field name provided, %s does not match an External ID, Salesforce Id, or indexed field for %s"
              .formatted(String.join(", ", names), parent.name()));
    }
    var value = reference.get(names.get(0)).asText();
    var found = find(parent, key.get(), value);
    if (found.size() != 1) {
      throw refused(
          "INVALID_FIELD",
          (found.isEmpty()
                  ? "Foreign key external ID: %s not found for field %s in entity %s"
                  : "Foreign key external ID: %s found more than once for field %s in entity %s")
              .formatted(value, key.get().name(), parent.name()));
    }
    return TextNode.valueOf(found.get(0).id());
  }

  private void checkUnique(SalesforceObject object, Map<String, JsonNode> fields, String id)
      throws RefusedException {
    for (var field : object.fields().values()) {
      if (!field.unique() || !fields.containsKey(field.name())) {
        continue;
      }
      for (var other : find(object, field, fields.get(field.name()).asText())) {
        if (!other.id().equals(id)) {
          throw refused(
              "DUPLICATE_VALUE",
              "duplicate value found: %s duplicates value on record with id: %s"
                  .formatted(field.name(), other.id()));
        }
      }
    }
  }

  private void put(SalesforceObject object, SalesforceRecord record) {
    records.put(record.id(), record);
    for (var place : places(object, record)) {
      idsByKey.computeIfAbsent(place, any -> new LinkedHashSet<>()).add(record.id());
    }
  }

  private void remove(SalesforceRecord record) {
    for (var place : places(object(record.object()).orElseThrow(), record)) {
      idsByKey.computeIfPresent(
          place,
          (any, ids) -> {
            ids.remove(record.id());
            return ids.isEmpty() ? null : ids;
          });
    }
  }

  private static Collection<String> places(SalesforceObject object, SalesforceRecord record) {
    return object.fields().values().stream()
        .filter(field -> field.key() || field.unique())
        .filter(field -> record.fields().containsKey(field.name()))
        .map(field -> place(object, field, record.text(field.name())))
        .toList();
  }

  /** Where a key's value is kept; one that knows no case is kept in lower case. */
  static String place(SalesforceObject object, SalesforceField key, String value) {
    var kept = key.caseSensitive() ? value : value.toLowerCase(Locale.ROOT);
    return object.name() + '\n' + key.name() + '\n' + kept;
  }

  private static RefusedException refused(String code, String message, String... fields) {
    return new RefusedException(Refusal.of(code, message, fields));
  }

  private String newId(SalesforceObject object) {
    var number = Long.toString(++sequence, 36).toUpperCase(Locale.ROOT);
    var id = object.prefix() + "5f00000" + "0".repeat(5 - Math.min(5, number.length())) + number;
    return id + suffix(id);
  }

  /** The three characters that make an id of 15 one of 18: a bit for each capital. */
  private static String suffix(String id) {
    var suffix = new StringBuilder();
    for (var start = 0; start < 15; start += 5) {
      var bits = 0;
      for (var i = 0; i < 5; i++) {
        if (Character.isUpperCase(id.charAt(start + i))) {
          bits |= 1 << i;
        }
      }
      suffix.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345".charAt(bits));
    }
    return suffix.toString();
  }

  private static boolean isNumber(String text) {
    return text.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeParseException no) {
      return false;
    }
  }

  private static boolean isDatetime(String text) {
    try {
      OffsetDateTime.parse(text, DATETIME);
      return true;
    } catch (DateTimeParseException no) {
      return false;
    }
  }
}
