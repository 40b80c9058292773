package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.inbox.FormToJson;
import io.surveygateway.operations.LaneOperations;
import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.RequestOperations;
import io.surveygateway.operations.RunOperations;
import io.surveygateway.store.EventReads;
import io.surveygateway.store.RequestReads;
import io.surveygateway.store.RequestReads.Request;
import io.surveygateway.store.Run;
import io.surveygateway.trial.TrialException;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
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

  private static final int MOST_FIELDS = 200;
  private static final int LONGEST_FIELD = 4000;

  /** A header of such a name is not shown, should a route ever keep one. */
  private static final Pattern SECRET =
      Pattern.compile("auth|cookie|token|secret|signature|hmac|key|password");

  private final RequestReads requests;
  private final EventReads events;
  private final RequestOperations operations;
  private final RunOperations runs;
  private final LaneOperations lanes;
  private final SampleZip samples;

  RequestsPages(
      RequestReads requests,
      EventReads events,
      RequestOperations operations,
      RunOperations runs,
      LaneOperations lanes,
      SampleZip samples) {
    this.requests = requests;
    this.events = events;
    this.operations = operations;
    this.runs = runs;
    this.lanes = lanes;
    this.samples = samples;
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
    var body = request.size() <= LARGEST_SHOWN ? requests.body(request.id()).orElse(null) : null;
    model.addAttribute("body", body == null ? null : JsonText.pretty(body));
    model.addAttribute("hex", body == null ? null : HexDump.of(body));
    model.addAttribute("isHexCut", request.size() > HexDump.MOST);
    model.addAttribute("fields", body == null ? Map.of() : fields(body, request.contentType()));
    return "request";
  }

  /** Of a form, as the mapping gets them; none of another body. */
  private static Map<String, String> fields(byte[] body, @Nullable String contentType) {
    var shown = new LinkedHashMap<String, String>();
    FormToJson.fields(body, contentType)
        .ifPresent(
            form ->
                form.fields()
                    .forEachRemaining(
                        field -> {
                          if (shown.size() < MOST_FIELDS) {
                            shown.put(field.getKey(), cut(text(field.getValue())));
                          }
                        }));
    return shown;
  }

  private static String text(JsonNode value) {
    var text = value.isTextual() ? value.textValue() : value.toString();
    return text.isBlank() ? text : JsonText.pretty(text);
  }

  private static String cut(String value) {
    return value.length() <= LONGEST_FIELD ? value : value.substring(0, LONGEST_FIELD) + "…";
  }

  /** Its files hold what a person answered, and the page says so before. */
  @PostMapping("/requests/{id}/sample")
  ResponseEntity<byte[]> sample(
      @PathVariable String id, @RequestParam(defaultValue = "") String situation, Principal who) {
    try {
      return samples.of(ApiQuery.id(id), situation.strip(), who.getName());
    } catch (TrialException e) {
      throw ApiQuery.refuse(
          HttpStatus.UNPROCESSABLE_ENTITY, e.getMessage() + ": " + String.join("; ", e.mistakes()));
    }
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
