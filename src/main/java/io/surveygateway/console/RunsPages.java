package io.surveygateway.console;

import io.surveygateway.operations.RunOperations;
import io.surveygateway.store.DeliveryReads;
import io.surveygateway.store.DeliveryReads.SentAgain;
import io.surveygateway.store.Run;
import io.surveygateway.store.RunStore;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  private static final Instant NOT_ENDED = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final RunStore runs;
  private final RunOperations operations;
  private final DeliveryReads deliveries;

  RunsPages(RunStore runs, RunOperations operations, DeliveryReads deliveries) {
    this.runs = runs;
    this.operations = operations;
    this.deliveries = deliveries;
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
    var sentAgain = sentAgain(run);
    model.addAttribute("sentAgain", sentAgain);
    model.addAttribute("isRunning", run.state() == Run.State.RUNNING);
    model.addAttribute(
        "isLive", run.state() == Run.State.RUNNING || sentAgain != null && sentAgain.waiting() > 0);
    model.addAttribute(
        "canStart", run.state() == Run.State.PREPARED || run.state() == Run.State.STOPPED);
    return "run";
  }

  /** Null where a run sends nothing again, or not to one destination. */
  private @Nullable SentAgain sentAgain(Run run) {
    var destination = run.filter().destination();
    if (run.action() != Run.Action.RETRY || destination == null || run.startedAt() == null) {
      return null;
    }
    var end = run.finishedAt();
    return deliveries.sentAgain(destination, run.startedAt(), end == null ? NOT_ENDED : end);
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
