# What a team reads in Slack when a response has come.
#
# In:  one canonical event (README.md, "The canonical event"). Each string in it is escaped for Slack
#      already, and pageUrl and links are web addresses: put them anywhere, but leave .links.edit
#      out of a channel: whoever holds it can change the response.
# Out: {text, blocks}. text is the notification; blocks is the message (docs.slack.dev/block-kit).
#      What is too long or empty is cut or left out afterwards; cut here what nobody would read.
# Try: jq -f slack.jq samples/detractor.json
#
# Cut before gsub, splits or a pattern: the gateway's jq runs out of stack at some 500 matches.

# Never in the middle of an &amp;.
def cut($most):
  if length > $most then (.[0:$most - 1] | sub("&[a-z]*$"; "")) + "…" else . end;

def some: if . == null or . == "" then null else . end;
def line: tostring | cut(300) | [match("\\S+"; "g").string] | join(" ") | some;
def lines: cut(2000) | split("\n") | map(select(split(" ") | join("") != "")) | join("\n") | some;
def quote: split("\n") | join("\n> ") | "> \(.)";

def link($address; $words):
  if $address | test("^https?://[^|<>\\s]+$"; "i") then "<\($address)|\($words)>" else null end;

def plain: {type: "plain_text", text: .};
def mrkdwn: {type: "mrkdwn", text: .};
def field($title): values | "*\($title)*\n\(.)" | mrkdwn;

def kind: # of a likelihood to recommend
  if . == null then null elif . < 7 then "detractor" elif . < 9 then "passive" else "promoter" end;
def mark: {"detractor": "🔴", "passive": "🟡", "promoter": "🟢"}[. // ""] // "📝";
def capital: (.[0:1] | ascii_upcase) + .[1:];

def given: # an answer, as people read it
  if .text != null then .text
  elif .value | type == "array" then [.value[] | tostring] | join(", ")
  elif .value | type == "boolean" then {"true": "yes", "false": "no"}[.value | tostring]
  else .value | values | tostring end
  | lines;

def brand:
  {"popsee": "Popsee", "smartermeasure": "SmarterMeasure", "smartsurvey": "SmartSurvey",
   "surveymonkey": "SurveyMonkey"}[.] // .;

def moment: # in the reader's own time zone
  (.[0:19] + "Z" | fromdateiso8601) as $seconds
  | "<!date^\($seconds)^{date_short_pretty} at {time}|\(.[0:10]) \(.[11:16]) UTC>";

.time as $time
| .type as $type
| .data
| (.respondent // {}) as $person
| (.survey.title // .survey.id // $type | line) as $survey
| .scores.nps as $nps
| ($nps | kind) as $kind
| ([.status | values | select(. != "completed") | split("_") | join(" ") | capital] | first) as $status
| ([$person.name // ([$person.firstName, $person.lastName] | map(values) | join(" ")) | line]
   | first) as $name
| [.answers // [] | .[]
   | {question: (.question // .questionId | line), type, given: ([given] | first)}
   | select(.given != null)] as $answers
| ([.attributes.comment // first($answers[] | select(.type == "text") | .given) // null | values
    | tostring | lines] | first) as $comment
| ([$comment, $person.name, $person.email, $person.phone, ($nps | tostring)] | map(values | tostring))
  as $shown
| [$answers[] | select(.given as $given | [$shown[] | select(. == $given)] == [])] as $others
| {
    text:
      ([($kind | values | "\(capital) \($nps)/10"), $survey, $status, ($name // $person.email),
        ($comment | values | line)] | map(values) | join(" · ") | cut(300)),

    blocks: [
      {type: "header",
       text: ([($kind | values | "\(capital) \($nps)/10"), $survey, $status] | map(values)
              | "\($kind | mark) \(join(" · "))" | plain)},

      {type: "section",
       fields: [
         ([$kind | values | "\($nps) of 10 (\(.))"] | first | field("Likelihood to recommend")),
         (.scores.csat | field("Satisfaction")),
         (.scores.ces | field("Effort")),
         ([$name, $person.email, $person.phone] | map(values | line) | join("\n") | some
          | field("Respondent")),
         ($person.externalId | field("Customer id"))
       ]},

      {type: "section", text: ([$comment | values | quote] | first // "" | mrkdwn)},

      {type: "section",
       fields: [$others[:6][] | .question as $question | .given | cut(300) | field($question)]},

      {type: "context",
       elements: [
         [(if ($others | length) > 6 then "\(($others | length) - 6) more answers" else null end),
          (.provider | values | brand),
          ([.collector.name, .collector.channel] | map(values | line) | join(", ") | some),
          (.pageUrl | values | link(.; "Page")),
          (.links.analyze | values | link(.; "Open the response")),
          (.completedAt // $time | values | moment)]
         | map(values) | join("  ·  ") | mrkdwn]}
    ]
  }
