package io.surveygateway.console;

import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** {@code /api} described, and tried by hand. What is shown is made of {@link DescriptionApi}'s. */
@ConsolePage
final class ApiPage {

  static final String PATH = "/api-calls";

  @GetMapping(PATH)
  String show(Model model) {
    model.addAttribute("section", Section.API);
    return "api";
  }
}
