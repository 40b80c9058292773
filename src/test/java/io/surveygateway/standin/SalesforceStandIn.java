package io.surveygateway.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.surveygateway.standin.SalesforceOrg.Refusal;
import io.surveygateway.standin.SalesforceOrg.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Salesforce org with contacts and survey responses: client-credentials login, upsert, read and
 * delete of one record, description of an object, upsert of up to 200, composite, limits.
 *
 * <p>What cannot be read at all (an unknown field, a text where a number belongs) refuses a whole
 * call with 400; what breaks a rule refuses its own record. Records in one call that share their
 * key are refused together. Contacts are found by {@code Email}, which is no external id but has
 * idLookup.
 *
 * <p>Does not play: sharing, triggers, duplicate rules, what two concurrent upserts of one key do
 * to each other. Sources: REST API Developer Guide, "sObject Rows by External ID", "Upsert Records
 * Using sObject Collections", "Composite", "Limits", "Status Codes and Error Responses"; SOAP API
 * Developer Guide, "StatusCode".
 */
public final class SalesforceStandIn extends StandIn {

  public static final String CLIENT_ID = "stand-in-client";
  public static final String CLIENT_SECRET = "stand-in-secret";

  private static final int COLLECTION = 200;
  private static final int COMPOSITE = 25;
  private static final String ORG = "00D5f0000000001EAA";
  private static final String USER = "0055f0000000001AAA";
  private static final Pattern REFERENCE = Pattern.compile("@\\{(\\w+)\\.(\\w+)}");

  private final SalesforceOrg org = new SalesforceOrg();
  private final Set<String> sessions = new HashSet<>();
  private final List<RecordFault> recordFaults = new ArrayList<>();
  private int logins;
  private int dailyRequests = 15_000;
  private int used;

  private SalesforceStandIn() {
    org.declare(SalesforceObject.contact());
    org.declare(SalesforceObject.surveyResponse());
  }

  public static SalesforceStandIn start() {
    var salesforce = new SalesforceStandIn();
    salesforce.listen();
    return salesforce;
  }

  /** Has this object, in place of the one of that name that it had. */
  public synchronized void declare(SalesforceObject object) {
    org.declare(object);
  }

  /** Acts as if there were no such object, as for a user without a permission; records stay. */
  public synchronized void hide(String object) {
    org.hide(object);
  }

  /** Ends every session; the next call with one of them meets a 401. */
  public synchronized void expireSessions() {
    sessions.clear();
  }

  /** How many logins succeeded. */
  public synchronized int logins() {
    return logins;
  }

  /** From now on allows so many calls a day, those of the past counted. */
  public synchronized void allowDailyRequests(int requests) {
    dailyRequests = requests;
  }

  /**
   * Refuses the record with this key, so many times, such as with {@code UNABLE_TO_LOCK_ROW} and
   * "unable to obtain exclusive access to this record".
   */
  public synchronized void refuse(String key, int times, String code, String message) {
    recordFaults.add(new RecordFault(key, times, Refusal.of(code, message)));
  }

