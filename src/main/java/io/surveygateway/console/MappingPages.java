package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.store.RequestReads;
import io.surveygateway.store.RequestReads.Sent;
import io.surveygateway.trial.MappingDiff;
import io.surveygateway.trial.Trial;
import io.surveygateway.trial.Trial.Answers;
import io.surveygateway.trial.TrialException;
import io.surveygateway.trial.Trials;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.ui.Model;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * A mapping tried: a request beside what it would become, both edited, and nothing of it kept.
 *
 * <p>The page asks again while somebody types; without scripts its button does the same.
 */
@ConsolePage
final class MappingPages {

  /** A larger one is tried as it is, and not edited on the page. */
  private static final int LARGEST_EDITED = 256 << 10;

  private static final Pattern LINE = Pattern.compile(", line (\\d{1,6})");
  private static final Set<String> ACTIONS = Set.of("try", "diff");
  private static final int USUAL_DAYS = 7;

  /**
   * What the page's form holds.
   *
   * @param request id of a stored one, or empty
   * @param body empty where the stored one is taken as it is
   * @param headers those that the route keeps, one a line
   * @param mapping empty for the provider's file
   * @param action {@code try} or {@code diff}
   */
  record Form(
      @Nullable String provider,
      @Nullable String request,
      @Nullable String body,
      @Nullable String contentType,
      @Nullable String path,
      @Nullable String headers,
      @Nullable String mapping,
      @Nullable String days,
      @Nullable String action) {

    Form {
      provider = text(provider);
      request = text(request);
      body = text(body);
      contentType = text(contentType);
      path = text(path);
      headers = text(headers);
      mapping = text(mapping);
      days = text(days);
      action = text(action);
    }

    private static String text(@Nullable String text) {
      return text == null ? "" : text;
    }
  }

  /**
   * A mistake and the line of the edited mapping that it names.
   *
   * @param line from 1, or null
   * @param source the line's text, or null
   */
  record Mistake(String words, @Nullable Integer line, @Nullable String source) {}

  private final Trials trials;
  private final MappingDiff diff;
  private final RequestReads requests;
  private final Clock clock;

  MappingPages(Trials trials, MappingDiff diff, RequestReads requests, Clock clock) {
    this.trials = trials;
    this.diff = diff;
    this.requests = requests;
    this.clock = clock;
  }

  @GetMapping("/mappings")
  String page(
      @RequestParam(defaultValue = "") String provider,
      @RequestParam(defaultValue = "") String request,
      Model model) {
    var sent = request.isEmpty() ? null : MappingsApi.sent(requests, ApiQuery.id(request));
    var names = trials.providers();
    var chosen = sent != null ? sent.provider() : provider;
    if (chosen.isEmpty() && !names.isEmpty()) {
      chosen = names.get(0);
    }
    var form =
        new Form(
            chosen,
            request,
            sent == null ? "" : edited(sent.body()),
            sent == null ? "application/json" : sent.contentType(),
            sent == null ? "" : sent.path(),
            sent == null ? "" : lines(Trial.headersOf(sent.headers())),
            trials.mappingOf(chosen).orElse(""),
            String.valueOf(USUAL_DAYS),
            "try");
    if (sent != null) {
      show(form, model);
    }
    return frame(form, sent, names, model);
  }

  /** Changes nothing: what was typed is tried, and forgotten. */
  @PostMapping("/mappings")
  String tried(
      @ModelAttribute Form form,
      @RequestHeader(name = "HX-Request", required = false) @Nullable String live,
      Model model) {
    show(form, model);
    if (live != null) {
      return "mappings :: result";
    }
    var sent =
        form.request().isEmpty() ? null : MappingsApi.sent(requests, ApiQuery.id(form.request()));
    return frame(form, sent, trials.providers(), model);
  }

  private String frame(Form form, @Nullable Sent sent, List<String> names, Model model) {
    model.addAttribute("section", Section.MAPPINGS);
    model.addAttribute("form", form);
    model.addAttribute("names", names);
    model.addAttribute("isKept", sent != null && edited(sent.body()).isEmpty());
    model.addAttribute("size", sent == null ? 0 : sent.body().length);
    return "mappings";
  }

