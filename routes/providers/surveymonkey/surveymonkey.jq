# From an event as SurveyMonkey sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
# .response              the response that the route fetched with ?simple=true; absent where the
#                        event needs none, and where there is no access token
# .recovered             true where SurveyMonkey never sent it, and the gateway found it missing
# .answers_not_fetched   why there is none yet, while the event waits for the budget of calls
# html_text              the gateway's own: HTML to plain text, blank to null. For headings and
#                        choices; never for what a respondent typed (text).

def filled: if . == null or . == "" then null else . end;

# Ids are texts, sometimes numbers; "0" stands for none.
def id: if . == null then null else tostring | if . == "" or . == "0" then null else . end end;

def number:
  if type == "number" then .
  elif type == "string" and test("\\A-?[0-9]{1,15}(\\.[0-9]{1,10})?\\z") then tonumber
  else null end;

# ?simple=true joins the labels of row, column and choice, or of a box and what was typed into it,
# by " | ". Without it there are ids alone.
def typed: .text | filled;
def place_labels:
  (.simple_text // "" | tostring) as $all | typed as $typed |
  if $typed == null then $all | split(" | ") | .[0:-1]
  elif $all | endswith(" | \($typed)") then $all | rtrimstr(" | \($typed)") | split(" | ")
  else [] end;
def choice_id: (.choice_id // .other_id) | id;
def choice_text:
  (.simple_text // "" | tostring | split(" | ") | .[-1] | html_text) // choice_id;

# A scale's number: the one that its label starts with ("9", "10 - Extremely likely"), else its
# weight. Not the weight first: of a recommendation question it is -100, 0 or 100.
def scale_value:
  choice_text as $words |
  (($words // "") | capture("\\A(?<n>[0-9]{1,3})(\\z|\\s*[-–—:.]\\s*[^0-9])") | .n | tonumber)?
  // (.choice_metadata.weight? | number)
  // $words;

# What one item is the answer to, within its question: a row, a cell (row:column), a box of its
# own, or ("") the question as a whole. Rows and choices belong together by their ids, never by
# their places.
def place($alone):
  if .row_id != null and .col_id != null then "\(.row_id):\(.col_id)"
  elif .row_id != null then
    # A scale of one row has no label there: stars, or "how likely are you to recommend us?".
    if $alone and .choice_metadata != null and (.simple_text | filled) != null
      and (place_labels | length) == 0
    then "" else .row_id | tostring end
  elif .other_id != null and ($alone | not) then .other_id | tostring
  else "" end;

# All items for one place, as one answer.
def answer($question; $row):
  .[0] as $first |
  ($question.family == "matrix" and ($question.subtype == "rating" or $question.subtype == "ranking"))
    as $scale |
  ($question.family == "multiple_choice" or $question.subtype == "multi" or length > 1) as $several |
  (map(typed | values | tostring)) as $texts |
  {
    questionId: ($question.id | id),
    rowId: ($row | filled),
    question: (
      [($question.heading | html_text), (if $row == "" then empty else $first | place_labels[] | html_text end)] |
      map(values) | join(" – ") | filled
    ),
    type: (
      if $first.download_url? != null then "file"
      elif ($texts | length) > 0 then
        if $first.other_id != null then "other"
        elif $question.family == "datetime" then "date"
        elif $question.subtype == "numerical" and ($texts[0] | number) != null then "number"
        else "text" end
      elif $scale and $question.subtype == "ranking" then "number"
      elif $scale then "rating"
      elif $several then "choices"
      else "choice" end
    ),
    value: (
      if $first.download_url? != null then $first.download_url
      elif ($texts | length) > 1 then $texts
      elif ($texts | length) == 1 then
        if $question.subtype == "numerical" then $texts[0] | (number // .) else $texts[0] end
      elif $scale then $first | scale_value
      elif $several then map(choice_text)
      else $first | choice_text end
    ),
    text: (if ($texts | length) > 0 then $texts else map(choice_text | values) end | join(", ") | filled),
    choiceIds: (
      # A box of its own has its id as row; of a choice that is one, "other", it is the choice.
      map(select(.other_id == null or $row == "") | choice_id | values) |
      if length > 0 then . else null end
    )
  };

def answers:
  . as $question |
  [(.answers // [])[] | objects | select(typed != null or choice_id != null or .download_url != null)]
    as $given |
  (($given | length) == 1) as $alone |
  reduce $given[] as $item ({}; .[$item | place($alone)] += [$item]) |
  to_entries[] | .key as $row | .value | answer($question; $row);

def contact($name): .metadata?.contact?[$name]?.value? | filled;

def attributes($response; $thin):
  [
    # Two names are ours, and the router may go by them.
    (($response.custom_variables // {}) | to_entries[] |
      select(.key != "answers_not_fetched" and .key != "recovered")),
    (($response.metadata?.contact? // {}) | to_entries[] |
      select(.key | test("\\A(email|first_name|last_name|phone_number)\\z") | not) |
      {key, value: .value.value?}),
    {key: "custom_value", value: $response.custom_value},
    {key: "recovered", value: (if .recovered == true then "gap repair" else null end)},
    {
      key: "answers_not_fetched",
      value: (if $thin then .answers_not_fetched // "no access token" else null end)
    }
  ] | map(select((.value | filled) != null)) | from_entries;

def status($type; $response):
  if $type == "survey.response.started" then "partial"
  elif $type == "survey.response.updated" then
    {completed: "completed", disqualified: "disqualified", overquota: "over_quota"}
      [$response.response_status // "" | tostring] // "partial"
  else $type | ltrimstr("survey.response.") end;

def completed_at($type; $status; $response):
  # The API has no date of completion: for a completed response it is that of this event, and
  # later on the last change comes nearest.
  if $type == "survey.response.completed" then .event_datetime
  elif $status == "completed" or $status == "disqualified" or $status == "over_quota" then
    $response.date_modified // .event_datetime
  else null end;

def response($type):
  .response as $response |
  ($response == null and ($type | test("\\.(updated|completed|disqualified|over_quota)\\z"))) as $thin |
  status($type; $response) as $status |
  (($response.first_name | filled) // ($response | contact("first_name"))) as $first |
  (($response.last_name | filled) // ($response | contact("last_name"))) as $last |
  {
    key: "surveymonkey:\(.object_id)",
    provider: "surveymonkey",
    id: (.object_id | id),
    status: $status,
    survey: {id: (.resources.survey_id | id)},
    collector: {id: (.resources.collector_id | id)},
    respondent: {
      id: (.resources.recipient_id | id),
      email: (($response.email_address | filled) // ($response | contact("email"))),
      name: ([$first, $last | values] | join(" ") | filled),
      firstName: $first,
      lastName: $last,
      phone: ($response | contact("phone_number")),
      language: ($response.metadata?.respondent?.language?.value? | filled)
    },
    startedAt: (
      if $type == "survey.response.started" then .event_datetime else $response.date_created end),
    completedAt: completed_at($type; $status; $response),
    modifiedAt: ($response.date_modified // .event_datetime),
    durationSeconds: ($response.total_time | number),
    answers: (
      if $response == null then null
      else
        [($response.pages // [])[] | objects | (.questions // [])[] | objects | answers] |
        to_entries | map(.value + {position: (.key + 1)})
      end
    ),
    attributes: attributes($response; $thin),
    links: {analyze: ($response.analyze_url | filled), edit: ($response.edit_url | filled)}
  };

def subject($type):
  if $type | startswith("survey.response.") then "surveymonkey:\(.object_id)"
  elif $type | startswith("survey.collector.") then "surveymonkey:collector:\(.object_id)"
  elif $type == "survey.unknown" then
    "surveymonkey:\(.object_type // "event"):\(.object_id // .event_id)"
  else "surveymonkey:survey:\(.object_id)" end;

def data($type):
  if $type | startswith("survey.response.") then response($type)
  elif $type | startswith("survey.collector.") then
    {
      provider: "surveymonkey",
      survey: {id: (.resources.survey_id | id)},
      collector: {id: (.object_id | id)}
    }
  elif $type == "survey.unknown" then {provider: "surveymonkey", event: .event_type, payload: .}
  else {provider: "surveymonkey", survey: {id: (.object_id | id)}} end;

if type != "object" then error("expected an event as a JSON object, and got \(type)")
elif (.event_id | id) == null then error("expected an event with an event_id, and there is none")
else . end |
variable("eventType") as $type |
{
  specversion: "1.0",
  # The complete event that follows has the id as it came: both are news, once each.
  id: (if .answers_not_fetched == null then .event_id | id else "\(.event_id)|thin" end),
  source: "/providers/surveymonkey",
  type: $type,
  subject: subject($type),
  time: ((.event_datetime | filled) // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: data($type)
}
