"""Making Chinese names findable from a keyboard: whole pinyin and initials; and texts that
name several things."""

import re
from collections.abc import Iterator
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, load_phrases_dict
from pypinyin.constants import PHRASES_DICT, RE_HANS
from pypinyin.seg.mmseg import p_set

# Surnames that are read otherwise than the same character elsewhere. They count only at the
# beginning of a person's name, so they are not loaded as phrases.
SURNAMES = {
    "单": "shan", "曾": "zeng", "查": "zha", "仇": "qiu", "解": "xie", "朴": "piao", "任": "ren",
    "盖": "ge", "尹": "yin", "区": "ou", "华": "hua", "缪": "miao", "覃": "qin", "翟": "zhai",
    "乐": "yue", "员": "yun", "种": "chong", "尉": "wei", "万": "wan", "纪": "ji", "洗": "xian",
}  # fmt: skip

load_phrases_dict({"行业": [["hang"], ["ye"]], "商行": [["shang"], ["hang"]]})

PREFIXES = p_set._set  # every beginning of a phrase of the dictionary
CHINESE = RE_HANS.pattern.removeprefix("^(?:[").removesuffix("])+$")
RUNS = re.compile(f"[{CHINESE}]+|[^{CHINESE}]+")


def searchable(name: str, *, person: bool = False) -> tuple[str, str]:
    """Pinyin and initials of a name, in small letters: 恒达 → ("hengda", "hd")."""
    if person and name and name[0] in SURNAMES:
        first, *rest = _words(name)
        surname = SURNAMES[name[0]]
        read = [_written([surname, *_syllables(first)[1:]]), *map(_read, rest)]
    else:
        read = list(map(_read, _words(name)))
    return "".join([one[0] for one in read])[:512], "".join([one[1] for one in read])[:128]


def _words(name: str) -> Iterator[str]:
    """A name cut as pypinyin cuts it: the longest phrase of its dictionary that begins at a place,
    else one character; what is not Chinese in one piece. Its own cutter asks character by
    character whether a phrase might begin; here two characters in no phrase are passed at once."""
    for run in RUNS.findall(name):
        if not RE_HANS.match(run[0]):
            yield run
            continue
        at, end = 0, len(run)
        while at < end:
            if run[at : at + 2] not in PREFIXES:
                yield run[at]
                at += 1
                continue
            length, found = 2, 0
            while run[at : at + length] in PREFIXES and at + length <= end:
                if run[at : at + length] in PHRASES_DICT:
                    found = length
                length += 1
            if not found and at + length > end:  # the rest might have become a phrase, and did not
                yield from run[at:]
                break
            yield run[at : at + (found or 1)]
            at += found or 1


def _syllables(word: str) -> list[str]:
    return lazy_pinyin([word] if RE_HANS.match(word) else word, style=Style.NORMAL)


def _written(syllables: list[str]) -> tuple[str, str]:
    words = [word.lower() for s in syllables for word in s.split()]
    return "".join(words), "".join(s[0] if s[0].isalpha() else s for s in words)


@lru_cache(maxsize=20_000)
def _read(word: str) -> tuple[str, str]:
    return _written(_syllables(word))


SEVERAL = re.compile(r"[、,，;；/\n]+")  # between two languages


def spoken(languages: str) -> list[str]:
    """The languages of a text that gives several, in its order, each once."""
    return list(dict.fromkeys(word.strip() for word in SEVERAL.split(languages) if word.strip()))


def listed(languages: str) -> str:
    """The same text the one way in which it is kept: several stand with 、 between them."""
    return "、".join(spoken(languages))
