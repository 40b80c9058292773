package io.surveygateway.console;

import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where people log in; programs send HTTP Basic. */
@ConsolePage
final class LoginPage {

  @GetMapping("/login")
  String login(
      @RequestParam(required = false) String wrong,
      @RequestParam(required = false) String out,
      Model model) {
    model.addAttribute("isWrong", wrong != null);
    model.addAttribute("isOut", out != null);
    return "login";
  }
}
