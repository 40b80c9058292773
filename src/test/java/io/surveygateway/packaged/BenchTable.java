package io.surveygateway.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What a benchmark measured, as a table in Markdown: a line for each row, medians over rounds. */
public final class BenchTable {

  /**
   * A value that each round measures.
   *
   * @param digits after the point
   */
  public record Column(String name, int digits) {}

  private static final Path FOLDER = Path.of("target/bench");

  private final String title;
  private final List<Column> columns;
  private final Map<String, List<double[]>> rounds = new LinkedHashMap<>();

  public BenchTable(String title, Column... columns) {
    this.title = title;
    this.columns = List.of(columns);
  }

  /** Adds, and prints, what one round measured, in the order of the columns; NaN: no value. */
  public void add(String row, double... values) {
    rounds.computeIfAbsent(row, name -> new ArrayList<>()).add(values);
    System.out.println(line(row, column -> values[column]));
  }

  /** What was measured before no longer counts: it was to warm up. */
  void forget() {
    rounds.clear();
  }

  /** Prints it, and keeps it as {@code target/bench/<name>.md}. */
  public void write(String name) throws IOException {
    var table = new ArrayList<>(List.of("## " + title, ""));
    table.add(columns.stream().map(Column::name).collect(Collectors.joining(" | ", "| | ", " |")));
    table.add("|---|" + "---:|".repeat(columns.size()));
    rounds.keySet().forEach(row -> table.add(line(row, column -> median(row, column))));
    table.add("");
    Files.write(Files.createDirectories(FOLDER).resolve(name + ".md"), table);
    table.forEach(System.out::println);
  }

  private String line(String row, ToDoubleFunction<Integer> value) {
    var cells = new ArrayList<>(List.of(row));
    for (var i = 0; i < columns.size(); i++) {
      var shown = value.applyAsDouble(i);
      cells.add(
          Double.isNaN(shown) ? "-" : ("%." + columns.get(i).digits() + "f").formatted(shown));
    }
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }

  private double median(String row, int column) {
    var values = rounds.get(row).stream().mapToDouble(round -> round[column]).sorted().toArray();
    return values[values.length / 2];
  }
}
