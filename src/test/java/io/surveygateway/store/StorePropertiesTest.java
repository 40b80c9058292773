package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StorePropertiesTest {

  private static StoreProperties properties(String url, String username, String password) {
    return new StoreProperties(
        Path.of("data"),
        url,
        username,
        password,
        10,
        Duration.ofSeconds(30),
        Duration.ofSeconds(4));
  }

  @Test
  void usesTheEmbeddedDatabaseWithoutAnAddress() {
    assertThat(properties("", "", "").effectiveUrl()).startsWith("jdbc:sqlite:data");
  }

  @Test
  void refusesAnySharedStoreButPostgresql() {
    assertThatThrownBy(() -> properties("jdbc:sqlite:/shared/gateway.db", "", ""))
        .hasMessageContaining("Expected DATABASE_URL to start with jdbc:postgresql:");
    assertThatThrownBy(() -> properties("postgres://user:secret@host/db", "", ""))
        .hasMessageContaining("got one that starts with postgres://u")
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesAUserWithoutAnAddress() {
    assertThatThrownBy(() -> properties("", "gateway", "secret"))
        .hasMessageContaining("Expected DATABASE_URL beside DATABASE_USERNAME")
        .hasMessageNotContaining("secret");
  }

  @Test
  void showsNoPassword() {
    assertThat(properties("jdbc:postgresql://host/db?password=x", "gateway", "secret").toString())
        .isEqualTo("StoreProperties[shared store]");
  }
}
