package io.surveygateway.console;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * Makes the description of {@code /api} in OpenAPI 3.0 of the operations as Spring has them: paths,
 * what they take, what they answer; and of what {@link Described} says of each. Of an operation
 * that lacks it the log tells, and its entry says no more than that it is there. For one use.
 */
final class ApiDescription {

  private static final Logger LOG = LoggerFactory.getLogger(ApiDescription.class);

  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";
  private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

  private final ModelConverters models = new ModelConverters();
  private final Components components = new Components();

  ApiDescription() {
    models.addConverter(new ModelResolver(Json.mapper(), new Names()));
  }

  /** Of classes in other packages than the usual ones several have the same name. */
  private static final class Names extends TypeNameResolver {

    private static final Set<String> USUAL = Set.of("console", "store", "operations");

    private final Map<String, Class<?>> given = new HashMap<>();

    @Override
    protected String nameForClass(Class<?> type, Set<Options> options) {
      var name = named(type, options);
      var other = given.putIfAbsent(name, type);
      if (other != null && other != type) {
        // One of them would be described as the other.
        throw new IllegalStateException(
            "Expected names that differ, got " + name + " for " + other + " and " + type);
      }
      return name;
    }

    private String named(Class<?> type, Set<Options> options) {
      var within = type.getEnclosingClass();
      // A part of data is named with what it is a part of.
      var name =
          (within != null && within.isRecord() ? within.getSimpleName() : "")
              + super.nameForClass(type, options);
      var where = type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1);
      return type.getPackageName().startsWith("io.surveygateway.") && !USUAL.contains(where)
          ? where.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + where.substring(1) + name
          : name;
    }
  }

  /**
   * @param operations all that Spring has; those that are not under {@code /api} are left out
   */
  OpenAPI of(Map<RequestMappingInfo, HandlerMethod> operations) {
    var paths = new TreeMap<String, PathItem>();
    operations.forEach(
        (mapping, method) ->
            mapping
                .getPatternValues()
                .forEach(
                    pattern -> {
                      // Spring's {*name} takes what is left, slashes too.
                      var path = pattern.replace("{*", "{");
                      if (path.startsWith("/api/")) {
                        var item = paths.computeIfAbsent(path, p -> new PathItem());
                        for (var verb : mapping.getMethodsCondition().getMethods()) {
                          item.operation(
                              HttpMethod.valueOf(verb.name()),
                              operationOrLess(path, verb.name(), mapping, method));
                        }
                      }
                    }));
    var ordered = new Paths();
    paths.forEach(ordered::addPathItem);
    return new OpenAPI()
        .info(
            new Info()
                .title("Survey Gateway")
                .version("1")
                .description(
                    "What became of every event, and what can be done about it. Lists are read page"
                        + " by page: next names the page that follows. Errors are problem+json (RFC"
                        + " 9457); detail says what was expected."))
        .servers(List.of(new Server().url("/")))
        .security(anyLogin())
        .paths(ordered)
        .components(
            components
                .addSecuritySchemes(
                    "password",
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("basic")
                        .description("User admin, password GATEWAY_ADMIN_PASSWORD"))
                .addSecuritySchemes(
                    "token",
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("sgw_...")
                        .description(
                            "Made on the page API tokens. Scope read opens every GET, operate the"
                                + " rest too, save /api/tokens")));
  }

  private static List<SecurityRequirement> anyLogin() {
    return List.of(
        new SecurityRequirement().addList("password"), new SecurityRequirement().addList("token"));
  }

  /** One operation that cannot be described costs itself, not what is said of the others. */
  private Operation operationOrLess(
      String path, String verb, RequestMappingInfo mapping, HandlerMethod method) {
    try {
      return operation(path, verb, mapping, method);
    } catch (RuntimeException e) {
      LOG.warn(
          "The description of the API says of {} {} only that it is there. {}",
          verb,
          path,
          e.getMessage());
      return undescribed(path, method);
    }
  }

  /** That it is there, and where; without a summary. */
  private static Operation undescribed(String path, HandlerMethod method) {
    var operation = named(path, method);
    VARIABLE
        .matcher(path)
        .results()
        .forEach(
            found ->
                operation.addParametersItem(
                    new PathParameter().name(found.group(1)).schema(new StringSchema())));
    return operation.responses(
        new ApiResponses()._default(new ApiResponse().description("Not described")));
  }

  private static Operation named(String path, HandlerMethod method) {
    return new Operation()
        .addTagsItem(path.split("/")[2])
        .operationId(
            method.getBeanType().getSimpleName().replaceFirst("Api$", "").toLowerCase()
                + "-"
                + method.getMethod().getName());
  }

  private Operation operation(
      String path, String verb, RequestMappingInfo mapping, HandlerMethod method) {
    var described = method.getMethodAnnotation(Described.class);
    if (described == null) {
      throw new IllegalStateException(
          "Expected @Described at " + method.getShortLogMessage() + ", there is none");
    }
    var operation =
        named(path, method)
            .summary(described.value())
            .description(described.more().isEmpty() ? null : described.more());
    VARIABLE
        .matcher(path)
        .results()
        .forEach(found -> operation.addParametersItem(ApiParameters.path(found.group(1))));
    for (var name : described.query()) {
      operation.addParametersItem(ApiParameters.query(name));
    }
    if (ConsoleSecurity.isAboutTokens(path)) {
      operation.security(List.of(new SecurityRequirement().addList("password")));
    }
    operation.requestBody(body(described));
    return operation.responses(answers(path, verb, mapping, described, method));
  }

  private @Nullable RequestBody body(Described described) {
    if (described.body() == Void.class) {
      return null;
    }
    var isBytes = described.body() == byte[].class;
    var content = new MediaType();
    content.schema(
        isBytes ? new Schema<>().type("string").format("binary") : model(described.body()));
    if (!described.example().isEmpty()) {
      content.example(isBytes ? described.example() : json(described.example()));
    }
    return new RequestBody()
        .required(!described.isBodyOptional())
        .content(new Content().addMediaType(isBytes ? "*/*" : JSON, content));
  }

  private static Object json(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("Expected an example in JSON, got " + text, e);
    }
  }

  private ApiResponses answers(
      String path,
      String verb,
      RequestMappingInfo mapping,
      Described described,
      HandlerMethod method) {
    var answers = new ApiResponses();
    answers.addApiResponse(
        String.valueOf(described.success()),
        new ApiResponse()
            .description(HttpStatus.valueOf(described.success()).getReasonPhrase())
            .content(
                new Content()
                    .addMediaType(
                        answeredAs(mapping), new MediaType().schema(answer(described, method)))));
    var errors = new TreeSet<>(Set.of(401, 403, 429, 503));
    for (var error : described.errors()) {
      errors.add(error);
    }
    if (path.contains("{")) {
      errors.add(404);
    }
    if (path.contains("{id}") || described.query().length > 0 || described.body() != Void.class) {
      errors.add(400);
    }
    if (!mapping.getConsumesCondition().isEmpty()) {
      errors.add(415);
    }
    if (described.body() != Void.class) {
      errors.add(413);
    }
    for (var error : errors) {
      answers.addApiResponse(
          String.valueOf(error),
          new ApiResponse()
              .description(words(error, verb))
              .content(
                  new Content()
                      .addMediaType(PROBLEM, new MediaType().schema(model(ProblemDetail.class)))));
    }
    return answers;
  }

  private static String words(int status, String verb) {
    return switch (status) {
      case 400 -> "Something in the path, the query or the body is not as expected";
      case 401 -> "No login, or a wrong one, or a token that holds no more";
      case 403 ->
          verb.equals("GET")
              ? "The login may not see this"
              : "The login may not change this; a token needs scope operate";
      case 404 -> "There is none (any more)";
      case 409 -> "It is in a state in which that cannot be done; result says which";
      case 413 -> "The body is too large";
      case 415 -> "The body is of another content type";
      case 422 -> "It could not be tried; mistakes are listed with file and line";
      case 429 -> "Too many wrong logins from this address, or too many tries at once";
      case 503 -> "The store cannot be reached; Retry-After says when to come back";
      default -> HttpStatus.valueOf(status).getReasonPhrase();
    };
  }

  private static String answeredAs(RequestMappingInfo mapping) {
    return mapping.getProducesCondition().getProducibleMediaTypes().stream()
        .map(String::valueOf)
        .findFirst()
        .orElse(JSON);
  }

  private Schema<?> answer(Described described, HandlerMethod method) {
    var type = described.answer() == Void.class ? answered(method) : described.answer();
    return type == byte[].class ? new Schema<>().type("string").format("binary") : model(type);
  }

  private static Type answered(HandlerMethod method) {
    var type = method.getMethod().getGenericReturnType();
    return type instanceof ParameterizedType generic && generic.getRawType() == ResponseEntity.class
        ? generic.getActualTypeArguments()[0]
        : type;
  }

  private Schema<?> model(Type type) {
    var resolved = models.resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
    resolved.referencedSchemas.forEach(components::addSchemas);
    return resolved.schema;
  }
}
