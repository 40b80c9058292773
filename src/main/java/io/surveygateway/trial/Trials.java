package io.surveygateway.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.event.CanonicalEvents;
import io.surveygateway.event.CatalogueProperties;
import io.surveygateway.lint.Mistake;
import io.surveygateway.lint.OutsideLint;
import io.surveygateway.outbox.Destinations;
import io.surveygateway.store.InboxStore.ClaimedRequest;
import io.surveygateway.store.StepResult;
import io.surveygateway.store.Work;
import io.surveygateway.trial.Trial.Answers;
import io.surveygateway.trial.Tried.LeftOut;
import io.surveygateway.trial.Tried.TriedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Tries a request: the provider's own routes map it, the router chooses, the destinations' routes
 * shape it, and nothing is kept or sent. The files of {@code routes/} are read as they are now,
 * also where the running gateway has older ones. Safe for use by many threads.
 */
@Component
public final class Trials {

  /** Bytes of a body, and of what an API answers. */
  public static final int LARGEST_BODY = 8 << 20;

  /** Characters of a mapping that takes the place of a file. */
  public static final int LARGEST_MAPPING = 256 << 10;

  /** Where the gateway has its routes from; a test that loads single files has them here too. */
  private static final Pattern WHOLE_FOLDER = Pattern.compile("file:([^*?,]+)/\\*\\*/\\*\\.yaml");

  private static final int MOST_EVENTS = 100;

  /** Characters of all that is shown. */
  private static final int LARGEST_ANSWER = 4 << 20;

  private static final int LONGEST_WORDS = 2000;
  private static final int MOST_MISTAKES = 20;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CanonicalEvents WITHOUT_CATALOGUE =
      new CanonicalEvents(new CatalogueProperties(List.of()));

  private final ListableBeanFactory gateway;
  private final Environment settings;
  private final Destinations destinations;
  private final Clock clock;
  private final TrialSettings limits;
  private final Path root;
  private final Limits places = new Limits();

  Trials(
      ListableBeanFactory gateway,
      Environment settings,
      Destinations destinations,
      Clock clock,
      TrialSettings limits) {
    this.gateway = gateway;
    this.settings = settings;
    this.destinations = destinations;
    this.clock = clock;
    this.limits = limits;
    var pattern = settings.getProperty("camel.main.routes-include-pattern", "");
    var folder = WHOLE_FOLDER.matcher(pattern);
    this.root = Path.of(folder.matches() ? folder.group(1) : "routes");
  }

  /**
   * @throws TrialException if it cannot be tried; says why, and where
   */
  public Tried tryOut(Trial trial) {
    return places.run(limits.longest(), watch -> tryOut(trial, watch));
  }

  /**
   * The events that the mapping alone makes of a request, without the gateway's catalogue of
   * surveys: as a provider's samples expect them.
   *
   * @throws TrialException if it cannot be mapped, or an item of it is set aside; says why
   */
  public List<JsonNode> expected(Trial trial) {
    return places.run(limits.longest(), watch -> expected(trial, watch));
  }

  private List<JsonNode> expected(Trial trial, Watch watch) {
    try (var routes = open(trial.provider(), trial.mapping())) {
      var request = request(trial);
      var notes = new Notes(watch, trial.answers(), trial.fetched(), true);
      var made = map(routes, request, notes, watch);
      if (notes.isUnanswered()) {
        notes = new Notes(watch, Answers.NONE, null, false);
        made = map(routes, request, notes, watch);
      }
      var reasons = made.setAside().stream().map(item -> item.reason()).limit(MOST_MISTAKES);
      var failure = made.outcome().failure();
      refuse(
          failure == null ? reasons.toList() : List.of(failure.reason()),
          "It cannot be mapped now, and so nothing can be expected of it");
      return notes.made().stream().<JsonNode>map(WITHOUT_CATALOGUE::accept).toList();
    }
  }

