package io.surveygateway.standin;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A field of an object as its metadata declares it.
 *
 * @param length longest text; of a number, the digits before its point, 0 for any
 * @param key whether records can be found by it: an external id, or one of the standard fields with
 *     idLookup
 * @param readOnly whether Salesforce computes it, as it does a formula
 * @param parent the object that a lookup leads to
 * @param values what a restricted picklist allows; empty where everything is allowed
 */
public record SalesforceField(
    String name,
    String label,
    Type type,
    int length,
    boolean required,
    boolean key,
    boolean unique,
    boolean caseSensitive,
    boolean readOnly,
    @Nullable String parent,
    Set<String> values) {

  /** How the value of a field is read. */
  public enum Type {
    TEXT,
    EMAIL,
    NUMBER,
    CHECKBOX,
    DATE,
    DATETIME,
    LOOKUP
  }

  public static SalesforceField text(String name, String label, int length) {
    return new SalesforceField(
        name, label, Type.TEXT, length, false, false, false, false, false, null, Set.of());
  }

  public static SalesforceField email(String name, String label) {
    return new SalesforceField(
        name, label, Type.EMAIL, 80, false, false, false, false, false, null, Set.of());
  }

  public static SalesforceField of(String name, String label, Type type) {
    return new SalesforceField(
        name, label, type, 0, false, false, false, false, false, null, Set.of());
  }

  public static SalesforceField lookup(String name, String label, String parent) {
    return new SalesforceField(
        name, label, Type.LOOKUP, 18, false, false, false, false, false, parent, Set.of());
  }

  /** The same, without which no record is created. */
  public SalesforceField thatIsRequired() {
    return new SalesforceField(
        name, label, type, length, true, key, unique, caseSensitive, readOnly, parent, values);
  }

  /** The same, by which records can be found. */
  public SalesforceField thatIsKey() {
    return new SalesforceField(
        name, label, type, length, required, true, unique, caseSensitive, readOnly, parent, values);
  }

  /** The same, of which two records cannot have one value. */
  public SalesforceField thatIsUnique(boolean caseSensitive) {
    return new SalesforceField(
        name, label, type, length, required, key, true, caseSensitive, readOnly, parent, values);
  }

  /** The same, with nothing but these values allowed. */
  public SalesforceField thatAllows(Set<String> values) {
    return new SalesforceField(
        name, label, type, length, required, key, unique, caseSensitive, readOnly, parent, values);
  }

  /** {@code Contact__r} of {@code Contact__c}, {@code Account} of {@code AccountId}. */
  String relationship() {
    return name.endsWith("__c")
        ? name.substring(0, name.length() - 1) + "r"
        : name.replaceFirst("Id$", "");
  }
}