  /** Puts a record there as a person would, such as a second contact with one e-mail address. */
  public synchronized SalesforceRecord add(String object, Map<String, ?> values) {
    try {
      return org.create(object(object), StandInRequest.JSON.valueToTree(values));
    } catch (RefusedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The records of an object, oldest first. */
  public synchronized List<SalesforceRecord> records(String object) {
    return org.records(object);
  }

  public List<SalesforceRecord> contacts() {
    return records("Contact");
  }

  public List<SalesforceRecord> surveyResponses() {
    return records("Survey_Response__c");
  }

  /** The record with this value in a key field. */
  public synchronized Optional<SalesforceRecord> find(String object, String key, String value) {
    var declared = object(object);
    var field = declared.field(key).filter(SalesforceField::key).orElseThrow();
    return org.find(declared, field, value).stream().findFirst();
  }

  @Override
  String page() {
    return SalesforcePage.of(contacts(), surveyResponses());
  }

  @Override
  synchronized Answer answer(StandInRequest request) {
    if (request.path().equals("/services/oauth2/token")) {
      return login(request);
    }
    if (request.path().equals("/services/oauth2/revoke")) {
      request.query("token").ifPresent(sessions::remove);
      return Answer.empty(200);
    }
    if (!request.path().startsWith("/services/data")) {
      return Answer.html(404, "<html><body>URL No Longer Exists</body></html>");
    }
    if (request.bearer().filter(sessions::contains).isEmpty()) {
      return error(401, "INVALID_SESSION_ID", "Session expired or invalid");
    }
    if (used >= dailyRequests) {
      return error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
    }
    used++;
    return data(request)
        .withHeader("Sforce-Limit-Info", "api-usage=%d/%d".formatted(used, dailyRequests));
  }

  private Answer login(StandInRequest request) {
    var form = request.form();
    if (!request.method().equals("POST")) {
      return oauthError("invalid_request", "must use HTTP POST");
    }
    if (!"client_credentials".equals(form.get("grant_type"))) {
      return oauthError("unsupported_grant_type", "grant type not supported");
    }
    var basic = basic(request).orElse(new String[] {"", ""});
    if (!CLIENT_ID.equals(form.getOrDefault("client_id", basic[0]))) {
      return oauthError("invalid_client_id", "client identifier invalid");
    }
    if (!CLIENT_SECRET.equals(form.getOrDefault("client_secret", basic[1]))) {
      return oauthError("invalid_client", "invalid client credentials");
    }
    var token = ORG.substring(0, 15) + "!AQ" + "%012d".formatted(++logins);
    sessions.add(token);
    var answer = JsonNodeFactory.instance.objectNode();
    answer.put("access_token", token).put("signature", "c3RhbmQtaW4=").put("scope", "api");
    answer.put("instance_url", url()).put("id", url() + "/id/" + ORG + "/" + USER);
    answer.put("token_type", "Bearer").put("issued_at", "" + System.currentTimeMillis());
    return Answer.json(200, answer);
  }

  private static Optional<String[]> basic(StandInRequest request) {
    return request
        .header("Authorization")
        .filter(value -> value.startsWith("Basic "))
        .map(value -> Base64.getDecoder().decode(value.substring(6)))
        .map(pair -> new String(pair, StandardCharsets.UTF_8).split(":", 2))
        .filter(pair -> pair.length == 2);
  }

  /** {@code /services/data/vNN.0/...} */
  private Answer data(StandInRequest request) {
    var path = request.segments();
    if (path.size() < 4 || !path.get(2).matches("v\\d{2,3}\\.0")) {
      return notFound();
    }
    var version = Integer.parseInt(path.get(2).substring(1, path.get(2).indexOf('.')));
    var rest = path.subList(3, path.size());
    return switch (request.method() + " " + rest.get(0) + " " + rest.size()) {
      case "GET limits 1" -> limits();
      case "POST composite 1" -> composite(request);
      case "PATCH composite 4" ->
          rest.get(1).equals("sobjects") && version >= 46
              ? collection(request, rest.get(2), rest.get(3))
              : notFound();
      case "POST sobjects 2" -> create(request, rest.get(1));
      case "GET sobjects 3" ->
          rest.get(2).equals("describe")
              ? describe(rest.get(1))
              : row(request, rest.get(1), "Id", rest.get(2));
      case "PATCH sobjects 3", "DELETE sobjects 3" -> row(request, rest.get(1), "Id", rest.get(2));
      case "GET sobjects 4", "PATCH sobjects 4", "DELETE sobjects 4" ->
          row(request, rest.get(1), rest.get(2), rest.get(3));
      default -> notFound();
    };
  }

  private Answer limits() {
    var limits = JsonNodeFactory.instance.objectNode();
    limits
        .putObject("DailyApiRequests")
        .put("Max", dailyRequests)
        .put("Remaining", dailyRequests - used);
    return Answer.json(200, limits);
  }

  /** Of each field its name, label and whether records are found by it. */
  private Answer describe(String objectName) {
    var object = org.object(objectName);
    if (object.isEmpty()) {
      return notFound();
    }
    var description = JsonNodeFactory.instance.objectNode().put("name", object.get().name());
    var fields = description.putArray("fields");
    for (var field : object.get().fields().values()) {
      fields
          .addObject()
          .put("name", field.name())
          .put("label", field.label())
          .put("externalId", field.key() && field.name().endsWith("__c"))
          .put("idLookup", field.key());
    }
    return Answer.json(200, description);
  }

  private Answer create(StandInRequest request, String objectName) {
    var object = org.object(objectName);
    if (object.isEmpty()) {
      return notFound();
    }
    var unreadable = unreadable(object.get(), request.json().orElse(null));
    if (unreadable != null) {
      return unreadable;
    }
    try {
      return saved(201, org.create(object.get(), request.json().orElseThrow()), true);
    } catch (RefusedException e) {
      return refused(e.refusal());
    }
  }

  private Answer row(StandInRequest request, String objectName, String key, String value) {
    var object = org.object(objectName);
    if (object.isEmpty() || value.isEmpty()) {
      return notFound();
    }
    var field = object.get().field(key).filter(SalesforceField::key);
    var isById = key.equalsIgnoreCase("Id");
    if (field.isEmpty() && !isById) {
      return error(
          404,
          "NOT_FOUND",
          "Provided external ID field does not exist or is not accessible: " + key);
    }
    var found =
        isById
            ? org.record(value).filter(r -> r.object().equals(object.get().name())).stream()
                .toList()
            : org.find(object.get(), field.get(), value);
    if (found.size() > 1) {
      return manyFound(request, found);
    }
    var record = found.isEmpty() ? null : found.get(0);
    return switch (request.method()) {
      case "GET" -> record == null ? notFound() : Answer.json(200, shown(record, request));
      case "DELETE" -> {
        var fault = takeFault(value);
        if (fault.isPresent()) {
          yield refused(fault.get());
        }
        if (record == null) {
          yield notFound();
        }
        org.delete(record);
        yield Answer.empty(204);
      }
      default -> upsert(request, object.get(), field.orElse(null), value, record);
    };
  }

  private Answer upsert(
      StandInRequest request,
      SalesforceObject object,
      @Nullable SalesforceField key,
      String value,
      @Nullable SalesforceRecord record) {
    var body = request.json().orElse(null);
    var unreadable = unreadable(object, body);
    if (unreadable != null) {
      return unreadable;
    }
    if (key != null && body.has(key.name())) {
      return error(
          400,
          "INVALID_FIELD",
          "The %s field should not be specified in the sobject data.".formatted(key.name()));
    }
    var fault = takeFault(value);
    if (fault.isPresent()) {
      return refused(fault.get());
    }
    try {
      if (record != null) {
        var updated = org.update(object, record, body);
        return key == null ? Answer.empty(204) : saved(200, updated, false);
      }
      if (key == null) {
        return notFound();
      }
      var whole = ((ObjectNode) body).deepCopy();
      whole.put(key.name(), value);
      return saved(201, org.create(object, whole), true);
    } catch (RefusedException e) {
      return refused(e.refusal());
    }
  }

  /** {@code PATCH /composite/sobjects/<object>/<key>} */
  private Answer collection(StandInRequest request, String objectName, String keyName) {
    var object = org.object(objectName);
    if (object.isEmpty()) {
      return notFound();
    }
    var key = object.get().field(keyName).filter(SalesforceField::key);
    if (key.isEmpty()) {
      return error(
          404,
          "NOT_FOUND",
          "Provided external ID field does not exist or is not accessible: " + keyName);
    }
    var body = request.json().orElse(null);
    if (body == null || !body.path("records").isArray()) {
      return error(400, "JSON_PARSER_ERROR", "The request has no list of records");
    }
    var records = (ArrayNode) body.get("records");
    if (records.size() > COLLECTION) {
      return error(
          400,
          "EXCEEDED_ID_LIMIT",
          "record limit reached. cannot submit more than 200 records into this call");
    }
    for (var record : records) {
      var unreadable = unreadable(object.get(), record);
      if (unreadable != null) {
        return unreadable;
      }
      var type = record.path("attributes").path("type").asText("");
      if (!type.equalsIgnoreCase(object.get().name())) {
        return error(
            400,
            "INVALID_INPUT",
            "Expected attributes.type %s, got \"%s\"".formatted(object.get().name(), type));
      }
    }
    var allOrNone = body.path("allOrNone").asBoolean(false);
    var results =
        allOrNone
            ? org.transaction(
                () -> upsertAll(object.get(), key.get(), records),
                all -> all.stream().anyMatch(result -> result.refusal != null))
            : upsertAll(object.get(), key.get(), records);
    var answer = JsonNodeFactory.instance.arrayNode();
    var undone = allOrNone && results.stream().anyMatch(result -> result.refusal != null);
    for (var result : results) {
      answer.add(undone ? result.undone().json() : result.json());
    }
    return Answer.json(200, answer);
  }

  private List<Result> upsertAll(SalesforceObject object, SalesforceField key, ArrayNode records) {
    var shared = new HashMap<String, Integer>();
    for (var record : records) {
      var value = record.path(key.name()).asText("");
      shared.merge(SalesforceOrg.place(object, key, value), 1, Integer::sum);
    }
    var results = new ArrayList<Result>();
    for (var record : records) {
      var value = record.path(key.name()).asText("");
      var isShared = shared.get(SalesforceOrg.place(object, key, value)) > 1;
      results.add(upsertOne(object, key, value, isShared, record));
    }
    return results;
  }

  private Result upsertOne(
      SalesforceObject object,
      SalesforceField key,
      String value,
      boolean isShared,
      JsonNode record) {
    if (value.isEmpty()) {
      return Result.refused(
          Refusal.of("MISSING_ARGUMENT", key.name() + " not specified", key.name()));
    }
    if (isShared) {
      return Result.refused(
          Refusal.of("DUPLICATE_VALUE", "Duplicate external id specified: " + value, key.name()));
    }
    var fault = takeFault(value);
    if (fault.isPresent()) {
      return Result.refused(fault.get());
    }
    var found = org.find(object, key, value);
    if (found.size() > 1) {
      return Result.refused(
          Refusal.of(
              "DUPLICATE_EXTERNAL_ID",
              "%s: more than one record found for external id field: %s"
                  .formatted(
                      key.label(), found.stream().map(SalesforceRecord::id).toList().toString()),
              key.name()));
    }
    try {
      return found.isEmpty()
          ? new Result(org.create(object, record).id(), true, null)
          : new Result(org.update(object, found.get(0), record).id(), false, null);
    } catch (RefusedException e) {
      return Result.refused(e.refusal());
    }
  }

  /** {@code POST /composite}: up to 25 calls in one, later ones may name ids of earlier ones. */
  private Answer composite(StandInRequest request) {
    var body = request.json().orElse(null);
    if (body == null || !body.path("compositeRequest").isArray()) {
      return error(400, "JSON_PARSER_ERROR", "The request has no list of compositeRequest");
    }
    var calls = (ArrayNode) body.get("compositeRequest");
    if (calls.size() > COMPOSITE) {
      return error(
          400, "LIMIT_EXCEEDED", "Limit exceeded: a composite holds 25 subrequests at most");
    }
    var allOrNone = body.path("allOrNone").asBoolean(false);
    var answers =
        allOrNone
            ? org.transaction(
                () -> subrequests(request, calls, true),
                all -> all.values().stream().anyMatch(a -> a.status() >= 400))
            : subrequests(request, calls, false);
    var isUndone = allOrNone && answers.values().stream().anyMatch(a -> a.status() >= 400);
    var response = JsonNodeFactory.instance.objectNode();
    var list = response.putArray("compositeResponse");
    answers.forEach(
        (reference, answer) -> {
          var shown =
              isUndone && answer.status() < 400
                  ? error(
                      400,
                      "PROCESSING_HALTED",
                      "The transaction was rolled back since another operation in the same"
                          + " transaction failed.")
                  : answer;
          var one = list.addObject();
          one.set("body", bodyOf(shown));
          one.putObject("httpHeaders");
          one.put("httpStatusCode", shown.status()).put("referenceId", reference);
        });
    return Answer.json(200, response);
  }

  private Map<String, Answer> subrequests(
      StandInRequest request, ArrayNode calls, boolean allOrNone) {
    var answers = new LinkedHashMap<String, Answer>();
    var isHalted = false;
    for (var call : calls) {
      var reference = call.path("referenceId").asText("ref" + answers.size());
      if (isHalted) {
        answers.put(
            reference,
            error(400, "PROCESSING_HALTED", "An earlier operation of the transaction failed."));
        continue;
      }
      var inner =
          request.inner(
              call.path("method").asText(""),
              resolved(call.path("url").asText(""), answers),
              resolved(call.path("body").toString(), answers).getBytes(StandardCharsets.UTF_8));
      var answer = inner.path().startsWith("/services/data/") ? data(inner) : notFound();
      answers.put(reference, answer);
      isHalted = allOrNone && answer.status() >= 400;
    }
    return answers;
  }

  private static String resolved(String text, Map<String, Answer> answers) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> {
              var answer = answers.get(match.group(1));
              return answer == null
                  ? Matcher.quoteReplacement(match.group())
                  : bodyOf(answer).path(match.group(2)).asText("");
            });
  }

