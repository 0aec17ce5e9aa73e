"""What the demo county's register knows of its instructors beside the entry: trade, kind, languages,
standing, trainings. Drawn apart, so that the printed figures of the county stay what they are."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from core.demo.places import PARK_AT
from core.people.models import Instructor
from core.people.standing import Standing
from core.people.training import Training

# The trade that a unit knows, by the end of its name; other units know none in particular.
KNOWS = {
    "经济贸易局": "C", "农业农村局": "A", "商务局": "F", "市场监督管理局": "F", "生态环境局": "N",
    "文化和旅游局": "R", "人民政府": "A",
}  # fmt: skip
LANGUAGES = ("普通话", "普通话、客家话", "普通话、土家语", "普通话、苗语")
COURSES = (  # month, day, days, subject
    (3, 20, Decimal(1), "非公企业党建工作业务培训"),
    (6, 25, Decimal("1.5"), "党建工作指导员履职培训"),
    (9, 18, Decimal("0.5"), "联系服务企业政策解读"),
    (10, 30, Decimal(1), "党员发展与组织生活规范"),
)
CAME = 0.92  # of the instructors, to each course


def fill_in(county) -> None:
    rng = Random(f"{county.seed}:{county.number}:register")
    by = county.supervisors["county"]
    courses = [
        (date(year, month, day), days, subject)
        for year in (county.on.year - 1, county.on.year)
        for month, day, days, subject in COURSES
        if date(year, month, day) < county.on
    ]
    units = {one.pk: one.name for one in county.rows[Instructor.unit.field.related_model]}
    further = Instructor.further_areas.through
    for who in county.rows[Instructor]:
        who.trade = next((t for end, t in KNOWS.items() if units[who.unit_id].endswith(end)), "")
        who.kind = rng.choices(Instructor.Kind.values, (15, 70, 15))[0]
        who.languages = rng.choices(LANGUAGES, (70, 14, 10, 6))[0]
        county.new(
            Standing, instructor=who, kind=Standing.Kind.GRANTED, since=who.term_from, by=by
        )  # fmt: skip
        if rng.random() < 0.1:
            code = county.areas[rng.randrange(PARK_AT)].code
            if code != who.area:
                county.new(further, instructor_id=who.pk, area_id=code)
        for day, days, subject in courses:
            if day >= who.term_from + timedelta(days=7) and rng.random() < CAME:
                county.new(
                    Training, instructor=who, day=day, days=days, subject=subject, by=by
                )  # fmt: skip
