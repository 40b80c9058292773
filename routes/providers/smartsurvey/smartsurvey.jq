# From one response as SmartSurvey sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
# .recovered             true where the gateway itself took it in: SmartSurvey never told of it
# html_text              the gateway's own: HTML to plain text, blank to null. For titles, which
#                        SmartSurvey writes as HTML; never for what a respondent typed (value).

def filled: if . == null or . == "" then null else . end;

# SmartSurvey numbers things, and writes 0 for none.
def id: if . == null or . == "" or . == 0 then null else tostring end;

# Both of a response's dates are in one zone, so that it does not count.
def seconds: (.[0:19] + "Z" | fromdateiso8601)? // null;

def seconds_between($from; $until):
  ($from | filled | seconds) as $from | ($until | filled | seconds) as $until |
  if $from != null and $until != null and $until >= $from then $until - $from else null end;

# What one given item is the answer to, within its question: a row of a matrix, a box of its own,
# or ("") the question as a whole.
def place($alone):
  if .row_id != null then
    if .column_id != null and (.dropdown_id != null or .typed) then
      {row: "\(.row_id):\(.column_id)", titles: [.row_title, .column_title]}
    else
      {row: (.row_id | tostring), titles: [.row_title]}
    end
  elif .typed and ($alone | not) then
    {row: ((.choice_id // .id // "text") | tostring), titles: [.choice_title]}
  else
    {row: "", titles: []}
  end;

def choice_id: (.dropdown_id // .column_id // .choice_id) | id;
def choice_text:
  ((.dropdown_title // .column_title // .choice_title) | html_text) // (.value | filled) // choice_id;

def number: if type == "string" and test("\\A[0-9]{1,3}\\z") then tonumber else . end;
def one_or_all: if length > 1 then . else .[0] end;

# All items given for one place, as one answer.
def answer($question; $picked):
  .[0].place as $place |
  map(select(.typed).value) as $texts |
  map(select(.typed | not) | choice_text | values) as $choices |
  ($question.type == "multiple_choice" or ($choices | length) > 1) as $several |
  ($question.type // "" | tostring | endswith("_choice")) as $choosing |
  {
    questionId: ($question.id | id),
    rowId: ($place.row | filled),
    question: ([$question.title, $place.titles[]] | map(html_text | values) | join(" – ") | filled),
    type: (
      if ($texts | length) > 0 then
        if .[0].row_id == null and ($picked or $choosing) then "other" else "text" end
      elif $question.type == "nps" then "rating"
      elif $several then "choices"
      else "choice" end
    ),
    value: (
      if ($texts | length) > 0 then $texts | one_or_all
      elif $question.type == "nps" then $choices[0] | number
      elif $several then $choices
      else $choices[0] end
    ),
    text: (if ($texts | length) > 0 then $texts else $choices end | map(tostring) | join(", ")),
    # A box of its own has its id as row; of a choice that is one, "other", it is the choice.
    choiceIds: (
      map(select((.typed | not) or ($choosing and $place.row == "")) | choice_id | values) |
      if length > 0 then . else null end
    )
  };

# Typed is what the respondent wrote; a score of 0 to 10 is picked, though it has a value too.
def answers:
  . as $question |
  [
    (.answers // [])[] | objects |
    . + {typed: ((.value | filled) != null
      and ($question.type != "nps" or .type == "comment" or .type == "text" or .type == "other"))} |
    select(.typed or choice_text != null)
  ] as $given |
  (($given | length) == 1) as $alone |
  (($given | map(select(.typed | not)) | length) > 0) as $picked |
  reduce ($given[] | . + {place: place($alone)}) as $item ({}; .[$item.place.row] += [$item]) |
  .[] | answer($question; $picked);

def attributes:
  [(.variables // [])[], (.contact_data // [])[] | objects |
    select((.name // "") != "" and .name != "recovered" and (.value // "") != "") |
    {key: .name, value: .value}] |
  from_entries;

def status($type):
  if $type == "survey.response.updated" then
    if .status == "completed" then "completed" else "partial" end
  else
    $type | ltrimstr("survey.response.")
  end;

def response($type):
  [(.pages // [])[] | objects | (.questions // [])[] | objects | answers] as $answers |
  ($answers | to_entries | map(.value + {position: (.key + 1)})) as $answers |
  status($type) as $status |
  {
    key: "smartsurvey:\(.id)",
    provider: "smartsurvey",
    id: (.id | id),
    status: $status,
    survey: {id: (.survey_id | id)},
    collector: {id: (.tracking_link_id | id)},
    respondent: {
      email: ((.contact_email | filled) // (.saved_email | filled)),
      name: ((.contact_name | filled) // (.saved_name | filled))
    },
    startedAt: (.date_started | filled),
    completedAt: (if $status == "partial" then null else .date_ended | filled end),
    modifiedAt: (.date_modified | filled),
    durationSeconds: seconds_between(.date_started; .date_ended),
    answers: $answers,
    scores: {
      nps: ([$answers[] | select(.type == "rating") | .value | numbers |
        select(. >= 0 and . <= 10)] | .[0]),
      total: (.total_score | numbers // null)
    },
    attributes: (attributes + (if .recovered == true then {recovered: "gap repair"} else {} end)),
    pageUrl: (.referer_url | filled),
    links: {edit: (.edit_url | filled), api: (.href | filled), entry: (.entry_url | filled)}
  };

if type != "object" then error("expected a response as a JSON object, and got \(type)")
elif (.id | id) == null then error("expected a response with an id, and there is none")
else . end |
variable("eventType") as $type |
{
  specversion: "1.0",
  # There is no id of a delivery: an edit has another date, a repeat has the same three.
  id: "\(.id)|\(.date_modified // "")|\(.status // "")",
  source: "/providers/smartsurvey",
  type: $type,
  subject: "smartsurvey:\(.id)",
  time: ((.date_modified | filled) // (.date_ended | filled) // (.date_started | filled)
    // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then
      {provider: "smartsurvey", event: .status, payload: .}
    else
      response($type)
    end
  )
}
