"""The words of survey rounds that the audit trail says in the reader's language."""

from core.audit.sentences import teach
from workflows.surveys.models import SurveyFirm

teach("survey_reason", dict(SurveyFirm.Reason.choices))
teach("survey_outcome", dict(SurveyFirm.Outcome.choices))
