"""The county, its townships and park, and the line departments."""

from core.accounts.models import Area, LineDepartment

# name, code below the county's, share of the firms
TOWNSHIPS = (
    ("城关镇", "100", 96), ("茗泉镇", "101", 38), ("柳湾镇", "102", 28), ("石磨镇", "103", 24),
    ("云台镇", "104", 30), ("杉坪镇", "105", 18), ("双桥镇", "106", 34), ("枫林镇", "107", 20),
    ("河口镇", "108", 26), ("梨树坪乡", "200", 12), ("高岭乡", "201", 10),
)  # fmt: skip
PARK = ("工业园区", "400", 72)
TOWN, PARK_AT = 0, len(TOWNSHIPS)  # places in the county's list of areas: the seat, the park

LINES = (
    ("trade", "经济贸易局"), ("farming", "农业农村局"), ("commerce", "商务局"),
    ("building", "住房和城乡建设局"),
)  # fmt: skip
ASSOCIATION = "个体私营企业协会"

FIRST = "青云松竹梅兰茶清碧白金银石龙凤鹤枫桃梨杉柏桂荷菱沙"
SECOND = "岚陵渠浦峪岗坪畈沱坞堰埠滩垭峒磴"


def code_of(number: int) -> str:
    """The division code of the n-th county. No province begins with 69."""
    city, place = divmod(number, 60)
    return f"69{city + 1:02d}{place + 24:02d}"


def name_of(number: int) -> str:
    second, first = divmod(number % (len(FIRST) * len(SECOND)), len(FIRST))
    return f"{FIRST[first]}{SECOND[second]}县"


def lay_out(county) -> None:
    """Areas and line departments of a county."""
    county.new(Area, code=county.code, name=county.name, kind=Area.Kind.COUNTY)
    for name, tail, share in (*TOWNSHIPS, PARK):
        kind = Area.Kind.PARK if tail == PARK[1] else Area.Kind.TOWNSHIP
        county.areas.append(county.new(Area, code=county.code + tail, name=name, kind=kind))
        county.shares.append(share)
    for key, name in LINES:
        county.lines[key] = county.new(LineDepartment, county=county.code, name=county.name + name)
    county.lines["association"] = county.new(
        LineDepartment, county=county.code, name=county.name + ASSOCIATION, association=True
    )
