package io.surveygateway.console;

import io.surveygateway.operations.LaneOperations;
import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.RouteMaps;
import io.surveygateway.reload.Attempt.Outcome;
import io.surveygateway.reload.ReloadOperations;
import io.surveygateway.reload.RunningFiles;
import io.surveygateway.reload.RunningFiles.Where;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The routes that run: drawn, counted, file by file; and loaded anew. */
@ConsolePage
final class RoutesPages {

  private final RouteMaps maps;
  private final RunningFiles files;
  private final ReloadOperations reload;
  private final LaneOperations lanes;

  RoutesPages(RouteMaps maps, RunningFiles files, ReloadOperations reload, LaneOperations lanes) {
    this.maps = maps;
    this.files = files;
    this.reload = reload;
    this.lanes = lanes;
  }

  @GetMapping("/routes")
  String routes(Model model) {
    var map = maps.read();
    var places = files.places();
    Function<String, @Nullable String> link = id -> link(places.get(id));
    model.addAttribute("section", Section.ROUTES);
    model.addAttribute("map", map);
    model.addAttribute(
        "drawing", RouteDrawing.of(map, off(lanes.providers()), off(lanes.destinations()), link));
    model.addAttribute("places", places);
    model.addAttribute("links", new LinksOf(link));
    model.addAttribute("files", files.all());
    model.addAttribute("mistakes", files.mistakes());
    model.addAttribute("isReloadOn", reload.isEnabled());
    model.addAttribute("last", reload.last().orElse(null));
    return "routes";
  }

  /** For the template, which may call no lambda. */
  record LinksOf(Function<String, @Nullable String> link) {

    /** Empty where it is not known. */
    public String to(String id) {
      var found = link.apply(id);
      return found == null ? "" : found;
    }
  }

  @GetMapping("/routes/file")
  String file(@RequestParam(defaultValue = "") String path, Model model) {
    var shown = files.find(path).orElseThrow(() -> ApiQuery.missing("a file of the routes"));
    model.addAttribute("section", Section.ROUTES);
    model.addAttribute("shown", shown);
    model.addAttribute("lines", YamlText.lines(path, shown.text()));
    return "route-file";
  }

  @PostMapping("/routes/reload")
  String reload(Principal who, RedirectAttributes after) {
    if (!reload.isPossible()) {
      throw ApiQuery.refuse(
          "Expected gateway.reload.enabled to be true: routes are loaded at the start alone");
    }
    after.addFlashAttribute(
        "notice",
        reload
            .now(who.getName())
            .map(attempt -> said(attempt.outcome()))
            .orElse("The routes stay as they are: expected the folder to stand still. Try again."));
    return "redirect:/routes";
  }

  private static String said(Outcome outcome) {
    return switch (outcome) {
      case LOADED -> "The routes are loaded anew.";
      case UNCHANGED -> "The routes run already as they are in the folder.";
      case REFUSED -> "The routes that run stay as they are: there are mistakes.";
      case PUT_BACK -> "The routes did not start, and those before run again.";
      case NONE_RUN -> "No routes run now: senders are asked to come again.";
    };
  }

  private static Set<String> off(List<Lane> lanes) {
    return lanes.stream().filter(lane -> !lane.isOn()).map(Lane::name).collect(Collectors.toSet());
  }

  private static @Nullable String link(@Nullable Where place) {
    return place == null
        ? null
        : "/routes/file?" + Links.query("path", place.file()) + "#L" + place.line();
  }
}
