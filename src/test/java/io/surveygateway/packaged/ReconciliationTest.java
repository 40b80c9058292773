package io.surveygateway.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.demo.SampleRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One gateway that did everything right, and then one thing wrong at a time. */
class ReconciliationTest {

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private final Ledger ledger = new Ledger();
  private final List<Holdings.Stored> requests = new ArrayList<>();
  private final List<Holdings.SetAside> setAside = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final List<Holdings.Delivery> deliveries = new ArrayList<>();
  private final List<Holdings.Attempt> attempts = new ArrayList<>();
  private final List<Holdings.Row> rows = new ArrayList<>();
  private final List<Holdings.AnswerRow> answers = new ArrayList<>();
  private final List<Holdings.CrmRecord> records = new ArrayList<>();
  private final Map<String, Integer> messages = new HashMap<>();
  private final List<String> refusedProviders = new ArrayList<>(List.of("popsee"));

  /**
   * Response a: completed, updated and complete again before that, which came late. Response b:
   * completed and deleted. Response c: refused by Salesforce. An unreadable request, a batch with
   * an unreadable item, a forged request.
   */
  @BeforeEach
  void balancedBooks() {
    var completed = told("a1", "a", "completed", 0, Set.of());
    var late = told("a0", "a", "completed", -60, Set.of());
    var updated =
        new Told(
            "popsee",
            "a2",
            "popsee:a",
            "survey.response.updated",
            "completed",
            NOON.plusSeconds(60),
            "MARKa2Z",
            true,
            Set.of());
    var gone = told("b1", "b", "completed", 0, Set.of());
    var deleted = told("b2", "b", "deleted", 60, Set.of());
    var refused = told("c1", "c", "completed", 0, Set.of("salesforce"));
    accept(1, sending("one", List.of(completed, updated), List.of()));
    accept(2, sending("two", List.of(late), List.of()));
    accept(3, sending("three", List.of(gone, deleted, gone), List.of(1)));
    accept(4, sending("four", List.of(refused), List.of()));
    accept(5, sending("five", List.of(), asList((Integer) null)));
    var forged = new Sending(request("six"), List.of(), List.of(), true);
    ledger.tries(forged);
    ledger.answered(forged, 401);
    setAside.add(new Holdings.SetAside(3, 1));
    setAside.add(new Holdings.SetAside(5, null));

    var id = 0;
    for (var destination : List.of("database", "salesforce")) {
      arrived(++id, completed, destination, 100);
      arrived(++id, updated, destination, 200);
      ended(++id, late, destination, "superseded");
      arrived(++id, gone, destination, 100);
      arrived(++id, deleted, destination, 200);
    }
    for (var told : List.of(completed, gone, refused)) {
      arrived(++id, told, "slack", 100);
      messages.put(told.mark(), 1);
    }
    ended(++id, late, "slack", "superseded");
    arrived(++id, refused, "database", 100);
    ended(++id, refused, "salesforce", "parked");
    attempts.add(new Holdings.Attempt(id, 100, 110, "parked"));

    rows.add(new Holdings.Row("popsee:a", "popsee|a2", "completed"));
    rows.add(new Holdings.Row("popsee:b", "popsee|b2", "deleted"));
    rows.add(new Holdings.Row("popsee:c", "popsee|c1", "completed"));
    answers.add(new Holdings.AnswerRow("popsee:a", "Remark MARKa2Z"));
    answers.add(new Holdings.AnswerRow("popsee:c", "Remark MARKc1Z"));
    records.add(
        new Holdings.CrmRecord("popsee:a", "completed", NOON.plusSeconds(60), "MARKa2Z it is"));
  }

  private static Told told(
      String id, String response, String status, int second, Set<String> refusedBy) {
    return new Told(
        "popsee",
        id,
        "popsee:" + response,
        "survey.response." + status,
        status,
        NOON.plusSeconds(second),
        "MARK" + id + "Z",
        !status.equals("deleted"),
        refusedBy);
  }

  private static SampleRequest request(String body) {
    return new SampleRequest(
        "popsee", "/webhooks/popsee", Map.of(), body.getBytes(UTF_8), List.of(), "body " + body);
  }

  private static Sending sending(String body, List<Told> told, List<@Nullable Integer> unreadable) {
    return new Sending(request(body), told, unreadable, false);
  }

  private void accept(long id, Sending sending) {
    ledger.tries(sending);
    ledger.answered(sending, 200);
    requests.add(new Holdings.Stored(id, "done", sending.request().body()));
    sending.told().stream()
        .map(Told::key)
        .filter(key -> !events.contains(key))
        .forEach(events::add);
  }

