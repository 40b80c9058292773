package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Who answered, as far as the response says. Each part may be null; all of them are personal data,
 * so {@link #toString} shows none.
 *
 * @param id at the provider
 * @param email as given; nobody has checked that it exists
 * @param name whole, as given; some providers give only this, some only its parts
 * @param phone as given, in no particular form
 * @param externalId the respondent's id in the customer's own systems
 * @param language as the provider writes it: {@code en}, {@code de-AT}, {@code English}
 */
public record Respondent(
    @Nullable String id,
    @Nullable String email,
    @Nullable String name,
    @Nullable String firstName,
    @Nullable String lastName,
    @Nullable String phone,
    @Nullable String externalId,
    @Nullable String language) {

  public static Respondent from(JsonNode node) {
    return new Respondent(
        Members.text(node, "id"),
        Members.text(node, "email"),
        Members.text(node, "name"),
        Members.text(node, "firstName"),
        Members.text(node, "lastName"),
        Members.text(node, "phone"),
        Members.text(node, "externalId"),
        Members.text(node, "language"));
  }

  public ObjectNode toJson() {
    var node = Members.object();
    Members.put(node, "id", id);
    Members.put(node, "email", email);
    Members.put(node, "name", name);
    Members.put(node, "firstName", firstName);
    Members.put(node, "lastName", lastName);
    Members.put(node, "phone", phone);
    Members.put(node, "externalId", externalId);
    Members.put(node, "language", language);
    return node;
  }

  @Override
  public String toString() {
    return "Respondent[not shown]";
  }
}
