"""The report in the terminal: what it says, in both languages, within 80 columns."""

from __future__ import annotations

from math import inf, nan

import pytest

from sim.report.answer import answer, shown
from sim.report.text import text
from sim.report.words import GRADES, PHRASES, VERDICTS, Language, between, days, number, share, signed
from tests.hand_results import HandResult, result

TODAY = result([30, 32, 34, 36], [0.10, 0.12, 0.14, 0.16])
PLEDGE = result(
    [10, 12, 14, 16.5], [0.70, 0.73, 0.74, 0.75], title=("All four levers together", "Les quatre leviers ensemble")
)


def said(*results: HandResult, language: Language = "en", **changes: object) -> str:
    """The report on one line, with plain spaces."""
    return " ".join(text(results, language=language, **changes).split())  # type: ignore[arg-type]


def test_the_answer_comes_first_with_its_interval() -> None:
    """The share, its interval, the replications, the goal; then inclusion, what finishes last, the contracts."""
    sentences = [" ".join(each.split()) for each in answer(shown(TODAY, "en"))]
    assert sentences[:2] == [
        "13 % (95 % CI 9–18, 4 replications) of trials have an open site "
        "within 15 calendar days (by dates) of authorisation.",
        "6 % (95 % CI 4–9, 4 replications) of trials have included a first patient "
        "within 15 calendar days (by dates) of authorisation.",
    ]
    assert sentences[2] == "Last to finish: signed contract (61 %), pharmacy (39 %)."
    assert sentences[3].startswith(
        "The first contract is signed on average 3.0 d (95 % CI 3.0–3.0) after authorisation"
    )
    assert len(sentences) == 4  # nothing is submitted, so nothing is said about lost work


def test_several_scenarios_are_side_by_side_first() -> None:
    """Each promised share, what nobody knows where it was looked at, and the difference in points with its interval."""
    page = said(TODAY, PLEDGE)
    assert page.startswith("In brief ")
    assert "Today 13 % [9–18] – 6 % [4–9] All four levers together 73 % [68–77] +60 [59–61] 36 % [32–41]" in page
    told = "Shares within 15 calendar days (by dates) of authorisation, and how they differ from “Today” (same trials, "
    assert f"{told}same luck), with 95 % intervals." in page
    assert "In brief" not in said(TODAY) and "En bref" in said(TODAY, PLEDGE, language="fr")


def test_other_promises_are_not_side_by_side() -> None:
    """A share within ten days does not stand beside one within fifteen."""
    goal = {"from": "authorised", "to": "site_activated", "within": "10 d", "counted": "calendar"}
    other = result([10, 12, 14, 16], [0.7, 0.7, 0.8, 0.8], goal=goal, title=("Ten", "Dix"))
    assert "In brief" not in said(TODAY, other)


def test_the_answer_in_french() -> None:
    """With accents, decimal commas and a narrow no-break space before the per cent sign."""
    first, *_ = answer(shown(TODAY, "fr"))
    assert first == (
        "13\N{NARROW NO-BREAK SPACE}% (IC à 95\N{NARROW NO-BREAK SPACE}%\N{NO-BREAK SPACE}: 9–18, 4 réplications) "
        "des essais ont un centre ouvert dans les 15\N{NO-BREAK SPACE}jours calendaires (de date à date) suivant "
        "l'autorisation."
    )
    assert "3,0 j" in said(TODAY, language="fr")


def test_working_days_are_called_so() -> None:
    """The goal says how it counts."""
    goal = {"from": "authorised", "to": "site_activated", "within": "15 wd", "counted": "working"}
    assert "within 15 working days (by dates) of authorisation" in said(result([1, 2], [0.1, 0.2], goal=goal))


def test_one_replication_gives_no_interval() -> None:
    """A share from one replication stands without an interval rather than with an empty one."""
    first, *_ = answer(shown(result([30], [0.1]), "en"))
    assert " ".join(first.split()).startswith("10 % (one replication) of trials have")


def test_differences_are_against_the_first_and_say_what_they_mean() -> None:
    """Points for shares, days for medians, each with interval and verdict; what is identical is said to be."""
    page = said(TODAY, PLEDGE)
    assert "All four levers together, against Today (same trials, same luck)" in page
    assert "+60.0 points 58.6–61.3 gain" in page
    assert "−20.0 −20.0 to −19.5 gain" in page and "0.0 0.0–0.0 exactly identical" in page
    assert "contract days lost" not in page  # nothing is submitted in either


