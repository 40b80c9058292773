package io.surveygateway.demo;

import io.surveygateway.demo.SignedSamples.Sample;
import java.util.List;
import java.util.Random;

/** People who answer, some of them without an address, and what they say. */
final class Respondents {

  private static final List<String> NAMES =
      List.of(
          "Ada Byron",
          "Grace Hopper",
          "Zoë Müller",
          "Siobhán O'Neill",
          "Nguyễn Thị Mai",
          "Olu Adeyemi",
          "李小龙",
          "Jean-Luc d'Été");

  private static final List<String> PRAISE =
      List.of(
          "Quick and kind", "Très bien 👍", "I would come again & bring friends", "Spotless <3");
  private static final List<String> DOUBTS =
      List.of("It was all right", "Good, but parking is a pain", "");
  private static final List<String> COMPLAINTS =
      List.of(
          "Waited 40 minutes, and nobody said sorry",
          "<!channel> your checkout is broken",
          "\"Free\" delivery cost me 4.99");

  private Respondents() {}

  /** The sample of somebody who happens to come along. */
  static <T extends Sample<T>> T anyone(T sample, Random random) {
    var who = random.nextInt(NAMES.size());
    // People recommend more often than they do not.
    var score = Math.max(random.nextInt(11), random.nextInt(11));
    var comments = score >= 9 ? PRAISE : score >= 7 ? DOUBTS : COMPLAINTS;
    return sample
        .name(NAMES.get(who))
        .email(who % 4 == 3 ? "" : "respondent" + who + "@example.org")
        .score(score)
        .comment(comments.get(random.nextInt(comments.size())));
  }
}
