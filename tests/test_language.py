"""The catalogue is whole and right, and each reader gets the language they want."""

import gettext
import re

import polib
import pytest
from django.urls import reverse
from django.utils import translation

from core import settings as product
from core.audit.sentences import SENTENCES
from tests import messages

pytestmark = pytest.mark.once

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+[^>]*>")
HALF_WIDTH = re.compile(r"[\u3400-\u9fff]\s*[,;:?!.]")
HAN = re.compile(r"[\u3400-\u9fff，。；：？！（）“”]+")


def catalogue() -> polib.POFile:
    return polib.pofile(str(messages.CATALOGUE))


def said(entry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


# ── the catalogue ──────────────────────────────────────────────────────────────────────────────
def test_every_text_of_the_source_is_translated_and_nothing_else_is_kept():
    """When this fails: run script/messages, and translate what it names."""
    entries = {messages.key(entry): entry for entry in catalogue()}
    found = messages.texts()
    assert set(found) - set(entries) == set()
    assert set(entries) - set(found) == set()
    assert {key for key, text in found.items() if text.plural != entries[key].msgid_plural} == set()
    assert [entry.msgid for entry in entries.values() if not said(entry).strip()] == []
    assert [entry.msgid for entry in entries.values() if entry.fuzzy] == []


def test_the_extraction_finds_every_way_of_marking_a_text():
    python = (
        "_('one') ; gettext_lazy('two' ' words') ; ngettext('a day', 'days', n)\n"
        "pgettext('stage', 'three') ; _(name) ; print('not this')\n"
    )
    template = (
        "{% load i18n %}<p>it's {% translate 'four' %}</p>{{ x|default:_(\"five\") }}"
        "{% blocktranslate trimmed count n=n %}{{ n }}\n firm{% plural %}{{ n }} firms"
        '{% endblocktranslate %}{% translate "six" context "verb" %}'
        '{% comment %}_("not this"){% endcomment %}'
    )
    assert list(messages.texts_in_python(python)) == [
        ("one", "", None), ("two words", "", None), ("a day", "days", None), ("three", "", "stage"),
    ]  # fmt: skip
    assert list(messages.texts_in_template(template)) == [
        ("four", "", None), ("five", "", None), ("%(n)s firm", "%(n)s firms", None),
        ("six", "", "verb"),
    ]  # fmt: skip


def test_placeholders_are_the_same_in_both_languages():
    for entry in catalogue():
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        assert sorted(PLACEHOLDER.findall(said(entry))) == wanted, entry.msgid


def test_translations_are_chinese_with_chinese_punctuation():
    for entry in catalogue():
        text = PLACEHOLDER.sub("", said(entry))
        if re.search(r"\w", text):
            assert HAN.search(text), entry.msgid
        if entry.msgid != "yes,no":  # a list for a filter of Django
            assert not HALF_WIDTH.search(text), entry.msgid
        assert "「" not in text and "你" not in text, entry.msgid


def test_what_a_start_compiles_says_what_the_catalogue_says():
    compiled = product.VAR_DIR / "words" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    with compiled.open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    for entry in catalogue():
        if entry.msgid_plural:
            assert spoken.ngettext(entry.msgid, entry.msgid_plural, 7) == said(entry)
        elif entry.msgctxt:
            assert spoken.pgettext(entry.msgctxt, entry.msgid) == said(entry)
        else:
            assert spoken.gettext(entry.msgid) == said(entry)


def test_every_sentence_of_the_audit_trail_is_in_chinese():
    with translation.override("zh-hans"):
        for code, sentence in SENTENCES.items():
            assert HAN.search(str(sentence)), code


# ── which language a reader gets ───────────────────────────────────────────────────────────────
def test_the_product_speaks_chinese_when_nobody_asks():
    assert product.LANGUAGE_CODE == "zh-hans"
    assert [code for code, _name in product.LANGUAGES] == ["zh-hans", "en"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, "zh-hans"), ("zh", "zh-hans"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("zh-TW", "zh-hans"), ("zh-HK,en;q=0.5", "zh-hans"), ("zh-Hant-TW", "zh-hans"),
        ("zh-SG", "zh-hans"), ("de-DE", "zh-hans"), ("en-GB,zh;q=0.5", "en"), ("en", "en"),
    ],
)  # fmt: skip
def test_the_browser_asks_for_a_language(asked, given, client, db, settings):
    settings.LANGUAGE_CODE = product.LANGUAGE_CODE
    headers = {"Accept-Language": asked} if asked else {}
    assert f'<html lang="{given}">' in client.get("/sign-in/", headers=headers).content.decode()


def test_the_switch_outlives_the_browsers_wish(client, db, settings):
    settings.LANGUAGE_CODE = product.LANGUAGE_CODE
    client.post(reverse("set_language"), {"language": "en", "next": "/sign-in/"})
    page = client.get("/sign-in/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert '<html lang="en">' in page
