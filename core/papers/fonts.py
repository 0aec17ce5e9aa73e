"""Chinese letters on paper without a font of the system: the fonts come with the product.

An operator who owns the fonts of official papers (方正仿宋, 小标宋 …) puts the files into
`VAR_DIR/fonts`; they are preferred. No free 仿宋 has all rare characters of names, so what a font
lacks is taken from Noto Serif SC, letter by letter.
"""

import os
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import pylopdf_fonts_zh_cn as packaged
from django.conf import settings
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont, TTLibError

# What paper.css asks for → the families that may serve, best first. One place for both names of
# a font: the Chinese one and the one in Latin letters.
FAMILIES = {
    "Paper Body": (
        "FZFangSong-Z02", "方正仿宋_GBK", "FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋",
        "Zhuque Fangsong (technical preview)", "朱雀仿宋", "Noto Serif SC",
    ),
    "Paper Label": ("FZHei-B01", "方正黑体_GBK", "SimHei", "黑体", "Noto Sans SC"),
    "Paper Title": ("FZXiaoBiaoSong-B05", "方正小标宋_GBK", "方正小标宋简体", "Noto Sans SC"),
}  # fmt: skip
SYSTEM = (
    "/etc/fonts/fonts.conf",
    "/opt/homebrew/etc/fonts/fonts.conf",
    "/usr/local/etc/fonts/fonts.conf",
)
SAMPLE = "党组织审批表年月日□√→㛃䶮𬬮𫖯"  # words of the forms and rare characters of names


def operators_folder() -> Path:
    return settings.VAR_DIR.resolve() / "fonts"


def use_fonts() -> Path:
    """Point fontconfig at our fonts. Call it before Pango is loaded; safe to call again.

    Returns the configuration file. Raises OSError when it cannot be written.
    """
    here = settings.VAR_DIR.resolve() / "fontconfig"
    here.mkdir(parents=True, exist_ok=True)
    operators_folder().mkdir(parents=True, exist_ok=True)
    file = here / "fonts.conf"
    before = os.environ.get("FONTCONFIG_FILE", "")
    text = _configuration(here, before if before and before != str(file) else "")
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        fresh = here / f"fonts.conf.{os.getpid()}"  # another process may be reading the old one
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(file)
    os.environ["FONTCONFIG_FILE"] = str(file)
    return file


def _configuration(here: Path, before: str) -> str:
    folders = (operators_folder(), packaged.serif_path().parent)
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer>'
        + "".join(f"<family>{escape(family)}</family>" for family in families)
        + "</prefer></alias>\n"
        for name, families in FAMILIES.items()
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        "<fontconfig>\n"
        + "".join(f"<dir>{escape(str(folder))}</dir>\n" for folder in folders)
        + f"<cachedir>{escape(str(here / 'cache'))}</cachedir>\n"
        + aliases
        + "".join(
            f'<include ignore_missing="yes">{escape(path)}</include>\n'
            for path in ((before,) if before else SYSTEM)
        )
        + "</fontconfig>\n"
    )


def fonts_ready() -> tuple[bool, str]:
    """Whether Chinese papers can be set, and a sentence for the health page. Loads no Pango."""
    for path in (packaged.serif_path(), packaged.sans_path()):
        known = _letters(path)
        if not known:
            return False, _("The font file %(name)s is missing or broken.") % {"name": path.name}
        if lacking := [letter for letter in SAMPLE if ord(letter) not in known]:
            return False, _("The font %(name)s lacks %(letters)s.") % {
                "name": path.stem,
                "letters": " ".join(lacking),
            }
    return True, _("Noto Serif SC and Noto Sans SC, %(count)d characters.") % {"count": len(known)}


@cache  # a third of a second for both files
def _letters(path: Path) -> frozenset[int]:
    try:
        with TTFont(path, lazy=True) as font:
            return frozenset(font.getBestCmap())
    except (OSError, TTLibError):
        return frozenset()


def lacking(text: str) -> str:
    """The characters of a text that neither our fonts nor the operator's have, each once."""
    known = _letters(packaged.serif_path())
    missing = {c for c in text if ord(c) not in known and not c.isspace()}
    if missing:
        for path in sorted(operators_folder().glob("*.[ot]tf")):
            missing = {c for c in missing if ord(c) not in _letters(path)}
    return "".join(sorted(missing))
