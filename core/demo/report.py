"""The survey's own table, as it was printed: what holds, what does not, what reads two ways."""

from datetime import UTC, datetime, time

from core.figures.printed import NOTHING, PrintedFigure

REPORT = "非公有制企业党建工作摸底普查报告"
# As printed, and what it counts; "" where the text can be read in more than one way.
ROWS = (
    ("非公有制企业", "408", "firms", ""),
    ("规模以上企业", "15", "firms_above_scale", ""),
    ("从业人员", "7,219", "employees", ""),
    ("有党员的企业", "79", "firms_with_members", ""),
    ("有党员企业占全部企业的比例", "19.36%", "firms_with_members", "firms"),
    ("企业党员", "168", "full_members", ""),
    ("企业党员占从业人员的比例", "2.23%", "full_members", "employees"),
    ("单独组建党支部的企业", "19", "standalone_rate", ""),
    ("挂靠党支部", "36", "affiliated_branches", ""),
    ("其中：私营企业协会党支部", "21", "association_branches", ""),
    ("挂靠党支部覆盖的企业", "79", "", ""),
    ("私营企业协会党支部的个体党员", "206", "self_employed_members", ""),
    ("没有党员的企业", "329", "firms_without_members", ""),
    ("选派指导员", "329", "instructors", ""),
    ("工青妇组织", "76", "mass_organisations", ""),
    ("非公有制经济增加值占生产总值的比例", "45.6%", NOTHING, ""),
)  # fmt: skip


def print_figures(county) -> None:
    """Only of the county that a visitor signs in to: the others are for load work."""
    at = datetime.combine(county.on, time(1, 30), UTC)
    for label, printed, part, whole in ROWS if county.first else ():
        county.new(
            PrintedFigure, area=county.code, report=REPORT, on=county.on, label=label, printed=printed,
            part=part, whole=whole, by=county.supervisors["county"], at=at,
        )  # fmt: skip
