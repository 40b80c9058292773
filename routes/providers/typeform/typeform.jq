# From one event as Typeform sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
#
# An answer's value stands under the name of its type: {"type": "number", "number": 9}.

def object: (objects // {});
def list: (arrays // []);
def filled: if . == null or . == "" or . == [] or . == {} then null else . end;
def id: filled | if type == "number" or type == "boolean" then tostring else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
def plain: if type == "array" then map(values | scalar) else scalar end;

# The form's fields, and those inside groups, matrices and contact details with what holds them. A
# group may hold a matrix or contact details, and those hold no further ones.
def field($parent):
  {id: (.id | id), title: (.title | strings // null), type, key: .subfield_key, parent: $parent};
def inside: .properties | object | .fields | list[] | objects;
def fields:
  list[] | objects | field(null) as $outer |
  $outer, (inside | field($outer) as $inner | $inner, (inside | field($inner)));

# What was given: value, text and choiceIds.
def one: {value: (.label // .other), choiceIds: [.id // empty]};
def several:
  {value: [(.labels | list[]), (.other // empty)], choiceIds: [.ids | list[]]};

def given:
  .type as $type | (.[($type | strings) // ""] // null) as $value |
  if $type == "boolean" then {value: .boolean}
  elif $type == "choice" then $value | object | one
  elif $type == "choices" then $value | object | several
  elif $type == "payment" then {value: ($value | object | .amount)}
  else {value: ($value | filled | if . == null then null else plain end)} end |
  .value |= if . == [] or . == "" then null else . end;

def kind($field):
  ($field.type // "") as $of |
  {
    text: "text", boolean: "boolean", email: "email", url: "text", file_url: "file", date: "date",
    phone_number: "phone", choice: "choice", choices: "choices",
    number: (if $of == "opinion_scale" or $of == "rating" or $of == "nps" then "rating" else "number" end)
  }[.type | strings // ""] // "other";

def answers($fields):
  [.answers | list[] | objects | . + {given: given} | select(.given.value != null)] | to_entries | map(
    .key as $index | .value |
    (.field | object) as $field | ($field.id | id) as $id |
    (if $id == null then {} else $fields[$id] // {} end) as $known |
    ($known.parent.type == "matrix") as $row |
    {
      questionId: (if $row then $known.parent.id else $id end),
      rowId: (if $row then $id else null end),
      position: ($index + 1),
      question: ([if $row then $known.parent.title else null end, $known.title] |
        map(filled | values) | join(" – ") | filled),
      type: kind($field),
      value: .given.value,
      text: (.given.value | if type == "array" then map(tostring) | join(", ") else tostring end),
      choiceIds: (.given.choiceIds | if . == null then null else map(id) | filled end)
    }
  );

# From typed fields alone: what the block for contact details calls first_name is one.
def respondent($fields):
  [.answers | list[] | objects] as $answers |
  def typed($type): [$answers[] | select(.type == $type) | .[$type] | strings | filled | values] | .[0];
  def keyed($key): [$answers[] | (.field | object | .id | id) as $id | select($id != null) |
    select($fields[$id].key == $key) | .text | strings | filled | values] | .[0];
  {
    email: typed("email"), phone: typed("phone_number"),
    firstName: keyed("first_name"), lastName: keyed("last_name")
  };

# Hidden fields keep their names; what the form calculated is told apart from them.
def attributes:
  ([.variables | list[] | objects | select((.key | type) == "string") |
    {key: "variable.\(.key)", value: (.[.type | strings // ""] // null)}] | from_entries)
  + {ending: (.ending | object | .ref)}
  + (.hidden | object) |
  map_values(if . == null then null else plain end);

def seconds: (.[0:19] + "Z" | fromdateiso8601)? // null;
def seconds_between($from; $until):
  ($from | strings | seconds) as $from | ($until | strings | seconds) as $until |
  if $from != null and $until != null and $until >= $from then $until - $from else null end;

def response($type):
  (reduce (.definition | object | .fields | fields) as $field ({};
    if $field.id == null then . else .[$field.id] = $field end)) as $fields |
  (.token | id) as $id |
  ($type == "survey.response.completed") as $complete |
  {
    key: (if $id == null then null else "typeform:\($id)" end),
    provider: "typeform",
    id: $id,
    status: (if $complete then "completed" else "partial" end),
    survey: {id: (.form_id | id), title: (.definition | object | .title | strings // null | filled)},
    respondent: respondent($fields),
    startedAt: (.landed_at | filled),
    completedAt: (if $complete then .submitted_at | filled else null end),
    durationSeconds: (if $complete then seconds_between(.landed_at; .submitted_at) else null end),
    answers: answers($fields),
    scores: {
      nps: ([.answers | list[] | objects | select((.field | object | .type) == "nps") | .number
        | numbers | select(. >= 0 and . <= 10)] | .[0]),
      total: (.calculated | object | .score | numbers // null)
    },
    attributes: attributes
  };

if type != "object" then error("expected an event as a JSON object, and got \(type)")
else . end |
variable("eventType") as $type |
(.form_response | object) as $response |
($response.token | id) as $token |
{
  specversion: "1.0",
  id: (
    (.event_id | id) //
    ([.event_type, $token, $response.submitted_at // $response.landed_at] |
      if all(. != null) then map(scalar | tostring) | join("|")
      else "request|\(property("gatewayRequestId"))" end)
  ),
  source: "/providers/typeform",
  type: $type,
  subject: "typeform:\($token // ($response.form_id | id) // "unknown")",
  time: (($response.submitted_at | filled) // ($response.landed_at | filled)
    // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then {provider: "typeform", event: .event_type, payload: .}
    else $response | response($type) end
  )
}
