"""Invented names of people, firms and roads."""

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
MEN = ("志 建 国 文 明 永 家 春 海 正 德 光 世 立 庆 昌 松 启 广 传".split(),
       "华 军 平 林 东 峰 斌 刚 勇 辉 成 亮 波 山 荣 生 良 祥 富 才".split())  # fmt: skip
WOMEN = ("晓 春 秀 玉 雪 丽 美 小 红 桂 月 文 慧 雅 淑 彩 兰 婉 佳 素".split(),
         "梅 芳 英 兰 霞 琴 娟 萍 燕 玲 珍 敏 静 云 莲 凤 蓉 华 颖 清".split())  # fmt: skip

BRANDS = (
    "恒 瑞 鑫 盛 兴 永 华 金 福 裕 祥 隆 泰 天 宏 德 嘉 聚 润 安 顺 诚 富 康 万 和 信 正 云 山 春 秋 青 翠 银 宝 汇 百 佳 远".split(),
    "达 源 丰 通 和 发 茂 泰 昌 顺 利 旺 辉 荣 峰 安 成 兴 盈 泉 林 川 原 溪 雅 美 业 邦 升 腾".split(),
)  # fmt: skip

ROADS = "人民路 建设路 茶山路 文昌街 滨河路 解放街 新华路 迎宾大道 东风路 兴业路 古井街 桃园路".split()


def person(rng) -> str:
    """A name of three characters; nobody in particular."""
    first, second = MEN if rng.random() < 0.58 else WOMEN
    # Common surnames stand first in the list and come up more often.
    surname = SURNAMES[int(len(SURNAMES) * rng.random() ** 2)]
    return surname + rng.choice(first) + rng.choice(second)


def brand(rng) -> str:
    while True:
        first, second = rng.choice(BRANDS[0]), rng.choice(BRANDS[1])
        if first != second:
            return first + second


def phone(rng) -> str:
    """A number with an area code that no place has."""
    return f"0690-5{rng.randrange(10**6):06d}"
