package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.core.userdetails.UserDetails;

@ExtendWith(OutputCaptureExtension.class)
class ConsoleLoginTest {

  private static final Pattern PRINTED =
      Pattern.compile("Console login until the next start: admin / (\\S{22}) \\(set GATEWAY_ADMIN");

  private final ProcessPasswords passwords = new ProcessPasswords();

  @Test
  void printsARandomPasswordOnceWhereNoneIsSet(CapturedOutput output) {
    var admin = admin(" ");

    var printed = PRINTED.matcher(output);
    assertThat(printed.find()).isTrue();
    assertThat(passwords.matches(printed.group(1), admin.getPassword())).isTrue();
    assertThat(printed.find()).isFalse();
  }

  @Test
  void printsAnotherOneAtEachStart(CapturedOutput output) {
    admin(null);
    admin(null);

    assertThat(PRINTED.matcher(output).results().map(found -> found.group(1)).distinct())
        .hasSize(2);
  }

  @Test
  void printsNothingOfAPasswordThatIsSet(CapturedOutput output) {
    var admin = admin("chosen by hand");

    assertThat(passwords.matches("chosen by hand", admin.getPassword())).isTrue();
    assertThat(output.getAll()).doesNotContain("chosen by hand", "Console login");
  }

  @Test
  void keepsNoPasswordAsItIs() {
    assertThat(admin("chosen by hand").getPassword()).doesNotContain("chosen");
  }

  @Test
  void comparesPasswordsExactly() {
    var encoded = passwords.encode("pässword");

    assertThat(passwords.matches("pässword", encoded)).isTrue();
    assertThat(passwords.matches("pässword ", encoded)).isFalse();
    assertThat(passwords.matches("Pässword", encoded)).isFalse();
    assertThat(passwords.matches("", encoded)).isFalse();
    assertThat(new ProcessPasswords().matches("pässword", encoded)).isFalse();
  }

  @Test
  void refusesAPasswordThatNoBrowserCanSend() {
    assertThatThrownBy(() -> new ConsoleProperties("secret\n", null))
        .hasMessageStartingWith("Expected GATEWAY_ADMIN_PASSWORD without line breaks")
        .hasMessageNotContaining("secret");
  }

  @Test
  void hidesThePasswordInItsText() {
    assertThat(new ConsoleProperties("secret", ""))
        .hasToString("ConsoleProperties[adminPassword=set, webhookUrl=null]");
  }

  private UserDetails admin(String password) {
    return new ConsoleSecurity()
        .consoleUsers(new ConsoleProperties(password, null), passwords)
        .loadUserByUsername("admin");
  }
}
