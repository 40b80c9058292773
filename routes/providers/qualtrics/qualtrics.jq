# From an event as Qualtrics sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
# .response              the response that the route fetched; absent without a token
# html_text              the gateway's own: HTML to plain text, for the labels of choices, which
#                        Qualtrics may write as HTML; never for what a respondent typed
#
# A response is flat: values.QID1 is what was given in question 1, as a code, a list of codes or
# text, and labels.QID1 what its choices are called. QID4_2 is row 2 of a question, QID2_TEXT what
# was typed into it, QID3_5_TEXT into its choice 5; 1_QID7 is question 7 in round 1 of a loop.
# QID5_NPS_GROUP beside QID5 marks a recommendation question. All else is metadata, or embedded
# data.

def object: (objects // {});
def blank: type == "string" and (test("\\S") | not);
def filled: if . == null or blank or . == [] or . == {} then null else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
def plain: if type == "array" then map(values | scalar) else scalar end;
def word: filled | if type == "object" or type == "array" or . == null then null else tostring end;

def metadata: [
  "startDate", "endDate", "status", "ipAddress", "progress", "duration", "finished", "recordedDate",
  "_recordId", "recipientLastName", "recipientFirstName", "recipientEmail", "externalDataReference",
  "locationLatitude", "locationLongitude", "distributionChannel", "userLanguage"
];

# Where a value belongs: question, and row within it; null for what is no answer.
def place:
  capture("\\A(?:(?<loop>[0-9]{1,6})_)?(?<question>QID[0-9]{1,9})(?:_(?<rest>.{1,200}))?\\z")?
  // null;
def is_helper: (.rest // "") |
  test("(\\A|_)(DO|NPS_GROUP|FILE_ID|FILE_SIZE|FILE_TYPE)(_[0-9]{1,6})?\\z");

def words: if type == "string" then html_text elif type == "array" then
  map(if type == "string" then html_text // . else scalar | tostring end) else null end;

# One value, with what it is called.
def given($words; $is_nps):
  if type == "array" then
    {
      type: "choices",
      value: (if ($words | type) == "array" then $words else plain end),
      choiceIds: (map(values | scalar | tostring | select(blank | not)) | filled)
    }
  elif $is_nps then {type: "number", value: .}
  elif ($words | type) == "string" and $words != tostring then
    {type: "choice", value: $words, choiceIds: [tostring]}
  else {type: ({number: "number", boolean: "boolean"}[type] // "text"), value: plain} end;

def answers:
  (.values | object) as $values | (.labels | object) as $labels |
  [
    $values | to_entries[] | .key as $key | select(.value | filled != null) |
    ($key | place) as $place | select($place != null) | select($place | is_helper | not) |
    (($place.rest // "") == "TEXT" and
      ($values["\(if $place.loop == null then "" else "\($place.loop)_" end)\($place.question)"] |
        filled) == null) as $is_text |
    {
      questionId: $place.question,
      # A text that stands alone is the answer to the question itself.
      rowId: ([$place.loop, (if $is_text then null else $place.rest end)] |
        map(values) | join(":") | filled)
    } + (
      if ($place.rest // "") | test("(\\A|_)FILE_NAME\\z") then
        {type: "file", value: (.value | plain)}
      elif $is_text then {type: "text", value: (.value | plain)}
      elif ($place.rest // "") | test("(\\A|_)TEXT\\z") then
        {type: "other", value: (.value | plain)}
      else
        .value | given($labels[$key] | words;
          ($values | has("\($key)_NPS_GROUP")) and type == "number")
      end)
  ] | to_entries | map(
    .value + {
      position: (.key + 1),
      text: (.value.value | if type == "array" then map(tostring) | join(", ") else tostring end)
    });

def nps:
  (.values | object) as $values |
  [
    $values | keys_unsorted[] | select(test("\\AQID[0-9]{1,9}_NPS_GROUP\\z")) |
    rtrimstr("_NPS_GROUP") | $values[.] | numbers | select(. >= 0 and . <= 10)
  ][0];

def embedded:
  .values | object | to_entries | map(
    select((.value | filled) != null) | .key as $key |
    # The last is the gateway's own word, which the router goes by.
    select((metadata | any(. == $key) | not) and ($key | place) == null
      and $key != "answers_not_fetched") |
    .value |= plain) | from_entries;

def status:
  [.response | object | .values | object | .finished][0] as $finished |
  if .response == null or ([1, true, "1", "true"] | any(. == $finished)) then "completed"
  else "partial" end;

# [...][0] round a member keeps jq shallow: without, all members of an object stand on the stack.
def response:
  [.response | object][0] as $response | [$response.values | object][0] as $values |
  [$values.recipientFirstName, $values.recipientLastName | word] as $names |
  [status][0] as $status |
  {
    key: "qualtrics:\(.ResponseID)",
    provider: "qualtrics",
    id: [.ResponseID | word][0],
    status: $status,
    survey: [{id: (.SurveyID | word)}][0],
    collector: [
      if (.DistributionID | word) == null then null
      else {id: (.DistributionID | word), channel: ($values.distributionChannel | word)} end][0],
    respondent: [{
      id: (.RecipientID | word),
      email: ($values.recipientEmail | word),
      firstName: $names[0],
      lastName: $names[1],
      name: ($names | map(values) | join(" ") | filled),
      externalId: ($values.externalDataReference | word),
      language: ($values.userLanguage | word)
    }][0],
    startedAt: [$values.startDate | word][0],
    completedAt: [if $status == "completed" then $values.endDate | word else null end][0],
    modifiedAt: [$values.recordedDate | word][0],
    durationSeconds: [$values.duration | numbers | if . < 0 then null else . end][0],
    answers: [if .response == null then null else $response | answers end][0],
    scores: [{nps: ($response | nps)}][0],
    attributes: [($response | embedded) + {
      brand: (.BrandID | word),
      # Survey Preview, Imported ...
      responseStatus: ($response.labels | object | .status | word),
      distributionChannel: ($values.distributionChannel | word),
      answers_not_fetched: (if .response == null then "no access token" else null end)
    }][0]
  };

if type != "object" then error("expected MSG to be a JSON object, and got \(type)")
elif .response != null and .response.responseId != .ResponseID then
  error("expected the response that was asked for from the API, and got another")
elif has("response") and .response == null then
  error("expected a response as result from the API, and got none")
else . end |
# One that was closed before its end is not complete, whatever the event says.
[if variable("eventType") == "survey.response.completed" and status == "partial"
  then "survey.response.updated" else variable("eventType") end][0] as $type |
[.ResponseID | word][0] as $id |
{
  specversion: "1.0",
  # A response is completed once.
  id: (
    if $type == "survey.unknown" then "request|\(property("gatewayRequestId"))"
    else "completedResponse|\($id)" end),
  source: "/providers/qualtrics",
  type: $type,
  subject: ["qualtrics:\($id // (.SurveyID | word) // "unknown")"][0],
  # Not CompletedDate: nobody says of which time zone it is.
  time: [[.response | object | .values | object | .recordedDate, .endDate | word | values][0]
    // property("gatewayReceivedAt")][0],
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (if $type == "survey.unknown" then {provider: "qualtrics", payload: .}
    else [response][0] end)
}
