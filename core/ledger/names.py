"""Making Chinese names findable from a keyboard: whole pinyin and initials; and texts that
name several things."""

import re

from pypinyin import Style, lazy_pinyin, load_phrases_dict

# Surnames that are read otherwise than the same character elsewhere. They count only at the
# beginning of a person's name, so they are not loaded as phrases.
SURNAMES = {
    "单": "shan", "曾": "zeng", "查": "zha", "仇": "qiu", "解": "xie", "朴": "piao", "任": "ren",
    "盖": "ge", "尹": "yin", "区": "ou", "华": "hua", "缪": "miao", "覃": "qin", "翟": "zhai",
    "乐": "yue", "员": "yun", "种": "chong", "尉": "wei", "万": "wan", "纪": "ji", "洗": "xian",
}  # fmt: skip

load_phrases_dict({"行业": [["hang"], ["ye"]], "商行": [["shang"], ["hang"]]})


def searchable(name: str, *, person: bool = False) -> tuple[str, str]:
    """Pinyin and initials of a name, in small letters: 恒达 → ("hengda", "hd")."""
    syllables = lazy_pinyin(name, style=Style.NORMAL)
    if person and name and name[0] in SURNAMES:
        syllables[0] = SURNAMES[name[0]]
    syllables = [word.lower() for s in syllables for word in s.split()]
    initials = "".join(s[0] if s[0].isalpha() else s for s in syllables)
    return "".join(syllables)[:512], initials[:128]


SEVERAL = re.compile(r"[、,，;；/\n]+")  # between two languages


def spoken(languages: str) -> list[str]:
    """The languages of a text that gives several, in its order, each once."""
    return list(dict.fromkeys(word.strip() for word in SEVERAL.split(languages) if word.strip()))


def listed(languages: str) -> str:
    """The same text the one way in which it is kept: several stand with 、 between them."""
    return "、".join(spoken(languages))
