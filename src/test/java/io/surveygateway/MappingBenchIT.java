package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.packaged.BenchTable;
import io.surveygateway.packaged.BenchTable.Column;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * {@link MappingBench} by JMH, each in a process of its own. Run by profile {@code bench}; system
 * property {@code bench.rounds} sets how often each is measured. The table is kept in {@code
 * target/bench}.
 */
class MappingBenchIT {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final String ONLY = System.getProperty("bench.provider", "");

  @Test
  void measuresEachProvider() throws Exception {
    var options =
        new OptionsBuilder()
            .include("\\." + MappingBench.class.getSimpleName() + "\\.")
            .forks(1)
            .jvmArgsAppend("-Xss16m")
            .warmupIterations(4)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(ROUNDS)
            .measurementTime(TimeValue.milliseconds(500))
            .shouldFailOnError(true);
    if (!ONLY.isEmpty()) {
      options.param("provider", ONLY);
    }
    var micros = new TreeMap<String, Map<String, Double>>();
    for (var result : new Runner(options.build()).run()) {
      var of = result.getParams();
      micros
          .computeIfAbsent(
              of.getParam("provider") + (of.getParam("large").equals("true") ? ", 60 KB" : ""),
              row -> new TreeMap<>())
          .put(of.getBenchmark().replaceFirst(".*[.]", ""), result.getPrimaryResult().getScore());
    }
    assertThat(micros).isNotEmpty();
    var table =
        new BenchTable(
            "One request, microseconds",
            new Column("proof (HMAC-SHA256)", 1),
            new Column("map route", 1),
            new Column("schema check", 1));
    micros.forEach(
        (row, of) -> table.add(row, of.get("proof"), of.get("mapping"), of.get("schema")));
    table.write("mapping");
  }
}
