"""Pools from a scenario: whose they are, how many people on each day, and when bodies sit."""

from __future__ import annotations

import numpy as np

from sim.model.network import Pool
from sim.model.plan import Plan
from tests.written import scenario

DAY = 1440


def pools(text: str, *, days: int = 100, origin: str = "2026-01-01") -> dict[str, Pool]:
    """The pools of a scenario by name."""
    written = scenario(f"""\
origin: {origin}
windows: {{warm_up: 0 d, observation: {days} d, follow_up: 0 d}}
classes: [{{name: a, dates: [{origin}], sites: exactly 1}}]
{text}
""")
    return {pool.name: pool for pool in Plan(written).network.pools}


def on_day(pool: Pool, day: int) -> int:
    """People present on a day."""
    return int(pool.units[np.searchsorted(pool.changes, day * DAY, side="right") - 1])


def test_each_site_has_the_people_of_its_type_unless_it_says_otherwise() -> None:
    """Pools per site stand in the order of the sites; a site's own number replaces its type's."""
    found = pools("""\
site_types: {large: {people: {officers: 4}}}
sites: [{name: north, type: large}, {name: south, type: large, people: {officers: 1}}, {name: west}]
pools: {officers: {per: site, units: 2}}
""")
    assert [(name, int(pool.units[0])) for name, pool in found.items()] == [
        ("officers of north", 4),
        ("officers of south", 1),
        ("officers of west", 2),
    ]


def test_sites_of_one_group_share_their_people() -> None:
    """North and south belong to one cluster and put 4 + 1 officers together; west keeps its own."""
    found = pools("""\
sites:
  - {name: north, people: {officers: 4}, attributes: {cluster: saclay}}
  - {name: south, people: {officers: 1}, attributes: {cluster: saclay}}
  - {name: west, people: {officers: 2}}
pools: {officers: {per: site, shared_by: cluster}}
""")
    assert {name: int(pool.units[0]) for name, pool in found.items()} == {
        "officers of saclay": 5,
        "officers of west": 2,
    }


def test_each_sponsor_of_a_type_has_its_own_people() -> None:
    """Three sponsors of two types are three pools."""
    found = pools("""\
sites: [{name: north}]
sponsor_types: {company: {number: 2, people: {legal: 3}}, biotech: {number: 1, people: {legal: 1}}}
pools: {legal: {per: sponsor}}
""")
    assert {name: int(pool.units[0]) for name, pool in found.items()} == {
        "legal of company_1": 3,
        "legal of company_2": 3,
        "legal of biotech_1": 1,
    }


def test_sponsors_have_the_people_that_are_said_and_no_others() -> None:
    """A type that says nothing of a pool without units of its own has nobody in it."""
    found = pools("""\
sites: [{name: north}]
sponsor_types: {company: {people: {legal: 3}}, charity: {}}
pools: {legal: {per: sponsor}}
""")
    assert [pool.units.max() for pool in found.values()] == [3, 0]


def test_a_type_of_sponsors_without_a_number_is_one_sponsor() -> None:
    """One pool, with the people that the pool gives to everyone."""
    found = pools("sites: [{name: north}]\nsponsor_types: {academic: {}}\npools: {legal: {per: sponsor, units: 2}}")
    assert {name: int(pool.units[0]) for name, pool in found.items()} == {"legal of academic_1": 2}


LEAVE = "sites: [{name: north}]\npools: {officers: {units: %d, leave: [{from: 02-01, to: 02-10, present: 50 %%}]}}"


def test_leave_is_staggered_over_the_season() -> None:
    """Of two people one is away at any time, of one person nobody is left for the first half."""
    two, one = pools(LEAVE % 2)["officers"], pools(LEAVE % 1)["officers"]
    february = range(31, 41)
    assert [on_day(two, day) for day in february] == [1] * 10
    assert [on_day(one, day) for day in february] == [0] * 5 + [1] * 5
    assert (on_day(two, 30), on_day(two, 41)) == (2, 2)


def test_a_team_is_never_away_all_at_once() -> None:
    """Of four people at 50 % two are there on each of the ten days."""
    four = pools(LEAVE % 4)["officers"]
    assert [on_day(four, day) for day in range(31, 41)] == [2] * 10


def test_half_present_is_half_present_on_each_day() -> None:
    """Of 22 posts that one person each holds, 10 to 12 are held on every day of the season, and never all the same."""
    sites = ", ".join(f"{{name: s{number}}}" for number in range(22))
    found = pools(
        f"sites: [{sites}]\npools: {{officers: {{per: site, units: 1, "
        "leave: [{from: 02-01, to: 02-28, present: 50 %}]}}"
    )
    held = np.array([[on_day(pool, day) for pool in found.values()] for day in range(31, 59)])
    assert held.sum(axis=1).min() >= 10 and held.sum(axis=1).max() <= 12
    assert (held.sum(axis=0) == 14).all()