  /** Name of the folder that the provider's files are in. */
  String folderOf(String provider) {
    return RouteFiles.of(root, provider)
        .map(files -> files.folder().getFileName().toString())
        .orElse(provider);
  }

  /** Names of the folders of providers, in their order. */
  public List<String> providers() {
    return RouteFiles.providers(root);
  }

  /**
   * The provider's jq file as it is on the disk now; empty if there is none, or it is too large.
   */
  public Optional<String> mappingOf(String provider) {
    return RouteFiles.of(root, provider)
        .map(RouteFiles::mapping)
        .filter(Files::isRegularFile)
        .map(Trials::read)
        .filter(text -> text.length() <= LARGEST_MAPPING);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Limits places() {
    return places;
  }

  /** Whether the provider's routes have a token to ask its API with. */
  boolean hasToken(String provider) {
    var token = settings.getProperty("gateway.providers." + provider + ".access-token");
    return token != null && !token.isBlank();
  }

  private Tried tryOut(Trial trial, Watch watch) {
    try (var routes = open(trial.provider(), trial.mapping())) {
      var request = request(trial);
      var notes = new Notes(watch, trial.answers(), trial.fetched(), true);
      var made = map(routes, request, notes, watch);
      var fetches = notes.takeCalls();
      if (notes.isUnanswered()) {
        // Once more as the route goes where nobody can be asked.
        notes = new Notes(watch, Answers.NONE, null, false);
        made = map(routes, request, notes, watch);
      }
      return answer(trial.provider(), routes, made, notes, fetches);
    }
  }

  /** What the mapping of a request makes, unless its watch is over. */
  static StepResult map(TrialRoutes routes, ClaimedRequest request, Notes notes, Watch watch) {
    var made = routes.map(request, notes);
    var over = watch.over();
    if (over != null) {
      throw new Watch.OverException(over);
    }
    return made;
  }

  private ClaimedRequest request(Trial trial) {
    return new ClaimedRequest(
        trial.requestId(),
        trial.provider(),
        trial.path(),
        trial.contentType(),
        Objects.requireNonNullElseGet(trial.receivedAt(), clock::instant),
        1,
        false,
        trial.body(),
        trial.headers().isEmpty() ? null : json(trial.headers()),
        null);
  }

  private static String json(Map<String, String> headers) {
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts become JSON", e);
    }
  }

  /**
   * @throws TrialException if there is no such provider, or its routes or the mapping have a
   *     mistake
   */
  TrialRoutes open(String provider, @Nullable String mapping) {
    var files =
        RouteFiles.of(root, provider)
            .orElseThrow(
                () ->
                    new TrialException(
                        TrialException.Kind.UNKNOWN,
                        "Expected the name of a provider that has a folder in routes/providers"));
    if (mapping != null) {
      refuse(checked(files, mapping), "The mapping has mistakes");
    }
    TrialRoutes routes;
    try {
      routes = new TrialRoutes(files, gateway, settings, clock, mapping);
    } catch (TrialException | Watch.OverException e) {
      throw e;
    } catch (Exception e) {
      refuse(mistakes(files, true), "The routes cannot be built");
      // What only Camel sees, in its own words.
      throw new TrialException(
          TrialException.Kind.MISTAKE, "The routes cannot be built", List.of(words(e)));
    }
    if (!routes.maps(provider)) {
      routes.close();
      throw new TrialException(
          TrialException.Kind.UNKNOWN,
          "Expected a route in " + files.folder() + " that starts with inbox:" + provider);
    }
    return routes;
  }

  private static void refuse(List<String> mistakes, String message) {
    if (!mistakes.isEmpty()) {
      throw new TrialException(TrialException.Kind.MISTAKE, message, mistakes);
    }
  }

  private List<String> checked(RouteFiles files, String mapping) {
    try (var lint = new OutsideLint(settings)) {
      return shown(
          lint
              .lint()
              .checkMapping(files.mapping().toString().replace('\\', '/'), mapping)
              .stream());
    }
  }

