package io.surveygateway.console;

import io.surveygateway.operations.RouteMap;
import io.surveygateway.operations.RouteMap.Choice;
import io.surveygateway.operations.RouteMap.Line;
import io.surveygateway.operations.RouteMap.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The routes drawn from left to right: providers, what maps them, the router's choices,
 * destinations. Boxes and lines by their places alone; the template makes them a picture.
 *
 * @param width of the picture, and {@code height}, in its own units
 * @param heads what the columns are called
 */
record RouteDrawing(int width, int height, List<Head> heads, List<Box> boxes, List<Edge> edges) {

  private static final int COLUMN = 250;
  private static final int GAP = 56;
  private static final int BOX = 40;
  private static final int STEP = 48;
  private static final int TOP = 26;

  /** Characters of a box's first line that are sure to fit, and of its second. */
  private static final int LONGEST = 28;

  private static final int LONGEST_SMALL = 34;

  private static final List<String> COLUMNS =
      List.of("Providers receive", "Map", "Router decides", "Destinations");

  /** The name of a column. */
  record Head(int x, String text) {}

  /**
   * @param kind class by which it is coloured: {@code off}, {@code bad}, {@code choice} or none
   * @param text its name, cut to fit, and {@code small} what it did
   * @param title all of it, in words
   * @param link where it leads, or null
   */
  record Box(
      int x,
      int y,
      int width,
      int height,
      String kind,
      String text,
      String small,
      String title,
      @Nullable String link) {}

  /** A line from one box to another, as the path of an SVG. */
  record Edge(String path, String kind) {}

  /**
   * @param off names of providers that are off, and of destinations
   * @param link where a route or a step stands, by its id; or null
   */
  static RouteDrawing of(
      RouteMap map,
      Set<String> offProviders,
      Set<String> offDestinations,
      Function<String, @Nullable String> link) {
    return new Maker(map, offProviders, offDestinations, link).draw();
  }

  private static final class Maker {

    private final RouteMap map;
    private final Set<String> offProviders;
    private final Set<String> offDestinations;
    private final Function<String, @Nullable String> link;
    private final Map<String, Line> lines;
    private final List<Box> boxes = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();

    Maker(
        RouteMap map,
        Set<String> offProviders,
        Set<String> offDestinations,
        Function<String, @Nullable String> link) {
      this.map = map;
      this.offProviders = offProviders;
      this.offDestinations = offDestinations;
      this.link = link;
      this.lines =
          map.routes().stream()
              .collect(Collectors.toMap(Line::id, Function.identity(), (a, b) -> a));
    }

    RouteDrawing draw() {
      var routers = map.choices().stream().map(Choice::router).distinct().toList();
      var rowsOfChoices = map.choices().size() + routers.size();
      var rows =
          Math.max(
              1,
              Math.max(map.providers().size(), Math.max(rowsOfChoices, map.destinations().size())));
      var height = TOP + rows * STEP;

      var destinations = new HashMap<String, Box>();
      var y = start(rows, map.destinations().size());
      for (var destination : map.destinations()) {
        destinations.put(
            destination.name(),
            add(
                3,
                y,
                kind(offDestinations.contains(destination.name()), destination.delivers()),
                destination.name(),
                offDestinations.contains(destination.name()) ? "off" : did(destination.delivers()),
                first(destination.delivers())));
        y += STEP;
      }

      var ofRouters = new HashMap<String, Box>();
      y = start(rows, rowsOfChoices);
      for (var router : routers) {
        var box = add(2, y, kind(false, List.of(router)), router, did(List.of(router)), router);
        ofRouters.put(router, box);
        y += STEP;
        for (var choice : map.choices()) {
          if (choice.router().equals(router)) {
            y += drawChoice(choice, y, destinations);
          }
        }
      }

      y = start(rows, map.providers().size());
      for (var provider : map.providers()) {
        var isOff = offProviders.contains(provider.name());
        var line = isOff ? "off" : "";
        var receive =
            add(
                0,
                y,
                kind(isOff, provider.receives()),
                provider.name(),
                isOff ? "off" : did(provider.receives()),
                first(provider.receives()));
        if (!provider.maps().isEmpty()) {
          var maps =
              add(
                  1,
                  y,
                  kind(isOff, provider.maps()),
                  text(provider.maps()),
                  isOff ? "" : did(provider.maps()),
                  first(provider.maps()));
          join(receive, maps, line);
          provider.routers().stream()
              .filter(ofRouters::containsKey)
              .forEach(router -> join(maps, ofRouters.get(router), line));
        }
        y += STEP;
      }
      var heads = new ArrayList<Head>();
      for (var i = 0; i < COLUMNS.size(); i++) {
        heads.add(new Head(x(i), COLUMNS.get(i)));
      }
      return new RouteDrawing(x(3) + COLUMN, height, heads, boxes, edges);
    }