  private void show(Form form, Model model) {
    model.addAttribute("json", new PrettyJson());
    try {
      MappingsApi.checkLength(form.mapping());
      if ("diff".equals(ApiQuery.oneOf("action", action(form), ACTIONS))) {
        var days = MappingsApi.number("days", form.days(), MappingsApi.MOST_DAYS);
        model.addAttribute("days", days);
        model.addAttribute(
            "differences",
            diff.diff(
                MappingsApi.ofLastDays(form.provider(), days, clock),
                MappingDiff.USUAL_REQUESTS,
                mapping(form)));
      } else {
        model.addAttribute("tried", trials.tryOut(trial(form)));
      }
    } catch (TrialException e) {
      model.addAttribute("problem", e.getMessage());
      model.addAttribute("mistakes", mistakes(e.mistakes(), form.mapping()));
    } catch (ErrorResponseException e) {
      model.addAttribute("problem", e.getBody().getDetail());
      model.addAttribute("mistakes", List.of());
    }
  }

  private static String action(Form form) {
    return form.action().isEmpty() ? "try" : form.action();
  }

  private Trial trial(Form form) {
    var sent =
        form.request().isEmpty() ? null : MappingsApi.sent(requests, ApiQuery.id(form.request()));
    if (sent != null && !sent.provider().equals(form.provider())) {
      throw ApiQuery.refuse("Expected a request of this provider, got one of another");
    }
    var headers = new LinkedHashMap<String, String>();
    PastedText.headers(form.headers())
        .forEach(header -> headers.put(header.getKey(), header.getValue()));
    MappingsApi.checkHeaders(headers);
    Instant receivedAt = sent == null ? null : sent.receivedAt();
    return new Trial(
        sent == null ? Trial.NOT_STORED : sent.id(),
        form.provider(),
        MappingsApi.checked(body(form, sent)),
        form.contentType().isBlank() ? null : form.contentType().strip(),
        form.path().strip().replaceAll("^/+|/+$", ""),
        headers,
        receivedAt,
        Answers.NONE,
        null,
        mapping(form));
  }

  /** The stored one to the byte, as long as nobody has changed its text. */
  private static byte[] body(Form form, @Nullable Sent sent) {
    var typed = form.body().replace("\r\n", "\n");
    if (sent != null && typed.equals(edited(sent.body()).replace("\r\n", "\n"))) {
      return sent.body();
    }
    // A browser sends CRLF for each line end; a multipart body has them, others are written with
    // LF.
    var isMultipart =
        MediaType.MULTIPART_FORM_DATA_VALUE.equals(form.contentType().split(";")[0].strip());
    return (isMultipart ? typed.replace("\n", "\r\n") : typed).getBytes(UTF_8);
  }

  /** The file itself where it was not changed: then its own name is in what is said of it. */
  private @Nullable String mapping(Form form) {
    var typed = form.mapping().replace("\r\n", "\n");
    return typed.isBlank() || trials.mappingOf(form.provider()).filter(typed::equals).isPresent()
        ? null
        : typed;
  }

  /** Empty for what no text field can hold. */
  private static String edited(byte[] body) {
    if (body.length > LARGEST_EDITED) {
      return "";
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return "";
    }
  }

  private static String lines(Map<String, String> headers) {
    var lines = new StringBuilder();
    headers.forEach((name, value) -> lines.append(name).append(": ").append(value).append('\n'));
    return lines.toString();
  }

  private static List<Mistake> mistakes(List<String> all, String mapping) {
    var lines = mapping.split("\\R", -1);
    return all.stream()
        .map(
            words -> {
              var found = LINE.matcher(words);
              if (!found.find() || !words.split(", line ", 2)[0].endsWith(".jq")) {
                return new Mistake(words, null, null);
              }
              var line = Integer.parseInt(found.group(1));
              return new Mistake(
                  words, line, line >= 1 && line <= lines.length ? lines[line - 1].strip() : null);
            })
        .toList();
  }
}
