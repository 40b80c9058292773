# From one notification as Alchemer sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
# html_text              the gateway's own: HTML to plain text. For titles and choices, which
#                        Alchemer writes as HTML; never for what a respondent typed.
#
# survey_data holds each question by its id, as the API's version 5 returns it: an answer, or
# options (several choices), or subquestions (rows of a grid, each an answer or, by their ids,
# choices again).
#
# No date of a notification is known: it has the time at which it was taken. The response's id is
# its session_id, which the API calls unique for each response and which is there before it is
# processed.

def object: (objects // {});
def blank: type == "string" and (test("\\S") | not);
def filled: if . == null or blank or . == [] or . == {} then null else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
def word: filled | if type == "object" or type == "array" or . == null then null else tostring end;
# PHP writes a list without members and an object without members alike.
def members: object | to_entries;

def number:
  if type == "number" then .
  elif type == "string" and test("\\A-?[0-9]{1,15}(\\.[0-9]{1,10})?\\z") then tonumber
  else null end;

def kind: (.type // "") | if type == "string" then ascii_upcase else "" end;
def is_hidden: kind | test("\\AHIDDEN");
def is_choice: kind | test("\\A(RADIO|MENU|DROPDOWN|CHECKBOX)");

def title($parent):
  [$parent, (.question | strings | html_text)] | map(values) | join(" – ") | filled;

# The chosen ones of several options, in their order.
def chosen: [.options | members[] | .value | object | select(.answer | filled != null)];
def words_of($typed): .answer | scalar | tostring | if $typed then . else html_text // . end;

# One row, or the question as a whole.
def one($question; $row; $parent):
  (kind) as $kind |
  if (.options | members | length) > 0 then
    chosen as $chosen | select($chosen | length > 0) |
    {
      questionId: $question, rowId: $row, question: title($parent), type: "choices",
      value: ($chosen | map(words_of(.option == null or .option != .answer))),
      choiceIds: ($chosen | map(.id | word | values) | filled)
    }
  else
    select(.answer | filled != null) |
    (.answer | number) as $number |
    {
      questionId: $question, rowId: $row, question: title($parent),
      type: (
        if $kind == "NPS" and $number != null then "number"
        elif $kind == "EMAIL" then "email"
        elif $kind == "DATE" then "date"
        elif is_choice then "choice"
        elif (.answer | type) == "number" then "number"
        elif (.answer | type) == "boolean" then "boolean"
        else "text" end),
      value: (
        if $kind == "NPS" and $number != null then $number
        elif is_choice then words_of(false)
        else .answer | if type == "array" then map(values | scalar) else scalar end end),
      choiceIds: (if is_choice then [.answer_id | word | values] | filled else null end)
    }
  end;

# A row of a grid is a question of its own, or its chosen columns by their ids.
def rows($question; $parent):
  .subquestions | members[] | .key as $row | .value | object |
  if has("answer") or has("options") then one($question; $row; $parent)
  else
    [members[] | .value | object | select(.answer | filled != null)] as $chosen |
    select($chosen | length > 0) |
    {
      questionId: $question, rowId: $row, question: $parent, type: "choices",
      value: ($chosen | map(words_of(false))),
      choiceIds: ($chosen | map(.id | word | values) | filled)
    }
  end;

def questions:
  [.survey_data | members[] | .key as $key | .value | objects | {id: (.id // $key | word), q: .}];

def answers:
  [
    .[] | .id as $id | .q | select(is_hidden | not) |
    if (.subquestions | members | length) > 0 then (title(null)) as $title | rows($id; $title)
    else one($id; null; null) end,
    (select(.comments | filled != null) |
      {
        questionId: $id, rowId: "comments", question: title(null), type: "text",
        value: (.comments | scalar)
      })
  ] | to_entries | map(
    .value + {
      position: (.key + 1),
      text: (.value.value | if type == "array" then map(tostring) | join(", ") else tostring end)
    });

# By a variable's name: its value alone, or {key, value, type}.
def variables:
  [members[] | select(.key | startswith("__") | not) |
    {key, value: (.value | if type == "object" then .value else . end |
      if type == "array" then map(values | scalar) else scalar end)} |
    select(.value | filled != null)] | from_entries;

# [...][0] round a member keeps jq shallow: without, all members of an object stand on the stack.
def response($type):
  [questions][0] as $questions |
  [.contact | object][0] as $contact |
  [.session_id | word][0] as $id |
  [$questions[].q | select(kind == "EMAIL") | .answer | word | values] as $addresses |
  [$questions[].q | select(kind == "NPS") | .answer | number | values | select(. >= 0 and . <= 10)]
    as $nps |
  {
    key: (if $id == null then null else "alchemer:\($id)" end),
    provider: "alchemer",
    id: $id,
    status: {
      "survey.response.completed": "completed",
      "survey.response.disqualified": "disqualified"
    }[$type] // "partial",
    survey: [{id: (.survey_id | word)}][0],
    collector: [
      .survey_link | object |
      if (.id | word) == null then null
      else {id: (.id | word), name: (.name | word), channel: (.type | word)} end][0],
    respondent: [{
      email: (($contact.email_address | word) // $addresses[0]),
      firstName: ($contact.first_name | word),
      lastName: ($contact.last_name | word),
      name: ([$contact.first_name, $contact.last_name | word | values] | join(" ") | filled)
    }][0],
    completedAt: (
      if $type == "survey.response.updated" then null else property("gatewayReceivedAt") end),
    answers: [$questions | answers][0],
    scores: {nps: $nps[0]},
    # Ours last: a respondent can write variables into the address. answers_not_fetched is the
    # gateway's own word, which the router goes by.
    attributes: [
      ((.url_variables | variables) + ([$questions[] | select(.q | is_hidden) | {
          key: ((.q.question | strings | html_text) // .id),
          value: (.q.answer | if type == "array" then map(values | scalar) else scalar end)
        } | select(.value | filled != null)] | from_entries) | del(.answers_not_fetched)) + {
        is_test_data: (.is_test_data | if type == "boolean" then . else null end),
        response_id: (.response_id | word)
      }][0]
  };

if type != "object" then error("expected a notification as a JSON object, and got \(type)") else . end |
variable("eventType") as $type |
[.data | object][0] as $data |
[$data.session_id | word][0] as $id |
{
  specversion: "1.0",
  # A response is completed once. Partial ones come again and again under one id, and Alchemer
  # sends none of them twice.
  id: [
    if $type == "survey.unknown" then "request|\(property("gatewayRequestId"))"
    elif $id == null then null
    elif $type == "survey.response.updated" then
      "\($id)|\($data.response_status)|\(property("gatewayRequestId"))"
    else "\($id)|\($data.response_status)" end
  ][0],
  source: "/providers/alchemer",
  type: $type,
  subject: ["alchemer:\($id // ($data.survey_id | word) // "unknown")"][0],
  time: property("gatewayReceivedAt"),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then {provider: "alchemer", event: .webhook_name, payload: .}
    else [$data | response($type)][0] end
  )
}
