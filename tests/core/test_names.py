"""Names are findable by what pypinyin makes of them, character for character, only faster."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from core.ledger.names import SURNAMES, searchable

COMMON = "中国和行业商重庆长城单县茶叶有限责任公司银了得着都大夫朝阳会计乐山音曾参差不齐还原好一不"
PHRASES = sorted(PHRASES_DICT)
pieces = st.one_of(
    st.text(alphabet=COMMON, max_size=6), st.sampled_from(PHRASES), st.text(max_size=4),
    st.sampled_from(PHRASES).map(lambda phrase: phrase[:-1]),
    st.sampled_from(["Tea Co", " A1 ", "（", "〇", "\u3000", "㐀", "\n", "·", "ü"]),
)  # fmt: skip


def plainly(name: str, *, person: bool) -> tuple[str, str]:
    syllables = lazy_pinyin(name, style=Style.NORMAL)
    if person and name and name[0] in SURNAMES:
        syllables[0] = SURNAMES[name[0]]
    syllables = [word.lower() for s in syllables for word in s.split()]
    initials = "".join(s[0] if s[0].isalpha() else s for s in syllables)
    return "".join(syllables)[:512], initials[:128]


@settings(max_examples=400)
@given(st.lists(pieces, max_size=6).map("".join), st.booleans())
def test_any_name_is_read_as_pypinyin_reads_it(name, person):
    assert searchable(name, person=person) == plainly(name, person=person)


def test_every_phrase_is_read_as_pypinyin_reads_it_alone_and_cut_short():
    for phrase in PHRASES[::7]:
        for name in (phrase, phrase[:-1], f"{phrase}厂", f"大{phrase}"):
            assert searchable(name) == plainly(name, person=False), name


def test_every_surname_is_read_as_one():
    for surname in SURNAMES:
        for name in (surname, f"{surname}小平", f"{surname}于"):
            assert searchable(name, person=True) == plainly(name, person=True)
