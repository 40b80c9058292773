# From one event as SmarterMeasure sends it to a canonical event
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")  what the route chose
#
# The page of payloads is not public, so these names are what the vendor's other texts use. If yours
# come under other names, this is the place (and "event" in smartermeasure.camel.yaml):
def event_name: .event;
def callback: .callback_id;
def user: .user_id;
def assessment: .assessment_id;
def score: .score;
def when: .timestamp;
def used: ["event", "callback_id", "user_id", "assessment_id", "score", "timestamp"];

# Whether an assessment_id stands for one user's run or for the assessment as such is not said.
# With the user's id it is one response either way; taken again, it is the same response, updated.
# It is the survey's id too, as nothing else could be.

def object: (objects // {});
def blank: type == "string" and (test("\\S") | not);
def filled: if . == null or blank or . == [] or . == {} then null else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;
def id: filled | if type == "number" or type == "boolean" then tostring else . end;

# What may stand in an attribute: a scalar, or a list of scalars.
def plain: if type == "array" then map(values | scalar) else scalar end;

# In XML a number is text.
def number:
  if type == "number" then .
  elif type == "string" and test("\\A[+-]?[0-9]{1,15}(\\.[0-9]{1,15})?\\z") then tonumber
  else null end;

# One number alone is the overall score; several come by name, overall among them. Scores within
# scores stay as they are, among the attributes.
def scores:
  if type == "object" then with_entries(.value |= number) else {overall: number} end;

# What else was sent is kept as it is, and a score that is no number too.
def attributes:
  (score | if type == "object" then with_entries(select(.value != null and (.value | number) == null))
    elif number == null then filled else null end) as $odd |
  with_entries(select(.key as $key | used | index([$key]) == null) | .value |= plain)
  + {score: ($odd | filled | plain)};

def response($type; $id; $time):
  {
    key: (if $id == null then null else "smartermeasure:\($id)" end),
    provider: "smartermeasure",
    id: $id,
    status: (if $type == "survey.response.completed" then "completed" else "partial" end),
    survey: {id: (assessment | id)},
    respondent: {id: (user | id)},
    startedAt: (if $type == "survey.response.started" then $time else null end),
    completedAt: (if $type == "survey.response.completed" then $time else null end),
    scores: (score | scores),
    attributes: attributes
  };

if type != "object" then error("expected an event as an object, and got \(type)")
else . end |
variable("eventType") as $type |
(when | filled) as $time |
(if (assessment | id) == null then null
  else [assessment, user] | map(id | values | tostring) | join(":") end) as $id |
{
  specversion: "1.0",
  # callback_id is what a repeat has in common with the first. Some of the vendor's texts show
  # events without one: then the event, what it is about and its time stand for it.
  id: ((callback | id) // (
    [event_name, $id // (user | id), $time] |
    if all(. != null) then map(scalar | tostring) | join("|")
    else "request|\(property("gatewayRequestId"))" end
  )),
  source: "/providers/smartermeasure",
  type: $type,
  subject: "smartermeasure:\($id // (user | id) // "unknown")",
  time: ($time // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then
      {provider: "smartermeasure", event: event_name, payload: .}
    else
      response($type; $id; $time)
    end
  )
}
