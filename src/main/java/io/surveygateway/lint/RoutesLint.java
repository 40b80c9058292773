package io.surveygateway.lint;

import io.surveygateway.lint.RouteFile.Endpoint;
import io.surveygateway.lint.RouteFile.Expression;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/**
 * Reads {@code routes/} as Camel will, and names every mistake that it finds, not the first alone.
 *
 * <p>Builds no route and opens nothing. The Camel context says which components, settings and jq
 * functions there are; it need not be started. One instance may be used again and again, by one
 * thread at a time.
 */
public final class RoutesLint {

  private final CamelContext camel;
  private final Predicate<String> isBean;
  private final List<Class<? extends org.apache.camel.Endpoint>> ownEndpoints;
  private final DslSchema schema = DslSchema.load();

  /**
   * @param isBean whether there is a bean of that name
   * @param ownEndpoints endpoints of this project's components
   */
  public RoutesLint(
      CamelContext camel,
      Predicate<String> isBean,
      List<Class<? extends org.apache.camel.Endpoint>> ownEndpoints) {
    this.camel = camel;
    this.isBean = isBean;
    this.ownEndpoints = List.copyOf(ownEndpoints);
  }

  /**
   * Checks a folder and decides what can be done without.
   *
   * @param root the folder {@code routes}
   * @param base where the paths of {@code resource:file:} count from
   * @throws UncheckedIOException if the folder cannot be read
   */
  public Findings check(Path root, Path base) {
    return check(root, base, FixedFiles.NONE);
  }

  /** The same, of files as they were at one moment. */
  public Findings check(Path root, Path base, FixedFiles fixed) {
    var run = new Run(RouteFolder.read(root, fixed), base);
    return run.findings();
  }

  /**
   * Checks one jq program that may stand in a file.
   *
   * @param file that it would stand in, as a person would open it
   */
  public List<Mistake> checkMapping(String file, String program) {
    var report = new Report();
    new JqCheck(camel).checkFile(file, program, report);
    return report.all();
  }

  /** One check of one folder. */
  private final class Run {

    private final RouteFolder folder;
    private final List<RouteFile> files = new ArrayList<>();
    private final Map<String, Kamelet> kamelets = new TreeMap<>();
    private final Map<Endpoint, Address> addresses = new LinkedHashMap<>();
    private final Report alone = new Report();

    Run(RouteFolder folder, Path base) {
      this.folder = folder;
      readFiles();
      var names = new FileNames(folder, alone);
      names.check();
      names.checkNamed(files, base);
      var endpoints = new EndpointCheck(camel, ownEndpoints, kamelets);
      files.forEach(file -> checkAlone(file, endpoints));
      var jq = new JqCheck(camel);
      for (var file : folder.ending(".jq")) {
        folder
            .text(file)
            .ifPresentOrElse(
                text -> jq.checkFile(folder.shown(file.path()), text, alone),
                () -> alone.grave(folder.place(file), "This is no text in UTF-8", "Mend it."));
      }
      files.forEach(
          file ->
              file.jq.stream()
                  .filter(one -> !one.text().startsWith("resource:") && !one.text().contains("{{"))
                  .forEach(one -> jq.checkInline(one, alone)));
    }

    private void readFiles() {
      for (var ending : List.of(RouteFile.KAMELET, RouteFile.ROUTES)) {
        for (var entry : folder.ending(ending)) {
          var file = RouteFile.read(folder, entry, schema);
          files.add(file);
          alone.addAll(file.report);
          if (file.kamelet != null) {
            kamelets.put(file.kamelet.name(), file.kamelet);
          }
        }
      }
    }

    private void checkAlone(RouteFile file, EndpointCheck endpoints) {
      var settings = new Settings(camel, file.kamelet == null ? Set.of() : file.kamelet.names());
      for (var endpoint : file.endpoints) {
        Address.of(endpoint, settings)
            .ifPresent(
                address -> {
                  addresses.put(endpoint, address);
                  endpoints.check(address, alone);
                  address.parameters().values().forEach(p -> checkBean(p, true));
                  if (address.is("kamelet")) {
                    address.parameters().values().forEach(p -> settings.checkSecrets(p, alone));
                  }
                });
      }
      file.texts.forEach(text -> settings.check(text, alone));
      file.beans.forEach(bean -> checkBean(bean, false));
    }

    private void checkBean(Expression named, boolean withSign) {
      var name = named.text();
      if (withSign && !name.startsWith("#")) {
        return;
      }
      name = name.replaceFirst("^#(bean:)?", "");
      if (!name.contains("{{") && !name.contains(":") && !isBean.test(name)) {
        alone.grave(
            named.place(),
            "There is no bean " + name,
            "Check its spelling; beans are made in Java, and a provider can do without one.");
      }
    }

    /** Leaves folders out for as long as what is left has a mistake that it can do without. */
    Findings findings() {
      var all = new Report();
      all.addAll(alone);
      var out = new TreeSet<String>();
      List<Mistake> stopping;
      while (true) {
        var report = new Report();
        report.addAll(alone);
        report.addAll(Together.check(folder, files, kamelets, addresses, out, partsOf(alone)));
        var grave =
            report.all().stream()
                .filter(Mistake::isGrave)
                .filter(mistake -> !out.contains(folder.partOf(mistake.place())))
                .toList();
        all.addAll(report);
        stopping =
            grave.stream().filter(mistake -> folder.partOf(mistake.place()).isEmpty()).toList();
        var more = new TreeSet<String>();
        grave.forEach(mistake -> more.add(folder.partOf(mistake.place())));
        more.remove("");
        if (more.isEmpty()) {
          break;
        }
        out.addAll(more);
      }
      return new Findings(all.all(), reasons(out, all), stopping);
    }

    private Map<String, List<Mistake>> reasons(Set<String> out, Report all) {
      var reasons = new LinkedHashMap<String, List<Mistake>>();
      for (var part : out) {
        reasons.put(
            folder.shown(part),
            all.all().stream()
                .filter(m -> m.isGrave() && folder.partOf(m.place()).equals(part))
                .toList());
      }
      return reasons;
    }

    private Set<String> partsOf(Report report) {
      return report.all().stream()
          .filter(Mistake::isGrave)
          .map(mistake -> folder.partOf(mistake.place()))
          .filter(part -> !part.isEmpty())
          .collect(Collectors.toSet());
    }
  }
}
