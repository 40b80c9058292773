# From one event as Popsee sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
#
# Popsee shows numbers and text as answers and says nothing of the rest; booleans, lists and
# objects are taken as well. It documents no id of an event, so the name of the event and the id
# of the response make one: a response is completed once. An unknown event that lacks any of these
# counts as one of its own.

def object: (objects // {});
def list: (arrays // []);
def blank: type == "string" and (test("\\S") | not);
def filled: if . == null or blank or . == [] then null else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;

# Ids and names are text to us, numbers or not. What is no scalar stays, for the schema to refuse.
def id: filled | if type == "number" or type == "boolean" then tostring else . end;

# What may stand in an attribute or an answer: a scalar, or a list of scalars.
def plain: if type == "array" then map(values | scalar) else scalar end;

def kind: {number: "number", boolean: "boolean", array: "choices", string: "text"}[type] // "other";

# An unanswered question has no answer. The type is a guess from the value alone; the survey
# catalogue knows better.
def answers:
  [list[] | object | select((.value | filled) != null)] | to_entries | map(
    .key as $index | .value | (.value | plain) as $value |
    {
      questionId: (.questionId | id),
      position: ($index + 1),
      type: (.value | kind),
      value: $value,
      text: (if ($value | type) == "array" then $value | map(tostring) | join(", ")
        else $value | tostring end)
    }
  );

# email and userId are the names that Popsee's own example gives its custom parameters. Where they
# hold something they say who answered, and are no attributes then.
def email: .email | strings | filled;
def user_id: .userId | (strings, numbers) | id;

def attributes($params):
  ({origin: .origin} + $params
    | if ($params | email // null) != null then del(.email) else . end
    | if ($params | user_id // null) != null then del(.userId) else . end)
  | map_values(if . == null then null else plain end);

def response:
  (.response | object) as $response |
  ($response.customParams | object) as $params |
  ($response.id | id) as $id |
  {
    key: (if $id == null then null else "popsee:\($id)" end),
    provider: "popsee",
    id: $id,
    status: "completed",
    survey: (.survey | object | {id: (.id | id), title: (.name | filled)}),
    respondent: {
      email: ($params | email // null),
      externalId: ($params | user_id // null)
    },
    completedAt: ($response.completedAt | filled),
    answers: ($response.answers | answers),
    attributes: attributes($params),
    pageUrl: ($response.pageUrl | filled)
  };

if type != "object" then error("expected an event as a JSON object, and got \(type)")
else . end |
variable("eventType") as $type |
(.response | object | .id | id) as $response_id |
(.survey | object | .id | id) as $survey_id |
{
  specversion: "1.0",
  id: (
    if $type == "survey.unknown" then
      [.event, $response_id // $survey_id, .timestamp] |
      if all(. != null) then map(scalar | tostring) | join("|")
      else "request|\(property("gatewayRequestId"))" end
    elif $response_id == null then null
    else "\(.event)|\($response_id)" end
  ),
  source: "/providers/popsee",
  type: $type,
  subject: "popsee:\($response_id // $survey_id // "unknown")",
  time: ((.timestamp | filled) // (.response | object | .completedAt | filled)
    // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then {provider: "popsee", event: .event, payload: .}
    else response end
  )
}
