package io.surveygateway.console;

import io.surveygateway.operations.RunOperations;
import io.surveygateway.store.Run;
import io.surveygateway.store.RunStore;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Runs: the same done to many; counted, started, watched, stopped. */
@ConsolePage
@RequestMapping("/runs")
final class RunsPages {

  private final RunStore runs;
  private final RunOperations operations;

  RunsPages(RunStore runs, RunOperations operations) {
    this.runs = runs;
    this.operations = operations;
  }

  @GetMapping
  String list(HttpServletRequest request, Model model) {
    var query = new PageQuery(request, List.of(), Set.of());
    var page = runs.page(query.after(), PageQuery.LIMIT);
    model.addAttribute("section", Section.RUNS);
    model.addAttribute("page", page);
    model.addAttribute("isFirst", query.after() == null);
    model.addAttribute("now", "/runs");
    model.addAttribute("next", query.link("/runs", page.next()));
    return "runs";
  }

  @GetMapping("/{id}")
  String one(@PathVariable String id, Model model) {
    var run = find(id);
    model.addAttribute("section", Section.RUNS);
    model.addAttribute("run", run);
    model.addAttribute("isRunning", run.state() == Run.State.RUNNING);
    model.addAttribute(
        "canStart", run.state() == Run.State.PREPARED || run.state() == Run.State.STOPPED);
    return "run";
  }

  @PostMapping("/{id}/start")
  String start(@PathVariable String id, Principal who, RedirectAttributes after) {
    var run = find(id);
    if (!operations.start(run.id(), who.getName())) {
      after.addFlashAttribute(
          "notice", "Nothing was started: the run is neither prepared nor stopped any more.");
    }
    return "redirect:/runs/" + run.id();
  }

  @PostMapping("/{id}/stop")
  String stop(@PathVariable String id, Principal who, RedirectAttributes after) {
    var run = find(id);
    if (!operations.stop(run.id(), who.getName())) {
      after.addFlashAttribute("notice", "Nothing was stopped: the run had ended already.");
    }
    return "redirect:/runs/" + run.id();
  }

  private Run find(String id) {
    return runs.find(ApiQuery.id(id)).orElseThrow(() -> ApiQuery.missing("a run"));
  }
}
