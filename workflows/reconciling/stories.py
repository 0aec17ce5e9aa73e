"""The lists of the demo county: a small one of the market authority, compared and partly decided."""

from datetime import timedelta

from django.utils import timezone

from core.ledger.credit_code import check_character
from core.ledger.models import Firm
from workflows.reconciling.comparing import places_of, write_down
from workflows.reconciling.deciding import decide
from workflows.reconciling.likeness import Known, compare
from workflows.reconciling.models import AuthorityList, Decision, Kind, Source

NEW = ("{county}云顶生态农业有限公司", "{county}恒昌物流有限责任公司", "{county}小满便利店")
SHOP = "个体经营门店，不属于非公企业党建工作对象。"


def lists(scene) -> None:
    """The list of the visitor's township: some firms of the ledger as they are, one struck off, one
    under a new name, three that the ledger does not have."""
    office = scene["township"]
    firms = list(
        scene.firms.filter(area=office.area).exclude(pk__in=scene.played).distinct().order_by("pk")[:8]
    )
    with scene.ago(3) as at:
        entries = _entries(firms, office)
        made = AuthorityList.objects.create(
            source=Source.MARKET, office=office.area, name="市场主体名单.xlsx", many=len(entries),
            on=timezone.localdate(at) - timedelta(days=4), by=office, rows=entries,
        )  # fmt: skip
        _compared(made, firms)
    with scene.ago(2) as at:
        shop = made.findings.filter(kind=Kind.NEW).order_by("line").last()
        decide(shop, Decision.IGNORE, by=office, on=timezone.localdate(at), at=at, reason=SHOP)


def _entries(firms: list[Firm], office) -> list[dict]:
    rows = [{"name": firm.name, "credit_code": firm.credit_code, "status": "存续"} for firm in firms]
    rows[0]["status"] = "注销"
    rows[1]["name"] = rows[1]["name"].replace("有限公司", "").replace("厂", "") + "（集团）有限公司"
    county = firms[0].name[:3]
    for number, name in enumerate(NEW):
        first = f"91{office.county}MA9{number:06d}"
        rows.append({
            "name": name.format(county=county), "credit_code": first + check_character(first),
            "status": "存续", "address": f"工业大道 {number + 3} 号", "opened_on": "2025-03-12",
        })  # fmt: skip
    return [row | {"line": line} for line, row in enumerate(rows, start=2)]


def _compared(made: AuthorityList, firms: list[Firm]) -> None:
    """What the job does, in this process: the demo has no worker while it is built."""
    known = [Known(firm.pk, firm.name, firm.credit_code, False) for firm in firms]
    steps = compare(made.rows, known, places=places_of(made.office), least=85, complete=False)
    result = None
    try:
        while True:
            next(steps)
    except StopIteration as end:
        result = end.value
    write_down(made, result)