  private static JsonNode bodyOf(Answer answer) {
    return StandInRequest.parse(new String(answer.body(), StandardCharsets.UTF_8))
        .orElse(JsonNodeFactory.instance.nullNode());
  }

  /** Why a record cannot be read at all; null if it can. */
  private static @Nullable Answer unreadable(SalesforceObject object, @Nullable JsonNode record) {
    if (record == null || !record.isObject()) {
      return error(400, "JSON_PARSER_ERROR", "Unexpected character or end of input");
    }
    var unknown = SalesforceOrg.unknownName(object, record);
    if (unknown.isPresent()) {
      return error(
          400,
          "INVALID_FIELD",
          "No such column '%s' on sobject of type %s".formatted(unknown.get(), object.name()));
    }
    return SalesforceOrg.mistypedValue(object, record)
        .map(message -> error(400, "JSON_PARSER_ERROR", message))
        .orElse(null);
  }

  private Optional<Refusal> takeFault(String key) {
    for (var faults = recordFaults.iterator(); faults.hasNext(); ) {
      var fault = faults.next();
      if (fault.key.equals(key)) {
        if (--fault.times == 0) {
          faults.remove();
        }
        return Optional.of(fault.refusal);
      }
    }
    return Optional.empty();
  }

  private SalesforceObject object(String name) {
    return org.object(name)
        .orElseThrow(() -> new IllegalArgumentException("No such object: " + name));
  }

