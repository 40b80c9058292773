package io.surveygateway.warehouse;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the business database is.
 *
 * @param url JDBC address; empty for the gateway's own store
 * @param username empty where the address says it, or the database asks for none
 * @param password never printed
 */
@ConfigurationProperties("gateway.warehouse")
record WarehouseProperties(
    @Nullable String url, @Nullable String username, @Nullable String password) {

  WarehouseProperties {
    url = blankToNull(url);
    username = blankToNull(username);
    password = blankToNull(password);
    if (url != null && !url.startsWith("jdbc:")) {
      throw new IllegalArgumentException(
          "Expected WAREHOUSE_URL to be a JDBC address such as jdbc:postgresql://host:5432/name, or"
              + " empty for the gateway's own store");
    }
    if (url == null && (username != null || password != null)) {
      throw new IllegalArgumentException(
          "Expected WAREHOUSE_URL beside WAREHOUSE_USERNAME and WAREHOUSE_PASSWORD: without it,"
              + " responses go to the gateway's own store, whose login is DATABASE_USERNAME");
    }
  }

  private static @Nullable String blankToNull(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** Without the address too: people put passwords into its query. */
  @Override
  public String toString() {
    return "WarehouseProperties["
        + (url == null ? "the store's own" : "a database of its own")
        + "]";
  }
}
