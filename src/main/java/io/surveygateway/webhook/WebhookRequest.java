package io.surveygateway.webhook;

import io.surveygateway.inbox.FormFields;
import io.surveygateway.proof.WholeRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One request as the public port took it in.
 *
 * <p>It travels beside the message as an exchange property, never in its headers, and ends with the
 * exchange that received it: nothing of it but provider, path, content type and body is kept.
 *
 * @param provider provider in the path
 * @param path rest of the path after the provider, without slashes round it, often empty
 * @param contentType the {@code Content-Type} as sent, or null if there was none
 * @param headers every header line, in the order of arrival
 * @param queryParameters every query parameter, percent-decoded, in the order of arrival
 * @param body the raw bytes; not copied, and changed by nobody
 */
public record WebhookRequest(
    String provider,
    String path,
    @Nullable String contentType,
    List<Map.Entry<String, String>> headers,
    List<Map.Entry<String, String>> queryParameters,
    byte[] body)
    implements WholeRequest {

  /** Exchange property that holds the {@link WebhookRequest}. */
  public static final String PROPERTY = "gatewayWebhookRequest";

  public WebhookRequest {
    headers = List.copyOf(headers);
    queryParameters = List.copyOf(queryParameters);
  }

  static WebhookRequest of(Exchange exchange) {
    var request = exchange.getProperty(PROPERTY, WebhookRequest.class);
    if (request == null) {
      throw new IllegalStateException(
          "Expected an exchange that comes from kamelet:webhook-source, and one of route "
              + exchange.getFromRouteId()
              + " does not: start the route with kamelet:webhook-source");
    }
    return request;
  }

  @Override
  public List<String> header(String name) {
    return headers.stream()
        .filter(header -> isSameHeader(header.getKey(), name))
        .map(header -> withoutBlanksRound(header.getValue()))
        .toList();
  }

  @Override
  public List<String> headerNames() {
    var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    return headers.stream().map(Map.Entry::getKey).filter(names::add).toList();
  }

  @Override
  public List<String> queryNames() {
    return queryParameters.stream().map(Map.Entry::getKey).distinct().toList();
  }

  @Override
  public WebhookRequest withBody(byte[] other) {
    return new WebhookRequest(provider, path, contentType, headers, queryParameters, other);
  }

  @Override
  public List<String> query(String name) {
    return queryParameters.stream()
        .filter(parameter -> parameter.getKey().equals(name))
        .map(Map.Entry::getValue)
        .toList();
  }

  @Override
  public List<byte[]> form(String name) {
    return FormFields.isForm(contentType) ? FormFields.values(body, name) : List.of();
  }

  @Override
  public List<byte[]> json(String pointer) {
    return JsonMember.values(body, pointer);
  }

  /** {@link String#equalsIgnoreCase} would take a Kelvin sign for a k. */
  private static boolean isSameHeader(String one, String other) {
    if (one.length() != other.length()) {
      return false;
    }
    for (var at = 0; at < one.length(); at++) {
      if (lowerCase(one.charAt(at)) != lowerCase(other.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  private static char lowerCase(char letter) {
    return letter >= 'A' && letter <= 'Z' ? (char) (letter + ('a' - 'A')) : letter;
  }

  /** {@link String#strip} would take more than the space and tab of RFC 9110, 5.6.3. */
  private static String withoutBlanksRound(String value) {
    var start = 0;
    var end = value.length();
    while (start < end && isBlank(value.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(start, end);
  }

  private static boolean isBlank(char letter) {
    return letter == ' ' || letter == '\t';
  }

  /** Whose it is and how big; never what the sender wrote. */
  @Override
  public String toString() {
    return "WebhookRequest[" + provider + ", " + body.length + " bytes]";
  }
}