  private static JsonNode shown(SalesforceRecord record, StandInRequest request) {
    var shown = JsonNodeFactory.instance.objectNode();
    shown.putObject("attributes").put("type", record.object()).put("url", urlOf(record, request));
    shown.put("Id", record.id());
    var wanted = request.query("fields").map(names -> Set.of(names.split(",")));
    record
        .fields()
        .forEach(
            (name, value) -> {
              if (wanted.isEmpty() || wanted.get().contains(name)) {
                shown.set(name, value);
              }
            });
    return shown;
  }

  private static Answer manyFound(StandInRequest request, List<SalesforceRecord> found) {
    var urls = JsonNodeFactory.instance.arrayNode();
    found.forEach(record -> urls.add(TextNode.valueOf(urlOf(record, request))));
    return Answer.json(300, urls);
  }

  private static String urlOf(SalesforceRecord record, StandInRequest request) {
    return "/services/data/%s/sobjects/%s/%s"
        .formatted(request.segments().get(2), record.object(), record.id());
  }

  private static Answer saved(int status, SalesforceRecord record, boolean isNew) {
    return Answer.json(status, new Result(record.id(), isNew, null).json());
  }

  private static Answer notFound() {
    return error(404, "NOT_FOUND", "The requested resource does not exist");
  }

