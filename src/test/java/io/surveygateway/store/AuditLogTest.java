package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.store.AuditLog.Entry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On both stores. */
class AuditLogTest {

  private StoreForTests store;
  private AuditLog log;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    log = store.get(AuditLog.class);
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhoAskedForWhatAndWhatCameOfIt(Dialect dialect) {
    open(dialect);
    var asked = store.clock.instant();
    var id = log.begin("ada", "retry", "delivery 12", "the reason");
    store.clock.advance(Duration.ofSeconds(2));
    log.end(id, 1, "It is due now");

    assertThat(log.page(null, 10).items())
        .containsExactly(
            new Entry(
                id,
                asked,
                "ada",
                "retry",
                "delivery 12",
                "the reason",
                asked.plusSeconds(2),
                1L,
                "It is due now"));
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhatHasNoEnd(Dialect dialect) {
    open(dialect);
    log.begin("ada", "resume", "destination crm", null);

    assertThat(log.page(null, 10).items())
        .singleElement()
        .extracting(Entry::endedAt, Entry::changed, Entry::note, Entry::detail)
        .containsExactly(null, null, null, null);
  }

  @ParameterizedTest
  @EnumSource
  void takesWhateverAPersonTypes(Dialect dialect) {
    open(dialect);
    var id = log.begin("a\u0000da", "pause", "x".repeat(999), "line\nline " + "y".repeat(9999));
    log.end(id, 0, "z".repeat(9999));

    var entry = log.page(null, 10).items().get(0);
    assertThat(entry.who()).isEqualTo("a da");
    assertThat(entry.target()).hasSize(255);
    assertThat(entry.detail()).hasSize(4000).startsWith("line line");
    assertThat(entry.note()).hasSize(1000);
  }

  @ParameterizedTest
  @EnumSource
  void showsTheNewestFirstPageByPage(Dialect dialect) {
    open(dialect);
    for (var i = 0; i < 5; i++) {
      log.begin("ada", "retry", "delivery " + i, null);
      store.clock.advance(Duration.ofSeconds(1));
    }

    var first = log.page(null, 2);
    var second = log.page(first.next(), 10);

    assertThat(first.items()).extracting(Entry::target).containsExactly("delivery 4", "delivery 3");
    assertThat(second.items())
        .extracting(Entry::target)
        .containsExactly("delivery 2", "delivery 1", "delivery 0");
    assertThat(second.next()).isNull();
  }
}
