package io.surveygateway.lint;

import io.surveygateway.webhook.Providers;
import java.nio.file.Path;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelSpringBootRoutesCollector;
import org.springframework.context.ApplicationContext;

/**
 * Hands Camel the files of {@code routes/} at start, after {@link RoutesLint} has seen them and
 * without the folders that it leaves out.
 *
 * <p>Looks at whole folders alone: {@link RoutesPattern}.
 */
final class LintedRoutes extends CamelSpringBootRoutesCollector {

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
    var folder = RoutesPattern.folder(includePattern);
    if (folder.isEmpty()) {
      return found;
    }
    var findings =
        new RoutesLint(camel, application::containsBean, LintConfiguration.OWN_ENDPOINTS)
            .check(folder.get(), Path.of(""));
    if (!findings.stopping().isEmpty()) {
      throw new RouteMistakesException(findings);
    }
    FindingsLog.tell(findings, last.get());
    FindingsLog.leaveOut(findings, providers);
    last.set(findings);
    found.removeIf(file -> isLeftOut(findings, folder.get(), file));
    return found;
  }

  private static boolean isLeftOut(Findings findings, Path root, Resource file) {
    var path = file.getLocation().replace('\\', '/').replaceFirst("^file:(//)?", "");
    var name = root.getFileName() + "/";
    return findings.leftOut().keySet().stream()
        .map(folder -> "/" + folder.substring(name.length()) + "/")
        .anyMatch(folder -> path.contains(root.toString().replace('\\', '/') + folder));
  }
}
