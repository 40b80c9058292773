package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.failure.FailureException;
import io.surveygateway.surveymonkey.SurveyMonkeyApi.NoCallLeftException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes SurveyMonkey's webhooks those that {@code application.yaml} wants, or says what it would
 * do.
 *
 * <p>Doing it twice does nothing more. The API does not tell what the Authorization value of a
 * webhook is; a keyed fingerprint of ours in its name tells whether it is the one that is set. Safe
 * for use by many threads; one check at a time.
 */
@Component
final class Subscriptions {

  private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

  private static final int PER_PAGE = 50;

  /** An account with more is none that we would put in order. */
  private static final int MOST_PAGES = 20;

  private static final String PATH = "/v3/webhooks";

  /**
   * What a check found.
   *
   * @param isInOrder whether nothing is left to be done
   * @param lines what was done, would be done, failed, or was left alone, for a person
   * @param wanted those that are wanted, in words; without addresses, which may hold secrets
   * @param found those that stood there before anything was done
   * @param drift what is left to be done
   * @param foreign those that are none of the gateway's, or not surely so
   */
  record Report(
      Instant at,
      boolean isInOrder,
      List<String> lines,
      List<String> wanted,
      List<String> found,
      List<String> drift,
      List<String> foreign) {

    ObjectNode toJson() {
      var json = JsonNodeFactory.instance.objectNode();
      json.put("checkedAt", at.toString()).put("inOrder", isInOrder);
      wanted.forEach(json.putArray("wanted")::add);
      found.forEach(json.putArray("found")::add);
      drift.forEach(json.putArray("drift")::add);
      foreign.forEach(json.putArray("foreign")::add);
      return json;
    }
  }

  private final SubscriptionSettings settings;
  private final SurveyMonkeyAccess access;
  private final SurveyMonkeyApi api;
  private final Clock clock;
  private volatile @Nullable Report last;

  Subscriptions(
      SubscriptionSettings settings, SurveyMonkeyAccess access, SurveyMonkeyApi api, Clock clock) {
    this.settings = settings;
    this.access = access;
    this.api = api;
    this.clock = clock;
  }

  boolean isOn() {
    return access.isSet() && !settings.wanted().isEmpty();
  }

  /** What the last check of this process found, or null if there was none. */
  @Nullable Report last() {
    return last;
  }

  /**
   * Looks, and puts in order where {@code apply} is set.
   *
   * @throws NoCallLeftException if the budget was used up before the end; the rest is for the next
   *     time
   * @throws FailureException if the API could not be asked at all
   */
  synchronized Report check() {
    var wanted = wanted();
    var found = found();
    var plan = SubscriptionPlan.of(wanted, found, base());
    var lines = new ArrayList<String>();
    var isInOrder = plan.isInOrder();
    if (settings.apply()) {
      isInOrder = apply(plan, lines);
    } else {
      plan.delete().forEach(one -> lines.add("would delete " + one));
      plan.change()
          .forEach(
              (one, differences) -> lines.add("would change " + names(differences) + " of " + one));
      plan.create().forEach(one -> lines.add("would create " + one));
    }
    var drift = lines.stream().filter(line -> line.matches("(would|could not) .*")).toList();
    lines.addAll(plan.left());
    var report =
        new Report(
            clock.instant(),
            isInOrder,
            List.copyOf(lines),
            words(wanted),
            words(found),
            drift,
            List.copyOf(plan.left()));
    say(report);
    last = report;
    return report;
  }

  private static List<String> words(List<Subscription> subscriptions) {
    return subscriptions.stream().map(Subscription::toString).toList();
  }

  private void say(Report report) {
    var before = last;
    if (before != null && before.lines().equals(report.lines())) {
      return;
    }
    if (report.lines().isEmpty()) {
      log.info("SurveyMonkey's webhooks are as they should be");
    }
    for (var line : report.lines()) {
      log.warn("SurveyMonkey's webhooks: {}", line);
    }
    if (!report.isInOrder() && !settings.apply()) {
      log.warn(
          "SurveyMonkey's webhooks differ from what is wanted, and nothing was changed: set"
              + " gateway.providers.surveymonkey.subscriptions.apply to true to have it done");
    }
  }

