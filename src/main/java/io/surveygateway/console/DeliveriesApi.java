package io.surveygateway.console;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.surveygateway.operations.DeliveryOperations;
import io.surveygateway.store.DeliveryReads;
import io.surveygateway.store.DeliveryReads.Attempt;
import io.surveygateway.store.DeliveryReads.Delivery;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Deliveries: seen, sent again, cancelled. */
@RestController
@RequestMapping(path = "/api/deliveries", produces = MediaType.APPLICATION_JSON_VALUE)
final class DeliveriesApi {

  private static final Set<String> FILTERS =
      Set.of("destination", "state", "provider", "survey", "type", "failureKind", "from", "to");

  record DeliveryAnswer(@JsonUnwrapped Delivery delivery, List<Attempt> tries) {}

  private final DeliveryReads deliveries;
  private final DeliveryOperations operations;

  DeliveriesApi(DeliveryReads deliveries, DeliveryOperations operations) {
    this.deliveries = deliveries;
    this.operations = operations;
  }

  @Described(
      value = "List deliveries, newest first",
      query = {
        "destination",
        "delivery state",
        "provider",
        "survey",
        "type",
        "failureKind",
        "from",
        "to",
        "after",
        "limit"
      })
  @GetMapping
  ApiQuery.PageAnswer<Delivery> list(HttpServletRequest request) {
    var query = new ApiQuery(request, FILTERS, ApiQuery.DELIVERY_STATES);
    return query.answer(deliveries.page(query.filter(), query.after(), query.limit()));
  }

  @Described("See a delivery with its tries")
  @GetMapping("/{id}")
  DeliveryAnswer one(@PathVariable String id) {
    var delivery =
        deliveries.find(ApiQuery.id(id)).orElseThrow(() -> ApiQuery.missing("a delivery"));
    return new DeliveryAnswer(delivery, deliveries.attempts(delivery.id()));
  }

  @Described(value = "Send one that has not arrived, with all its attempts anew", errors = 409)
  @PostMapping("/{id}/retry")
  ChangeAnswer retry(@PathVariable String id, Principal who) {
    return ChangeAnswer.orProblem(operations.retry(ApiQuery.id(id), who.getName()));
  }

  @Described(value = "Send one that has arrived once more", errors = 409)
  @PostMapping("/{id}/resend")
  ChangeAnswer resend(@PathVariable String id, Principal who) {
    return ChangeAnswer.orProblem(operations.resend(ApiQuery.id(id), who.getName()));
  }

  @Described(value = "Cancel one that has not arrived", errors = 409)
  @PostMapping("/{id}/cancel")
  ChangeAnswer cancel(@PathVariable String id, Principal who) {
    return ChangeAnswer.orProblem(operations.cancel(ApiQuery.id(id), who.getName()));
  }
}
