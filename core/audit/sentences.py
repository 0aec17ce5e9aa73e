"""One sentence for each kind of event. `record` refuses a code that has none.

The person who did it is shown before the sentence; the system's own acts have no person.
Every {word} must be given to `record`. A word holds a name as it was then, or a code ("stand_alone")
that the reader sees in their own language: rooms teach their codes with `teach`. Several codes in
one word stand with ", " between them.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    # accounts
    "account.opened": _("opened the account {username} ({role})"),
    "account.changed": _("changed the account {username}: {what}"),
    "account.signed_in": _("signed in"),
    "account.signed_out": _("signed out"),
    "account.locked_out": _("sign-in for {username} was locked after too many wrong passwords"),
    "account.password_changed": _("changed the password"),
    "leave.recorded": _("recorded the leave of {name} from {since} to {until}; {substitute} stands in"),
    "leave.ended": _("recorded that {name} is back"),
    "account.told_how": _("chose how to be told of news"),
    "account.calendar_made": _("made a private calendar address"),
    "account.calendar_ended": _("took back the private calendar address"),
    "robot.added": _("connected the robot {robot}"),
    "robot.changed": _("changed the robot {robot}"),
    "robot.removed": _("removed the robot {robot}"),
    "robot.broken": _("the robot {robot} no longer gets messages: {fault}"),
    # ledger
    "firm.registered": _("registered {firm_name}"),
    "firm.changed": _("changed the entry of {firm_name}: {what}"),
    "import.applied": _(
        "brought in the list of firms {file} (import {number}): {new} new, {changed} changed, "
        "{left_out} left out; SHA-256 of the rows {digest}"
    ),
    "import.undone": _(
        "took back the list of firms {file} (import {number}): {new} new, {changed} changed"
    ),
    "import.dropped": _("gave up bringing in the list of firms {file}"),
    "import.list_applied": _(
        "brought in {table} from {file} (import {number}): {new} new, {changed} changed, "
        "{left_out} left out; SHA-256 of the rows {digest}"
    ),
    "import.list_undone": _(
        "took back {table} from {file} (import {number}): {new} new, {changed} changed"
    ),
    "import.list_dropped": _("gave up bringing in {table} from {file}"),
    "import.list_seen": _("looked at the names in {file}: {table} (import {number})"),
    "import.row_undone": _("took back what import {number} had brought in here: {table}"),
    "branch.founded": _("founded the branch {branch}"),
    "branch.dissolved": _("dissolved the branch {branch}"),
    "mass_organisation.recorded": _("recorded the {kind} {name}, approval number {number}"),
    "mass_organisation.changed": _("changed the {kind} {name}, approval number {number}"),
    "file.added": _("added the file {name}"),
    "file.opened": _("opened the file {name}"),
    # people
    "member.recorded": _("recorded a member of {firm_name}"),
    "member.left": _("recorded that a member left {firm_name}"),
    "member.kind_changed": _("recorded a new kind of membership for a member of {firm_name}"),
    "member.card_seen": _("looked at a member's card of {firm_name}"),
    "instructor.recorded": _("recorded the instructor {instructor}"),
    "instructor.changed": _("changed the entry of the instructor {instructor}: {what}"),
    "instructor.left": _("recorded that the instructor {instructor} left on {on}"),
    "standing.recorded": _("recorded of the instructor {instructor}: {standing}, since {on}"),
    "training.recorded": _("recorded a training of {instructor} on {on}: {subject}"),
    "training.taken_back": _("took back a training of {instructor}: {subject}"),
    "register.read_in": _("read the Excel file {file} into the register of instructors: {count} rows"),
    "register.exported": _("saved the register of instructors as Excel: {count} rows"),
    "tie.declared": _("put a declared tie of {instructor} to a firm on record"),
    "tie.ended": _("put on record that a declared tie of {instructor} is no more"),
    "assignment.begun": _("assigned {instructor} to {firm_name}"),
    "assignment.ended": _("ended the assignment of {instructor} to {firm_name}: {why}"),
    "assignment.proposed": _("proposed {instructor} for {firm_name}"),
    "assignment.agreed": _("recorded for {instructor} at {firm_name}: {party} agrees"),
    "assignment.declined": _("recorded for {instructor} at {firm_name}: {party} does not agree"),
    "assignment.given_up": _("gave up the proposal of {instructor} for {firm_name}"),
    "assignment.withdrawn": _("withdrew the proposal of {instructor} for {firm_name}"),
    "assignment.overtaken": _("the proposal of {instructor} for {firm_name} was overtaken by events"),
    "assignment.no_longer_fits": _(
        "{instructor} can no longer be sent to {firm_name}; another one is to be chosen"
    ),
    "assignment.issued": _("issued in list no. {number} of {year}: {instructor} goes to {firm_name}"),
    "assignment.list_issued": _("issued the list of assignments no. {number} of {year}: {count}"),
    "recall.proposed": _("proposed to recall {instructor} from {firm_name}"),
    "recall.approved": _("approved the recall of {instructor} from {firm_name}"),
    "recall.rejected": _("rejected the recall of {instructor} from {firm_name}"),
    "recall.withdrawn": _("withdrew the recall of {instructor} from {firm_name}"),
    "recall.overtaken": _("the recall of {instructor} from {firm_name} was overtaken by events"),
    "matching.chosen": _("chose {instructor} for {firm_name} on a matching board"),
    "matching.removed": _("took {firm_name} off a matching board"),
    "matching.put_back": _("put {firm_name} back on a matching board"),
    "credential.issued": _("issued the credential {number} to {instructor}"),
    "credential.moved": _("{move}: credential {number} of {instructor}. {reason}"),
    "credential.printed": _("printed card no. {card} of the credential {number} of {instructor}"),
    "portrait.kept": _("kept a new photo of the instructor {instructor}"),
    "printed.entered": _("entered a printed figure of {report}: {figure}, {said}"),
    "printed.reading": _("said what a printed figure of {report} counts: {figure}, {said}"),
    "printed.taken_back": _("took back a printed figure of {report}: {figure}, {said}"),
    "report.saved": _("saved the table {report_table} of {place} as of {on} as a file: {count} rows"),
    "report.frozen": _("reported the table {report_table} of {place} as of {on} to {whom}"),
    "report.handed_on": _("reported again the table {report_table} of {place} as of {on}, to {whom}"),
    "report.copy_opened": _("fetched the reported copy of {report_table} of {place} as of {on}"),
    "report.layout_kept": _("changed the office's headings of the table {report_table}"),
    "report.layout_reset": _("went back to the given headings of the table {report_table}"),
    "platform.token_given": _("gave the platform {platform} a token for {place} until {until}"),
    "platform.token_revoked": _("revoked the token of the platform {platform}"),
    "letterhead.kept": _("changed the letterhead of the office: {letter_what}"),
    "letter.written": _("numbered the official letter {number}"),
    "letter.printed": _("printed the official letter {number}"),
    "contact.named": _("named {name} for {place}: {tier}"),
    "contact.ended": _("recorded that {name} is no longer named for {place}: {tier}"),
    "visiting_days.kept": _("kept the visiting days of {instructor} at {firm_name}: {days}"),
    "contact_card.printed": _("printed the contact card of {firm_name}"),
    "guidance.recorded": _("recorded guidance at {firm_name} on {on}"),
    # the conversation about a transition
    "request.proposed": _("proposed for {firm_name}: {move}"),
    "request.corrected": _("corrected the proposal for {firm_name}: {move}"),
    "request.approved_on": _("agreed at {step} to: {move}"),
    "request.returned": _("returned for correction: {move}"),
    "request.rejected": _("rejected: {move}"),
    "request.opinion_asked": _("asked {asked} for an opinion on: {move}"),
    "request.opinion_given": _("gave an opinion on: {move}"),
    "request.withdrawn": _("withdrew: {move}"),
    "request.printed": _("printed the approval form for: {move}"),
    # the one door
    "case.moved": _("{firm_name}: {move}, from {source} to {target}"),
    # tasks
    "task.claimed": _("took the task: {task}"),
    "task.released": _("gave back the task: {task}"),
    "task.reassigned": _("handed the task to {to}: {task}"),
    "task.queued": _("put the task of {name} back into the queue: {task}"),
    "task.delegated": _("asked {to} to work on the task and give it back: {task}"),
    "task.returned": _("gave the task back to {to} with the result: {task}"),
    "task.called_back": _("took the task back from {name}: {task}"),
    "task.held": _("put the task off until {until}: {task}"),
    "task.resumed": _("took up the task again: {task}"),
    "task.follow_up": _("wants to come back to the task on {on}: {task}"),
    "task.follow_up_ended": _("no longer has a day to come back to the task: {task}"),
    "task.nudged": _("asked to hurry: {task}"),
    "task.commented": _("wrote a comment: {task}"),
    "task.taken_back": _("took back the decision: {task}"),
    "task.escalated": _("a task is overdue and was passed to the next level: {task}"),
    "finding.opened": _("asked to look into: {finding}"),
    "finding.closed": _("closed the finding: {finding}"),
    # two-way evaluation: never what a form says, nor that somebody declined
    "handover.opened": _("the handover of {firm_name} by {instructor} began"),
    "handover.handed": _("signed that {firm_name}, guided by {instructor}, is handed over"),
    "handover.passed_on": _("the handover of {firm_name} by {instructor} waits for {to}"),
    "handover.taken": _("signed that {firm_name}, guided before by {instructor}, is taken over"),
    "handover.printed": _("printed the handover by {instructor}"),
    "evaluation.round_opened": _("opened the round of evaluation no. {number}"),
    "evaluation.round_closed": _("closed the round of evaluation no. {number}"),
    "evaluation.begun": _("began the evaluation of the work of {instructor} at {firm_name}"),
    "evaluation.handed_in": _("handed in, {how}: {sheet}"),
    "evaluation.link_given": _("gave out a personal link for the firm's form"),
    "evaluation.lapsed": _("the round closed before it came in: {sheet}"),
    "evaluation.opened": _("both forms about the work of {instructor} were opened"),
    "evaluation.opinion": _("wrote an opinion on the work of {instructor}"),
    "evaluation.answered": _("answered the opinion, {how}"),
    "evaluation.not_answered": _("the time to answer the opinion passed"),
    "evaluation.graded": _("settled the grade of the work of {instructor}"),
    "evaluation.printed": _("printed the evaluation of the work of {instructor}"),
    # survey rounds
    "survey.opened": _("opened the survey round {title}: {count} firms"),
    "survey.cancelled": _("cancelled the survey round {title}"),
    "survey.closed": _("closed the survey round {title}; its figures are kept as they were"),
    "survey.reminder": _("the survey round {title} ends on {until}; firms are still to be answered"),
    "survey.late": _("the day of the survey round {title} is over; what is left is for the office"),
    "survey.confirmed": _("survey {title}: confirmed the entry of {firm_name} as it stands"),
    "survey.changed": _("survey {title}: confirmed the entry of {firm_name} with changes: {what}"),
    "survey.not_found": _("survey {title}: {firm_name} was not found: {survey_reason}"),
    "survey.settled": _("survey {title}: {firm_name}, which was not found: {survey_outcome}"),
    "survey.taken_back": _("survey {title}: took back the answer on {firm_name}"),
    "survey.came_late": _("survey {title}: an answer on {firm_name} came after the closing"),
    # lists of authorities
    "list.brought": _("brought in a list ({list_source}): {name}, {count} rows"),
    "list.decided": _("list ({list_source}), {name}: {list_decision}"),
    "list.taken_back": _("list ({list_source}), {name}: took back “{list_decision}”"),
    # long work
    "job.started": _("started: {job_kind} (no. {number})"),
    "job.cancelled": _("stopped: {job_kind} (no. {number})"),
    "job.tried_again": _("had it tried again: {job_kind} (no. {number})"),
    "job.failed": _("did not succeed: {job_kind} (no. {number})"),
    "job.result_opened": _("fetched the file of: {job_kind} (no. {number})"),
    "queue.tried_again": _("had background work tried again: {function}"),
}

VOCABULARY: dict[str, dict[str, str]] = {}  # word → code → label


def teach(word: str, labels) -> None:
    """Let sentences say the codes of a word in the reader's language. Rooms call it at import."""
    VOCABULARY.setdefault(word, {}).update(labels)


def sentence(event) -> str:
    """The event's sentence in the reader's language, without the person who did it."""
    words = {word: _in_words(VOCABULARY.get(word, {}), said) for word, said in event.words.items()}
    said = str(SENTENCES[event.code]).format(**words)
    if absent := event.words.get("in_place_of"):
        return gettext("%(said)s (in place of %(name)s)") % {"said": said, "name": absent}
    return said


def _in_words(labels: dict, said: str) -> str:
    if not labels:
        return said
    return gettext(", ").join(str(labels.get(code, code)) for code in said.split(", "))
