package io.surveygateway.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.surveygateway.trial.Trial.Answers;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.StandardEnvironment;

/**
 * {@code java -jar survey-gateway.jar try <provider> <file>}: tries a request in a terminal, and
 * prints what it would become as JSON.
 *
 * <p>Needs the folder with {@code routes/} and {@code application.yaml}, and neither ports, nor the
 * store, nor a secret. Files beside a sample count as they do for the tests: {@code
 * <situation>.headers.json}, {@code <situation>.fetched.json}, and {@code @<path>} in its name.
 *
 * <p>Exit codes: 0 all became events that every destination can take; 1 something did not; 2 it
 * could not be tried.
 */
public final class TryCommand {

  /** The first argument, by which the command is known. */
  public static final String NAME = "try";

  static final int CLEAN = 0;
  static final int UNCLEAN = 1;
  static final int NOT_TRIED = 2;

  private static final String USAGE =
      """
      Usage: java -jar survey-gateway.jar try <provider> <file, or - for the standard input>
        --mapping=<file>       jq in place of the provider's own
        --path=<path>          what stood in the address after the provider
        --content-type=<type>  as the sender said; by the file's ending otherwise
        --header=<name>:<value>   a header that the provider's route keeps; several times
        --fetched=<file>       what the provider's API answers
        --received-at=<moment> such as 2026-03-02T09:00:00Z; now otherwise
      Prints what the request would become and what each destination would be sent, as JSON.
      Nothing is kept or sent. Exit code 0: all became events; 1: not all; 2: could not be tried.
      """;

  /** What the command was told wrongly. */
  private static final class UsageException extends RuntimeException {

    UsageException(String message) {
      super(message);
    }
  }

  private TryCommand() {}

  /**
   * @param arguments with {@link #NAME} first
   * @return the exit code
   */
  public static int run(String[] arguments, InputStream in, PrintStream out, PrintStream err) {
    Trial trial;
    try {
      trial = trial(arguments, in);
    } catch (UsageException e) {
      err.println(e.getMessage());
      err.print(USAGE);
      return NOT_TRIED;
    } catch (IOException e) {
      err.println("Expected a file that can be read: " + e.getMessage());
      return NOT_TRIED;
    }
    try (var parts = parts()) {
      var tried = parts.getBean(Trials.class).tryOut(trial);
      out.println(json(tried));
      return tried.isClean() ? CLEAN : UNCLEAN;
    } catch (TrialException e) {
      err.println(e.getMessage());
      e.mistakes().forEach(mistake -> err.println("  " + mistake));
      return NOT_TRIED;
    }
  }

  private static AnnotationConfigApplicationContext parts() {
    var environment = new StandardEnvironment();
    ConfigDataEnvironmentPostProcessor.applyTo(environment);
    // What there is to say is said in the answer.
    var logging = LoggingSystem.get(TryCommand.class.getClassLoader());
    logging.beforeInitialize();
    logging.initialize(new LoggingInitializationContext(environment), null, null);
    logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.OFF);
    var context = new AnnotationConfigApplicationContext();
    context.setEnvironment(environment);
    context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
    context.register(TrialParts.class);
    context.refresh();
    return context;
  }

  private static String json(Tried tried) {
    try {
      return JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build()
          .writeValueAsString(tried);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What was tried becomes JSON", e);
    }
  }

  private static Trial trial(String[] arguments, InputStream in) throws IOException {
    @Nullable String provider = null;
    @Nullable String file = null;
    Map<String, String> options = new LinkedHashMap<>();
    Map<String, String> headers = new LinkedHashMap<>();
    for (var i = 1; i < arguments.length; i++) {
      var argument = arguments[i];
      if (argument.startsWith("--header=")) {
        var header = argument.substring("--header=".length()).split(":", 2);
        if (header.length != 2 || header[0].isBlank()) {
          throw new UsageException("Expected --header=<name>:<value>");
        }
        headers.put(header[0].strip(), header[1].strip());
      } else if (argument.matches("--(mapping|path|content-type|fetched|received-at)=.+")) {
        var option = argument.substring(2).split("=", 2);
        options.put(option[0], option[1]);
      } else if (argument.startsWith("--")) {
        throw new UsageException("Expected another option than " + argument);
      } else if (provider == null) {
        provider = argument;
      } else if (file == null) {
        file = argument;
      } else {
        throw new UsageException("Expected one provider and one file");
      }
    }
    if (provider == null || file == null) {
      throw new UsageException("Expected a provider and a file");
    }
    return trial(provider, file, options, headers, in);
  }

  private static Trial trial(
      String provider,
      String file,
      Map<String, String> options,
      Map<String, String> headers,
      InputStream in)
      throws IOException {
    var sample = file.equals("-") ? null : Sample.of(Path.of(file));
    var body = sample == null ? in.readNBytes(Trials.LARGEST_BODY + 1) : bounded(sample.file());
    if (body.length > Trials.LARGEST_BODY) {
      throw new UsageException("Expected a body of " + Trials.LARGEST_BODY + " bytes at most");
    }
    if (sample != null && headers.isEmpty() && Files.exists(sample.beside("headers"))) {
      headers.putAll(Trial.headersOf(Files.readString(sample.beside("headers"))));
    }
    var fetched =
        options.containsKey("fetched")
            ? bounded(Path.of(options.get("fetched")))
            : sample != null && Files.exists(sample.beside("fetched"))
                ? bounded(sample.beside("fetched"))
                : null;
    var mapping = options.get("mapping");
    return new Trial(
        Trial.NOT_STORED,
        provider,
        body,
        options.getOrDefault(
            "content-type", sample == null ? "application/json" : sample.contentType(body)),
        options.getOrDefault("path", sample == null ? "" : sample.path()),
        headers,
        moment(options.get("received-at")),
        fetched == null ? Answers.NONE : Answers.GIVEN,
        fetched,
        mapping == null ? null : new String(bounded(Path.of(mapping)), UTF_8));
  }

  private static byte[] bounded(Path file) throws IOException {
    try (var stream = Files.newInputStream(file)) {
      return stream.readNBytes(Trials.LARGEST_BODY + 1);
    }
  }

  private static @Nullable Instant moment(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException("Expected --received-at as a moment such as 2026-03-02T09:00:00Z");
    }
  }

  /**
   * A file, and what its name says: {@code completed@updated.json}.
   *
   * @param situation its name without the ending
   */
  private record Sample(Path file, String situation, String ending) {

    static Sample of(Path file) {
      var name = file.getFileName().toString();
      var dot = name.lastIndexOf('.');
      return dot < 1
          ? new Sample(file, name, "")
          : new Sample(file, name.substring(0, dot), name.substring(dot));
    }

    Path beside(String what) {
      return file.resolveSibling(situation + "." + what + ".json");
    }

    String path() {
      var at = situation.indexOf('@');
      return at < 0 ? "" : situation.substring(at + 1);
    }

    String contentType(byte[] body) {
      return switch (ending) {
        case ".xml" -> "application/xml";
        case ".txt" -> "application/x-www-form-urlencoded";
        case ".multipart" ->
            "multipart/form-data; boundary="
                + new String(body, UTF_8).lines().findFirst().orElse("").replaceFirst("^--", "");
        default -> "application/json";
      };
    }
  }
}