def test_no_difference_is_said_plainly() -> None:
    """An interval that holds 0 is no difference to see, in both languages."""
    same = result([31, 31, 34.5, 35.5], [0.11, 0.11, 0.15, 0.155], title=("Other", "Autre"))
    assert "no difference to see" in said(TODAY, same)
    assert "pas de différence visible" in said(TODAY, same, language="fr")


def test_stages_people_and_reading_follow() -> None:
    """Medians with quartiles, days by stage with the waiting in them, pools with the busiest, counts and windows."""
    page = said(TODAY, evidence={"A": 0.25, "assumption": 0.75})
    assert "authorisation to open site 33.0 [28–38]" in page
    assert "Contract 9.5 (2.5)" in page and "Site set-up 4.0 (0.0)" in page
    assert "contract officers 4.5 12.0 87 % 6.0 clip2 03, 99 %" in page
    assert "Today: 400 trials in 4 replications. " in page
    assert "between 2026-01-15 and 2026-04-15" in page and "until 2026-07-24" in page
    assert page.endswith("Numbers of the scenario by evidence: legal text 25 %, assumption 75 %.")


def test_what_is_not_reached_is_never_a_number() -> None:
    """A median that falls on trials that are not there says so."""
    assert "not reached" in said(result([inf, 30], [0.1, 0.2]))


def test_without_a_goal_the_medians_remain() -> None:
    """A scenario that promises nothing is reported without shares."""
    page = said(result([30, 31], [0.1, 0.2], goal=None))
    assert "authorisation to open site 30.5" in page and "in time" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("scenarios", [1, 2, 5])
def test_no_line_is_wider_than_the_page(language: Language, scenarios: int) -> None:
    """80 columns are enough for any number of scenarios, and nothing is cut off."""
    page = text([TODAY, PLEDGE, TODAY, PLEDGE, PLEDGE][:scenarios], language=language)
    assert max(map(len, page.splitlines())) <= 80
    assert "…" not in page


def test_a_number_is_never_broken() -> None:
    """On a narrow page words wrap, a median and its quartiles stay on one line."""
    assert text([TODAY, PLEDGE, TODAY], width=46).count("33.0 [28–38]") == 4


def test_plain_text_has_no_colour() -> None:
    """What goes to a file holds no escape codes."""
    assert "\x1b" not in text([TODAY])


def test_numbers_as_each_language_writes_them() -> None:
    """Thousands, decimals, signs and what is unknown."""
    assert (number(1234.56, "en"), number(1234.56, "fr")) == ("1,234.6", "1\N{NARROW NO-BREAK SPACE}234,6")
    assert (number(nan, "en"), number(inf, "fr"), number(-0.04, "en")) == ("–", "non atteint", "0.0")
    assert (signed(2.0, "en"), signed(-2.0, "fr"), signed(0.04, "en")) == ("+2.0", "−2,0", "0.0")
    assert (share(0.745, "en"), days(3.0, "fr")) == ("74\N{NO-BREAK SPACE}%", "3,0\N{NO-BREAK SPACE}j")
    assert (between(1, 2, "en"), between(-1, 2, "fr"), between(nan, 2, "en")) == ("1.0–2.0", "−1,0 à 2,0", "–")


@pytest.mark.parametrize("words", [GRADES, VERDICTS, PHRASES])
def test_every_wording_has_both_languages(words: dict[str, tuple[str, str]]) -> None:
    """Two wordings each, with the same blanks to fill."""
    import string

    for key, (english, french) in words.items():
        blanks = [
            sorted({name for _, name, _, _ in string.Formatter().parse(each) if name}) for each in (english, french)
        ]
        assert english and french and blanks[0] == blanks[1], key


def test_shares_that_keep_other_promises_are_not_held_against_each_other() -> None:
    """Of a scenario with another goal the times are compared, and no share."""
    goal = {"from": "authorised", "to": "site_activated", "within": "30 d", "counted": "calendar"}
    other = result([10, 12, 14, 16.5], [0.70, 0.73, 0.74, 0.75], goal=goal, title=("Elsewhere", "Ailleurs"))
    together = said(TODAY, other)
    _, _, differences = together.partition("Elsewhere, against ")
    assert "median of" in differences and "points" not in differences.partition("Shares [95 % CI]")[0]
