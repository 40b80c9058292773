package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.operations.LaneOperations;
import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.RequestOperations;
import io.surveygateway.operations.RunOperations;
import io.surveygateway.store.EventReads;
import io.surveygateway.store.RequestReads;
import io.surveygateway.store.RequestReads.Request;
import io.surveygateway.store.Run;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Requests as they came, what of them was set aside, and those that were turned away. */
@ConsolePage
final class RequestsPages {

  private static final List<String> FILTERS =
      List.of("provider", "state", "failureKind", "reason", "from", "to");

  private static final List<String> OF_ALL = List.of("provider", "from", "to");

  private static final List<String> STATES =
      List.of(PageQuery.OPEN, "waiting", "retrying", "done", "parked", "cancelled");

  /** Larger ones are not read for a page. */
  private static final int LARGEST_SHOWN = 1 << 20;

  /** A header of such a name is not shown, should a route ever keep one. */
  private static final Pattern SECRET =
      Pattern.compile("auth|cookie|token|secret|signature|hmac|key|password");

  private final RequestReads requests;
  private final EventReads events;
  private final RequestOperations operations;
  private final RunOperations runs;
  private final LaneOperations lanes;

  RequestsPages(
      RequestReads requests,
      EventReads events,
      RequestOperations operations,
      RunOperations runs,
      LaneOperations lanes) {
    this.requests = requests;
    this.events = events;
    this.operations = operations;
    this.runs = runs;
    this.lanes = lanes;
  }

  @GetMapping("/requests")
  String list(HttpServletRequest request, Model model) {
    var query = query(request);
    var page = requests.page(query.filter(), query.after(), PageQuery.LIMIT);
    frame(model, query, "/requests");
    model.addAttribute("states", STATES);
    model.addAttribute("page", page);
    model.addAttribute("next", query.link("/requests", page.next()));
    return "requests";
  }

  private static PageQuery query(HttpServletRequest request) {
    return new PageQuery(request, FILTERS, ApiQuery.REQUEST_STATES);
  }

  @GetMapping("/set-aside")
  String setAside(HttpServletRequest request, Model model) {
    var query = new PageQuery(request, OF_ALL, Set.of());
    var page = requests.apart(query.filter(), query.after(), PageQuery.LIMIT);
    frame(model, query, "/set-aside");
    model.addAttribute("page", page);
    model.addAttribute("next", query.link("/set-aside", page.next()));
    return "set-aside";
  }

  @GetMapping("/refusals")
  String refusals(HttpServletRequest request, Model model) {
    var query = new PageQuery(request, OF_ALL, Set.of());
    var page = requests.refusals(query.filter(), query.after(), PageQuery.LIMIT);
    frame(model, query, "/refusals");
    model.addAttribute("page", page);
    model.addAttribute("next", query.link("/refusals", page.next()));
    return "refusals";
  }

  private void frame(Model model, PageQuery query, String path) {
    model.addAttribute("section", Section.REQUESTS);
    model.addAttribute("here", path);
    model.addAttribute("filters", query.values());
    model.addAttribute("isFirst", query.after() == null);
    model.addAttribute("now", query.with(path, "after", null));
    model.addAttribute("providers", lanes.providers().stream().map(Lane::name).toList());
  }

  @GetMapping("/requests/{id}")
  String one(@PathVariable String id, Model model) {
    var request = find(id);
    model.addAttribute("section", Section.REQUESTS);
    model.addAttribute("request", request);
    model.addAttribute("headers", requests.headers(request.id()).map(this::shown).orElse(Map.of()));
    model.addAttribute("apart", requests.setAside(request.id()));
    model.addAttribute("made", events.ofRequest(request.id()));
    model.addAttribute(
        "body",
        request.size() <= LARGEST_SHOWN
            ? requests.body(request.id()).map(JsonText::pretty).orElse(null)
            : null);
    return "request";
  }

  /** Names and values; those of names that sound like a secret are left out. */
  private Map<String, String> shown(String json) {
    var shown = new TreeMap<String, String>();
    JsonNode headers = JsonText.read(json);
    headers
        .fields()
        .forEachRemaining(
            header ->
                shown.put(
                    header.getKey(),
                    SECRET.matcher(header.getKey().toLowerCase(Locale.ROOT)).find()
                        ? "not shown"
                        : header.getValue().asText()));
    return shown;
  }

  /** Always as a file of bytes: a browser must not take it for a page of ours. */
  @GetMapping("/requests/{id}/body")
  ResponseEntity<byte[]> body(@PathVariable String id) {
    var request = find(id);
    var body = requests.body(request.id()).orElseThrow(() -> ApiQuery.missing("a request"));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment()
                .filename("request-" + request.id() + ".bin", UTF_8)
                .build()
                .toString())
        .body(body);
  }

  @PostMapping("/requests/{id}/map-again")
  String mapAgain(@PathVariable String id, Principal who, RedirectAttributes after) {
    var request = find(id);
    var change = operations.mapAgain(request.id(), who.getName());
    after.addFlashAttribute("notice", "Map again: " + change.note() + ".");
    return "redirect:/requests/" + request.id();
  }

  /** All that match are counted first; the run's own page starts it. */
  @PostMapping("/requests/matching")
  String prepare(HttpServletRequest request, Principal who) {
    try {
      var run =
          runs.prepare(Run.Action.MAP_AGAIN, query(request).filter(), List.of(), who.getName());
      return "redirect:/runs/" + run.id();
    } catch (IllegalArgumentException e) {
      throw ApiQuery.refuse(e.getMessage());
    }
  }

  private Request find(String id) {
    return requests.find(ApiQuery.id(id)).orElseThrow(() -> ApiQuery.missing("a request"));
  }
}
