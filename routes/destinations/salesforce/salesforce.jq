# What Salesforce keeps of a response. The fields' names are Salesforce's own; those of the custom
# object stand in metadata/, and a test compares them with this file.
#
# In:  the events of a batch (README.md, "The canonical event").
# Out: for each, in the same order, one of
#        {contact, newContact, response}
#            contact     what a contact gets whether new or old, or null for none; what is null in it
#                        stays as it is in Salesforce. Holds the field gateway.salesforce.contact-key.
#            newContact  what a new contact gets besides, and an old one keeps of its own.
#            response    the Survey_Response__c; what is null in it becomes empty, and what is absent
#                        stays as it is in Salesforce.
#        {delete: the Response_Key__c of what is to go}
# Try: jq -f salesforce.jq samples/completed.json
#
# Free text meets no pattern here: the gateway's jq runs out of stack at some 500 matches.

# Salesforce counts what is beyond U+FFFF as two, or may: this never comes out too long.
def cut($most):
  if . == null then null
  elif length * 2 <= $most then .
  else ([.[0:$most] | explode[] | select(. > 65535)] | length) as $wide
    | if length + $wide <= $most then .
      else .[0:[$most - 1 - $wide, ($most - 1) / 2 | floor] | max] + "…" end
  end;
def line($most):
  if . == null then null else split("\n") | join(" ") | split("\r") | join("") | cut($most) end;

def text:
  if type == "array" then map(tostring) | join(", ")
  elif type == "boolean" then {"true": "yes", "false": "no"}[tostring]
  else values | tostring end;
def paragraphs: map(values) | if . == [] then null else join("\n\n") end;
def listed: if . == [] then null else join("\n") end;

def given: .text // (.value | text);
def names: (. // "" | line(200)) | split(" ") | map(select(. != ""));

def contact:
  .respondent
  | if .email == null then null
    else {
      Email: .email,
      FirstName: (.firstName | line(40)),
      LastName: (.lastName | line(80)),
      Phone: (.phone | line(40))
    } end;

# A name in one piece: the last word is taken for the last name, which is a guess.
def newContact:
  .respondent
  | (.name | names) as $names
  | {
      FirstName: (.firstName // ($names[:-1] | join(" ") | if . == "" then null else . end) | line(40)),
      LastName: (.lastName // $names[-1] | line(80))
    };

def response($event):
  {
    Response_Key__c: .key,
    Provider__c: .provider,
    Response_Id__c: (.id | line(255)),
    Status__c: .status,
    Survey_Id__c: (.survey.id | line(255)),
    Survey_Title__c: (.survey.title | line(255)),
    Collector_Id__c: (.collector.id | line(255)),
    Collector_Name__c: (.collector.name | line(255)),
    Channel__c: (.collector.channel | line(80)),
    Respondent_Id__c: (.respondent.id | line(255)),
    Respondent_External_Id__c: (.respondent.externalId | line(255)),
    Respondent_Name__c: (.respondent.name // ([.respondent.firstName, .respondent.lastName]
      | map(values) | join(" ") | if . == "" then null else . end) | line(255)),
    Respondent_Email__c: (.respondent.email | line(255)),
    Respondent_Phone__c: (.respondent.phone | line(80)),
    Language__c: (.respondent.language | line(40)),
    NPS__c: .scores.nps,
    CSAT__c: .scores.csat,
    CES__c: .scores.ces,
    Comment__c: (if .attributes.comment != null then .attributes.comment | text
      else [.answers // [] | .[] | select(.type == "text") | given] | paragraphs end | cut(32768)),
    Answers__c: ([.answers // [] | .[] | "\(.question // .questionId): \(given)"]
      | listed | cut(131072)),
    Attributes__c: ([(.scores // {} | del(.nps, .csat, .ces)), (.attributes // {} | del(.comment))
      | to_entries[] | "\(.key): \(.value | text)"] | listed | cut(32768)),
    Started_At__c: .startedAt,
    Completed_At__c: .completedAt,
    Modified_At__c: .modifiedAt,
    Duration_Seconds__c: .durationSeconds,
    Page_URL__c: (.pageUrl | cut(255)),
    Response_URL__c: (.links.analyze // .links.edit | cut(255)),
    Event_Type__c: $event.type,
    Event_At__c: $event.time
  };

# An event that came without its answers says so, and what it does not tell is no news. It has no
# attributes but that one, and an update of this kind does not know how far the respondent came.
def is_thin: .attributes.answers_not_fetched != null and .answers == null;
def told($event):
  with_entries(select(.value != null)) | del(.Attributes__c)
  | if $event.type == "survey.response.updated" then del(.Status__c) else . end;

def records:
  . as $event
  | .data
  | if .status == "deleted" then {delete: .key}
    else
      is_thin as $thin
      | {
          contact: contact,
          newContact: newContact,
          response: (response($event) | if $thin then told($event) else . end)
        }
    end;

# An event that this cannot map costs no other one.
map(try records catch {error: "not mapped"})
