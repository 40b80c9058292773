package io.surveygateway.alerts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is amiss, from when it was first seen until that it is over was said.
 *
 * @param about the destination or the provider
 * @param since when it began, as far as known
 * @param raisedAt when it was first said; null while it may yet pass unsaid
 * @param saidAt when it was last said; null while it was not
 * @param overSince since when it seems to be over; null while it holds
 * @param text as it was when it was last said
 */
record Alert(
    AlertKind kind,
    String about,
    Instant since,
    @Nullable Instant raisedAt,
    @Nullable Instant saidAt,
    @Nullable Instant overSince,
    String text) {

  /** Longer ones are cut. */
  static final int LONGEST_TEXT = 1000;

  private static final int LONGEST_ABOUT = 63;

  Alert {
    text = cut(text, LONGEST_TEXT);
    about = cut(about, LONGEST_ABOUT);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
  }

  static Alert seen(Finding finding) {
    return new Alert(
        finding.kind(), finding.about(), finding.since(), null, null, null, finding.text());
  }

  boolean isRaised() {
    return raisedAt != null;
  }

  Alert said(Instant now, String text) {
    return new Alert(kind, about, since, raisedAt == null ? now : raisedAt, now, null, text);
  }

  Alert holds() {
    return overSince == null ? this : new Alert(kind, about, since, raisedAt, saidAt, null, text);
  }

  Alert over(Instant now) {
    return overSince != null ? this : new Alert(kind, about, since, raisedAt, saidAt, now, text);
  }
}
