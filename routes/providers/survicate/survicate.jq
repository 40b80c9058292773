# From one event as Survicate sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
#
# The name of the event is the one member of "event". An answer's value stands under its kind:
# choice, choices, text, date, fields, matrix or ranking.

def object: (objects // {});
def list: (arrays // []);
def filled: if . == null or . == "" or . == [] or . == {} then null else . end;
def id: filled | if type == "number" or type == "boolean" then tostring else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
def plain: if type == "array" then map(values | scalar) else scalar end;

# A Net Promoter Score has its value as the id of the choice, and its class as the body.
def nps:
  (.choice | object) as $choice |
  if ($choice.id | type) == "number" and $choice.id >= 0 and $choice.id <= 10
    and ($choice.body == "promoter" or $choice.body == "passive" or $choice.body == "detractor")
  then $choice.id else null end;

# What was given, as one answer or several: a matrix and a ranking have one for each row.
def given:
  nps as $nps |
  if $nps != null then {type: "rating", value: $nps}
  elif (.choice | filled) != null then .choice | object |
    {type: "choice", value: ((.body // .id) | scalar), choiceIds: [.id | id | values]}
  elif (.choices | filled) != null then [.choices | list[] | objects] |
    {type: "choices", value: map((.body // .id) | values | scalar), choiceIds: map(.id | id | values)}
  elif (.text | filled) != null then {type: "text", value: (.text | scalar)}
  elif (.date | filled) != null then {type: "date", value: (.date | scalar)}
  elif (.fields | filled) != null then .fields | object | to_entries[] |
    select((.value | filled) != null) | {
      type: ({email: "email", phone: "phone"}[.key] // "text"),
      rowId: .key, row: .key, value: (.value | plain)
    }
  elif ((.matrix // .ranking) | filled) != null then
    (if .matrix != null then "choice" else "other" end) as $type |
    (.matrix // .ranking) | list[] | objects |
    {type: $type, rowId: (.id | id), row: (.body | strings // null), value: (.value | if . == null then null else scalar end)}
  else empty end;

# What was added to a choice in words; an answer of its own.
def comments:
  [.choice, (.choices | list[])] | map(objects | select((.comment | strings | filled) != null) |
    {type: "text", rowId: "\(.id // "choice"):comment", value: .comment})[];

def answers:
  (.question | object) as $question |
  [given, comments] | map(select(.value != null and .value != [])) | to_entries | map(
    .key as $index | .value | {
      questionId: ($question.id | id),
      rowId,
      position: ($index + 1),
      question: ([$question.body, .row] | map(strings | filled | values) | join(" – ") | filled),
      type,
      value,
      text: (.value | if type == "array" then map(tostring) | join(", ") else tostring end),
      choiceIds: (.choiceIds | filled)
    }
  );

# As an object, or as a list of {"name", "value"}.
def traits:
  if type == "object" then .
  else [list[] | objects | select((.name | type) == "string") | {key: .name, value}] | from_entries end;

def respondent:
  (.respondent | object) as $person | (.fields | object) as $fields |
  ($person.attributes | traits) as $traits |
  def text: strings // null | filled;
  {
    id: (($person.uuid // $person.id) | id),
    email: (($fields.email | text) // ($traits.email | text)),
    firstName: ($fields.firstName | text),
    lastName: ($fields.lastName | text),
    phone: ($fields.phone | text)
  };

def response($type; $response_id; $id):
  ($type == "survey.response.completed") as $complete |
  {
    key: "survicate:\($id)",
    provider: "survicate",
    id: $id,
    status: (if $complete then "completed" else "partial" end),
    survey: (.survey | object | {id: (.id | id), title: (.name | filled)}),
    respondent: respondent,
    completedAt: (if $complete then .timestamp | filled else null end),
    modifiedAt: (.timestamp | filled),
    answers: (if $complete then null else answers end),
    scores: {nps: nps},
    attributes: (
      (.respondent | object | .attributes | traits | del(.email))
      + {response_uuid: $response_id} | map_values(if . == null then null else plain end)
    ),
    pageUrl: (.url | strings // null | filled)
  };

if type != "object" then error("expected an event as a JSON object, and got \(type)")
else . end |
variable("eventType") as $type |
(.event | object | keys_unsorted | .[0]) as $name |
(if $name == null then {} else .event[$name] | object end) as $event |
(($event.responseUuid | id) // (.messageId | id)) as $response_id |
($event.question | object | .id | id) as $question |
(if $type == "survey.response.completed" then [$response_id] else [$response_id, $question] end
  | map(values) | join(":") | filled) as $id |
if $type != "survey.unknown" and $response_id == null then
  error("expected responseUuid or messageId, and there is neither")
else . end |
{
  specversion: "1.0",
  id: (
    if $type == "survey.unknown" then
      [$name, .messageId] | if all(. != null) then map(scalar | tostring) | join("|")
      else "request|\(property("gatewayRequestId"))" end
    else [$name, $response_id, $question, $event.timestamp] | map(values | scalar | tostring) | join("|")
    end
  ),
  source: "/providers/survicate",
  type: $type,
  subject: "survicate:\($id // "unknown")",
  time: (($event.timestamp | filled) // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then {provider: "survicate", event: $name, payload: .}
    else $event | response($type; $response_id; $id) end
  )
}
