package io.surveygateway.console;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where people log in, by password or by an identity provider; programs send theirs by header. */
@ConsolePage
final class LoginPage {

  /** Leads to the identity provider, if it is there. */
  static final String BY_OIDC = "/login/oidc";

  private final OidcSettings settings;
  private final ObjectProvider<OidcProvider> provider;

  LoginPage(OidcSettings settings, ObjectProvider<OidcProvider> provider) {
    this.settings = settings;
    this.provider = provider;
  }

  @GetMapping(ConsoleSecurity.LOGIN)
  String login(
      @RequestParam(required = false) @Nullable String wrong,
      @RequestParam(required = false) @Nullable String out,
      @RequestParam(required = false) @Nullable String away,
      @RequestParam(required = false) @Nullable String failed,
      @RequestParam(required = false) @Nullable String stranger,
      Model model) {
    model.addAttribute("trouble", trouble(wrong, away, failed, stranger));
    model.addAttribute("isOut", out != null);
    model.addAttribute("oidc", settings.isOn() ? settings.name() : null);
    return "login";
  }

  private @Nullable String trouble(
      @Nullable String wrong,
      @Nullable String away,
      @Nullable String failed,
      @Nullable String stranger) {
    if (wrong != null) {
      return "Expected another name or password; nothing was opened.";
    }
    if (away != null) {
      return "The identity provider cannot be asked just now; the log says why. The password of user"
          + " admin opens meanwhile.";
    }
    if (stranger != null) {
      return "You are known to the identity provider, but not named in the gateway's settings"
          + " (GATEWAY_OIDC_READERS, _OPERATORS, _ADMINS).";
    }
    return failed == null
        ? null
        : "The identity provider's answer was not as expected; nothing was opened. Try again; the"
            + " log says what was wrong.";
  }

  @GetMapping(BY_OIDC)
  String byOidc() {
    var oidc = provider.getIfAvailable();
    if (oidc == null) {
      throw ApiQuery.refuse(
          org.springframework.http.HttpStatus.NOT_FOUND,
          "Expected GATEWAY_OIDC_ISSUER to be set: there is no identity provider to log in by.");
    }
    return oidc.isThere()
        ? "redirect:/oauth2/authorization/" + OidcProvider.ID
        : "redirect:" + ConsoleSecurity.LOGIN + "?away";
  }
}
