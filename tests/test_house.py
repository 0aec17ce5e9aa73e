"""The rules of the house that a program can check. Those about words live in test_words.py."""

import ast
import contextlib
import io
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.urls import get_resolver
from importlinter.cli import lint_imports
from packaging.requirements import Requirement
from viewflow.workflow import Flow
from viewflow.workflow.lock import SelectForUpdateLock

pytestmark = pytest.mark.once

ROOT = settings.BASE_DIR
PACKAGES = ("core", "workflows")
SOURCES = [
    path
    for folder in (*PACKAGES, "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def ours() -> MigrationLoader:
    return MigrationLoader(None)


def test_the_import_contracts_hold(monkeypatch):
    monkeypatch.chdir(ROOT)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = lint_imports(cache_dir=str(settings.VAR_DIR / "imports"))
    assert code == 0, said.getvalue()


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = io.StringIO()
    try:
        call_command("makemigrations", *PACKAGES, check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_every_migration_has_a_name_that_says_what_it_does():
    names = [name for app, name in ours().disk_migrations if app in PACKAGES]
    assert names
    bad = [n for n in names if "_auto_" in n or not re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", n)]
    assert not bad
    assert not [n for n in names if n.endswith(("_initial", "_alter", "_update"))]


def test_every_migration_can_be_taken_back():
    stuck = [
        f"{app}.{name}: {type(operation).__name__}"
        for (app, name), migration in ours().disk_migrations.items()
        if app in PACKAGES
        for operation in migration.operations
        if not operation.reversible
    ]
    assert not stuck


def test_each_folder_of_templates_is_a_room():
    rooms = {p.name for package in PACKAGES for p in (ROOT / package).iterdir() if p.is_dir()}
    # parts: shared pieces; the others are folders that Django and the libraries look into.
    elsewhere = {"parts", "admin", "django", "registration"}
    folders = {p.name for p in (ROOT / "templates").iterdir() if p.is_dir()}
    assert folders - rooms - elsewhere == set()
    assert "registration" not in folders


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_a_file_and_its_functions_can_be_read_at_one_sitting(path):
    text = path.read_text(encoding="utf-8")
    most = 400 if path.is_relative_to(ROOT / "tests") else 300
    assert text.count("\n") <= most, "split it by subject"
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > 40
    ]
    assert not long


@pytest.mark.parametrize("path", [p for p in SOURCES if "tests" not in p.parts], ids=shown)
def test_nothing_is_imported_inside_a_function(path):
    inside = [
        f"line {node.lineno}"
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inside, "redraw the rooms instead"


def flows() -> list[type[Flow]]:
    get_resolver().url_patterns  # loads every flow that has a page  # noqa: B018
    found, queue = [], [Flow]
    while queue:
        queue += (below := queue.pop().__subclasses__())
        found += [f for f in below if f.__module__.startswith("workflows.")]
    return found


def test_no_flow_without_a_lock_that_waits():
    assert flows(), "no flow was found"
    for flow in flows():
        lock = flow.lock_impl
        assert isinstance(lock, SelectForUpdateLock), flow
        assert lock.nowait is False, flow


@pytest.mark.parametrize(
    ("lock", "extra"), [("requirements.lock", ()), ("requirements-test.lock", ("test",))]
)
def test_the_lock_files_hold_what_the_project_asks_for(lock, extra):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text, "no place of download belongs here"
    pins = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))
    assert text.count("--hash=sha256:") >= len(pins)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + [
        line for name in extra for line in project["optional-dependencies"][name]
    ]
    for line in map(Requirement, asked):
        assert pins.get(line.name) in line.specifier, f"{line}: run script/lock"
