# From one event as Formbricks sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")          what the route chose
# property("header.webhook-id")  the id of the message, the same when it is sent again
#
# Answers are text, numbers, lists of texts, or for a matrix an object of row and column. There is
# no title and no type of a question.

def object: (objects // {});
def list: (arrays // []);
def filled: if . == null or . == "" or . == [] or . == {} then null else . end;
def id: filled | if type == "number" or type == "boolean" then tostring else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
def plain: if type == "array" then map(values | scalar) else scalar end;

def kind: {number: "number", boolean: "boolean", array: "choices", string: "text"}[type] // "other";

# Lists of contact details hold "" for what was left empty.
def tidy: if type == "array" then map(filled | values) else . end | filled;

def answers:
  [
    .data | object | to_entries[] | .key as $question | .value |
    if type == "object" then
      to_entries[] | {rowId: .key, question: .key, value: (.value | tidy), choice: true}
    else
      {value: tidy, choice: false}
    end |
    select(.value != null) | . + {questionId: $question}
  ] | to_entries | map(
    .key as $index | .value |
    {
      questionId, rowId, position: ($index + 1), question,
      type: (if .choice and (.value | type) == "string" then "choice" else .value | kind end),
      value: (.value | plain),
      text: (.value | plain | if type == "array" then map(tostring) | join(", ") else tostring end)
    }
  );

# contactAttributes has names of its own, and these that Formbricks gives to every contact.
def respondent:
  (.contact | object) as $contact | (.contactAttributes | object) as $known |
  {
    id: ($contact.id | id),
    email: ($known.email | strings // null | filled),
    firstName: ($known.firstName | strings // null | filled),
    lastName: ($known.lastName | strings // null | filled),
    externalId: (($known.userId // $contact.userId) | id),
    language: (if .language == "default" then null else .language | strings // null | filled end)
  };

def attributes:
  (.meta | object) as $meta |
  {
    country: $meta.country, source: $meta.source, action: $meta.action, ending: .endingId,
    tags: ([.tags | list[] | if type == "object" then .name else . end | values | scalar] | filled)
  }
  + (.variables | object)
  + (.contactAttributes | object | del(.email, .firstName, .lastName, .userId)) |
  map_values(if . == null or . == "" then null else plain end);

def response($type):
  (.id | id) as $id |
  (.finished == true) as $finished |
  {
    key: (if $id == null then null else "formbricks:\($id)" end),
    provider: "formbricks",
    id: $id,
    status: (if $finished then "completed" else "partial" end),
    survey: {id: (.surveyId | id), title: (.survey | object | .title | filled)},
    respondent: respondent,
    startedAt: (.createdAt | filled),
    completedAt: (if $finished then .updatedAt | filled else null end),
    modifiedAt: (.updatedAt | filled),
    durationSeconds: (.ttc | object | ._total | numbers // null |
      if . == null or . < 0 then null else (. / 1000 | floor) end),
    answers: answers,
    attributes: attributes,
    pageUrl: (.meta | object | .url | filled)
  };

if type != "object" then error("expected an event as a JSON object, and got \(type)")
else . end |
variable("eventType") as $type |
(.data | object) as $data |
($data.id | id) as $response_id |
{
  specversion: "1.0",
  # One message may hold several events.
  id: (
    [property("header.webhook-id") // "request \(property("gatewayRequestId"))",
      .event, $response_id] | map(values | scalar | tostring) | join("|")
  ),
  source: "/providers/formbricks",
  type: $type,
  subject: "formbricks:\($response_id // ($data.surveyId | id) // "unknown")",
  time: (($data.updatedAt | filled) // ($data.createdAt | filled) // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then {provider: "formbricks", event: .event, payload: .}
    else $data | response($type) end
  )
}
