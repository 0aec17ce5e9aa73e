"""The picture shows the chart: every row once, nothing else, everything in words."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from workflows.coverage import consequences, guards
from workflows.coverage.chart import BLANK, CHART, COVERED, FIRST, OPERATION, STAGE, Move
from workflows.coverage.drawing import as_mermaid, drawing, stage_path
from workflows.coverage.words import (
    CONDITIONS,
    CONSEQUENCES,
    DECIDES,
    NEEDS,
    STATES,
    VERBS,
    condition,
    states_of,
)


def test_every_row_of_the_chart_is_drawn_once():
    drawn = Counter(lane.move for track in (STAGE, OPERATION) for lane in drawing(track).lanes)
    assert drawn == Counter(CHART)


@pytest.mark.parametrize("track", [STAGE, OPERATION])
def test_a_lane_starts_at_its_sources_and_ends_at_its_target(track):
    shapes = drawing(track)
    boxes = {box.name: box for box in shapes.boxes}
    assert list(boxes) == states_of(track)
    for lane in shapes.lanes:
        edge_of = {name: box.y + box.height * lane.back for name, box in boxes.items()}
        starts = {int(x) for x, y in re.findall(r"M(\d+) (\d+)V", lane.path)}
        assert len(starts) == len(lane.move.sources)
        for name in lane.move.sources:
            box = boxes[name]
            assert any(box.x < x < box.x + box.width for x in starts), (lane.move.verb, name)
        end = boxes[lane.move.target]
        x, y = map(int, re.match(r"M(\d+) (\d+)", lane.tip).groups())
        assert end.x < x < end.x + end.width
        assert y == edge_of[end.name]
        assert len(lane.dots) == len(lane.move.sources) - 1


@pytest.mark.parametrize("track", [STAGE, OPERATION])
def test_no_two_lanes_lie_on_one_another(track):
    lanes = drawing(track).lanes
    assert len({lane.word_y for lane in lanes}) == len(lanes)
    risers = Counter((lane.back, x) for lane in lanes for x in {*re.findall(r"M(\d+) \d+V", lane.path)})
    ends = Counter((lane.back, re.match(r"M(\d+)", lane.tip)[1]) for lane in lanes)
    assert max((risers + ends).values()) == 1


def test_everything_stays_inside_the_picture():
    for track in (STAGE, OPERATION):
        shapes = drawing(track)
        for lane in shapes.lanes:
            heights = [int(y) for y in re.findall(r"M\d+ (\d+)H", lane.path)]
            assert all(14 < y < shapes.height for y in (*heights, lane.word_y))
        assert max(box.x + box.width for box in shapes.boxes) < shapes.width


def test_moves_back_run_below():
    below = {lane.move.verb for lane in drawing(STAGE).lanes if lane.back}
    assert below == {"rejoin", "fall_to_covered", "fall_to_mass", "fall_to_blank"}


def test_a_row_more_is_a_lane_more():
    more = (*CHART, Move("skip", STAGE, (BLANK,), COVERED, FIRST, "always"))
    assert len(drawing(STAGE, more).lanes) == len(drawing(STAGE).lanes) + 1


def test_every_name_of_the_chart_has_words(county):
    for move in CHART:
        assert hasattr(guards, move.when)
        assert move.verb in VERBS
        assert {*move.sources, move.target} <= set(STATES)
        assert "%(" not in condition(move, on=county.today)
        assert move.decides in DECIDES
        assert move.needs in NEEDS
        for name in move.entails:
            assert hasattr(consequences, name)
            assert CONSEQUENCES[name]


def test_no_words_without_a_name():
    assert set(CONDITIONS) == {move.when for move in CHART}
    assert set(CONSEQUENCES) == {name for move in CHART for name in move.entails}
    assert set(NEEDS) == {move.needs for move in CHART}


def test_the_path_says_where_a_firm_stands_and_what_is_open():
    steps = {step.name: step.standing for step in stage_path("work_covered", {"standalone"})}
    assert steps == {
        "blank": "done", "mass_organised": "done", "work_covered": "now", "affiliated": "ahead",
        "standalone": "open",
    }  # fmt: skip


def test_the_readme_diagram_has_every_arrow():
    text = as_mermaid()
    arrows = re.findall(r"(\w+) --> (\w+): ", text)
    assert Counter(arrows) == Counter(
        (source, move.target) for move in CHART for source in move.sources
    )
    assert "affiliated --> standalone: Found a branch of its own (county)" in text


def test_the_page_shows_and_links_every_move(county, signed_in):
    page = signed_in(county.wang_fang).get(reverse("coverage:chart"))
    text = page.content.decode()
    assert page.status_code == 200
    for move in CHART:
        assert text.count(f'id="move-{move.verb}"') == 1
        assert f'<a href="#move-{move.verb}"><title>' in text


def test_the_page_counts_only_the_readers_own_firms(county, signed_in):
    page = signed_in(county.li_ming).get(reverse("coverage:chart"))
    stages = {box.name: count for box, count, _href in page.context["tracks"][0]["boxes"]}
    assert stages == {
        "blank": 1, "mass_organised": 0, "work_covered": 0, "affiliated": 0, "standalone": 0,
    }  # fmt: skip


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get(reverse("coverage:chart")).status_code == 302
