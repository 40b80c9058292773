package io.surveygateway.console;

import io.surveygateway.operations.ProofOperations;
import io.surveygateway.operations.ProofOperations.Pasted;
import io.surveygateway.operations.ProofOperations.TooOftenException;
import java.security.Principal;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Why a request of a provider is refused: pasted, and judged by the checks of its route. */
@ConsolePage
final class ProofPages {

  private static final Set<String> FORMS = Set.of("text", "hex", "base64");

  private final ProofOperations proofs;

  ProofPages(ProofOperations proofs) {
    this.proofs = proofs;
  }

  @GetMapping("/providers/{name}/check")
  String form(@PathVariable String name, Model model) {
    return shown(name, "", "", "", "text", model);
  }

  /** Sets nothing, and is no address to come back to: what was pasted stays out of the log. */
  @PostMapping("/providers/{name}/check")
  String check(
      @PathVariable String name,
      @RequestParam(defaultValue = "") String headers,
      @RequestParam(defaultValue = "") String query,
      @RequestParam(defaultValue = "") String body,
      @RequestParam(defaultValue = "text") String as,
      Principal who,
      Model model) {
    ApiQuery.oneOf("as", as, FORMS);
    var lines = PastedText.headers(headers);
    var pasted =
        new Pasted(
            PastedText.value(lines, HttpHeaders.CONTENT_TYPE),
            lines,
            PastedText.query(query),
            PastedText.bodies(body, as));
    try {
      model.addAttribute(
          "tested", proofs.check(name, pasted, who.getName()).orElseThrow(ProofsApi::unknown));
    } catch (TooOftenException e) {
      throw ApiQuery.refuse(HttpStatus.TOO_MANY_REQUESTS, e.getMessage());
    }
    return shown(name, headers, query, body, as, model);
  }

  private String shown(
      String name, String headers, String query, String body, String as, Model model) {
    model.addAttribute("section", Section.PROVIDERS);
    model.addAttribute("state", proofs.state(name).orElseThrow(ProofsApi::unknown));
    model.addAttribute("headers", headers);
    model.addAttribute("query", query);
    model.addAttribute("body", body);
    model.addAttribute("as", as);
    return "proof";
  }
}