def test_a_post_alone_is_covered_where_the_leave_says_so() -> None:
    """With at_least: 1 somebody stands in for the one person; a team of four goes by its share as before."""
    covered = LEAVE.replace("present: 50 %%", "present: 50 %%, at_least: 1")
    one, four = pools(covered % 1)["officers"], pools(covered % 4)["officers"]
    assert [on_day(one, day) for day in range(31, 41)] == [1] * 10
    assert [on_day(four, day) for day in range(31, 41)] == [2] * 10


def test_leave_takes_as_many_days_of_work_as_its_share_says() -> None:
    """Seven people at 50 % for ten days lose 35 days of work, whatever the order."""
    seven = pools(LEAVE % 7)["officers"]
    assert sum(7 - on_day(seven, day) for day in range(100)) == 35


def test_an_absence_takes_people_away_between_two_dates_at_one_site() -> None:
    """One officer of the north is away from 5 to 7 January, both included; the south is complete."""
    found = pools("""\
sites: [{name: north}, {name: south}]
pools: {officers: {per: site, units: 2, absences: [{from: 2026-01-05, to: 2026-01-07, units: 1, at: north}]}}
""")
    assert [on_day(found["officers of north"], day) for day in range(3, 8)] == [2, 1, 1, 1, 2]
    assert on_day(found["officers of south"], 5) == 2


def test_an_absence_before_the_origin_is_over() -> None:
    """One that ended the year before takes nobody, one that goes on to 2 January takes one until then."""
    found = pools("""\
sites: [{name: north}]
pools:
  gone: {units: 2, absences: [{from: 2025-12-01, to: 2025-12-31, units: 1}]}
  going: {units: 2, absences: [{from: 2025-12-30, to: 2026-01-02, units: 1}]}
""")
    assert [on_day(found["gone"], day) for day in range(3)] == [2, 2, 2]
    assert [on_day(found["going"], day) for day in range(3)] == [1, 1, 2]


COMMITTEES = """\
sites: [{name: north}]
pools:
  committees:
    clock: working
    sittings: {bodies: %d, every: %s, seats: 3}
    leave: [{from: 02-01, to: 02-28, present: 50 %%}]
"""


