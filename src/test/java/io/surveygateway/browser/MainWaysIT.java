package io.surveygateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.demo.SignedSamples;
import io.surveygateway.packaged.Others;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** What people do with the console every day, by mouse and by keyboard alone. */
@ExtendWith(WithConsole.class)
class MainWaysIT {

  private final Console console;
  private final Person person;

  MainWaysIT(Console console) {
    this.console = console;
    this.person = console.person;
  }

  @Test
  void letsNobodyInWithAWrongPassword() {
    person.presses("Log out").sees("You are logged out.");

    person.logsIn("guessed");

    person.sees("Expected another name or password; nothing was opened.");
    person.opens("/events").sees("Log in");
  }

  @Test
  void leadsBackToThePageThatWasWantedBeforeTheLogin() {
    person.presses("Log out").sees("You are logged out.");
    person.opens("/deliveries?destination=salesforce&state=parked").sees("Log in");

    person.logsIn(Others.PASSWORD);

    person.sees("Why they do not arrive");
    assertThat(person.path()).startsWith("/deliveries?destination=salesforce&state=parked");
  }

  @Test
  void showsNothingAnyMoreOnceLoggedOut() {
    person.presses("Log out").sees("You are logged out.");

    person.opens("/audit");

    assertThat(person.path()).isEqualTo("/login");
  }

  @Test
  void pausesADestinationAndResumesIt() {
    var response = SignedSamples.popsee().signedWith(Others.SECRETS.popsee()).toRequest();
    person.presses("Destinations");

    person.fills("Why slack is paused", "They move their channels").presses("Pause", "slack");

    person.sees("They move their channels");
    console.world.send(response, 200);
    person
        .presses("Overview")
        .sees("Deliveries to slack paused by admin")
        .presses("Resume", "Deliveries to slack paused");
    person.presses("Resume", "slack").seesNoMore("They move their channels");
    console.world.settle();
    var key = response.responseKeys().get(0);
    person.presses("Events").fills("Response id", key).presses("Find").presses(key);
    person.sees("slack delivered");
    person.presses("Audit log").sees("They move their channels");
  }

  @Test
  void retriesTheTickedOnes() {
    var rule = "Between two fiscal years nothing is changed";
    var twice = refused(rule, 2);
    person.presses("Deliveries").presses("parked").presses(refusal(rule));

    for (var key : twice) {
      person.ticks("Delivery", key);
    }
    person.presses("Retry", "Ticked:").sees("retry: 2 of 2 done.");

    console.world.settle();
    person.opens("/deliveries").seesNoMore(rule);
  }

  @Test
  void cancelsAllThatMatchOnceTheyWereCounted() {
    var rule = "This region is closed";
    refused(rule, 3);

    person.presses("Deliveries").presses("Cancel…", rule).sees("3 matches").sees("prepared");
    person.presses("Start: cancel 3").sees("3 of 3 looked at, 3 changed").sees("done");

    person.presses("Deliveries").seesNoMore(rule);
  }

  @Test
  void asksBeforeItSendsTwice() {
    var response = SignedSamples.popsee().signedWith(Others.SECRETS.popsee()).toRequest();
    console.world.send(response, 200);
    console.world.settle();
    var key = response.responseKeys().get(0);
    person.presses("Events").fills("Response id", key).presses("Find").presses(key);

    person.presses("Send again", "database").agrees();

    person.sees("to database:").sees("2 tries");
    console.world.settle();
  }

  @Test
  void beginsWithALinkPastTheNavigation() {
    person.opens("/events").tabsTo("Skip to content");

    person.types(Keys.ENTER);

    assertThat(person.script("return document.activeElement.id")).isEqualTo("content");
    person.types(Keys.TAB);
    assertThat(person.focused()).isEqualTo("Text in it");
  }

  @Test
  void showsWhereOneIsInANarrowWindowToo() {
    person.hasWindow(Person.NARROW).opens("/tokens");

    var here =
        "const here = document.querySelector('nav [aria-current]').getBoundingClientRect();"
            + "return here.left >= 0 && here.right <= window.innerWidth";
    assertThat(person.script(here)).isEqualTo(true);
    person.hasWindow(Person.WIDE);
  }

  @Test
  void keepsWhatASenderMadeLongWithinThePage() {
    var address = "long@example.org";
    for (var id : List.of("9".repeat(200), "short")) {
      var sample = SignedSamples.popsee().responseId(id).email(address).name("Lo Ng");
      console.world.send(sample.signedWith(Others.SECRETS.popsee()).toRequest(), 200);
    }
    console.world.settle();

    person.hasWindow(Person.NARROW).opens("/events?email=" + address).presses("popsee:short");

    person.sees("Other responses of this e-mail address");
    assertThat(person.script("return document.documentElement.scrollWidth"))
        .isEqualTo((long) Person.NARROW);
    person.hasWindow(Person.WIDE);
  }

  /** As a browser does it that reaches the console by plain HTTP, on another machine. */
  @Test
  void copiesWhereABrowserGivesPagesNoClipboard() {
    person.opens("/providers");
    person.script("Object.defineProperty(navigator, 'clipboard', {value: undefined})");

    person.presses("Copy", "/webhooks/popsee").sees("Copied");

    person.opens("/events").pastesInto("Response id");
    assertThat(person.valueOf("Response id")).endsWith("/webhooks/popsee");
  }

  /** From the login to the end of a run, without a mouse, and the focus is seen on each stop. */
  @Test
  void canBeWalkedByTheKeyboardAlone() {
    var rule = "The record is locked by an approval";
    refused(rule, 2);
    person.tabsTo("Log out").types(Keys.ENTER).sees("You are logged out.");

    person.types(Others.PASSWORD, Keys.ENTER).sees("What became of everything");
    person.tabsTo("Deliveries").types(Keys.ENTER).sees("Why they do not arrive");
    person.tabsTo("Retry all to salesforce: " + refusal(rule)).types(Keys.ENTER).sees("2 matches");
    person.tabsTo("Start: retry 2").types(Keys.ENTER).sees("2 of 2 looked at, 2 changed");

    person.tabsTo("Events").types(Keys.ENTER).sees("Find what became of one response");
    person.tabsTo("E-mail address").types(World.ASKS_FOR_HERSELF, Keys.ENTER);
    person.sees("smartsurvey:");
    person.tabsTo("Destinations").types(Keys.ENTER).sees("last delivered");
    person.tabsTo("Why database is paused").types("By keyboard", Keys.ENTER).sees("By keyboard");
    person.tabsTo("Resume database").types(Keys.ENTER).seesNoMore("By keyboard");
    console.world.settle();
  }

  /** Their keys. */
  private List<String> refused(String rule, int times) {
    var refused =
        Stream.generate(() -> SignedSamples.smartSurvey().signedWith(Others.SECRETS.smartSurvey()))
            .limit(times)
            .map(SignedSamples.SmartSurvey::toRequest)
            .toList();
    for (var request : refused) {
      console.world.isRefusedBySalesforce(request, rule);
      console.world.send(request, 200);
    }
    console.world.settle();
    return refused.stream().flatMap(request -> request.responseKeys().stream()).toList();
  }

  private static String refusal(String rule) {
    return "Salesforce refused the response: FIELD_CUSTOM_VALIDATION_EXCEPTION, " + rule;
  }
}
