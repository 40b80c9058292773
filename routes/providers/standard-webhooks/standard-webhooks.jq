# From one event in the words of the canonical event to a canonical event of this gateway
# (src/main/resources/schema/survey-event.schema.json). Nulls are left out later.
#
# variable("eventType")          what the route chose
# property("header.webhook-id")  the id of the message, the same when it is sent again
#
# What data holds is passed on as it is, for the schema to judge; key and provider are ours.

def object: (objects // {});
def filled: if . == null or . == "" or . == [] or . == {} then null else . end;
def id: filled | if type == "number" or type == "boolean" then tostring else . end;
def scalar: if type == "object" or type == "array" then tojson else . end;

# Where its type alone says the status, the sender need not.
def status($type):
  $type | ltrimstr("survey.response.") |
  if . == "started" or . == "updated" then "partial" else . end;

# Another gateway's key names the provider it had it from: two of them may number alike.
def own_id: (.key | id) // (.id | id);

if type != "object" then error("expected an event as a JSON object, and got \(type)")
else . end |
variable("eventType") as $type |
(.data | object) as $data |
($data | own_id) as $response_id |
{
  specversion: "1.0",
  id: (property("header.webhook-id") // "request|\(property("gatewayRequestId"))"),
  source: "/providers/standard-webhooks",
  type: $type,
  subject: "standard-webhooks:\($response_id // ($data.collector | object | .id | id)
    // ($data.survey | object | .id | id) // "unknown")",
  time: ((.timestamp | filled) // (.time | filled) // property("gatewayReceivedAt")),
  datacontenttype: "application/json",
  dataschema: "urn:survey-gateway:survey-event:1",
  data: (
    if $type == "survey.unknown" then {provider: "standard-webhooks", event: .type, payload: .}
    elif $type | startswith("survey.response.") then
      {key: (if $response_id == null then null else "standard-webhooks:\($response_id)" end)}
      + {provider: "standard-webhooks"}
      + ({status: status($type)} + ($data | del(.key, .provider))
        | .id = $response_id
        | if (.answers | type) == "array" then
            .answers |= (to_entries | map(
              .key as $index | .value | if type == "object" then .position //= ($index + 1) else . end))
          else . end)
    else
      {provider: "standard-webhooks"} + ($data | del(.key, .provider))
    end
  )
}
