"""Open work goes where its firm goes: what the lists need is copied from the firm, so it follows."""

from core.ledger.models import Firm
from workflows.engine.models import Process, Task


def follow_the_firm(firm: Firm) -> None:
    """A firm came to another township or line: its open tasks are now theirs. Call it inside the
    act's transaction. What is finished stays with those who did it."""
    home = {"county": firm.county, "area": firm.area, "line_id": firm.line_id}
    Process.objects.open().filter(firm=firm).update(**home)
    Task.objects.open().filter(firm=firm).update(**home)
