"""How long a list of firms takes from the upload until it is in the ledger, against the least that
must be done: calamine reading the same file and COPY of the same rows into a bare table.

import_ratio_floor  the desk (taken in, read, judged, staged, applied) ÷ the floor: medians of
                    alternating rounds, each in a process of its own, wall time without starting it
import_rss_mb       the most memory of any process that did the desk's work
export_…            of the same firms, when they are in the ledger: see measure_export
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

from tests.bench.measure_export import measure_export
from tests.bench.say import say
from tests.county import credit_code

HEADINGS = (
    "企业名称", "统一社会信用代码", "乡镇", "行业", "经营范围", "规模", "规上", "职工人数", "营业收入",
    "资产总额", "法定代表人", "联系人", "联系电话", "地址", "成立日期",
)  # fmt: skip
INDUSTRIES = ("制造业", "批发和零售业", "建筑业")
# Characters of names of firms, and of people; drawn at random, so that no run of them comes again.
HAN = (
    "安邦宝保本碧博渤昌长超辰晨成诚驰川创春大丹德登鼎东敦多恩发凡方飞丰枫峰凤福富高格冠光广贵国海瀚"
    "航豪浩和禾恒弘宏虹鸿厚湖花华欢环煌辉汇慧嘉佳坚建健江金锦京晶精景静九久巨聚君俊骏开凯康科可坤兰蓝"
    "朗乐雷磊力立利联良林凌领龙隆鲁陆绿伦罗马茂美蒙梦民名明铭木牧南能宁诺欧派鹏平普齐启起千乾强青清庆"
    "琼秋全泉群仁荣融如瑞润三森山杉上尚申深神升生盛胜石时世市首树双顺思斯松苏泰腾天田铁通同统威为维伟"
    "文沃五西希喜夏先祥翔小新鑫信星兴雄旭轩雅亚炎阳耀业一怡亿易益银英盈永勇友有佑宇裕元原远源云运泽展"
    "兆哲真正之志智中众州洲珠竹卓子紫宗祖尊重行单曾朝会传弹都干还角觉卷空落模难铺曲塞调降校血种"
)
FORMS = (
    "{town}县{word}{trade}有限公司", "{word}{trade}股份有限公司", "{town}市{word}{trade}有限责任公司",
    "{town}县{town2}镇{word}{trade}厂", "{word}（{town}）{trade}有限公司",
    "{town}{word}{trade}专业合作社",
    "{town}县{word}商行", "{word}{trade}集团{town}分公司",
)  # fmt: skip
TRADES = (
    "茶业", "机械制造", "建筑工程", "食品", "电子科技", "纺织", "物流",
    "商贸", "餐饮管理", "农业发展",
)  # fmt: skip


def county_of(number: int) -> str:
    """The county whose ledger a round fills."""
    return f"1399{number + 10}"


def options(parser) -> None:
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)


def measure(given) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "firms.xlsx"
        _list(path, given.firms)
        say(f"{given.firms} firms × {len(HEADINGS)} columns, {path.stat().st_size / 1024**2:.1f} MB")
        said = {"desk": [], "floor": []}
        for number in range(given.rounds):
            for who in said if number % 2 else reversed(said):
                said[who].append(_round(path, who, number))
    for who, rounds in said.items():
        times = ", ".join(f"{one['s']:.2f}" for one in rounds)
        say(f"  {who:<6} {times} s · {max(one['rss'] for one in rounds):.0f} MB RSS")
    desk, floor = (statistics.median(one["s"] for one in said[who]) for who in ("desk", "floor"))
    return {
        "import_ratio_floor": round(desk / floor, 2),
        "import_rss_mb": round(max(one["rss"] for one in said["desk"]), 1),
    } | measure_export(county_of(0), given.rounds)


def _list(path: Path, firms: int) -> None:
    book, chance = xlsxwriter.Workbook(str(path), {"constant_memory": True}), random.Random(5)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for at in range(1, firms + 1):
        sheet.write_row(at, 0, _firm(at, chance))
    book.close()


def _firm(at: int, chance: random.Random) -> tuple:
    def han(least: int, most: int) -> str:
        return "".join(chance.choices(HAN, k=chance.randint(least, most)))

    name = chance.choice(FORMS).format(
        town=han(2, 2), town2=han(2, 2), word=han(2, 4), trade=chance.choice(TRADES)
    )
    return (
        name, credit_code(at), f"第{at % 20}镇", INDUSTRIES[at % 3], "茶叶加工",
        "小型", "否", at % 90, at % 5000 / 4, at % 800, han(2, 3), han(2, 3), f"0571-{at:07d}",
        f"{han(2, 3)}路{at}号", f"20{at % 20:02d}-03-01",
    )  # fmt: skip


def _round(path: Path, who: str, number: int) -> dict:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.import_round", who, str(path), str(number)],
        capture_output=True, text=True, check=False, env=os.environ,
    )  # fmt: skip
    if run.returncode:
        raise SystemExit(run.stderr)
    return json.loads(run.stdout.splitlines()[-1])