  private void arrived(long id, Told told, String destination, long at) {
    ended(id, told, destination, "delivered");
    attempts.add(new Holdings.Attempt(id, at, at + 10, "delivered"));
  }

  private void ended(long id, Told told, String destination, String state) {
    deliveries.add(
        new Holdings.Delivery(id, told.key(), told.subject(), told.at(), destination, state));
  }

  private List<String> differences(int interruptions) {
    return Reconciliation.differences(
        ledger,
        new Holdings(
            requests,
            setAside,
            events,
            deliveries,
            attempts,
            rows,
            answers,
            records,
            messages,
            refusedProviders),
        interruptions);
  }

  private void replaceDelivery(
      String event, String destination, UnaryOperator<Holdings.Delivery> by) {
    deliveries.replaceAll(
        d -> d.event().equals(event) && d.destination().equals(destination) ? by.apply(d) : d);
  }

  private static Holdings.Delivery in(String state, Holdings.Delivery d) {
    return new Holdings.Delivery(d.id(), d.event(), d.subject(), d.at(), d.destination(), state);
  }

  @Test
  void findsNothingWhereAllIsRight() {
    assertThat(differences(0)).isEmpty();
  }

  @Test
  void knowsThatSurveyMonkeysEventsMayComeWithoutTheirAnswersFirst() {
    var told =
        new Told(
            "surveymonkey",
            "7",
            "surveymonkey:d",
            "survey.response.updated",
            "completed",
            NOON,
            "MARKd1Z",
            true,
            Set.of());
    accept(6, sending("seven", List.of(told), List.of()));
    arrived(51, told, "database", 200);
    arrived(52, told, "salesforce", 200);
    rows.add(new Holdings.Row("surveymonkey:d", "surveymonkey|7", "completed"));
    answers.add(new Holdings.AnswerRow("surveymonkey:d", "MARKd1Z"));
    records.add(new Holdings.CrmRecord("surveymonkey:d", "completed", NOON, "MARKd1Z"));
    events.add("surveymonkey|7|thin");
    arrived(50, told.withoutAnswers(), "database", 100);

    assertThat(differences(0)).isEmpty();

    arrived(53, told.withoutAnswers(), "salesforce", 100);

    assertThat(differences(0))
        .containsExactly("event surveymonkey|7|thin: 1 deliveries to salesforce");
  }

  @Test
  void findsALostRequest() {
    requests.remove(1);

    assertThat(differences(0))
        .containsExactly("body two: answered 200 1 times of 1, and stored 0 times");
  }

  @Test
  void findsAForgedRequestThatWasStored() {
    requests.add(new Holdings.Stored(9, "done", "six".getBytes(UTF_8)));

    assertThat(differences(0))
        .containsExactly("request 9: stored, and nobody with a right proof sent it");
  }

  @Test
  void findsAForgedRequestThatWasTaken() {
    ledger.answered(new Sending(request("six"), List.of(), List.of(), true), 200);

    assertThat(differences(0)).containsExactly("answer: 200 to body six of popsee");
  }

  @Test
  void findsAnAnswerThatNobodyMayGet() {
    ledger.answered(sending("two", List.of(), List.of()), 500);

    assertThat(differences(0)).containsExactly("answer: 500 to body two of popsee");
  }

  @Test
  void findsARefusalThatNobodyCanSee() {
    refusedProviders.clear();

    assertThat(differences(0)).containsExactly("refusals: none kept of popsee");
  }

  @Test
  void findsAnItemThatWasSetAsideForNothing() {
    setAside.add(new Holdings.SetAside(2, 0));

    assertThat(differences(0)).containsExactly("request 2: set aside [0], expected []");
  }

  @Test
  void findsAnUnreadableItemThatVanished() {
    setAside.remove(0);

    assertThat(differences(0)).containsExactly("request 3: set aside [], expected [1]");
  }

  @Test
  void findsALostEvent() {
    events.remove("popsee|a0");

    assertThat(differences(0)).containsExactly("event popsee|a0: kept 0 times");
  }

  @Test
  void findsAnEventThatNobodyTold() {
    events.add("popsee|x");

    assertThat(differences(0)).containsExactly("event popsee|x: nobody told it");
  }

  @Test
  void findsADroppedDelivery() {
    deliveries.removeIf(d -> d.event().equals("popsee|a1") && d.destination().equals("database"));

    assertThat(differences(0)).containsExactly("event popsee|a1: 0 deliveries to database");
  }

