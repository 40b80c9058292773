package io.surveygateway.alerts;

import java.util.Locale;

/** What can be amiss, with a destination or a provider each. */
enum AlertKind {
  /** A destination refuses our credentials. */
  CREDENTIALS_REFUSED("it does not refuse our credentials any more"),
  /** A destination fails, or asks for fewer. */
  DESTINATION_FAILING("it does not fail any more"),
  /** Deliveries of a destination wait for a person. */
  DELIVERIES_PARKED("none of its deliveries is parked any more"),
  /** Requests of a provider wait for a person. */
  REQUESTS_PARKED("none of its requests is parked any more"),
  /** Deliveries of a destination are late. */
  OLDEST_WAITING("none of its deliveries waits that long any more"),
  /** A provider that usually talks does not. */
  PROVIDER_SILENT("it is not silent any more");

  private final String over;

  AlertKind(String over) {
    this.over = over;
  }

  /** As the table and receivers name it. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static AlertKind of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Said when it is over. */
  String over() {
    return over;
  }

  boolean isOfProvider() {
    return this == REQUESTS_PARKED || this == PROVIDER_SILENT;
  }
}
