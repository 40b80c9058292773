# From one event as Tally sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
#
# A field that was left empty comes with the value null. Choices come as ids, beside all options.

def object: (objects // {});
def list: (arrays // []);
def filled: if . == null or . == "" or . == [] or . == {} then null else . end;
def id: filled | if type == "number" or type == "boolean" then tostring else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
def plain: if type == "array" then map(values | scalar) else scalar end;

def kinds: {
  INPUT_TEXT: "text", TEXTAREA: "text", INPUT_LINK: "text", INPUT_TIME: "text",
  INPUT_NUMBER: "number", INPUT_EMAIL: "email", INPUT_PHONE_NUMBER: "phone", INPUT_DATE: "date",
  RATING: "rating", LINEAR_SCALE: "rating", FILE_UPLOAD: "file", SIGNATURE: "file",
  MULTIPLE_CHOICE: "choice", DROPDOWN: "choice", CHECKBOXES: "choices", MULTI_SELECT: "choices",
  RANKING: "choices"
};

# Texts of options, by their ids.
def texts: reduce (list[] | objects | select(.id != null)) as $option ({};
  .[$option.id | tostring] = ($option.text // $option.id | tostring));

# A list of ids of options, as values; what is no id is what the respondent wrote.
def choices($options): [list[] | values | scalar | tostring | $options[.] // .];
def ids($options): [list[] | values | scalar | tostring | select($options[.] != null)] | filled;

def answer($field; $type):
  ($field.options | texts) as $options |
  if $type == "file" then
    [.value | list[] | objects] | {
      type: "file", value: map(.url | values | scalar), text: (map(.name // .url | values | tostring) | join(", "))
    }
  elif (.value | type) == "array" then
    {
      type: (if $type == "choice" and (.value | length) == 1 then "choice" else "choices" end),
      value: (.value | choices($options)), choiceIds: (.value | ids($options))
    } |
    if .type == "choice" then .value = .value[0] else . end
  else
    {type: (if (.value | type) == "boolean" then "boolean" else $type end), value: (.value | scalar)}
  end;

# A matrix gives an answer for each row, a list of ids of columns.
def rows($field):
  ($field.columns | texts) as $columns |
  ($field.rows | texts) as $rows |
  ($field.value | object | to_entries[] | select((.value | filled) != null)) as $row |
  ($row.value | if type == "array" then . else [.] end) as $picked |
  {
    rowId: $row.key,
    question: ([$field.label, $rows[$row.key] // null] | map(strings | filled | values) | join(" – ")),
    type: (if ($picked | length) == 1 then "choice" else "choices" end),
    value: ($picked | choices($columns) | if length == 1 then .[0] else . end),
    choiceIds: ($picked | ids($columns))
  };

# Checkboxes come once more, one by one, as booleans: question_x and then question_x_<option>.
def repeats($lists): .key as $key | (.value | type) == "boolean" and ($key | type) == "string"
  and ($lists | any(. as $list | $key | startswith($list + "_")));

def attribute: .type == "HIDDEN_FIELDS" or .type == "CALCULATED_FIELDS";

def answers:
  [.fields | list[] | objects] as $fields |
  [$fields[] | select((.options | type) == "array") | .key | strings] as $lists |
  [
    $fields[] | . as $field |
    select((attribute | not) and (.value | filled) != null and (repeats($lists) | not)) |
    ({questionId: (.key | id), question: (.label | strings // null | filled)}) + (
      if .type == "MATRIX" then rows($field)
      else answer($field; kinds[.type | strings // ""] // "other") end
    ) | select((.value | filled) != null)
  ] | to_entries | map(
    .value + {
      position: (.key + 1),
      text: (.value.text // (.value.value | if type == "array" then map(tostring) | join(", ")
        else tostring end))
    }
  );

def first_of($type): [.fields | list[] | objects | select(.type == $type) | .value | strings
  | filled | values] | .[0];

def attributes:
  [.fields | list[] | objects | select(attribute) | select(.value != null) |
    {key: ((.label | strings | filled) // (.key | tostring)), value: (.value | plain)}] | from_entries;

def response:
  ((.responseId // .submissionId) | id) as $id |
  {
    key: (if $id == null then null else "tally:\($id)" end),
    provider: "tally",
    id: $id,
    status: "completed",
    survey: {id: (.formId | id), title: (.formName | filled)},
    respondent: {
      id: (.respondentId | id), email: first_of("INPUT_EMAIL"), phone: first_of("INPUT_PHONE_NUMBER")
    },
    completedAt: (.createdAt | filled),
    answers: answers,
    attributes: attributes
  };

if type != "object" then error("expected an event as a JSON object, and got \(type)")
else . end |
variable("eventType") as $type |
(.data | object) as $data |
(($data.responseId // $data.submissionId) | id) as $response_id |
{
  specversion: "1.0",
  id: (
    (.eventId | id) //
    (if .eventType != null and $response_id != null
      then "\(.eventType | scalar)|\($response_id)"
      else "request|\(property("gatewayRequestId"))" end)
  ),
  source: "/providers/tally",
  type: $type,
  subject: "tally:\($response_id // ($data.formId | id) // "unknown")",
  time: ((.createdAt | filled) // ($data.createdAt | filled) // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then {provider: "tally", event: .eventType, payload: .}
    else $data | response end
  )
}
