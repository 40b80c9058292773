package io.surveygateway.store;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the gateway keeps what it has accepted.
 *
 * @param folder of the embedded SQLite database, used while {@code url} is empty
 * @param url JDBC address of a shared store, or empty
 * @param username at the shared store
 * @param password at the shared store
 * @param connections at most to a shared store
 * @param lease for how long a claim holds without being renewed; work of a gateway that died is
 *     free again after it
 * @param writeTimeout how long a sender is kept waiting for its request to be on disk, before 503
 */
@ConfigurationProperties("gateway.store")
public record StoreProperties(
    @DefaultValue("./data") Path folder,
    @DefaultValue("") String url,
    @DefaultValue("") String username,
    @DefaultValue("") String password,
    @DefaultValue("10") int connections,
    @DefaultValue("30s") Duration lease,
    @DefaultValue("4s") Duration writeTimeout) {

  public StoreProperties {
    if (!url.isBlank() && !url.strip().startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "Expected DATABASE_URL to start with jdbc:postgresql:, or to be empty for the embedded"
              + " SQLite in GATEWAY_DATA; got one that starts with "
              + url.strip().substring(0, Math.min(url.strip().length(), 12)));
    }
    if (url.isBlank() && !(username.isBlank() && password.isBlank())) {
      throw new IllegalArgumentException(
          "Expected DATABASE_URL beside DATABASE_USERNAME and DATABASE_PASSWORD, and it is empty:"
              + " set it, or leave all three empty for the embedded SQLite");
    }
    if (writeTimeout.isNegative() || writeTimeout.isZero()) {
      throw new IllegalArgumentException(
          "Expected gateway.store.write-timeout over zero, got " + writeTimeout);
    }
    if (connections < 4) {
      throw new IllegalArgumentException(
          "Expected gateway.store.connections of 4 or more, got " + connections);
    }
    if (lease.compareTo(Duration.ofSeconds(3)) < 0) {
      throw new IllegalArgumentException(
          "Expected gateway.store.lease of 3s or more, got " + lease);
    }
  }

  /** The address in use: the shared store's, or the embedded database's. */
  String effectiveUrl() {
    return url.isBlank() ? "jdbc:sqlite:" + folder.resolve("gateway.db") : url.strip();
  }

  @Override
  public String toString() {
    return "StoreProperties[" + (url.isBlank() ? folder : "shared store") + "]";
  }
}
