package io.surveygateway.proof;

import io.surveygateway.proof.HmacProof.Algorithm;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Takes a {@link StandardWebhookProof} apart over one request. For one thread. */
final class StandardWebhookExamination {

  private static final List<String> FAMILIES = List.of("webhook", "svix");

  private static final List<String> NO_VERSION =
      List.of("The signature is right, and v1, is missing before it.");

  private final StandardWebhookProof proof;
  private final WholeRequest request;
  private final List<Finding> findings = new ArrayList<>();

  StandardWebhookExamination(StandardWebhookProof proof, WholeRequest request) {
    this.proof = proof;
    this.request = request;
  }

  Examination examined() {
    var hasId = id();
    var fresh = proof.freshness().finding(request);
    findings.add(fresh);
    var hasSignatures = signatures();
    var hasTime = request.header(proof.freshness().header()).size() == 1;
    var asks =
        "A signature of {%s}.{%s}.{body} matches with one of %d %s"
            .formatted(
                proof.id(),
                proof.freshness().header(),
                proof.keys().size(),
                proof.keys().size() == 1 ? "secret" : "secrets");
    if (!hasId || !hasTime || !hasSignatures) {
      findings.add(Finding.open(asks));
      return new Examination(
          findings, hasId && hasTime && isRightWithoutVersion() ? NO_VERSION : otherFamily());
    }
    var match = proof.match(request);
    if (match != Keys.NONE) {
      findings.add(Finding.holds(asks, "With the " + proof.keys().nameOf(match) + "."));
      return new Examination(findings, List.of());
    }
    findings.add(Finding.fails(asks, "With none: another secret, or a body that was changed."));
    return searched();
  }

  private boolean id() {
    var came = proof.id().in(request);
    var isThere = proof.id() + " is there, once, and has no dot";
    if (came.size() != 1) {
      findings.add(
          Finding.fails(
              isThere, came.isEmpty() ? "It is not." : "It came " + came.size() + " times."));
      return false;
    }
    var isRight = StandardWebhookProof.isId(came.get(0));
    findings.add(
        isRight
            ? Finding.holds(isThere, "It is.")
            : Finding.fails(isThere, "It is empty, or has a dot."));
    return isRight;
  }

  private boolean signatures() {
    var came = request.header(proof.signature().name());
    var asks = proof.signature() + " is there, once, with v1, or v1a, before each signature";
    if (came.size() != 1) {
      findings.add(
          Finding.fails(
              asks, came.isEmpty() ? "It is not." : "It came " + came.size() + " times."));
      return false;
    }
    var presented = StandardWebhookProof.signaturesIn(came.get(0));
    var known = presented.stream().filter(s -> s.startsWith("v1,") || s.startsWith("v1a,")).count();
    var isRight = presented.size() <= StandardWebhookProof.MOST_SIGNATURES && known > 0;
    var says = "%d of %d are so.".formatted(known, presented.size());
    findings.add(isRight ? Finding.holds(asks, says) : Finding.fails(asks, says));
    return isRight;
  }

  private boolean isRightWithoutVersion() {
    var came = request.header(proof.signature().name());
    if (came.size() != 1) {
      return false;
    }
    var hash = LooseHash.of(came.get(0));
    var isRight = false;
    for (var index = 0; index < proof.keys().size(); index++) {
      var key = proof.hmacKey(index);
      isRight |=
          key != null
              && hash.isPresent()
              && MessageDigest.isEqual(
                  Algorithm.SHA256.of(key, proof.signed(request)), hash.get().bytes());
    }
    return isRight;
  }

  /** The same headers by the names that others give them. */
  private List<String> otherFamily() {
    for (var family : FAMILIES) {
      var other = family + "-signature";
      if (!other.equals(proof.signature().name().toLowerCase(Locale.ROOT))
          && !request.header(other).isEmpty()
          && request.header(proof.signature().name()).isEmpty()) {
        return List.of(
            "The headers are called %s-..., and %s is looked for: the route's check has parameter headers."
                .formatted(family, proof.signature()));
      }
    }
    return List.of();
  }

  private Examination searched() {
    var values = new ArrayList<Varied>();
    for (var signature :
        StandardWebhookProof.signaturesIn(request.header(proof.signature().name()).get(0))) {
      LooseHash.of(signature).ifPresent(hash -> values.add(new Varied("", hash.bytes())));
    }
    var messages = new ArrayList<Varied>();
    for (var body : BodyVariants.of(request.body())) {
      var other = request.withBody(body.bytes());
      messages.add(new Varied(body.words(), proof.signed(other)));
      if (body.isChanged() && proof.match(other) != Keys.NONE) {
        // By a public key, too, which a search by keyed hashes does not know.
        return new Examination(findings, List.of(body.words()));
      }
    }
    messages.add(
        new Varied(
            "Signed is the body alone, and id, time and body are asked for.", request.body()));
    var keys = new ArrayList<Varied>();
    var texts = proof.keys().read(key -> key);
    for (var index = 0; index < texts.size(); index++) {
      var name = proof.keys().nameOf(index);
      // What it says itself is the key as text; what is right is what it decodes to.
      for (var variant : KeyVariants.of(texts.get(index), name)) {
        keys.add(
            variant.isChanged()
                ? variant
                : new Varied(
                    "The sender signs with the " + name + " as it is written, not decoded.",
                    variant.bytes()));
      }
      var bytes = proof.hmacKey(index);
      if (bytes != null) {
        keys.add(new Varied("", bytes));
      }
    }
    var found = new CauseSearch(messages, keys, List.of(Algorithm.values()), values);
    var causes = found.withFirst(Algorithm.SHA256).found();
    return new Examination(findings, causes.causes(), causes.isCutShort());
  }
}
