package io.surveygateway.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.browser.Person.Theme;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.packaged.Others;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The three questions that the console is for, answered by somebody who has never seen it: from the
 * overview on, by what is to be read there.
 */
@ExtendWith(WithConsole.class)
class ThreeWaysIT {

  private final Console console;
  private final Person person;

  ThreeWaysIT(Console console) {
    this.console = console;
    this.person = console.person;
  }

  @Test
  void findsWhyYesterdaysResponsesAreNotInSalesforceAndBringsThemThere() {
    assertThat(inSalesforce()).isZero();

    person.sees("deliveries to salesforce parked");
    inBothThemes("missing-1-overview");
    person.presses("See why, and retry", "deliveries to salesforce parked");

    person.sees("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST (Provider__c)").sees("surveymonkey:");
    inBothThemes("missing-2-why");

    console.world.providersAreAllowedAgain();
    person.presses("Retry…", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    person.sees(World.OF_YESTERDAY + " matches").sees("Nothing is changed before it is started.");
    person.keepsAPicture("missing-3-counted");
    person.presses("Start: retry " + World.OF_YESTERDAY);

    person.sees("7 of 7 looked at, 7 changed").sees("7 delivered");
    inBothThemes("missing-4-arrived");
    assertThat(inSalesforce()).isEqualTo(World.OF_YESTERDAY);
    person.presses("Deliveries").seesNoMore("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    person.presses("Overview").sees("1 delivery to salesforce parked");
  }

  private long inSalesforce() {
    return console.others.salesforce.surveyResponses().stream()
        .map(record -> record.text("Response_Key__c"))
        .filter(key -> key.startsWith("surveymonkey:"))
        .count();
  }

  @Test
  void findsWhatBecameOfOneEmailAddress() {
    person.presses("Events").fills("E-mail address", World.ASKS_FOR_HERSELF).presses("Find");

    person.sees("popsee:").sees("smartsurvey:");
    person.keepsAPicture("address-1-found");
    person.presses(theOneThatBegins("smartsurvey:"));

    person.sees("Its way").sees("Nobody has called me back").sees(World.CONTACT_IS_LOCKED);
    inBothThemes("address-2-way");
    person.presses(World.ASKS_FOR_HERSELF).presses(theOneThatBegins("popsee:"));

    person.sees("Its way").seesNoMore("parked");
  }

  /** Popsee's sender read the secret from a file, with the line end behind it. */
  @Test
  void copiesAnAddressAndProvesWhyASignatureIsRefused() {
    var sent = SignedSamples.popsee().signedWith(Others.SECRETS.popsee() + "\n").toRequest();
    console.world.send(sent, 401);
    person
        .opens("/")
        .sees("refused in the last hour")
        .presses("See why", "refused in the last hour");
    person.sees("X-Popsee-Signature does not match");
    inBothThemes("signature-1-refused");

    person.presses("Providers").presses("Copy", "/webhooks/popsee").sees("Copied");
    inBothThemes("signature-2-provider");
    person.presses("Test a signature", "popsee");
    person.pastesInto("Address or its query, if a proof may stand there");
    person.fills("Headers, one a line", headersOf(sent));
    person.fills("Body", new String(sent.body(), UTF_8)).presses("Test it");

    person
        .sees("refused")
        .sees("The sender signs with the current secret and a line end (LF) behind it.");
    assertThat(person.valueOf("Address or its query, if a proof may stand there"))
        .isEqualTo(console.webhooks() + sent.path());
    inBothThemes("signature-3-proved");
  }

  private static String headersOf(SampleRequest request) {
    return request.headers().entrySet().stream()
        .map(header -> header.getKey() + ": " + header.getValue())
        .collect(Collectors.joining("\n"));
  }

  private String theOneThatBegins(String start) {
    return person.links().stream().filter(name -> name.startsWith(start)).findFirst().orElseThrow();
  }

  private void inBothThemes(String name) {
    person.keepsAPicture(name).prefers(Theme.DARK).keepsAPicture(name).prefers(Theme.LIGHT);
  }
}