def sitting_days(bodies: int, every: str, days: int = 90) -> list[int]:
    """The days on which committees sit, counted from 1 January 2026, before day `days`."""
    sittings = pools(COMMITTEES % (bodies, every))["committees"].sittings
    assert sittings is not None
    return [int(at) // DAY for at in sittings if at < days * DAY]


def test_one_committee_meets_on_the_first_monday_of_the_month() -> None:
    """5 January, 2 February and 2 March 2026; it is the half that sits during the leave of February."""
    assert sitting_days(1, "month") == [4, 32, 60]


def test_a_meeting_of_the_day_before_the_origin_is_over() -> None:
    """From Tuesday 6 January 2026 on, the next first Monday of a month is 2 February."""
    committees = pools(
        "sites: [{name: north}]\n"
        + """\
pools: {committees: {clock: working, sittings: {bodies: 1, every: month, seats: 1}}}""",
        origin="2026-01-06",
    )["committees"]
    assert committees.sittings is not None
    assert committees.sittings[0] // DAY == 27


def test_half_of_the_committees_sit_during_leave() -> None:
    """Of four committees four meet in January and in March, two in February."""
    days = sitting_days(4, "month")
    assert [sum(first <= day < last for day in days) for first, last in ((0, 31), (31, 59), (59, 90))] == [4, 2, 4]


def test_meetings_are_spread_over_weekdays_and_weeks() -> None:
    """Twenty committees meet once a month each, on as many days; the one of the holiday 1 January joins the 2nd."""
    committees = pools(COMMITTEES % (20, "month"))["committees"]
    assert committees.sittings is not None and committees.seats is not None
    january = committees.sittings < 31 * DAY
    assert january.sum() == 19
    assert committees.seats[january].sum() == 20 * 3


def test_a_weekly_committee_meets_every_week() -> None:
    """Mondays outside the leave, four or five of them in January and March."""
    assert [day for day in sitting_days(1, "week") if day < 31] == [4, 11, 18, 25]


def test_ten_bodies_of_two_weeks_are_spread_over_both_weeks() -> None:
    """One on each working day of two weeks; meeting every week there are two on each working day."""
    text = "sites: [{name: north}]\npools: {committees: {sittings: {bodies: 10, every: %s, seats: 1}}}"
    weekdays = [day for day in range(4, 90) if day % 7 in (4, 5, 6, 0, 1)]  # from Monday 5 January 2026 on
    for every, seats in (("two_weeks", 1), ("week", 2)):
        found = pools(text % every)["committees"]
        assert found.sittings is not None and found.seats is not None
        there = (found.sittings >= 4 * DAY) & (found.sittings < 90 * DAY)
        assert (found.sittings[there] // DAY).tolist() == weekdays
        assert set(found.seats[there].tolist()) == {seats}


def test_bodies_that_meet_at_one_instant_put_their_seats_together() -> None:
    """Two committees of the same Monday make one sitting with six seats; drawn one by one they stay two of three."""
    text = "sites: [{name: north}]\npools: {committees: {sittings: {bodies: 21, every: month, seats: 3%s}}}"
    together, apart = (pools(text % more)["committees"] for more in ("", ", drawn_between: [0 d, 30 d]"))
    assert together.seats is not None and apart.seats is not None and apart.sittings is not None
    assert sorted(set(together.seats.tolist())) == [3, 6]
    assert set(apart.seats.tolist()) == {3}
    assert len(apart.sittings) > len(set(apart.sittings.tolist()))
    assert (together.window, apart.window) == (None, (0, 30 * DAY))


def test_some_bodies_or_all_of_them_miss_their_sittings() -> None:
    """Three bodies meet once a month; in March two of them do not, in April nobody does."""
    board = pools(
        """\
sites: [{name: north}]
pools:
  board:
    sittings:
      {bodies: 3, every: month, seats: 1, missed: [{from: 03-01, to: 03-31, bodies: 2}, {from: 04-01, to: 04-30}]}
tasks: [{name: heard, pool: board}]
""",
        days=120,
    )["board"]
    assert board.sittings is not None
    month_ends = [31, 59, 90, 120]
    month = np.searchsorted(month_ends, board.sittings // DAY, side="right")
    assert np.bincount(month)[:4].tolist() == [3, 3, 1, 0]  # what lies behind the horizon does not matter


def test_a_site_that_is_called_like_a_region_keeps_its_people() -> None:
    """Sites of one region share a pool; a site of no region has its own, whatever it is called."""
    written = scenario("""\
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 9 d, follow_up: 0 d}
classes: [{name: a, dates: [2026-01-01], sites: exactly 1}]
sites:
  - {name: north, people: {desk: 1}}
  - {name: lille, people: {desk: 2}, attributes: {region: north}}
pools: {desk: {per: site, shared_by: region}}
""")
    assert [int(pool.units[0]) for pool in Plan(written).network.pools] == [1, 2]


def test_people_come_and_go_on_dates() -> None:
    """Lawyers: one in January, two in February, none from March; before the first date there are as many as then."""
    found = pools("""\
site_types: {small: {people: {officers: {2026-01-10: 1, 2026-02-01: 3}}}}
sites: [{name: north, type: small}, {name: south, type: small, people: {officers: 2}}]
pools: {officers: {per: site}, lawyers: {units: {2026-01-01: 1, 2026-02-01: 2, 2026-03-01: 0}}}
""")
    assert [on_day(found["lawyers"], day) for day in (0, 30, 31, 58, 59)] == [1, 1, 2, 2, 0]
    assert [on_day(found["officers of north"], day) for day in (0, 9, 30, 31)] == [1, 1, 1, 3]
    assert on_day(found["officers of south"], 31) == 2


def test_leave_is_of_as_many_as_there_are() -> None:
    """Half of two people are away in the first five days of a leave, half of four in the last five."""
    found = pools("""\
sites: [{name: north}]
pools: {officers: {units: {2026-01-01: 2, 2026-02-06: 4}, leave: [{from: 02-01, to: 02-10, present: 50 %}]}}
""")
    assert [on_day(found["officers"], day) for day in range(30, 42)] == [2, *[1] * 5, *[2] * 5, 4]


def test_half_posts_work_on_some_days_of_the_week() -> None:
    """Of three people in the north one works from Monday to Wednesday; 1 January 2026 is a Thursday."""
    found = pools("""\
sites: [{name: north}, {name: south}]
pools: {officers: {per: site, units: 3, part_time: [{units: 1, days: [mon, tue, wed], at: north}]}}
""")
    assert [on_day(found["officers of north"], day) for day in range(8)] == [2, 2, 2, 2, 3, 3, 3, 2]
    assert {on_day(found["officers of south"], day) for day in range(8)} == {3}
