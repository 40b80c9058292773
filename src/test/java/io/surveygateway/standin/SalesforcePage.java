package io.surveygateway.standin;

import static io.surveygateway.standin.Page.escape;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Shows the records that the org holds, the last written first. */
final class SalesforcePage {

  private static final int SHOWN = 100;

  private SalesforcePage() {}

  static String of(List<SalesforceRecord> contacts, List<SalesforceRecord> responses) {
    var names =
        contacts.stream()
            .collect(Collectors.toMap(SalesforceRecord::id, SalesforcePage::name, (a, b) -> a));
    var html = new StringBuilder();
    html.append(
        "<p class=\"soft\">Last written first. This is the stand-in: nothing was sent to Salesforce.</p>\n");
    table("Contacts", contacts, html);
    table(
        "Survey responses",
        responses.stream().map(response -> withName(response, names)).toList(),
        html);
    return Page.of("CRM records", html.toString());
  }

  private static void table(String title, List<SalesforceRecord> records, StringBuilder html) {
    var newest =
        records.stream()
            .sorted(Comparator.comparing(SalesforceRecord::changedAt).reversed())
            .toList();
    var shown = newest.subList(0, Math.min(SHOWN, newest.size()));
    html.append("<h2>").append(title).append(" (").append(records.size()).append(")</h2>\n");
    if (shown.isEmpty()) {
      html.append("<p class=\"soft\">None yet.</p>\n");
      return;
    }
    Set<String> columns = new LinkedHashSet<>();
    shown.forEach(record -> columns.addAll(record.fields().keySet()));
    html.append("<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>");
    columns.forEach(
        column -> html.append("<th scope=\"col\">").append(escape(column)).append("</th>"));
    html.append("<th scope=\"col\">Written</th></tr></thead>\n<tbody>\n");
    for (var record : shown) {
      html.append("<tr>");
      columns.forEach(
          column -> html.append("<td>").append(escape(shortened(record, column))).append("</td>"));
      html.append("<td>").append(record.writes()).append("×</td></tr>\n");
    }
    html.append("</tbody></table></div>\n");
  }

  private static String shortened(SalesforceRecord record, String column) {
    var text = record.text(column);
    return text.codePointCount(0, text.length()) <= 200
        ? text
        : text.substring(0, text.offsetByCodePoints(0, 190)) + " …";
  }

  private static String name(SalesforceRecord contact) {
    return (contact.text("FirstName") + " " + contact.text("LastName")).trim();
  }

  private static SalesforceRecord withName(SalesforceRecord response, Map<String, String> names) {
    var fields = new LinkedHashMap<>(response.fields());
    fields.replaceAll(
        (field, value) ->
            names.containsKey(value.asText())
                ? TextNode.valueOf(names.get(value.asText()))
                : value);
    return new SalesforceRecord(
        response.object(),
        response.id(),
        fields,
        response.createdAt(),
        response.changedAt(),
        response.writes());
  }
}
