package io.surveygateway.standin;

import static io.surveygateway.standin.SalesforceField.email;
import static io.surveygateway.standin.SalesforceField.lookup;
import static io.surveygateway.standin.SalesforceField.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * An object of an org: its name, the prefix of its ids, its fields.
 *
 * @param anyCustom whether it takes every field whose name ends with {@code __c}, beside those that
 *     it declares
 */
public record SalesforceObject(
    String name, String prefix, Map<String, SalesforceField> fields, boolean anyCustom) {

  public SalesforceObject {
    fields = new LinkedHashMap<>(fields);
  }

  /** The standard object, with the standard fields that a survey could fill. */
  public static SalesforceObject contact() {
    return of(
        "Contact",
        "003",
        true,
        text("LastName", "Last Name", 80).thatIsRequired(),
        text("FirstName", "First Name", 40),
        email("Email", "Email").thatIsKey(),
        text("Phone", "Business Phone", 40),
        text("MobilePhone", "Mobile Phone", 40),
        text("Title", "Title", 128),
        text("Department", "Department", 80),
        text("LeadSource", "Lead Source", 255),
        text("Description", "Contact Description", 32_000));
  }

  /** The custom object for responses while nothing is known but its key and its contact. */
  public static SalesforceObject surveyResponse() {
    return of(
        "Survey_Response__c",
        "a00",
        true,
        text("Name", "Survey Response Name", 80),
        text("Response_Key__c", "Response Key", 255).thatIsUnique(true).thatIsKey(),
        lookup("Contact__c", "Contact", "Contact"));
  }

  public static SalesforceObject of(
      String name, String prefix, boolean anyCustom, SalesforceField... fields) {
    var byName = new LinkedHashMap<String, SalesforceField>();
    Arrays.stream(fields).forEach(field -> byName.put(field.name(), field));
    return new SalesforceObject(name, prefix, byName, anyCustom);
  }

  /**
   * A custom object with exactly the fields of its metadata in source format: {@code
   * <folder>/fields/*.field-meta.xml}, the folder named as the object is.
   */
  public static SalesforceObject read(Path folder) {
    var fields = new LinkedHashMap<String, SalesforceField>();
    fields.put("Name", text("Name", "Name", 80));
    try (var files = Files.list(folder.resolve("fields"))) {
      for (var file :
          files.filter(f -> f.toString().endsWith(".field-meta.xml")).sorted().toList()) {
        var field = field(file);
        fields.put(field.name(), field);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SalesforceObject(folder.getFileName().toString(), "a00", fields, false);
  }

  /** Names of fields know no case. */
  Optional<SalesforceField> field(String name) {
    var field = fields.get(name);
    if (field != null) {
      return Optional.of(field);
    }
    return fields.values().stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
  }

  /** The lookup that this relationship belongs to. */
  Optional<SalesforceField> relationship(String name) {
    return fields.values().stream()
        .filter(f -> f.type() == SalesforceField.Type.LOOKUP)
        .filter(f -> f.relationship().equalsIgnoreCase(name))
        .findFirst();
  }

  private static SalesforceField field(Path file) {
    var xml = xml(file);
    var type = textOf(xml, "type").orElseThrow(() -> new IllegalArgumentException(file + ": type"));
    var length = textOf(xml, "length").map(Integer::valueOf).orElse(255);
    var values = new TreeSet<String>();
    if (textOf(xml, "restricted").filter("true"::equals).isPresent()) {
      var listed = xml.getElementsByTagName("value");
      for (var i = 0; i < listed.getLength(); i++) {
        textOf((Element) listed.item(i), "fullName").ifPresent(values::add);
      }
    }
    return new SalesforceField(
        textOf(xml, "fullName").orElseThrow(() -> new IllegalArgumentException(file + ": name")),
        textOf(xml, "label").orElse(""),
        typeOf(type),
        switch (typeOf(type)) {
          case TEXT -> length;
          case NUMBER -> number(xml, "precision") - number(xml, "scale");
          default -> 80;
        },
        textOf(xml, "required").filter("true"::equals).isPresent(),
        textOf(xml, "externalId").filter("true"::equals).isPresent(),
        textOf(xml, "unique").filter("true"::equals).isPresent(),
        textOf(xml, "caseSensitive").filter("true"::equals).isPresent(),
        textOf(xml, "formula").isPresent(),
        textOf(xml, "referenceTo").orElse(null),
        values);
  }

  private static int number(Element xml, String name) {
    return textOf(xml, name).map(Integer::valueOf).orElse(0);
  }

  private static SalesforceField.Type typeOf(String type) {
    return switch (type) {
      case "Number", "Currency", "Percent" -> SalesforceField.Type.NUMBER;
      case "Checkbox" -> SalesforceField.Type.CHECKBOX;
      case "Date" -> SalesforceField.Type.DATE;
      case "DateTime" -> SalesforceField.Type.DATETIME;
      case "Email" -> SalesforceField.Type.EMAIL;
      case "Lookup", "MasterDetail" -> SalesforceField.Type.LOOKUP;
      default -> SalesforceField.Type.TEXT;
    };
  }

  private static Element xml(Path file) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(file.toFile())
          .getDocumentElement();
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalArgumentException(file + " is no metadata: " + e.getMessage(), e);
    }
  }

  private static Optional<String> textOf(Element owner, String name) {
    var found = owner.getElementsByTagName(name);
    @Nullable String text = found.getLength() == 0 ? null : found.item(0).getTextContent();
    return Optional.ofNullable(text).map(String::trim);
  }
}
