"""The words of lists that the audit trail says in the reader's language."""

from core.audit.sentences import teach
from workflows.reconciling.models import Decision, Source

teach("list_source", dict(Source.choices))
teach("list_decision", dict(Decision.choices))
