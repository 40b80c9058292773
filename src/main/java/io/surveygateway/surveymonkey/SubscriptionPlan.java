package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has to be done at SurveyMonkey for its webhooks to be those that are wanted.
 *
 * <p>Ours are those that send to this gateway's own addresses. Of these only what bears a name that
 * the gateway gives is deleted; one that was made by hand is put right where it stands in a wanted
 * one's place, and otherwise left and reported. All others are somebody else's.
 *
 * @param create those that are missing
 * @param change what differs, by the webhook that it differs at
 * @param delete doubles, and those that are not wanted any more
 * @param left what is none of the gateway's, or not surely so, in words
 */
record SubscriptionPlan(
    List<Subscription> create,
    Map<Subscription, ObjectNode> change,
    List<Subscription> delete,
    List<String> left) {

  /** What the names of the gateway's webhooks begin with. */
  static final String NAME = "survey-gateway ";

  /**
   * @param base the address that all of this gateway's webhooks have in common
   */
  static SubscriptionPlan of(List<Subscription> wanted, List<Subscription> found, String base) {
    var plan =
        new SubscriptionPlan(
            new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
    var ours = new ArrayList<Subscription>();
    for (var one : found) {
      if (one.url().equals(base) || one.url().startsWith(base + "/")) {
        ours.add(one);
      } else {
        plan.left.add(one + " sends to somebody else: left alone");
      }
    }
    ours.sort(
        Comparator.comparing((Subscription one) -> one.id().length())
            .thenComparing(Subscription::id));
    for (var want : wanted) {
      var standing = ours.stream().filter(one -> one.url().equals(want.url())).findFirst();
      if (standing.isEmpty()) {
        plan.create.add(want);
        continue;
      }
      ours.remove(standing.get());
      var differences = want.differencesFrom(standing.get());
      if (!differences.isEmpty()) {
        plan.change.put(standing.get(), differences);
      }
    }
    for (var rest : ours) {
      if (rest.name().startsWith(NAME)) {
        plan.delete.add(rest);
      } else {
        plan.left.add(
            rest
                + " sends to this gateway and is not wanted, but was made by hand: delete it there");
      }
    }
    return plan;
  }

  boolean isInOrder() {
    return create.isEmpty() && change.isEmpty() && delete.isEmpty();
  }
}
