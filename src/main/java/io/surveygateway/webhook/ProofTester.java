package io.surveygateway.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.surveygateway.proof.Examination;
import io.surveygateway.proof.Finding;
import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells an operator why a request is let in or refused, by the very checks of its provider's route.
 *
 * <p>Keeps and changes nothing. What it says holds no secret and no right signature. Safe for use
 * by many threads.
 */
@Component
public final class ProofTester {

  /**
   * What came of a request.
   *
   * @param isProved whether the checks of its provider let it pass
   * @param because in one sentence
   * @param checks each of them, in the order of the route
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Tested(
      String provider,
      @JsonProperty("proved") boolean isProved,
      String because,
      List<TestedCheck> checks) {}

  /**
   * @param check name of its kamelet
   * @param isAlternative whether another one in its place would do
   * @param holds whether it lets the request pass
   * @param verdict which secret showed it, or why it is refused as a refused request has it
   * @param steps what it asks, in its order
   * @param causes with which it would hold
   * @param isCutShort whether more causes could have been tried with a smaller body
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TestedCheck(
      String check,
      @JsonProperty("alternative") boolean isAlternative,
      boolean holds,
      String verdict,
      List<Finding> steps,
      List<String> causes,
      @JsonProperty("cutShort") boolean isCutShort) {}

  /**
   * How a provider proves itself, and what that needs.
   *
   * @param paths behind its own that its senders are given; any other is taken too
   * @param since when {@code lastUsed} began to be noted: by this process alone
   */
  public record ProofState(
      String provider, List<String> paths, Instant since, List<CheckState> checks) {}

  /**
   * @param isOn whether it has its secrets
   * @param offBecause what has to be done for it to have them, or null
   * @param lastUsed when each secret last proved a request, by its position
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CheckState(
      String check,
      @JsonProperty("alternative") boolean isAlternative,
      @JsonProperty("on") boolean isOn,
      @Nullable String offBecause,
      List<SettingState> settings,
      List<SecretState> secrets) {}

  /**
   * @param isSet whether it holds a secret
   * @param lack what it lacks, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SettingState(
      String name, String variable, @JsonProperty("set") boolean isSet, @Nullable String lack) {}

  /**
   * @param name its position, such as {@code current secret}
   * @param lastUsed null if it proved nothing since the start
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SecretState(String name, @Nullable Instant lastUsed) {}

  private final Providers providers;
  private final List<FurtherProof> further;
  private final Instant since;

  ProofTester(Providers providers, List<FurtherProof> further, Clock clock) {
    this.providers = providers;
    this.further = List.copyOf(further);
    this.since = clock.instant();
  }

  /**
   * @param headers names and values, in their order
   * @param query of the address, encoded, or null
   * @return empty where no route takes requests of a provider of that name
   */
  public Optional<Tested> test(
      String provider,
      @Nullable String contentType,
      List<Map.Entry<String, String>> headers,
      @Nullable String query,
      byte[] body) {
    return providers
        .find(provider)
        .map(
            known ->
                tested(
                    provider,
                    new WebhookRequest(
                        provider, "", contentType, headers, QueryString.parse(query), body)));
  }

  private Tested tested(String provider, WebhookRequest request) {
    var checks = new ArrayList<TestedCheck>();
    for (var check : providers.checks(provider)) {
      checks.add(tested(check, request));
    }
    for (var proof : further) {
      if (proof.provider().equals(provider)) {
        proof.proof().ifPresent(asked -> checks.add(tested(named(proof.step(), asked), request)));
      }
    }
    var whyOff = providers.find(provider).flatMap(known -> Optional.ofNullable(known.whyOff()));
    if (whyOff.isPresent()) {
      return new Tested(provider, false, "The provider is off: " + whyOff.get(), checks);
    }
    var refusing =
        checks.stream().filter(check -> !check.isAlternative && !check.holds).findFirst();
    if (refusing.isPresent()) {
      return new Tested(provider, false, refusing.get().verdict + ".", checks);
    }
    var alternatives = checks.stream().filter(TestedCheck::isAlternative).toList();
    if (!alternatives.isEmpty() && alternatives.stream().noneMatch(TestedCheck::holds)) {
      return new Tested(
          provider, false, "None of the checks holds of which one is enough.", checks);
    }
    return new Tested(provider, true, "Every check that has to hold does.", checks);
  }

  private static DeclaredCheck named(String step, io.surveygateway.proof.Proof proof) {
    return new DeclaredCheck(step, false, proof, null, List.of(), new DeclaredCheck.Uses());
  }

  private static TestedCheck tested(DeclaredCheck check, WebhookRequest request) {
    if (check.proof() == null) {
      var whyOff = check.whyOff();
      return new TestedCheck(
          check.kamelet(),
          check.isAlternative(),
          whyOff == null,
          whyOff == null ? "It asks for nothing" : "It lacks a secret: " + whyOff,
          List.of(),
          List.of(),
          false);
    }
    var verdict = check.proof().judge(request);
    Examination examined = check.proof().examine(request);
    return new TestedCheck(
        check.kamelet(),
        check.isAlternative(),
        verdict instanceof Proved,
        verdict instanceof Refused refused ? refused.reason() : ((Proved) verdict).by(),
        examined.findings(),
        examined.causes(),
        examined.isCutShort());
  }

  /** Empty where no route takes requests of a provider of that name. */
  public Optional<ProofState> state(String provider) {
    return providers
        .find(provider)
        .map(
            known ->
                new ProofState(
                    provider,
                    providers.paths(provider),
                    since,
                    providers.checks(provider).stream().map(ProofTester::state).toList()));
  }

  private static CheckState state(DeclaredCheck check) {
    var last = check.uses().last();
    var names = check.proof() == null ? List.<String>of() : check.proof().secrets();
    return new CheckState(
        check.kamelet(),
        check.isAlternative(),
        check.whyOff() == null,
        check.whyOff(),
        check.settings().stream()
            .map(
                setting ->
                    new SettingState(
                        setting.name(), setting.variable(), setting.lack() == null, setting.lack()))
            .toList(),
        names.stream().map(name -> new SecretState(name, last.get(name))).toList());
  }
}
