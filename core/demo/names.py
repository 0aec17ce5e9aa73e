"""Invented names of people, firms and roads."""

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
MEN = (tuple("志建国文明永家春海正德光世立庆昌松启广传"),
       tuple("华军平林东峰斌刚勇辉成亮波山荣生良祥富才"))  # fmt: skip
WOMEN = (tuple("晓春秀玉雪丽美小红桂月文慧雅淑彩兰婉佳素"),
         tuple("梅芳英兰霞琴娟萍燕玲珍敏静云莲凤蓉华颖清"))  # fmt: skip

BRANDS = (
    tuple("恒瑞鑫盛兴永华金福裕祥隆泰天宏德嘉聚润安顺诚富康万和信正云山春秋青翠银宝汇百佳远"),
    tuple("达源丰通和发茂泰昌顺利旺辉荣峰安成兴盈泉林川原溪雅美业邦升腾"),
)  # fmt: skip

ROADS = (
    "人民路", "建设路", "茶山路", "文昌街", "滨河路", "解放街", "新华路", "迎宾大道", "东风路",
    "兴业路", "古井街", "桃园路",
)  # fmt: skip


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
