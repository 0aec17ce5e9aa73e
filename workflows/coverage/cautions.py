"""What is allowed but not as it should be: words beside a proposal, never a refusal."""

from django.utils.translation import gettext as _

from core.ledger.stages import Stage
from core.rulebook import rule


def cautions(move, facts, branch=None) -> list[str]:
    """The sentences that a proposer and a reviewer should read before they go on."""
    said = []
    need = rule("standalone_branch_members", on=facts.on).value
    if move.target == Stage.AFFILIATED and facts.full_members >= need:
        said.append(
            _("%(have)d full members: with %(need)d or more a firm should have its own branch.")
            % {"have": facts.full_members, "need": need}
        )
    if move.target == Stage.AFFILIATED and branch:
        firms = rule("affiliated_branch_firms", on=facts.on).value
        after = branch.firms.counted().count() + 1
        if after > firms:
            said.append(
                _("%(branch)s would cover %(after)d firms; in general %(most)d at most.")
                % {"branch": branch.name, "after": after, "most": firms}
            )
    most = rule("branch_members_at_most", on=facts.on).value
    if move.target == Stage.STANDALONE and facts.full_members > most:
        said.append(
            _("%(have)d members; a branch in general has %(most)d at most.")
            % {"have": facts.full_members, "most": most}
        )
    return said
