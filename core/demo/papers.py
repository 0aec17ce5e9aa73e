"""What the demo county's papers say: the letterhead of its office, who looks after which township,
and on which days the instructors come."""

from datetime import timedelta
from random import Random

from core.contact_cards.models import TierContact, VisitingDays
from core.demo import names
from core.demo.places import PARK_AT
from core.letters.models import Letterhead
from core.people.models import Assignment

POSTS = (
    "县委副书记", "县委常委、组织部部长", "县委常委、统战部部长", "县人民政府副县长",
    "县委常委、宣传部部长", "县政协副主席",
)  # fmt: skip
DAYS = (
    "每月第一周星期三上午", "每月第二周星期二上午", "每月5日、20日", "每两周星期四下午",
    "每月第三周星期五上午",
)  # fmt: skip
Tier = TierContact.Tier


def set_up(county) -> None:
    """Draws from a lot of its own, so that nothing else of the county changes."""
    rng, by = Random(f"{county.seed}:{county.number}:papers"), county.supervisors["county"]
    _letterhead(county)
    leaders = [(names.person(rng), post, names.phone(rng)) for post in POSTS]
    for place, area in enumerate(county.areas):
        where = "党工委副书记" if place == PARK_AT else "党委副书记"
        _name(county, Tier.COUNTY, area, leaders[place % len(leaders)], by, rng)
        section = (names.person(rng), f"{area.name}{where}", names.phone(rng))
        _name(county, Tier.SECTION, area, section, by, rng)
    for assigned in county.rows[Assignment]:
        if rng.random() < 0.6:
            county.new(
                VisitingDays, assignment=assigned, words=rng.choice(DAYS), by=by, since=assigned.since
            )


def _letterhead(county) -> None:
    organ = f"中共{county.name}非公有制经济组织工作委员会"
    county.new(
        Letterhead, area=county.code, organ=f"{organ}文件", word=f"{county.name[0]}非公工委发",
        signed=organ, upward=f"中共{county.name}委组织部", downward="各乡镇党委、园区党工委",
        copies="县委办公室、县委社会工作部", signer=county.supervisors["county"].name,
        contact=f"{county.supervisors['county'].name}，电话0690-5120000", version=1,
    )  # fmt: skip


def _name(county, tier, area, who, by, rng) -> None:
    name, post, phone = who
    county.new(
        TierContact, tier=tier, county=county.code, area=area.code, name=name, post=post, phone=phone,
        since=county.on - timedelta(days=rng.randint(200, 500)), by=by,
    )  # fmt: skip
