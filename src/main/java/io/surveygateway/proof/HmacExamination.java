package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.proof.HmacProof.Algorithm;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes an {@link HmacProof} apart over one request. For one thread. */
final class HmacExamination {

  /** Between a time and the body, as others sign. */
  private static final List<String> BETWEEN = List.of(".", ":", "");

  private final HmacProof proof;
  private final WholeRequest request;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Varied> values = new ArrayList<>();

  HmacExamination(HmacProof proof, WholeRequest request) {
    this.proof = proof;
    this.request = request;
  }

  Examination examined() {
    var value = value();
    var isSignedThere = signedText();
    if (proof.freshness() != null) {
      findings.add(proof.freshness().finding(request));
    }
    var matches = match(value, isSignedThere);
    findings.add(matches);
    if (matches.result() == Finding.Result.HOLDS) {
      return new Examination(findings, List.of());
    }
    addOthers();
    if (values.isEmpty()) {
      return new Examination(findings, List.of());
    }
    var found = search(isSignedThere).found();
    return new Examination(findings, found.causes(), found.isCutShort());
  }

  /** As it was read, rightly or loosely; null if there is none to go on with. */
  private byte @Nullable [] value() {
    var came = proof.place().in(request);
    var isThere = proof.place() + " is there, once";
    var isWritten = "It is written as " + proof.form();
    if (came.size() != 1) {
      findings.add(Finding.fails(isThere, timesInWords(came.size())));
      findings.add(Finding.open(isWritten));
      return null;
    }
    findings.add(Finding.holds(isThere, "It is."));
    var text = new String(came.get(0), ISO_8859_1);
    var loose = LooseHash.of(text);
    findings.add(
        proof.isWrittenRight(text)
            ? Finding.holds(isWritten, "It is.")
            : Finding.fails(
                isWritten,
                loose
                    .map(hash -> "It is " + hash.form().strip() + ".")
                    .orElse("It has " + text.length() + " characters, and can be read as no hash.")
                    .replace(" .", ".")));
    loose.ifPresent(hash -> values.add(new Varied("", hash.bytes())));
    return loose.map(LooseHash::bytes).orElse(null);
  }

  private String timesInWords(int times) {
    if (times > 1) {
      return "It came " + times + " times.";
    }
    return switch (proof.place().kind()) {
      case FORM ->
          "It is not; a body is a form only with content type"
              + " application/x-www-form-urlencoded.";
      case JSON -> "It is not, or the body is no JSON.";
      default -> "It is not.";
    };
  }

  private boolean signedText() {
    var asks = "What is signed is there: " + proof.signed();
    var lacking = proof.signed().complaint(request);
    findings.add(
        lacking
            .map(words -> Finding.fails(asks, words + "."))
            .orElseGet(() -> Finding.holds(asks, proof.signed().sizes(request))));
    return lacking.isEmpty();
  }

  private Finding match(byte @Nullable [] value, boolean isSignedThere) {
    var asks =
        "It matches by HMAC-%s with one of %d %s"
            .formatted(
                proof.algorithm().inWords(),
                proof.keys().size(),
                proof.keys().size() == 1 ? "secret" : "secrets");
    if (value == null || !isSignedThere) {
      return Finding.open(asks);
    }
    var match = proof.matching(value, proof.signed().in(request));
    return match == Keys.NONE
        ? Finding.fails(asks, "With none: another secret, or a body that was changed.")
        : Finding.holds(asks, "With the " + proof.keys().nameOf(match) + ".");
  }

  /** Whatever else could be the signature. */
  private void addOthers() {
    var place = proof.place();
    request.headerNames().stream()
        .filter(name -> place.kind() != Place.Kind.HEADER || !name.equalsIgnoreCase(place.name()))
        .forEach(name -> addOther(Place.Kind.HEADER, name));
    request.queryNames().stream()
        .filter(name -> place.kind() != Place.Kind.QUERY || !name.equals(place.name()))
        .forEach(name -> addOther(Place.Kind.QUERY, name));
  }

  private void addOther(Place.Kind kind, String name) {
    var said = kind == Place.Kind.HEADER ? "header " + name : "query parameter " + name;
    var came = kind == Place.Kind.HEADER ? request.header(name) : request.query(name);
    for (var value : came) {
      LooseHash.of(value)
          .ifPresent(
              hash ->
                  values.add(
                      new Varied(
                          "The signature stands in %s, and is looked for in %s."
                              .formatted(said, proof.place()),
                          hash.bytes())));
    }
  }

  private CauseSearch search(boolean isSignedThere) {
    var keys = new ArrayList<Varied>();
    var all = proof.keys().read(key -> key);
    for (var index = 0; index < all.size(); index++) {
      keys.addAll(KeyVariants.of(all.get(index), proof.keys().nameOf(index)));
    }
    var algorithms =
        Stream.concat(Stream.of(proof.algorithm()), Stream.of(Algorithm.values()))
            .distinct()
            .toList();
    return new CauseSearch(messages(isSignedThere), keys, algorithms, values);
  }

  private List<Varied> messages(boolean isSignedThere) {
    var messages = new ArrayList<Varied>();
    if (isSignedThere) {
      for (var body : BodyVariants.of(request.body())) {
        var other = request.withBody(body.bytes());
        if (proof.signed().complaint(other).isEmpty()) {
          messages.add(new Varied(body.words(), proof.signed().in(other)));
        }
      }
    }
    if (proof.signed().isBodyAlone()) {
      addWithTimes(messages);
    } else {
      messages.add(
          new Varied(
              "Signed is the body alone, and " + proof.signed() + " is asked for.",
              request.body()));
    }
    return messages;
  }

  private void addWithTimes(List<Varied> messages) {
    for (var name : request.headerNames()) {
      var came = request.header(name);
      if (came.size() == 1 && came.get(0).matches("[0-9]{9,13}")) {
        for (var between : BETWEEN) {
          var signed = new ByteArrayOutputStream();
          signed.writeBytes((came.get(0) + between).getBytes(UTF_8));
          signed.writeBytes(request.body());
          messages.add(
              new Varied(
                  "Signed is {header:%s}%s{body}, and the body alone is asked for."
                      .formatted(name, between),
                  signed.toByteArray()));
        }
      }
    }
  }
}
