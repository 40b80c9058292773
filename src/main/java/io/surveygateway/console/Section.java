package io.surveygateway.console;

import java.util.List;

/**
 * An entry of the console's navigation, in the order and under the heading that it is shown.
 *
 * <p>A new page needs an entry here, a controller with {@link ConsolePage} whose model names it as
 * {@code section}, and a template that is put into {@code layout.html}.
 */
enum Section {
  OVERVIEW("Watch", "/", "Overview"),
  EVENTS("Watch", "/events", "Events"),
  SURVEYS("Watch", "/surveys", "Surveys"),
  DELIVERIES("Watch", "/deliveries", "Deliveries"),
  REQUESTS("Watch", "/requests", "Requests"),
  DESTINATIONS("Operate", "/destinations", "Destinations"),
  PROVIDERS("Operate", "/providers", "Providers"),
  MAPPINGS("Operate", "/mappings", "Try a mapping"),
  RUNS("Operate", "/runs", "Runs"),
  ROUTES("Operate", "/routes", "Routes"),
  AUDIT("Operate", "/audit", "Audit log"),
  API("Programs", ApiPage.PATH, "API"),
  /** For admins alone. */
  TOKENS("Programs", "/tokens", "API tokens");

  /** Entries under one heading. */
  record Group(String heading, List<Section> sections) {}

  private static final List<Group> ALL = groupsOf(List.of(values()));
  private static final List<Group> WITHOUT_ADMINS =
      groupsOf(List.of(values()).stream().filter(section -> section != TOKENS).toList());

  private final String heading;
  private final String path;
  private final String label;

  Section(String heading, String path, String label) {
    this.heading = heading;
    this.path = path;
    this.label = label;
  }

  static List<Group> groups(boolean isAdmin) {
    return isAdmin ? ALL : WITHOUT_ADMINS;
  }

  private static List<Group> groupsOf(List<Section> sections) {
    return sections.stream()
        .map(section -> section.heading)
        .distinct()
        .map(
            heading ->
                new Group(
                    heading,
                    sections.stream().filter(section -> section.heading.equals(heading)).toList()))
        .toList();
  }

  /** Public, as {@link #label()}, because templates call it. */
  public String path() {
    return path;
  }

  public String label() {
    return label;
  }
}