  private List<String> mistakes(RouteFiles files, boolean andOthers) {
    var folder = files.folder().toString().replace('\\', '/') + "/";
    try (var lint = new OutsideLint(settings)) {
      var found = lint.lint().check(files.root(), Path.of(""));
      return shown(
          found.mistakes().stream()
              .filter(mistake -> mistake.weight() == Mistake.Weight.GRAVE)
              .filter(
                  mistake ->
                      mistake.place().file().startsWith(folder)
                          || andOthers && !mistake.place().file().contains("/providers/")));
    }
  }

  private static List<String> shown(Stream<Mistake> mistakes) {
    return mistakes
        .limit(MOST_MISTAKES)
        .map(mistake -> mistake.place() + ": " + mistake.says() + ". " + mistake.remedy())
        .toList();
  }

  /** The deepest words, without what wraps them. */
  private static String words(Throwable thrown) {
    var deepest = thrown;
    for (var depth = 0; deepest.getCause() != null && depth < 50; depth++) {
      deepest = deepest.getCause();
    }
    var words =
        deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
  }

  private Tried answer(
      String provider, TrialRoutes routes, StepResult made, Notes notes, List<Tried.Call> fetches) {
    var failedAt = Steps.placeOf(notes.takeLastFailed());
    var events = new ArrayList<TriedEvent>();
    long size = 0;
    for (var event : made.events()) {
      if (events.size() == MOST_EVENTS || size > LARGEST_ANSWER) {
        break;
      }
      var sent =
          made.deliveries().stream()
              .filter(delivery -> delivery.eventId() == event.id())
              .map(
                  delivery ->
                      routes.deliver(
                          delivery.destination(),
                          event.document(),
                          offBecause(delivery.destination()),
                          notes))
              .toList();
      var tried = new TriedEvent(TrialRoutes.read(event.document()), sent);
      events.add(tried);
      size += sizeOf(tried);
      if (notes.watch().over() != null) {
        throw new Watch.OverException(notes.watch().over());
      }
    }
    var outcome = made.outcome();
    var leftOut = leftOut(made, notes);
    return new Tried(
        provider,
        outcome.state().text(),
        outcome.failure() == null ? null : outcome.failure().reason(),
        outcome.state() == Work.State.DONE ? null : failedAt,
        events,
        leftOut,
        fetches,
        made.events().size() - events.size(),
        leftOut.isEmpty() && outcome.state() == Work.State.DONE
            ? List.of()
            : RouteFiles.of(root, provider).map(files -> mistakes(files, false)).orElse(List.of()));
  }

  private static long sizeOf(TriedEvent tried) {
    return tried.event().toString().length()
        + tried.destinations().stream()
            .flatMap(delivery -> delivery.calls().stream())
            .mapToLong(call -> call.sends().toString().length())
            .sum();
  }

  private @Nullable String offBecause(String destination) {
    return destinations.find(destination).map(Destinations.Destination::offBecause).orElse(null);
  }

  private static List<LeftOut> leftOut(StepResult made, Notes notes) {
    var leftOut = new ArrayList<LeftOut>();
    var failed = notes.setAside();
    for (var i = 0; i < Math.min(MOST_EVENTS, made.setAside().size()); i++) {
      var item = made.setAside().get(i);
      var noted = i < failed.size() ? failed.get(i) : null;
      var step = noted == null ? null : notes.stepOf(noted.thrown());
      leftOut.add(
          new LeftOut(
              item.index(),
              item.reason(),
              noted == null || words(noted.thrown()).equals(item.reason())
                  ? null
                  : words(noted.thrown()),
              step == null ? null : step.getId(),
              Steps.placeOf(step),
              noted == null ? null : noted.mapped()));
    }
    return leftOut;
  }
}
