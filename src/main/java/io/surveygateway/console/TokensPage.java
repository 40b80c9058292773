package io.surveygateway.console;

import io.surveygateway.operations.TokenOperations;
import io.surveygateway.store.ApiTokens.ApiToken;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** API tokens: made, shown once, listed, revoked; for admins alone. */
@ConsolePage
@RequestMapping("/tokens")
final class TokensPage {

  /** What a token may live for, by the names of the form's choices. */
  private static final Map<String, Duration> LIVES =
      Map.of("30", Duration.ofDays(30), "90", Duration.ofDays(90), "365", Duration.ofDays(365));

  private static final String FOR_EVER = "never";

  /**
   * A row of the list.
   *
   * @param state in the words of {@link Words#tone}
   */
  public record Row(ApiToken token, String state) {}

  private final TokenOperations tokens;
  private final Clock clock;

  TokensPage(TokenOperations tokens, Clock clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  @GetMapping
  String list(HttpServletRequest request, Model model) {
    var query = new PageQuery(request, List.of(), Set.of());
    var page = tokens.page(query.after(), PageQuery.LIMIT);
    model.addAttribute("section", Section.TOKENS);
    model.addAttribute("page", page);
    model.addAttribute(
        "rows",
        page.items().stream()
            .map(token -> new Row(token, tokens.stateOf(token).name().toLowerCase(Locale.ROOT)))
            .toList());
    model.addAttribute("isFirst", query.after() == null);
    model.addAttribute("now", "/tokens");
    model.addAttribute("next", query.link("/tokens", page.next()));
    return "tokens";
  }

  @PostMapping
  String make(
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "") String scope,
      @RequestParam(defaultValue = "") String expires,
      Principal who,
      RedirectAttributes after) {
    try {
      var made = tokens.make(name, Set.of(scope), expiry(expires), who.getName());
      // In the session until the page is shown, which is at once, and nowhere else.
      after.addFlashAttribute("made", made);
    } catch (IllegalArgumentException e) {
      throw ApiQuery.refuse(e.getMessage() + ".");
    }
    return "redirect:/tokens";
  }

  private @Nullable Instant expiry(String expires) {
    if (expires.equals(FOR_EVER)) {
      return null;
    }
    var life = LIVES.get(expires);
    if (life == null) {
      throw ApiQuery.refuse("Expected expires to be 30, 90 or 365 days, or never.");
    }
    return clock.instant().plus(life);
  }

  @PostMapping("/{id}/revoke")
  String revoke(@PathVariable String id, Principal who, RedirectAttributes after) {
    var token =
        tokens
            .revoke(ApiQuery.id(id), who.getName())
            .orElseThrow(() -> ApiQuery.missing("a token"));
    after.addFlashAttribute(
        "notice", "Token " + token.name() + " (" + token.id() + ") opens nothing any more.");
    return "redirect:/tokens";
  }
}
