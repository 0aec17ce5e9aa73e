"""What the firms of such a county live from, and how big that makes them."""

from typing import NamedTuple

from core.ledger.models import Size


class Trade(NamedTuple):
    industry: str
    trade: str
    word: str  # in the firm's name
    form: str
    weight: int
    yields: float  # turnover for each employee, 10,000 yuan
    scale_from: int  # "above scale" begins at this turnover, 10,000 yuan
    bounds: str
    line: str = ""
    seasonal: bool = False


INC, PLANT, SHOP = "有限公司", "厂", "经营部"
TRADES = (
    Trade("C", "茶叶加工", "茶业", INC, 54, 22, 2000, "industry", "farming", seasonal=True),
    Trade("A", "茶叶种植", "茶叶种植", INC, 22, 12, 2000, "farming", "farming", seasonal=True),
    Trade("C", "农产品加工", "农产品", INC, 34, 26, 2000, "industry", "farming", seasonal=True),
    Trade("C", "粮油食品", "食品", PLANT, 16, 28, 2000, "industry", "trade"),
    Trade("A", "苗木花卉", "苗木", INC, 10, 14, 2000, "farming", "farming"),
    Trade("A", "畜禽养殖", "生态养殖", INC, 20, 24, 2000, "farming", "farming"),
    Trade("C", "木竹制品", "竹木制品", PLANT, 14, 20, 2000, "industry", "trade"),
    Trade("C", "水泥制品", "建材", PLANT, 18, 36, 2000, "industry", "trade"),
    Trade("C", "服装加工", "服饰", INC, 12, 15, 2000, "industry", "trade"),
    Trade("C", "机械加工", "机械", INC, 10, 34, 2000, "industry", "trade"),
    Trade("C", "包装印刷", "包装", INC, 8, 30, 2000, "industry", "trade"),
    Trade("B", "砂石开采", "石料", INC, 6, 40, 2000, "industry", "trade"),
    Trade("D", "小水电", "水电", INC, 6, 45, 2000, "industry", "trade"),
    Trade("E", "房屋建筑", "建筑工程", INC, 14, 38, 2000, "building", "building"),
    Trade("E", "装饰装修", "装饰", INC, 8, 24, 2000, "building", "building"),
    Trade("F", "批发", "商贸", INC, 28, 60, 2000, "wholesale", "commerce"),
    Trade("F", "百货零售", "超市", INC, 18, 22, 500, "retail", "commerce"),
    Trade("F", "建材零售", "建材", SHOP, 16, 26, 500, "retail", "commerce"),
    Trade("F", "农资零售", "农资", SHOP, 14, 30, 500, "retail", "commerce"),
    Trade("F", "药品零售", "大药房", INC, 10, 28, 500, "retail", "commerce"),
    Trade("G", "道路运输", "运输", INC, 12, 32, 1000, "transport", "trade"),
    Trade("G", "物流快递", "物流", INC, 8, 26, 1000, "transport", "commerce"),
    Trade("H", "住宿", "大酒店", INC, 12, 14, 200, "lodging", "commerce"),
    Trade("H", "餐饮", "餐饮", INC, 14, 12, 200, "lodging", "commerce"),
    Trade("I", "电子商务", "电子商务", INC, 8, 28, 1000, "services", "commerce"),
    Trade("K", "物业服务", "物业服务", INC, 6, 10, 1000, "services", "building"),
    Trade("L", "广告劳务", "广告", INC, 8, 16, 1000, "services", "commerce"),
    Trade("O", "汽车修理", "汽车维修", INC, 12, 18, 1000, "services", "trade"),
    Trade("R", "文化旅游", "文化旅游", INC, 8, 14, 1000, "services", "commerce"),
)
MAKERS = tuple(t for t in TRADES if t.industry == "C")

# Least employees and least turnover (10,000 yuan) of a large, medium and small firm, after the
# statistical classes of 2017. Where a trade has no bound on one of them it is 0.
BOUNDS = {
    "industry": ((1000, 40000), (300, 2000), (20, 300)),
    "farming": ((0, 20000), (0, 500), (0, 50)),
    "building": ((0, 80000), (0, 6000), (0, 300)),
    "wholesale": ((200, 40000), (20, 5000), (5, 1000)),
    "retail": ((300, 20000), (50, 500), (10, 100)),
    "transport": ((1000, 30000), (300, 3000), (20, 200)),
    "lodging": ((300, 10000), (100, 2000), (10, 100)),
    "services": ((300, 0), (100, 0), (10, 0)),
}


def size_of(trade: Trade, employees: int, turnover: int) -> str:
    """The class of which all bounds hold; a firm that misses one falls to the class below."""
    for size, (people, money) in zip(Size.values, BOUNDS[trade.bounds], strict=False):
        if employees >= people and turnover >= money:
            return size
    return Size.MICRO
