# From the fields of one submission as Jotform sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
# json_text              the gateway's own: the value of a text that is JSON
#
# The answers stand in rawRequest, as JSON text: q3_howOften is the answer to question 3, whose name
# is howOften. Files stand there by the name alone; temp_upload says which question that is. All
# else in it is the form's own. "pretty" has the titles too, but titles and answers with ":" and ","
# cannot be told apart in it.
#
# A submission names no types. What has a shape of its own (a name, a phone number, a date) is taken
# for that, and the respondent's address is the first answer that looks like one to a question whose
# name starts with "email", as Jotform names its own e-mail field; the survey catalogue knows
# better.

def object: (objects // {});
def blank: type == "string" and (test("\\S") | not);
def filled: if . == null or blank or . == [] or . == {} then null else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
# Of one field that came twice, the first.
def field:
  (if type == "array" then .[0] else . end) | filled | if type == "object" then null else . end;
def joined: map(values | scalar | tostring | select(blank | not)) | join(" ") | filled;
def text: if type == "array" then map(scalar | tostring) | join(", ") else scalar | tostring end;

def only($names): (keys_unsorted - $names) == [];
def is_name: type == "object" and (has("first") or has("last"))
  and only(["prefix", "first", "middle", "last", "suffix"]);
def is_phone: type == "object" and ((only(["full"]) and has("full"))
  or (only(["country", "area", "phone"]) and has("phone")));
def is_date: type == "object" and has("year") and has("month") and has("day")
  and ([.year, .month, .day] | map(scalar | tostring) |
    (.[0] | test("\\A[0-9]{4}\\z")) and (.[1:] | all(test("\\A[0-9]{1,2}\\z"))));
def two: tostring | if length == 1 then "0\(.)" else . end;

# What one question was answered, as one answer or, where it has members of its own, one for each.
def given:
  if is_name then {type: "text", value: ([.prefix, .first, .middle, .last, .suffix] | joined)}
  elif is_phone then {type: "phone", value: ([.full, .country, .area, .phone] | joined)}
  elif is_date then {type: "date", value: "\(.year)-\(.month | two)-\(.day | two)"}
  elif type == "object" then
    to_entries[] | select(.value | filled != null) |
    {
      rowId: (.key | filled),
      type: (if (.value | type) == "array" then "choices" else "text" end),
      value: (.value | if type == "array" then map(values | scalar) else scalar end)
    }
  elif type == "array" then {type: "choices", value: map(values | scalar)}
  else {type: ({number: "number", boolean: "boolean"}[type] // "text"), value: .} end;

# [{id, name, value, file}] in the form's order.
def questions:
  . as $raw |
  [
    (to_entries[] | .value as $value |
      (.key | capture("\\Aq(?<id>[0-9]{1,9})_(?<name>.*)\\z")?) |
      . + {value: $value, file: false}),
    (.temp_upload | object | keys_unsorted[] |
      (capture("\\Aq(?<id>[0-9]{1,9})_(?<name>.*)\\z")?) |
      . as $upload | $raw[$upload.name] | select(filled != null) |
      $upload + {value: ., file: true})
  ];

def is_email: (.value | type) == "string" and (.name | test("\\Aemail"; "i"))
  and (.value | test("\\A[^\\s@<>]{1,64}@[^\\s@<>]{1,255}\\z"));

def answers:
  [
    .[] | . as $question | select(.value | filled != null) |
    if .file then
      {type: "file", value: (.value | if type == "array" then map(values | scalar) else scalar end)}
    elif is_email then {type: "email", value: .value}
    else .value | given end |
    select(.value | filled != null) |
    {questionId: $question.id} + . + {text: (.value | text)}
  ] | to_entries | map(.value + {position: (.key + 1)});

# [...][0] round a member keeps jq shallow: without, all members of an object stand on the stack.
def response($raw):
  [$raw | questions][0] as $questions |
  [[$questions[].value | select(is_name)][0] // {}][0] as $name |
  [.submissionID | field][0] as $id |
  {
    key: (if $id == null then null else "jotform:\($id)" end),
    provider: "jotform",
    id: $id,
    status: "completed",
    survey: [{id: (.formID | field), title: (.formTitle | field)}][0],
    respondent: [{
      email: ([$questions[] | select(is_email) | .value][0]),
      name: ([$name.prefix, $name.first, $name.middle, $name.last, $name.suffix] | joined),
      firstName: ($name.first | filled | if . == null then null else scalar | tostring end),
      lastName: ($name.last | filled | if . == null then null else scalar | tostring end),
      phone: ([$questions[].value | select(is_phone)][0] // {} |
        [.full, .country, .area, .phone] | joined)
    }][0],
    completedAt: property("gatewayReceivedAt"),
    answers: [$questions | answers][0],
    attributes: [{
      channel: (.type | field),
      customTitle: (.customTitle | field),
      customParams: (.customParams | field)
    }][0]
  };

if type != "object" then error("expected the fields of a form, and got \(type)") else . end |
variable("eventType") as $type |
[if $type == "survey.unknown" then null else .rawRequest | field | json_text end][0] as $raw |
if $type != "survey.unknown" and ($raw | type) != "object" then
  error("expected rawRequest to be a JSON object, and got \($raw | type)")
else . end |
[.submissionID | field][0] as $id |
{
  specversion: "1.0",
  # A form that is edited comes with another event_id, one that is sent again with the same.
  id: [
    if $type == "survey.unknown" then "request|\(property("gatewayRequestId"))"
    elif $id == null then null
    else [$id, ($raw.event_id | field)] | map(values | tostring) | join("|") end
  ][0],
  source: "/providers/jotform",
  type: $type,
  subject: ["jotform:\($id // (.formID | field) // "unknown")"][0],
  time: property("gatewayReceivedAt"),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    # The address that it came to holds our token.
    if $type == "survey.unknown" then {provider: "jotform", payload: del(.webhookURL)}
    else [response($raw)][0] end
  )
}
