package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritersInTurnTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final List<String> written = new CopyOnWriteArrayList<>();
  private HikariDataSource pool;
  private DataSource arrivals;
  private DataSource others;

  @BeforeEach
  void open() {
    var config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + folder.resolve("store.db"));
    config.setMaximumPoolSize(1);
    pool = new HikariDataSource(config);
    arrivals = Dialect.SQLITE.inTurn(pool, LONG);
    others = Dialect.SQLITE.inTurn(arrivals, LONG);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  /** Once this returns, it waits: the next to ask is behind it. */
  private Thread ask(String name, DataSource source) {
    var writer = new Thread(() -> write(name, source), name);
    writer.start();
    await().until(() -> writer.getState() == Thread.State.TIMED_WAITING);
    return writer;
  }

  private void write(String name, DataSource source) {
    try (var connection = source.getConnection()) {
      connection.createStatement().execute("SELECT 1");
      written.add(name);
    } catch (SQLException e) {
      written.add(name + " failed: " + e.getMessage());
    }
  }

  @Test
  void letsWhatArrivesAheadOfAllButTheOneThatWrites() throws Exception {
    var writing = others.getConnection();
    var waiting =
        List.of(
            ask("steps", others),
            ask("outcomes", others),
            ask("claim", others),
            ask("arrivals", arrivals));

    assertThat(written).isEmpty();
    writing.close();
    for (var writer : waiting) {
      writer.join();
    }

    assertThat(written).containsExactly("arrivals", "steps", "outcomes", "claim");
  }

  @Test
  void letsOthersHaveTheirTurnHoweverMuchArrives() throws Exception {
    var writing = arrivals.getConnection();
    var steps = ask("steps", others);
    var first = ask("arrivals", arrivals);
    var second = ask("more arrivals", arrivals);

    writing.close();
    for (var writer : List.of(steps, first, second)) {
      writer.join();
    }

    assertThat(written).containsExactly("steps", "arrivals", "more arrivals");
  }

  @Test
  void endsATurnOnceHoweverOftenItsConnectionIsClosed() throws Exception {
    var writing = others.getConnection();
    writing.close();
    writing.close();

    var next = others.getConnection();
    var waiting = List.of(ask("steps", others), ask("arrivals", arrivals));
    next.close();
    for (var writer : waiting) {
      writer.join();
    }

    // Of two turns the steps would have had the second, and been first at the pool.
    assertThat(written).containsExactly("arrivals", "steps");
  }

  @Test
  void endsATurnThatFoundNoConnection() throws Exception {
    pool.close();

    for (var attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(others::getConnection)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("has been closed");
    }
  }

  @Test
  void waitsNoLongerThanItMay() throws Exception {
    var impatient = Dialect.SQLITE.inTurn(arrivals, Duration.ofMillis(1));
    try (var writing = impatient.getConnection()) {
      assertThatThrownBy(impatient::getConnection)
          .isInstanceOf(SQLTransientConnectionException.class)
          .hasMessage("Expected a turn to write within 1 ms, and none came");
    }
    impatient.getConnection().close();
  }

  @Test
  void givesUpItsPlaceWhenInterrupted() throws Exception {
    var writing = others.getConnection();
    var steps = ask("steps", others);
    steps.interrupt();
    steps.join();

    assertThat(written)
        .containsExactly("steps failed: Interrupted while waiting for a turn to write");
    writing.close();
    others.getConnection().close();
  }

  @Test
  void leavesPostgresqlToItsPool() {
    assertThat(Dialect.POSTGRESQL.inTurn(pool, LONG)).isSameAs(pool);
  }
}