    private int drawChoice(Choice choice, int y, Map<String, Box> destinations) {
      var text = choice.description() == null ? choice.id() : choice.description();
      var to = new LinkedHashSet<>(choice.destinations());
      var box =
          add(
              2,
              y,
              "choice",
              text,
              to.isEmpty() ? "to no destination" : "to " + String.join(", ", to),
              choice.id());
      for (var name : to) {
        var destination = destinations.get(name);
        if (destination != null) {
          join(box, destination, offDestinations.contains(name) ? "off" : "");
        }
      }
      return STEP;
    }

    private static int start(int rows, int own) {
      return TOP + (rows - own) * STEP / 2;
    }

    private static int x(int column) {
      return column * (COLUMN + GAP);
    }

    private Box add(
        int column, int y, String kind, String text, String small, @Nullable String id) {
      var indent = kind.equals("choice") ? 16 : 0;
      var box =
          new Box(
              x(column) + indent,
              y,
              COLUMN - indent,
              BOX,
              kind,
              cut(text, LONGEST),
              cut(small, LONGEST_SMALL),
              text + (id == null ? "" : ", " + id) + (small.isEmpty() ? "" : ": " + small),
              id == null ? null : link.apply(id));
      boxes.add(box);
      return box;
    }

    private void join(Box from, Box to, String kind) {
      var startX = from.x() + from.width();
      var startY = from.y() + from.height() / 2;
      var endX = to.x();
      var endY = to.y() + to.height() / 2;
      var middle = (startX + endX) / 2;
      edges.add(
          new Edge(
              "M%d %dC%d %d %d %d %d %d"
                  .formatted(startX, startY, middle, startY, middle, endY, endX, endY),
              kind));
    }

    private String kind(boolean isOff, List<String> routes) {
      if (isOff) {
        return "off";
      }
      return routes.stream()
              .map(lines::get)
              .anyMatch(line -> line != null && !line.status().equals("started"))
          ? "bad"
          : "";
    }

    private static String text(List<String> routes) {
      return routes.size() == 1 ? routes.get(0) : routes.get(0) + " +" + (routes.size() - 1);
    }

    private static @Nullable String first(List<String> routes) {
      return routes.isEmpty() ? null : routes.get(0);
    }

    /** What the first of these routes did: the others are called by it. */
    private String did(List<String> routes) {
      var line = routes.isEmpty() ? null : lines.get(routes.get(0));
      if (line == null || line.since() == null) {
        return "";
      }
      var words = new ArrayList<String>();
      words.add(number(line.done()) + " done");
      if (line.handled() > 0) {
        words.add(
            number(line.handled()) + (line.part() == Part.RECEIVE ? " refused" : " set aside"));
      }
      if (line.failed() > 0) {
        words.add(number(line.failed()) + " failed");
      }
      return String.join(", ", words);
    }

    private static String number(long number) {
      return String.format(Locale.ROOT, "%,d", number);
    }

    private static String cut(String text, int longest) {
      return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }
  }
}
