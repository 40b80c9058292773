package io.surveygateway.console;

import io.surveygateway.operations.LaneOperations;
import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.Overview;
import io.surveygateway.operations.Overview.Range;
import io.surveygateway.operations.Overviews;
import io.surveygateway.operations.ProofOperations;
import io.surveygateway.operations.TestEvents;
import io.surveygateway.store.Filter;
import io.surveygateway.store.RequestReads;
import io.surveygateway.store.RequestReads.Refusal;
import io.surveygateway.webhook.ProofTester.ProofState;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.ui.Model;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Destinations and providers: how each fares, its backlog; paused and resumed. */
@ConsolePage
final class LanesPages {

  private static final int LONGEST_BECAUSE = 1000;

  /** The newest ones that are looked at for the last of each provider. */
  private static final int REFUSALS = 200;

  private final LaneOperations lanes;
  private final Overviews overviews;
  private final ConsoleProperties settings;
  private final Environment environment;
  private final TestEvents tests;
  private final ProofOperations proofs;
  private final RequestReads requests;

  LanesPages(
      LaneOperations lanes,
      Overviews overviews,
      ConsoleProperties settings,
      Environment environment,
      TestEvents tests,
      ProofOperations proofs,
      RequestReads requests) {
    this.tests = tests;
    this.lanes = lanes;
    this.overviews = overviews;
    this.settings = settings;
    this.environment = environment;
    this.proofs = proofs;
    this.requests = requests;
  }

  @GetMapping("/destinations")
  String destinations(Model model) {
    var overview = frame(model, Section.DESTINATIONS);
    model.addAttribute("last", overviews.lastDelivered(overview));
    model.addAttribute("listed", onesThatAreOnFirst(overview.destinations(), d -> d.lane()));
    return "destinations";
  }

  @GetMapping("/providers")
  String providers(HttpServletRequest request, Model model) {
    var overview = frame(model, Section.PROVIDERS);
    model.addAttribute("last", overviews.lastAccepted(overview));
    model.addAttribute("listed", onesThatAreOnFirst(overview.providers(), p -> p.lane()));
    model.addAttribute("isPublic", settings.webhookUrl() != null);
    var webhooks = webhooks(request);
    var urls = new HashMap<String, List<String>>();
    var states = new HashMap<String, ProofState>();
    for (var provider : overview.providers()) {
      var name = provider.lane().name();
      proofs.state(name).ifPresent(state -> states.put(name, state));
      urls.put(name, urls(webhooks + name, states.get(name)));
    }
    model.addAttribute("urls", urls);
    model.addAttribute("proofs", states);
    model.addAttribute("refusals", lastRefusals());
    return "providers";
  }

  /** Each that a sender may be given; the provider's own, where its route lists none. */
  private static List<String> urls(String own, @Nullable ProofState state) {
    return state == null || state.paths().isEmpty()
        ? List.of(own)
        : state.paths().stream().map(path -> own + "/" + path).toList();
  }

  /** By provider, of the newest of all: a provider whose last one is older has none here. */
  private Map<String, Refusal> lastRefusals() {
    var last = new HashMap<String, Refusal>();
    requests
        .refusals(Filter.ALL, null, REFUSALS)
        .items()
        .forEach(refusal -> last.putIfAbsent(refusal.provider(), refusal));
    return last;
  }

  /** What is shipped and was never set up is long, and of interest to few. */
  private static <T> List<T> onesThatAreOnFirst(List<T> all, Function<T, Lane> lane) {
    return all.stream().sorted(Comparator.comparing(each -> !lane.apply(each).isOn())).toList();
  }

  private Overview frame(Model model, Section section) {
    var overview = overviews.read(Range.DAY);
    model.addAttribute("section", section);
    model.addAttribute("overview", overview);
    model.addAttribute("words", new Words(overview.asOf()));
    return overview;
  }

  /**
   * Where senders reach the public port: as it is set, or else by the name that this is seen by.
   */
  private String webhooks(HttpServletRequest request) {
    var set = settings.webhookUrl();
    var address =
        set == null
            ? "http://"
                + request.getServerName()
                + ":"
                + environment.getProperty("gateway.webhook.port", "8080")
            : set;
    return address + "/webhooks/";
  }

  @PostMapping("/destinations/{name}/pause")
  String pauseDestination(
      @PathVariable String name,
      @RequestParam(defaultValue = "") String because,
      Principal who,
      RedirectAttributes after) {
    return said(
        lanes.pauseDestination(name, who.getName(), checked(because)),
        "Deliveries to " + name + " are paused; they are stored, and wait.",
        "destination",
        name,
        after);
  }

  @PostMapping("/destinations/{name}/resume")
  String resumeDestination(@PathVariable String name, Principal who, RedirectAttributes after) {
    return said(
        lanes.resumeDestination(name, who.getName()),
        "Deliveries to " + name + " go on.",
        "destination",
        name,
        after);
  }

  @PostMapping("/destinations/{name}/probe")
  String probeDestination(@PathVariable String name, Principal who, RedirectAttributes after) {
    return said(
        lanes.probeDestination(name, who.getName()),
        "One delivery to " + name + " that is due tries it now.",
        "destination",
        name,
        after);
  }

  @PostMapping("/destinations/{name}/test")
  String testDestination(@PathVariable String name, Principal who, RedirectAttributes after) {
    var sent = tests.send(name, who.getName()).orElseThrow(() -> unknown("destination"));
    after.addFlashAttribute(
        "notice",
        sent.isSent() ? "A test is on its way to " + name + ": " + sent.note() : sent.note());
    return sent.isSent() ? "redirect:/events/" + sent.event() : "redirect:/destinations#" + name;
  }

  @PostMapping("/providers/{name}/pause")
  String pauseProvider(
      @PathVariable String name,
      @RequestParam(defaultValue = "") String because,
      Principal who,
      RedirectAttributes after) {
    return said(
        lanes.pauseProvider(name, who.getName(), checked(because)),
        "Requests of " + name + " are taken and stored, and not mapped until it is resumed.",
        "provider",
        name,
        after);
  }

  @PostMapping("/providers/{name}/resume")
  String resumeProvider(@PathVariable String name, Principal who, RedirectAttributes after) {
    return said(
        lanes.resumeProvider(name, who.getName()),
        "Requests of " + name + " are mapped again.",
        "provider",
        name,
        after);
  }

  private static String checked(String because) {
    if (because.length() > LONGEST_BECAUSE) {
      throw ApiQuery.refuse("Expected a reason of " + LONGEST_BECAUSE + " characters at most");
    }
    return because;
  }

  private static String said(
      Optional<?> lane, String notice, String what, String name, RedirectAttributes after) {
    if (lane.isEmpty()) {
      throw unknown(what);
    }
    after.addFlashAttribute("notice", notice);
    return "redirect:/" + what + "s#" + name;
  }

  private static ErrorResponseException unknown(String what) {
    return ApiQuery.missing("a " + what);
  }
}
