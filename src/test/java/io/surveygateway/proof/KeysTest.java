package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class KeysTest {

  @Test
  void triesEveryKeyEvenAfterOneHasFitted() {
    var tried = new ArrayList<String>();

    Keys.of("new", "middle", "old").indexOf(key -> tried.add(new String(key, UTF_8)));

    assertThat(tried).containsExactlyInAnyOrder("new", "middle", "old");
  }

  @Test
  void givesTheNewestKeyThatFits() {
    assertThat(Keys.of("new", "same", "same").indexOf(key -> key.length == 4)).isEqualTo(1);
    assertThat(Keys.of("new").indexOf(key -> false)).isEqualTo(Keys.NONE);
  }

  @Test
  void callsKeysWhatAnOperatorCallsThem() {
    assertThat(Keys.of("new", "old").nameOf(0)).isEqualTo("current secret");
    assertThat(Keys.of("new", "old").nameOf(1)).isEqualTo("previous secret");
    assertThat(Keys.of("new", "old", "oldest").nameOf(2)).isEqualTo("secret 3 of 3");
  }
}
