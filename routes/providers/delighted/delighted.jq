# From one event as Delighted sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
#
# Times are seconds since 1970. The score and the comment are answers as well as what they are.

def object: (objects // {});
def list: (arrays // []);
def filled: if . == null or . == "" or . == [] or . == {} then null else . end;
def id: filled | if type == "number" or type == "boolean" then tostring else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
def plain: if type == "array" then map(values | scalar) else scalar end;
def instant: numbers // null | if . == null then null else (floor | todateiso8601) end;

# Which of the four is filled says what kind of question it was.
def additional:
  .additional_answers | list[] | objects |
  (.question | object) as $question | (.value | object) as $given |
  {
    questionId: ($question.id | id),
    question: ($question.text | strings // null | filled)
  } + (
    if ($given.select_many | filled) != null then $given.select_many | map(objects) | {
      type: "choices", value: map(.text // .id), choiceIds: map(.id | id | values)
    }
    elif ($given.select_one | filled) != null then $given.select_one | object | {
      type: "choice", value: (.text // .id), choiceIds: [.id | id | values]
    }
    elif $given.scale != null then {type: "rating", value: ($given.scale | scalar)}
    else {type: "text", value: ($given.free_response | filled | if . == null then null else scalar end)}
    end
  );

def answers:
  [
    {questionId: "score", type: "rating", value: (.score | numbers // null)},
    {questionId: "comment", type: "text", value: (.comment | strings // null | filled)},
    additional
  ] | map(select(.value != null)) | to_entries | map(
    .key as $index | .value | . + {
      position: ($index + 1),
      text: (.value | if type == "array" then map(tostring) | join(", ") else tostring end)
    }
  );

def response:
  (.id | id) as $id |
  (.survey_type | strings // null | filled) as $survey |
  (.person | if type == "object" then . else {id: .} end) as $person |
  {
    key: (if $id == null then null else "delighted:\($id)" end),
    provider: "delighted",
    id: $id,
    status: "completed",
    survey: {id: $survey},
    respondent: {
      id: ($person.id | id),
      email: ($person.email | strings // null | filled),
      name: ($person.name | strings // null | filled)
    },
    completedAt: (.created_at | instant),
    modifiedAt: (.updated_at | instant),
    answers: answers,
    scores: (if $survey == null then null
      elif $survey == "nps" then {nps: (.score | numbers // null | if . != null and . >= 0 and . <= 10 then . else null end)}
      else {($survey): (.score | numbers // null)} end),
    attributes: (
      {comment: (.comment | strings // null | filled), tags: ([.tags | list[] | values | scalar] | filled)}
      + (.person_properties | object) |
      map_values(if . == null or . == "" then null else plain end)
    ),
    links: {permalink: (.permalink | strings // null | filled)}
  };

if type != "object" then error("expected an event as a JSON object, and got \(type)")
else . end |
variable("eventType") as $type |
(.event_data | object) as $data |
($data.id | id) as $response_id |
(($data.updated_at | instant) // ($data.created_at | instant)) as $time |
{
  specversion: "1.0",
  id: (
    (.event_id | id) //
    (if $type != "survey.unknown" and $response_id != null and $time != null
      then "\(.event_type)|\($response_id)|\($time)"
      else "request|\(property("gatewayRequestId"))" end)
  ),
  source: "/providers/delighted",
  type: $type,
  subject: (if $type == "survey.unknown" then "delighted:unknown"
    else "delighted:\($response_id // "unknown")" end),
  time: ($time // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then {provider: "delighted", event: .event_type, payload: .}
    else $data | response end
  )
}
