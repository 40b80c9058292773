package io.surveygateway.lint;

import io.surveygateway.webhook.Providers;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelSpringBootRoutesCollector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;

/**
 * Hands Camel the files of {@code routes/} at start, after {@link RoutesLint} has seen them and
 * without the folders that it leaves out.
 *
 * <p>Looks at whole folders, {@code file:routes/**}{@code /*.yaml}; where Camel is told to load
 * single files, as tests do, it loads them as they are.
 */
final class LintedRoutes extends CamelSpringBootRoutesCollector {

  private static final Logger log = LoggerFactory.getLogger(LintedRoutes.class);

  private static final Pattern WHOLE_FOLDER = Pattern.compile("file:([^*?,]+)/\\*\\*/\\*\\.yaml");

  private final ApplicationContext application;
  private final LastFindings last;
  private final Providers providers;

  LintedRoutes(ApplicationContext application, LastFindings last, Providers providers) {
    super(application, false);
    this.application = application;
    this.last = last;
    this.providers = providers;
  }

  @Override
  public Collection<Resource> findRouteResourcesFromDirectory(
      CamelContext camel, String excludePattern, String includePattern) {
    var found = super.findRouteResourcesFromDirectory(camel, excludePattern, includePattern);
    var folder = folder(includePattern);
    if (folder.isEmpty()) {
      return found;
    }
    var findings =
        new RoutesLint(camel, application::containsBean, LintConfiguration.OWN_ENDPOINTS)
            .check(folder.get(), Path.of(""));
    if (!findings.stopping().isEmpty()) {
      throw new RouteMistakesException(findings);
    }
    last.set(findings);
    tell(findings);
    found.removeIf(file -> isLeftOut(findings, folder.get(), file));
    return found;
  }

  private static Optional<Path> folder(String includePattern) {
    var whole = WHOLE_FOLDER.matcher(String.valueOf(includePattern));
    return whole.matches() ? Optional.of(Path.of(whole.group(1))) : Optional.empty();
  }

  private void tell(Findings findings) {
    findings.mistakes().stream()
        .filter(mistake -> !mistake.isGrave())
        .forEach(mistake -> log.warn("{}", mistake));
    findings
        .leftOut()
        .forEach(
            (folder, mistakes) -> {
              log.error("{} is left out for its mistakes:\n{}", folder, Findings.listed(mistakes));
              if (folder.contains("/providers/")) {
                providers.leaveOut(
                    folder.substring(folder.lastIndexOf('/') + 1),
                    folder
                        + " has mistakes: "
                        + mistakes.get(0).place()
                        + ": "
                        + mistakes.get(0).says());
              }
            });
  }

  private static boolean isLeftOut(Findings findings, Path root, Resource file) {
    var path = file.getLocation().replace('\\', '/').replaceFirst("^file:(//)?", "");
    var name = root.getFileName() + "/";
    return findings.leftOut().keySet().stream()
        .map(folder -> "/" + folder.substring(name.length()) + "/")
        .anyMatch(folder -> path.contains(root.toString().replace('\\', '/') + folder));
  }
}
