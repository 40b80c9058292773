package io.surveygateway.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {

  private static Difference of(String text, String other) {
    return Difference.of(text.replace(' ', '\n'), other.replace(' ', '\n'));
  }

  @Test
  void isWhatLiesBetweenTheSameHeadAndTheSameTail() {
    assertThat(of("a b c d", "a x y d")).isEqualTo(new Difference(2, 3, List.of("x", "y"), 0));
    assertThat(of("a b c d", "a d")).isEqualTo(new Difference(2, 3, List.of(), 0));
  }

  @Test
  void endsBeforeItBeginsWhereTheOtherOnlyHasMore() {
    var difference = of("a b", "a a b");

    assertThat(difference).isEqualTo(new Difference(2, 1, List.of("a"), 0));
    assertThat(difference.isOf(1) || difference.isOf(2)).isFalse();
  }

  @Test
  void showsNoMoreThanAPersonReads() {
    var difference = of("", "x ".repeat(203));

    assertThat(difference.others()).hasSize(200);
    assertThat(difference.more()).isEqualTo(3);
  }
}
