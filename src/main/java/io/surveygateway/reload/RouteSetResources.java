package io.surveygateway.reload;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.camel.impl.engine.DefaultResourceResolvers;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/**
 * Gives routes the files that they name by {@code resource:file:} as they were when the set was
 * read, whatever an editor does to them meanwhile; other files as the disk has them.
 *
 * <p>Safe for use by many threads.
 */
final class RouteSetResources extends DefaultResourceResolvers.FileResolver {

  /** Name in a registry by which Camel finds it. */
  static final String NAME = "resource-loader-file";

  private final Supplier<RouteSet> set;

  /**
   * @param set whose files are given; asked each time
   */
  RouteSetResources(Supplier<RouteSet> set) {
    this.set = set;
  }

  @Override
  public Resource createResource(String location, String remaining) {
    return set.get()
        .content(Path.of(remaining))
        .map(content -> ResourceHelper.fromBytes(location, content))
        .orElseGet(() -> super.createResource(location, remaining));
  }
}