  @Test
  void findsADoubledDelivery() {
    deliveries.add(
        new Holdings.Delivery(99, "popsee|a1", "popsee:a", NOON, "database", "delivered"));

    assertThat(differences(0)).contains("event popsee|a1: 2 deliveries to database");
  }

  @Test
  void findsADeliveryThatArrivedTwice() {
    attempts.add(new Holdings.Attempt(1, 120, 130, "delivered"));

    assertThat(differences(0))
        .containsExactly("event popsee|a1 to database: delivered by 2 attempts");
  }

  @Test
  void findsADeliveryThatHasNotCome() {
    replaceDelivery("popsee|a1", "database", d -> in("retrying", d));

    assertThat(differences(0)).containsExactly("event popsee|a1 to database: retrying is no end");
  }

  @Test
  void findsADeliveryThatWasParkedForNothing() {
    replaceDelivery("popsee|a0", "database", d -> in("parked", d));

    assertThat(differences(0))
        .containsExactly("event popsee|a0 to database: parked, and nobody refused it");
  }

  @Test
  void findsTheNewestSuperseded() {
    replaceDelivery("popsee|c1", "database", d -> in("superseded", d));
    attempts.removeIf(attempt -> attempt.delivery() == 15);

    assertThat(differences(0))
        .containsExactly(
            "event popsee|c1 to database: superseded, though nothing newer is there, or it"
                + " arrived");
  }

  @Test
  void findsTwoAttemptsOfOneResponseAtATime() {
    attempts.add(new Holdings.Attempt(2, 105, 106, "retrying"));

    assertThat(differences(0)).containsExactly("database popsee:a: two attempts at the same time");
  }

  @Test
  void findsAnOlderEventThatCameAfterANewerOne() {
    attempts.removeIf(attempt -> attempt.delivery() == 1);
    attempts.add(new Holdings.Attempt(1, 300, 310, "delivered"));

    assertThat(differences(0))
        .containsExactly("database popsee:a: an older event was delivered after a newer one");
  }

  @Test
  void findsARowOfAnOlderEvent() {
    rows.set(0, new Holdings.Row("popsee:a", "popsee|a1", "completed"));

    assertThat(differences(0))
        .containsExactly(
            "database popsee:a: completed by popsee|a1, expected completed by popsee|a2");
  }

  @Test
  void findsAMissingRow() {
    rows.remove(1);

    assertThat(differences(0)).containsExactly("database popsee:b: missing");
  }

  @Test
  void findsAnswersOfAnOlderEventOrOfADeletedResponse() {
    answers.set(0, new Holdings.AnswerRow("popsee:a", "Remark MARKa1Z"));
    answers.add(new Holdings.AnswerRow("popsee:b", "Remark"));

    assertThat(differences(0))
        .containsExactly(
            "database popsee:a: has other answers than popsee|a2 told",
            "database popsee:b: has other answers than popsee|b2 told");
  }

  @Test
  void findsADoubledRecordInSalesforce() {
    records.add(records.get(0));

    assertThat(differences(0)).containsExactly("Salesforce popsee:a: twice");
  }

  @Test
  void findsADeletedResponseInSalesforce() {
    records.add(new Holdings.CrmRecord("popsee:b", "completed", NOON, "MARKb1Z"));

    assertThat(differences(0))
        .containsExactly("Salesforce popsee:b: nobody told it, or it was deleted");
  }

  @Test
  void findsAMissingRecordInSalesforce() {
    records.clear();

    assertThat(differences(0)).containsExactly("Salesforce popsee:a: missing");
  }

  @Test
  void findsAMissingMessage() {
    messages.remove("MARKa1Z");

    assertThat(differences(0)).containsExactly("Slack MARKa1Z: delivered, and no message");
  }

  @Test
  void findsAMessageOfWhatWasNotSent() {
    messages.put("MARKa0Z", 1);

    assertThat(differences(0))
        .containsExactly("Slack MARKa0Z: a message, and its delivery is superseded");
  }

  @Test
  void explainsOneMessageMoreByAKillOrALostAnswer() {
    messages.put("MARKa1Z", 2);

    assertThat(differences(0)).containsExactly("Slack: 1 messages too many for 0 interruptions");
    assertThat(differences(1)).isEmpty();
    ledger.doubt("MARKa1Z");
    assertThat(differences(0)).isEmpty();
  }
}
