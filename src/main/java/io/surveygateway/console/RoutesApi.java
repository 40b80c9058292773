package io.surveygateway.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.surveygateway.operations.RouteMap;
import io.surveygateway.operations.RouteMaps;
import io.surveygateway.reload.Attempt;
import io.surveygateway.reload.ReloadOperations;
import io.surveygateway.reload.RunningFiles;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes that run, how they hang together, what each did, and the files that they are of. */
@RestController
@RequestMapping(path = "/api/routes", produces = MediaType.APPLICATION_JSON_VALUE)
final class RoutesApi {

  /**
   * @param files with their mistakes, and whether the disk has them as they run
   * @param reload the last attempt to load the routes anew, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Routes(
      @JsonUnwrapped RouteMap map,
      List<RunningFiles.File> files,
      boolean reloadEnabled,
      @Nullable Attempt reload) {}

  private final RouteMaps maps;
  private final RunningFiles files;
  private final ReloadOperations reload;

  RoutesApi(RouteMaps maps, RunningFiles files, ReloadOperations reload) {
    this.maps = maps;
    this.files = files;
    this.reload = reload;
  }

  @Described("See which routes run, what each did, and where the disk differs")
  @GetMapping
  Routes routes() {
    return new Routes(maps.read(), files.all(), reload.isEnabled(), reload.last().orElse(null));
  }
}