  private static Answer refused(Refusal refusal) {
    return error(400, refusal);
  }

  private static Answer error(int status, String code, String message) {
    return error(status, Refusal.of(code, message));
  }

  private static Answer error(int status, Refusal refusal) {
    var errors = JsonNodeFactory.instance.arrayNode();
    var error = errors.addObject();
    error.put("message", refusal.message()).put("errorCode", refusal.code());
    if (!refusal.fields().isEmpty()) {
      refusal.fields().forEach(error.putArray("fields")::add);
    }
    return Answer.json(status, errors);
  }

  private static Answer oauthError(String error, String description) {
    return Answer.json(
        400,
        JsonNodeFactory.instance
            .objectNode()
            .put("error", error)
            .put("error_description", description));
  }

  private static final class RecordFault {

    private final String key;
    private final Refusal refusal;
    private int times;

    RecordFault(String key, int times, Refusal refusal) {
      this.key = key;
      this.times = times;
      this.refusal = refusal;
    }
  }

  /** What became of one record of a call. */
  private record Result(@Nullable String id, boolean created, @Nullable Refusal refusal) {

    static Result refused(Refusal refusal) {
      return new Result(null, false, refusal);
    }

    /** The same after everything was undone because of another one. */
    Result undone() {
      return refusal != null
          ? this
          : refused(
              Refusal.of(
                  "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                  "Record rolled back because not all records were valid and the request was using"
                      + " AllOrNone header"));
    }

    ObjectNode json() {
      var json = JsonNodeFactory.instance.objectNode();
      if (id != null) {
        json.put("id", id);
      }
      json.put("success", refusal == null);
      var errors = json.putArray("errors");
      if (refusal != null) {
        var error = errors.addObject();
        error.put("statusCode", refusal.code()).put("message", refusal.message());
        refusal.fields().forEach(error.putArray("fields")::add);
      }
      return json.put("created", created);
    }
  }
}
