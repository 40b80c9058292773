package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.store.EventSearch.Found;
import io.surveygateway.store.EventSearch.Look;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events found by a text in them, on both stores. */
class EventTextTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private StoreForTests store;
  private StoredResponses responses;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    responses = new StoredResponses(store);
  }

  private void said(String response, String comment) throws Exception {
    responses.request();
    responses.map(
        response + "|e",
        JSON.writeValueAsString(
            Map.of(
                "subject",
                "popsee:" + response,
                "data",
                Map.of(
                    "attributes", Map.of("comment", comment),
                    "answers",
                        List.of(Map.of("questionId", "q1", "question", "Why?", "value", 7))))),
        store.clock.instant());
    store.clock.advance(Duration.ofSeconds(1));
  }

  private Look look(String text) {
    return store.get(EventSearch.class).look(Filter.ALL, text, null, 10);
  }

  private List<String> found(String text) {
    return look(text).items().stream().map(found -> found.event().subject()).toList();
  }

  @ParameterizedTest
  @EnumSource
  void findsATextInWhatAnEventHolds(Dialect dialect) throws Exception {
    open(dialect);
    said("r-1", "The Checkout is slow");
    said("r-2", "nothing");

    assertThat(look("CHECKOUT").items())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.event().subject()).isEqualTo("popsee:r-1");
              assertThat(found.place()).isEqualTo("comment");
              assertThat(found.words()).isEqualTo("The Checkout is slow");
            });
    assertThat(look("why").items())
        .extracting(Found::place, Found::words)
        .containsOnly(org.assertj.core.api.Assertions.tuple("Why?", "Why?"));
    assertThat(found("r-2")).containsExactly("popsee:r-2");
    assertThat(look("nobody wrote this")).isEqualTo(new Look(List.of(), null, null, 2));
  }

  @ParameterizedTest
  @EnumSource
  void takesEveryCharacterAsItIs(Dialect dialect) throws Exception {
    open(dialect);
    said("r-1", "100% of \"us\"\n_and_ C:\\temp!");
    said("r-2", "100x of us and more C:temp");

    for (var text : List.of("100%", "\"us\"", "\n_and_", "C:\\t", "temp!", "_a")) {
      assertThat(found(text)).as(text).containsExactly("popsee:r-1");
    }
    assertThat(found("%%")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void looksAtValuesAndNotAtNames(Dialect dialect) throws Exception {
    open(dialect);
    said("r-1", "fine");

    assertThat(found("questionId")).isEmpty();
    assertThat(found("\":\"")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void knowsTheUsualCasesOfOtherLetters(Dialect dialect) throws Exception {
    open(dialect);
    said("r-1", "Ärger mit Müller");
    said("r-2", "ÄRGER");

    assertThat(found("ärger")).containsExactly("popsee:r-2", "popsee:r-1");
    assertThat(found("MÜLLER")).containsExactly("popsee:r-1");
    assertThat(found("arger")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void looksForSoLongAndGoesOnFromThere(Dialect dialect) throws Exception {
    open(dialect);
    said("old", "needle");
    var one = store.text("SELECT document FROM event");
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n"
                        + " < 500) INSERT INTO event (id, provider, event_key, request_id, type,"
                        + " subject, event_time, created_at, document) SELECT 1000000 + n, 'popsee',"
                        + " 'k' || n, 1, 't', 's' || n, n, created_at + n, ? FROM number JOIN event ON"
                        + " 1 = 1 WHERE event_key = 'old|e'",
                    one.replace("needle", "hay")));
    // Each look at the clock is half of the budget later.
    var time = new long[1];
    LongSupplier nanos = () -> time[0] += EventSearch.BUDGET.toNanos() / 2;
    var search = new EventSearch(store.get(Store.class), store.get(EventReads.class), nanos);

    var looks = new ArrayList<Look>();
    Position after = null;
    do {
      looks.add(search.look(Filter.ALL, "needle", after, 10));
      after = looks.get(looks.size() - 1).next();
    } while (after != null);

    assertThat(looks).extracting(Look::looked).containsExactly(400, 101);
    assertThat(looks.get(0).items()).isEmpty();
    assertThat(looks.get(0).backTo())
        .isEqualTo(store.clock.instant().minusSeconds(1).plusMillis(101));
    assertThat(looks.get(1).items()).hasSize(1);
    assertThat(looks.get(1).backTo()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void looksWithinTheOtherFiltersAndPageByPage(Dialect dialect) throws Exception {
    open(dialect);
    for (var i = 0; i < 5; i++) {
      said("r-" + i, "same");
    }
    var search = store.get(EventSearch.class);
    var subject = new Filter(null, null, null, Set.of(), null, null, "popsee:r-3", null, null);

    assertThat(search.look(subject, "same", null, 10).items()).hasSize(1);
    var first = search.look(Filter.ALL, "same", null, 2);
    var second = search.look(Filter.ALL, "same", first.next(), 10);
    assertThat(first.page().items()).hasSize(2);
    assertThat(first.backTo()).isNotNull();
    assertThat(second.items()).hasSize(3);
    assertThat(second.next()).isNull();
    assertThatThrownBy(() -> look("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expected a text of 2 to 200 characters to look for");
  }
}
