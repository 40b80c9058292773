package io.surveygateway.console;

import io.surveygateway.store.AuditLog;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** Who changed what, by a page or by {@code /api}. */
@ConsolePage
final class AuditPage {

  private final AuditLog log;

  AuditPage(AuditLog log) {
    this.log = log;
  }

  @GetMapping("/audit")
  String list(HttpServletRequest request, Model model) {
    var query = new PageQuery(request, List.of(), Set.of());
    var page = log.page(query.after(), PageQuery.LIMIT);
    model.addAttribute("section", Section.AUDIT);
    model.addAttribute("page", page);
    model.addAttribute("isFirst", query.after() == null);
    model.addAttribute("now", "/audit");
    model.addAttribute("next", query.link("/audit", page.next()));
    return "audit";
  }
}
