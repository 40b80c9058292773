package io.surveygateway.console;

import io.surveygateway.operations.Latencies;
import io.surveygateway.operations.Overview;
import io.surveygateway.operations.Overview.Range;
import io.surveygateway.operations.Overviews;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The first page: is anything lost, waiting, parked or switched off, and where to go with it. */
@ConsolePage
final class OverviewPage {

  private final Overviews overviews;

  private final Latencies latencies;

  OverviewPage(Overviews overviews, Latencies latencies) {
    this.overviews = overviews;
    this.latencies = latencies;
  }

  @GetMapping("/")
  String overview(@RequestParam(defaultValue = "hour") String range, Model model) {
    var asked =
        Range.of(range)
            .orElseThrow(
                () -> ApiQuery.refuse("Expected range to be one of hour, day, week, month"));
    var overview = overviews.read(asked);
    model.addAttribute("section", Section.OVERVIEW);
    model.addAttribute("ranges", List.of(Range.values()));
    model.addAttribute("overview", overview);
    model.addAttribute("words", new Words(overview.asOf()));
    model.addAttribute(
        "oldest",
        overview.destinations().stream()
            .map(Overview.Destination::oldestWaiting)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null));
    model.addAttribute("latencies", latencies.read());
    model.addAttribute("findings", Attention.of(overview));
    model.addAttribute(
        "offProviders", overview.providers().stream().filter(p -> !p.lane().isOn()).count());
    model.addAttribute(
        "charts",
        List.of(
            Chart.of("Requests", "accepted", "refused", asked.part(), overview.requests()),
            Chart.of(
                "Deliveries", "delivered", "failed tries", asked.part(), overview.deliveries())));
    return "overview";
  }
}
