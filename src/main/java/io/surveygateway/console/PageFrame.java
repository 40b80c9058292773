package io.surveygateway.console;

import io.surveygateway.store.DataRefusedException;
import io.surveygateway.store.StoreUnavailableException;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.ui.Model;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** What is round every page: navigation, who is here, words; and what becomes of errors. */
@ControllerAdvice(annotations = ConsolePage.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PageFrame {

  private final Clock clock;

  PageFrame(Clock clock) {
    this.clock = clock;
  }

  @ModelAttribute
  void frame(Model model, @Nullable Principal who, @Nullable CsrfToken token) {
    model.addAllAttributes(frame(clock, who));
    if (token != null) {
      // Before the page is written: with it goes a cookie.
      token.getToken();
    }
  }

  static Map<String, Object> frame(Clock clock, @Nullable Principal who) {
    var login = who instanceof Authentication authentication ? authentication : null;
    return Map.of(
        "groups",
        Section.groups(login != null && Role.ADMIN.isGrantedTo(login)),
        "words",
        new Words(clock.instant()),
        "who",
        who == null ? "" : who.getName(),
        ReadersPages.MAY_OPERATE,
        login != null && Role.OPERATE.isGrantedTo(login));
  }

  /** What was asked for cannot be: the message was made for whoever asked. */
  @ExceptionHandler
  ModelAndView refused(
      ErrorResponseException thrown, HttpServletResponse response, @Nullable Principal who) {
    var detail = thrown.getBody().getDetail();
    return page(thrown.getStatusCode(), detail == null ? "" : detail, response, who);
  }

  @ExceptionHandler
  ModelAndView unavailable(
      StoreUnavailableException thrown, HttpServletResponse response, @Nullable Principal who) {
    response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(thrown.retryAfter().toSeconds()));
    return page(
        HttpStatus.SERVICE_UNAVAILABLE,
        "The store cannot be reached just now, so there is nothing to show. Senders are answered 503"
            + " meanwhile, and come again; what was stored stays stored. Try again in a minute.",
        response,
        who);
  }

  /** A character that no database takes, such as NUL. */
  @ExceptionHandler
  ModelAndView refused(
      DataRefusedException thrown, HttpServletResponse response, @Nullable Principal who) {
    return page(HttpStatus.BAD_REQUEST, "Expected values that the store can hold.", response, who);
  }

  private ModelAndView page(
      HttpStatusCode status, String detail, HttpServletResponse response, @Nullable Principal who) {
    response.setStatus(status.value());
    return errorPage(status, detail, clock, who);
  }

  static ModelAndView errorPage(
      HttpStatusCode status, String detail, Clock clock, @Nullable Principal who) {
    var page = new ModelAndView("error-page", frame(clock, who));
    page.setStatus(status);
    var known = HttpStatus.resolve(status.value());
    page.addObject("title", known == null ? "Error " + status.value() : known.getReasonPhrase());
    page.addObject("status", status.value());
    page.addObject("detail", detail);
    return page;
  }
}
