package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Why requests were refused outlives a store that was away; on both stores. */
@ExtendWith(OutputCaptureExtension.class)
class StoredRefusalsTest {

  private StoreForTests store;

  @AfterEach
  void close() {
    store.close();
  }

  private void rename(String table, String name) {
    store
        .get(Store.class)
        .write(
            jdbc -> {
              jdbc.execute("ALTER TABLE " + table + " RENAME TO " + name);
              return null;
            });
  }

  @ParameterizedTest
  @EnumSource
  void areKeptWhenTheStoreIsBack(Dialect dialect, CapturedOutput output) {
    store = StoreForTests.open(dialect);
    rename("refusal", "refusal_away");
    store.get(RefusalLog.class).refused("popsee", "", 401, "no");
    await().until(() -> output.getOut().contains("1 refused requests cannot be kept yet"));

    rename("refusal_away", "refusal");

    await().until(() -> store.count("SELECT count(*) FROM refusal WHERE provider = 'popsee'") == 1);
    var totals = store.get(Counters.class).totals();
    assertThat(totals.total(Counter.REQUESTS_REFUSED, "popsee", "401")).isEqualTo(1);
  }
}
