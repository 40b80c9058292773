# From one submission as KoboToolbox sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
#
# A submission is flat: "visit/how" is the question "how" in the group "visit". A repeated group is
# an array of such objects, with whole paths again; its round is the answer's rowId ("2", and "2.1"
# where one repeats within it). What starts with "_", or is of the form's own metadata, is no answer.
#
# Values are texts, as XForms has it: a choice is its name, several are names with blanks between,
# and nothing tells them from other text. The survey catalogue knows types. A file is known by its
# name.

def object: (objects // {});
def list: (arrays // []);
def blank: type == "string" and (test("\\S") | not);
def filled: if . == null or blank or . == [] or . == {} then null else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
def id: filled | if type == "number" or type == "boolean" then tostring else . end;
def word: filled | if type == "object" or type == "array" or . == null then null else tostring end;

def metadata: [
  "start", "end", "today", "deviceid", "username", "simserial", "subscriberid", "phonenumber",
  "formhub/uuid", "background-audio", "audit"
];
def is_answer:
  . as $key |
  (startswith("_") or startswith("meta/")) | not and (metadata | any(. == $key) | not);

# Of an attachment the file's name alone: nobody reads it without a login there.
def file_names: [._attachments | list[] | object | .filename | strings | split("/") | .[-1]];

def given($row; $files):
  to_entries[] | select(.key | is_answer) | .key as $question | .value |
  if type == "array" then
    to_entries[] | (if $row == "" then "" else "\($row)." end + "\(.key + 1)") as $round |
    .value |
    if type == "object" then given($round; $files)
    else
      select(filled != null) | {questionId: $question, rowId: $round, type: "text", value: scalar}
    end
  else
    select(filled != null) | scalar as $value |
    {
      questionId: $question,
      rowId: ($row | filled),
      type: (
        if ($files | any(. == $value)) then "file"
        else {number: "number", boolean: "boolean"}[$value | type] // "text" end),
      value: $value
    }
  end;

def answers:
  file_names as $files |
  [given(""; $files) | . + {text: (.value | tostring)}] |
  to_entries | map(.value + {position: (.key + 1)});

# [...][0] round a member keeps jq shallow: without, all members of an object stand on the stack.
def response:
  [._uuid | id][0] as $id |
  {
    key: (if $id == null then null else "kobotoolbox:\($id)" end),
    provider: "kobotoolbox",
    id: $id,
    status: "completed",
    survey: [{id: (._xform_id_string | id)}][0],
    startedAt: [.start | word][0],
    # Its metadata need not be in the form; the server's own date is.
    completedAt: [(.end | word) // (._submission_time | word)][0],
    answers: [answers][0],
    attributes: [{
      submission_id: [._id | word][0],
      version: [.__version__ | word][0],
      submitted_by: [._submitted_by | word][0],
      username: [.username | word][0],
      deviceid: [.deviceid | word][0],
      status: [._status | word][0],
      validation_status: [._validation_status | object | .uid | word][0],
      tags: [[._tags | list[] | scalar | tostring] | filled][0],
      geolocation: [[._geolocation | list[] | numbers] | filled][0]
    }][0]
  };

variable("eventType") as $type |
[object | ._uuid | id][0] as $id |
if $type != "survey.unknown" and ($id == null or (._xform_id_string | id) == null) then
  error("expected _uuid and _xform_id_string: let the REST service send both fields")
else . end |
{
  specversion: "1.0",
  id: (if $type == "survey.unknown" then "request|\(property("gatewayRequestId"))" else $id end),
  source: "/providers/kobotoolbox",
  type: $type,
  subject: "kobotoolbox:\($id // "unknown")",
  # The server's, in UTC without saying so.
  time: [(object | ._submission_time | word) // property("gatewayReceivedAt")][0],
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then {provider: "kobotoolbox", payload: .}
    else [response][0] end
  )
}
