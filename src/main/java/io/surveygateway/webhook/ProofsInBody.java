package io.surveygateway.webhook;

import io.surveygateway.inbox.FormFields;
import io.surveygateway.proof.Place;
import org.apache.camel.Exchange;

/** Keeps proofs that stand in a body out of what is kept: it loses exactly those fields. */
final class ProofsInBody {

  private ProofsInBody() {}

  /**
   * Leaves out what any check of the provider looks for, and not the one alone that the request
   * proved itself by: of two alternatives the other one has a secret there, too.
   */
  static void leaveOut(Exchange exchange, Providers providers, String provider) {
    for (var place : providers.placesOfProofs(provider)) {
      if (place.kind().isBody()) {
        var message = exchange.getMessage();
        var isForm = FormFields.isForm(WebhookRequest.of(exchange).contentType());
        message.setBody(without(place, message.getBody(byte[].class), isForm));
      }
    }
  }

  private static byte[] without(Place place, byte[] body, boolean isForm) {
    if (place.kind() == Place.Kind.FORM) {
      return isForm ? FormFields.without(body, place.name()) : body;
    }
    return JsonMember.without(body, place.name());
  }
}