  /** Deletes first: an address may have one webhook only. */
  private boolean apply(SubscriptionPlan plan, List<String> lines) {
    var all = true;
    for (var one : plan.delete()) {
      all &= done("delete", "deleted", one, lines, () -> delete(one));
    }
    for (var change : plan.change().entrySet()) {
      var body = change.getValue();
      if (!settings.newestAuthorization().isEmpty()) {
        body.put("authorization", settings.newestAuthorization());
      }
      var names = names(change.getValue());
      all &=
          done(
              "change " + names + " of",
              "changed " + names + " of",
              change.getKey(),
              lines,
              () -> api.send("PATCH", PATH + "/" + digits(change.getKey().id()), body));
    }
    for (var one : plan.create()) {
      var body = one.toJson();
      if (!settings.newestAuthorization().isEmpty()) {
        body.put("authorization", settings.newestAuthorization());
      }
      all &= done("create", "created", one, lines, () -> api.send("POST", PATH, body));
    }
    return all;
  }

  private static boolean done(
      String verb, String past, Subscription one, List<String> lines, Runnable work) {
    try {
      work.run();
      lines.add(past + " " + one);
      return true;
    } catch (FailureException e) {
      lines.add("could not " + verb + " " + one + ": " + e.failure().reason());
      return false;
    }
  }

  /** One that is gone already is deleted too. */
  private void delete(Subscription one) {
    try {
      api.send("DELETE", PATH + "/" + digits(one.id()), null);
    } catch (FailureException e) {
      if (!e.failure().reason().contains("status 404")) {
        throw e;
      }
    }
  }

  private static String names(ObjectNode differences) {
    var names = new ArrayList<String>();
    differences.fieldNames().forEachRemaining(names::add);
    return String.join(", ", names);
  }

  private List<Subscription> wanted() {
    return settings.wanted().stream()
        .map(
            one ->
                new Subscription(
                    "",
                    SubscriptionPlan.NAME + title(one) + fingerprint(),
                    one.eventType(),
                    one.objectType(),
                    one.objectIds(),
                    base() + "/" + title(one)))
        .toList();
  }

  /** One address for each: SurveyMonkey takes an address once. */
  private static String title(SubscriptionSettings.Wanted one) {
    return one.eventType() + (one.objectType().equals("collector") ? "-of-collectors" : "");
  }

  private String base() {
    return settings.publicUrl() + "/webhooks/" + StoredCallBudget.PROVIDER;
  }

  /** The list tells names only, so each is asked for. */
  private List<Subscription> found() {
    var found = new ArrayList<Subscription>();
    for (var page = 1; page <= MOST_PAGES; page++) {
      var list = api.get(PATH + "?page=" + page + "&per_page=" + PER_PAGE, 0);
      for (var one : list.path("data")) {
        found.add(Subscription.of(api.get(PATH + "/" + digits(one.path("id").asText()), 0)));
      }
      if (list.path("data").isEmpty() || found.size() >= list.path("total").asLong()) {
        break;
      }
    }
    return found;
  }

  private static String digits(String id) {
    if (!id.matches("\\d{1,20}")) {
      throw new IllegalStateException(
          "Expected SurveyMonkey's webhooks to have ids of 1 to 20 digits, and one has not");
    }
    return id;
  }

  private String fingerprint() {
    if (settings.newestAuthorization().isEmpty()) {
      return "";
    }
    try {
      var mac = Mac.getInstance("HmacSHA256");
      var key = access.clientSecret().isEmpty() ? access.accessToken() : access.clientSecret();
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      var hash = mac.doFinal(settings.newestAuthorization().getBytes(StandardCharsets.UTF_8));
      return " " + HexFormat.of().formatHex(hash, 0, 4);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256", e);
    }
  }
}
