package io.surveygateway.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.surveygateway.store.RequestReads.Sent;
import io.surveygateway.trial.Trial.Answers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes the files of a provider's folder of a stored request: the sample and what it has to become,
 * named as the tests of {@code routes/} find them. Writes nothing. Safe for use by many threads.
 */
@Component
public final class SampleFiles {

  /** What a sample may be called. */
  public static final Pattern SITUATION = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** When the tests say that every sample was received. */
  private static final Instant RECEIVED_AT = Instant.parse("2026-03-02T10:00:00Z");

  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]{0,100}");

  private static final ObjectWriter PRETTY =
      new ObjectMapper()
          .writer(
              new DefaultPrettyPrinter(
                      Separators.createDefaultInstance()
                          .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                          .withArrayEmptySeparator(""))
                  .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                  .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  /**
   * @param path below {@code routes/}
   */
  public record SampleFile(String path, byte[] bytes) {

    @Override
    public String toString() {
      return "SampleFile[" + path + ", " + bytes.length + " bytes]";
    }
  }

  private final Trials trials;

  SampleFiles(Trials trials) {
    this.trials = trials;
  }

  /**
   * @param situation what the sample shows
   * @throws IllegalArgumentException if no sample can be called so, or came to such a path
   * @throws TrialException if it cannot be mapped now
   */
  public List<SampleFile> of(Sent sent, String situation) {
    if (!SITUATION.matcher(situation).matches()) {
      throw new IllegalArgumentException(
          "Expected a name of lower-case letters, digits and hyphens, at most 63, such as completed");
    }
    if (!PATH.matcher(sent.path()).matches()) {
      throw new IllegalArgumentException(
          "Expected a request whose path can stand in a file's name, and its path cannot");
    }
    var headers = Trial.headersOf(sent.headers());
    var folder = "providers/" + trials.folderOf(sent.provider()) + "/samples/";
    var name = folder + situation + (sent.path().isEmpty() ? "" : "@" + sent.path());
    var files = new ArrayList<SampleFile>();
    files.add(new SampleFile(name + extension(sent.contentType(), sent.body()), sent.body()));
    if (!headers.isEmpty()) {
      files.add(new SampleFile(name + ".headers.json", json(headers)));
    }
    var expected =
        trials.expected(
            new Trial(
                Trial.NOT_STORED,
                sent.provider(),
                sent.body(),
                sent.contentType(),
                sent.path(),
                headers,
                RECEIVED_AT,
                Answers.NONE,
                null,
                null));
    files.add(new SampleFile(name + ".expected.json", json(oneOrAll(expected))));
    return List.copyOf(files);
  }

  /** One event as itself; several, or none, as an array. */
  private static Object oneOrAll(List<JsonNode> expected) {
    return expected.size() == 1 ? expected.get(0) : expected;
  }

  private static String extension(@Nullable String contentType, byte[] body) {
    var type =
        contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (type.equals("multipart/form-data")) {
      return ".multipart";
    }
    if (type.equals("application/x-www-form-urlencoded")) {
      return ".txt";
    }
    return type.endsWith("/xml") || type.endsWith("+xml") || beginsWith('<', body)
        ? ".xml"
        : ".json";
  }

  private static boolean beginsWith(char letter, byte[] body) {
    for (var b : body) {
      if (b > ' ') {
        return b == letter;
      }
    }
    return false;
  }

  private static byte[] json(Object value) {
    try {
      return (PRETTY.writeValueAsString(value) + "\n").getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and trees become JSON", e);
    }
  }
}
