"""The frozen records of a scenario: what a user may write, with units, bounds and a description each.

Here is who takes part (clocks, sites, classes of trials, pools of people or sittings), what is measured, and
`Scenario`, which holds everything. What all parts are made of is in `language/`, the process in `stages/`; all public
names are to be had from here.
"""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)

from sim.scenario.language.durations import Duration, DurationField, Family
from sim.scenario.language.mistakes import shown
from sim.scenario.language.quantities import (
    DateField,
    Hour,
    MonthDay,
    RateField,
    ShareField,
    SpanField,
    ToleranceField,
    read_share,
    write_share,
)
from sim.scenario.language.records import (
    Assumption,
    Attribute,
    Condition,
    Count,
    CountField,
    Flag,
    Headcount,
    Name,
    People,
    Record,
    Shares,
    Text,
    Title,
    Whole,
    read_attribute,
)
from sim.scenario.language.steps import Limit, Share, StartRule, Starts, Step, Task, Variant
from sim.scenario.stages.authorisation import Authorisation, Part, Questions, Validation
from sim.scenario.stages.contracting import Contracting, Reopening, Rounds
from sim.scenario.stages.inclusion import Inclusion, InclusionVariant
from sim.scenario.stages.site_setup import SiteSetup

__all__ = [
    "STATISTICS",
    "WORKING",
    "Absence",
    "Admission",
    "Assumption",
    "Attribute",
    "Authorisation",
    "Clock",
    "Condition",
    "Contracting",
    "Count",
    "CountField",
    "Duration",
    "DurationField",
    "Expectation",
    "Family",
    "Flag",
    "Goal",
    "Headcount",
    "Inclusion",
    "InclusionVariant",
    "Indicator",
    "Kind",
    "Leave",
    "Lever",
    "LeverUse",
    "Limit",
    "Missed",
    "Name",
    "Pace",
    "Part",
    "PartTime",
    "Pool",
    "Questions",
    "Record",
    "Reopening",
    "Rounds",
    "Scenario",
    "Season",
    "Site",
    "SiteSetup",
    "Sittings",
    "Spread",
    "StartRule",
    "Starts",
    "Step",
    "Task",
    "Text",
    "TrialClass",
    "Validation",
    "Variant",
    "Weekday",
    "Whole",
    "Windows",
    "fingerprint",
    "written",
]


class Windows(Record):
    """Which part of the simulated time is measured."""

    warm_up: SpanField = Field(description="From the origin; queues fill, nothing is measured.")
    observation: SpanField = Field(description="A trial is measured if the start event of the indicator falls in here.")
    follow_up: SpanField = Field(description="After the observation; measured trials are still followed.")

    @property
    def days(self) -> int:
        """The length of a replication [d]."""
        return round(self.warm_up.days + self.observation.days + self.follow_up.days)


_DAYS = {
    day: words
    for day, *words in (
        ("mon", "monday", "lundi", "lun"),
        ("tue", "tuesday", "tues", "mardi", "mar"),
        ("wed", "wednesday", "mercredi", "mer"),
        ("thu", "thursday", "thurs", "jeudi", "jeu"),
        ("fri", "friday", "vendredi", "ven"),
        ("sat", "saturday", "samedi", "sam"),
        ("sun", "sunday", "dimanche", "dim"),
    )
}


def _weekday(written: Any) -> Any:
    """A day as it is; one that is written out, or in French, is answered with what to write."""
    said = written.lower() if isinstance(written, str) else ""
    meant = next((day for day, words in _DAYS.items() if said in words), None)
    if meant is not None:
        raise ValueError(f"must be a day such as 'mon', got {shown(written)}; write {meant!r}")
    return written


Weekday = Annotated[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], BeforeValidator(_weekday)]
WEEKDAYS = tuple(_DAYS)

WORKING = "working"
"""The clock that working days count on where neither a step nor its pool has one."""


Hours = Annotated[tuple[Hour, ...], Field(min_length=2, max_length=20)]
"""Opening, closing, and so on for each stretch of a day."""


def _in_order(hours: tuple[str, ...]) -> None:
    """Refuse hours that are not pairs, one after the other, of which the last may end on the next day."""
    if len(hours) % 2:
        raise ValueError(f"hours must be pairs of opening and closing, got {len(hours)} of them")
    if (
        any(one >= other for one, other in pairwise(hours[:-1]))
        or hours[-1] == hours[-2]
        or (hours[-2] > hours[-1] > hours[0])
    ):
        raise ValueError(f"hours must follow each other, only the last may be on the next day, got {', '.join(hours)}")


class Clock(Record):
    """How time counts. `working`: open hours of working days. `statutory`: Regulation 1182/71, with stops."""

    kind: Literal["working", "statutory"] = Field(
        description="Working: open hours of working days. Statutory: days as the law counts them."
    )
    days: tuple[Weekday, ...] = Field(description="The working days of the week.", min_length=1)
    hours: Hours | None = Field(
        default=None,
        description="Opening and closing, needed for a working clock; twice, where there is a break between; a closing "
        "before its opening is on the next day.",
    )
    other_hours: dict[Weekday, Hours] = Field(default={}, description="The hours of days that have hours of their own.")
    holidays: str | None = Field(
        default=None, description="Public holidays of a country, such as FR, or of a region of it, such as FR-57."
    )
    closed_on: tuple[DateField, ...] = Field(default=(), max_length=10_000, description="Further days that are closed.")
    stops: tuple[Season, ...] = Field(default=(), description="Seasons in which a statutory clock does not count.")
    leave: tuple[Leave, ...] = Field(
        default=(), description="When the people who work on this clock are away; a pool may say its own."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Clock:
        if self.kind == "working" and self.hours is None:
            raise ValueError("a working clock needs hours, such as ['09:00', '17:00']; got none")
        written = [hours for hours in (self.hours, *self.other_hours.values()) if hours is not None]
        for hours in written:
            _in_order(hours)
        nights = [hours[-1] for hours in written if hours[-1] < hours[-2]]
        if nights and max(nights) > min(hours[0] for hours in written):
            raise ValueError(f"a night must end before another day opens, got {max(nights)}")
        return self

    def hours_on(self, weekday: int) -> tuple[str, ...]:
        """The hours of a working day; Monday is 0."""
        own = (hours for day, hours in self.other_hours.items() if day == WEEKDAYS[weekday])
        return next(own, self.hours or ())


class Kind(Record):
    """What sites (or sponsors) of one type have in common."""

    title: Title | None = Field(default=None, description="What people call the type.")
    people: People = Field(default={}, description="Units of each pool `per: site` (or `per: sponsor`) [people].")
    attributes: dict[Name, Attribute] = Field(default={}, description="What conditions may ask for.")
    weight: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = Field(
        default=None, description="Relative chance to be chosen by a trial."
    )
    number: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = Field(
        default=None, description="How many there are (sponsor types)."
    )


class Site(Record):
    """A research site (centre)."""

    name: Name = Field(description="How it is known in the scenario.")
    title: Title | None = Field(default=None, description="What people call the site.")
    type: Name | None = Field(default=None, description="One of site_types.")
    attributes: dict[Name, Attribute] = Field(
        default={}, description="What conditions may ask for, over that of its type."
    )
    people: People = Field(default={}, description="Overrides of the type's people.")
    weight: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = Field(
        default=None, description="Relative chance to be chosen, over that of its type."
    )


def _share_or_value(written: Any) -> Any:
    """'45 %', or {share: 45 %} with provenance, as the share of trials for which it is true; else a value as it is."""
    if isinstance(written, dict):
        return Share.model_validate(written).share
    return (
        read_share(written) if isinstance(written, str) and written.rstrip().endswith("%") else read_attribute(written)
    )


ShareOrValue = Annotated[
    float | bool | str | int,
    BeforeValidator(_share_or_value),
    PlainSerializer(lambda value: write_share(value) if isinstance(value, float) else value),
    WithJsonSchema({"type": ["boolean", "string", "integer", "object"], "examples": ["45 %", True]}),
]


class TrialClass(Record):
    """A class of trials that arrive alike."""

    name: Name = Field(description="How it is known in the scenario.")
    title: Title | None = Field(default=None, description="What people call the trials.")
    volume: RateField | None = Field(default=None, description="Arrivals, such as '122 /year'.")
    volume_by_date: dict[DateField, RateField] | None = Field(
        default=None,
        min_length=2,
        max_length=1000,
        description="A volume that changes in a straight line between dates.",
    )
    arrivals: Literal["poisson", "even", "thinned"] = Field(
        default="poisson",
        description="Random; evenly spaced from the origin; or thinned: random, and a larger volume has the trials of "
        "a smaller one, on the same days, and others beside them.",
    )
    arrive_on: Name | None = Field(
        default=None, description="The working clock in whose open hours they arrive; none: at any hour of any day."
    )
    dates: tuple[DateField, ...] | None = Field(
        default=None, max_length=100_000, description="Instead of a volume: one trial each."
    )
    sites: CountField | None = Field(
        default=None, description="Number of sites of the scenario that a trial opens; none: trial level only."
    )
    reserve: Whole | None = Field(
        default=None,
        description="Further sites that stand by: the first of them is asked when a site leaves the trial, and so on.",
    )
    at: Condition = Field(default={}, description="Only sites with these attributes.")
    sponsors: Shares | None = Field(default=None, description="Shares of the sponsor types.")
    attributes: dict[Name, ShareOrValue] = Field(
        default={}, description="A value, or the share of trials for which it is true."
    )
    priority: Annotated[int, Field(strict=True, ge=-1000, le=1000)] | None = Field(
        default=None, description="Smaller is served first."
    )

    @model_validator(mode="after")
    def _has_arrivals(self) -> TrialClass:
        ways = ("volume", "volume_by_date", "dates")
        given = [way for way in ways if getattr(self, way) is not None]
        if len(given) != 1:
            raise ValueError(
                f"needs one of volume, volume_by_date or dates; got {' and '.join(given) or 'none of them'}"
            )
        return self


class Admission(Record):
    """A door with so many places a month: who is let in gets an attribute that conditions can ask for."""

    attribute: Name = Field(description="True for the trials that are let in, false for all others.")
    when: Condition = Field(description="The trials that may come in.")
    share: ShareField = Field(description="The share of them that ask to.")
    seats: Whole = Field(description="Trials let in each calendar month, in the order of their submission.")


class Spread(Record):
    """How far a factor with median 1 spreads."""

    p90: Annotated[float, Field(strict=True, ge=1, le=100)] = Field(
        description="The factor that one in ten exceeds, such as 1.5; lognormal."
    )


class Pace(Record):
    """What all work of one trial, one sponsor or one site has in common; none: the tasks are independent."""

    trial: Spread | None = None
    sponsor: Spread | None = None
    site: Spread | None = None


class Goal(Record):
    """What was promised: from one event to another within so many days."""

    from_: Name = Field(alias="from", description="The event at which the clock starts.")
    to: Name = Field(description="The event that is promised.")
    within: SpanField = Field(description="How long after it at most.")
    counted: Literal["calendar", "working"] = Field(description="Calendar days, or working days.")
    clock: Name | None = Field(
        default=None, description="The clock whose working days are counted, where there is more than one."
    )
    inclusion: Literal["consent", "eligibility", "first_dose"] | None = Field(
        default=None, description="What counts as included."
    )
    scope: Condition = Field(default={}, description="The trials (and sites) that the promise is about.")
    prerequisites: tuple[Name, ...] = Field(
        default=(), description="What must be finished for the goal; which is last is reported."
    )


PERCENTILE = r"^p[0-9]{1,2}(\.[0-9]+)?$"
_SUCH_AS_P80: Any = {"patternErrorMessage": "must be a percentile such as 'p80'"}
STATISTICS = ("mean", "median", "q1", "q3", "p90", "share_within_goal")
"""What is said about an indicator; a `tolerance` names one as `indicator.statistic`."""
POOL_STATISTICS = {"wait_time": ("mean", "p90"), "utilisation": ("share",), "unserved": ("share",)}
"""What may be expected of a pool, as `wait_time[pool].mean`."""


class Indicator(Record):
    """A time between two events of a trial or a site."""

    name: Name = Field(description="How it is known in results.")
    title: Title | None = Field(default=None, description="What people call the time.")
    from_: Name = Field(alias="from", description="The event from which it counts.")
    to: Name = Field(description="The event to which it counts.")
    less: tuple[Name, ...] = Field(default=(), description="Elapsed time of these tasks is subtracted (overlaps once).")
    only_after: Flag = Field(default=False, description="Negative values count as 0: what lies after the first event.")
    levels: tuple[Literal["trial", "site"], ...] = Field(
        default=("trial",), min_length=1, description="For trials (their first site), for every site, or for both."
    )
    statistics: tuple[Annotated[str, Field(pattern=PERCENTILE, json_schema_extra=_SUCH_AS_P80)], ...] = Field(
        default=(), description="Percentiles that are reported besides the usual statistics, such as p80 or p97.5."
    )


class Expectation(Record):
    """A promise about one number of the scenario, to which `trialstart check` holds it."""

    title: Title | None = Field(default=None, description="What people call the promise.")
    of: str | None = Field(
        default=None,
        description="The number, such as readiness_time.median or wait_time[pharmacists].p90; none: the share within "
        "the goal.",
    )
    at_least: ToleranceField | None = Field(default=None, description="It is so much or more, such as 75 % or 2 d.")
    at_most: ToleranceField | None = Field(default=None, description="It is so much or less.")
    better_than: str | None = Field(
        default=None,
        description="It is better than in another scenario (a file beside this one, or a shipped name), on the same "
        "trials with the same luck.",
    )
    by: ToleranceField | None = Field(
        default=None, description="With `better_than`: by so much at least; none: by anything that can be told."
    )

    @model_validator(mode="after")
    def _one_bound(self) -> Expectation:
        given = [name for name in ("at_least", "at_most", "better_than") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"needs one of at_least, at_most or better_than; got {' and '.join(given) or 'none'}")
        if self.by is not None and self.better_than is None:
            raise ValueError("by says how much better than another scenario, got no better_than; leave it out")
        return self


class Lever(Record):
    """A named overlay on a scenario, with its mechanism."""

    name: Name = Field(description="The name of its file.")
    title: Text
    mechanism: Title = Field(description="By what it works.")
    changes: dict[str, Any] = Field(
        description="Its structure: who may start when, who serves whom, what runs beside what."
    )
    numbers: dict[str, Any] = Field(default={}, description="The numbers it puts in: durations, shares, rounds.")


class LeverUse(Record):
    """A lever that is pulled from a day on, or for a group of sites or trials, instead of everywhere and always."""

    name: Name = Field(description="The lever.")
    from_: DateField | None = Field(
        default=None, alias="from", description="For trials submitted on this day or later."
    )
    to: DateField | None = Field(default=None, description="For trials submitted on this day or before.")
    at: Condition = Field(
        default={}, description="Only sites or trials with these attributes; a trial is where its coordinating site is."
    )
    numbers: Flag = Field(default=True, description="false: the structure of the lever without the numbers it puts in.")

    @model_validator(mode="after")
    def _in_order(self) -> LeverUse:
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            raise ValueError(f"must begin before it ends, got {self.from_} to {self.to}")
        return self


def _lever_use(written: Any) -> Any:
    """The name of a lever, or its name with limits."""
    return (
        LeverUse.model_validate(written) if isinstance(written, dict | LeverUse) else _A_NAME.validate_python(written)
    )


_A_NAME: TypeAdapter[str] = TypeAdapter(Name)
Pulled = Annotated[
    str | LeverUse,
    PlainValidator(_lever_use, json_schema_input_type=Name | LeverUse),
    PlainSerializer(
        lambda use: (
            use
            if isinstance(use, str)
            else use.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
        )
    ),
]


class Scenario(Record):
    """Everything about one way of starting trials."""

    title: Text
    question: Text | None = None
    group: Name | None = Field(default=None, description="Where the library lists it; one of groups.yaml.")
    extends: str | None = Field(default=None, description="Another scenario file; this one states differences.")
    levers: tuple[Pulled, ...] = Field(
        default=(), description="Overlays to apply: names, or {name, from, to, at} for some dates, sites or trials."
    )
    origin: DateField = Field(description="Minute 0 is 00:00 of this day.")
    windows: Windows
    goal: Goal | None = None
    clocks: dict[Name, Clock] = {}
    site_types: dict[Name, Kind] = {}
    sites: tuple[Site, ...] = ()
    sponsor_types: dict[Name, Kind] = {}
    classes: tuple[TrialClass, ...] = Field(min_length=1)
    pools: dict[Name, Pool] = Field(
        default={}, description="In the order in which they deal when several can at one instant."
    )
    admissions: tuple[Admission, ...] = Field(
        default=(), description="Programmes with few places; each may ask for the attributes of those before it."
    )
    pace: Pace | None = Field(
        default=None,
        description="A factor on the work of all tasks of a trial, a sponsor, a site; not on limited steps.",
    )
    authorisation: Authorisation | None = None
    contracting: Contracting | None = None
    site_setup: SiteSetup | None = None
    inclusion: Inclusion | None = None
    tasks: tuple[Task, ...] = Field(default=(), description="A stage of plain tasks.")
    indicators: tuple[Indicator, ...] = ()
    tolerance: dict[str, ToleranceField] = Field(
        default={},
        description="How far an indicator may move and still count as the same, such as "
        "{inclusion_time.share_within_goal: 1 %, readiness_time.median: 2 d}.",
    )
    totals: str | None = Field(
        default=None,
        description="A file of published totals, such as targets/france. Where draws that contradict none of them are "
        "kept beside it, `trialstart compare` draws what nobody knows from these.",
    )
    readings: tuple[str, ...] = Field(
        default=(),
        max_length=100,
        description="Other scenarios that read the same published figures otherwise, such as [france_late_talks]: what "
        "this one says is a range with theirs. Nothing inherits it.",
    )
    costs: dict[Name, Cost] = Field(
        default={},
        description="What people cost, by pool; nothing simulated. `trialstart solve` weighs people by it, and answers "
        "say what more people cost.",
    )
    expect: dict[Name, Expectation] = Field(
        default={}, description="Promises about its numbers, which `trialstart check` holds it to; nothing simulated."
    )

    def leave_of(self, pool: Pool) -> tuple[Leave, ...]:
        """The seasons in which people of a pool are away: its own, or those of the clock it works on."""
        if pool.leave is not None or pool.clock is None:
            return pool.leave or ()
        return self.clocks[pool.clock].leave

    @model_validator(mode="wrap")
    @classmethod
    def _measures_its_goal(cls, written: Any, handler: ModelWrapValidatorHandler[Scenario]) -> Scenario:
        """A goal that no indicator measures is measured by one of its own."""
        scenario = handler(written)
        if scenario.goal is None or own_indicator(scenario) is not None:
            return scenario
        ends = {"from": scenario.goal.from_, "to": scenario.goal.to}
        made = Indicator.model_validate({"name": OF_GOAL, "title": {"en": "the goal", "fr": "l'objectif"}, **ends})
        return scenario.model_copy(update={"indicators": (*scenario.indicators, made)})


OF_GOAL = "goal"
"""The name of the indicator that is made for a goal."""


def own_indicator(scenario: Scenario) -> Indicator | None:
    """The indicator of trials that measures the goal itself, from its first event to its second."""
    goal = scenario.goal
    ends = (goal.from_, goal.to) if goal is not None else None
    whole = (each for each in scenario.indicators if not each.less and not each.only_after and "trial" in each.levels)
    return next((each for each in whole if (each.from_, each.to) == ends), None)


Year = Annotated[int, Field(strict=True, ge=1900, le=2200)]


class Season(Record):
    """A stretch of every year, both days included; it may run over the new year."""

    from_: MonthDay = Field(alias="from", description="Its first day, such as 08-01.")
    to: MonthDay = Field(description="Its last day.")
    years: tuple[Year, ...] | None = Field(default=None, description="Only the seasons that begin in these years.")


class Leave(Season):
    """A season in which only a share of a pool's people is present, spread evenly over people, places and days."""

    present: ShareField = Field(description="The share of the people who are present.")
    at_least: Whole = Field(
        default=0, description="So many people of each team are always there: 1 covers a post that one person holds."
    )


class Absence(Record):
    """Some people of a pool away between two dates, both included."""

    from_: DateField = Field(alias="from", description="The first day away.")
    to: DateField = Field(description="The last day away.")
    units: Whole = Field(description="How many are away [people].")
    at: Name | None = Field(default=None, description="Only the pool of this site or sponsor type.")

    @model_validator(mode="after")
    def _in_order(self) -> Absence:
        if self.from_ > self.to:
            raise ValueError(f"must begin before it ends, got {self.from_} to {self.to}")
        return self


class PartTime(Record):
    """Some people of a pool who work on some days of the week only."""

    units: Whole = Field(description="How many of the people.")
    days: tuple[Weekday, ...] = Field(description="The days on which they work.", min_length=1)
    at: Name | None = Field(default=None, description="Only in the pool of this site or sponsor type; none: in each.")


class Missed(Season):
    """A season without sittings."""

    bodies: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = Field(
        default=None, description="How many of the bodies miss theirs; none: all of them."
    )


class Sittings(Record):
    """A body that meets: the dates at which a pool serves, and how many files at each."""

    bodies: Annotated[int, Field(strict=True, ge=1, le=1000)] = Field(
        description="Number of bodies, with their meetings spread evenly."
    )
    every: Literal["week", "two_weeks", "month"] = Field(description="How often each body meets.")
    seats: Annotated[int, Field(strict=True, ge=0, le=100_000)] = Field(description="Files at one sitting of one body.")
    drawn_between: tuple[SpanField, SpanField] | None = Field(
        default=None, description="The sitting is drawn at random among those so long after the file is ready."
    )
    missed: tuple[Missed, ...] = Field(default=(), description="Seasons in which sittings do not take place.")


class Pool(Record):
    """People (or sittings) for whom tasks queue."""

    title: Title | None = Field(default=None, description="What people call these people.")
    per: Literal["country", "site", "sponsor"] = Field(
        default="country", description="One pool for the country, or one for each site or sponsor."
    )
    shared_by: Name | None = Field(
        default=None, description="Sites with the same value of this attribute share one pool."
    )
    units: Headcount | None = Field(
        default=None, description="People, or the people from each of several dates on; for `per: site` see site_types."
    )
    part_time: tuple[PartTime, ...] = Field(default=(), description="Which of them work on some days of the week only.")
    clock: Name | None = Field(default=None, description="When they work; none: always.")
    background: ShareField | None = Field(
        default=None,
        description="Share of its people's time for what is not simulated: work takes 1 / (1 - share) as long.",
    )
    at_close: Literal["pause", "finish"] = Field(
        default="pause",
        description="Whether hours of work go on at the next opening, or to their end, when a shift ends.",
    )
    for_priority: Literal["finish", "pause"] = Field(
        default="finish",
        description="Whether they finish, or pause, what they do for a task of smaller priority that needs them.",
    )
    order: Literal["ready", "due"] = Field(default="ready", description="Within a priority: first come, or first due.")
    leave: tuple[Leave, ...] | None = Field(default=None, description="None: that of its clock.")
    absences: tuple[Absence, ...] = ()
    sittings: Sittings | None = None
    batch: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = Field(
        default=None, description="In place of people: so many tasks are taken together, as soon as so many wait."
    )

    @property
    def meets(self) -> bool:
        """Whether it has seats or batches, and no people."""
        return self.sittings is not None or self.batch is not None

    @model_validator(mode="after")
    def _has_time(self) -> Pool:
        if self.background == 1:
            raise ValueError("a background of 100 % leaves no time for anything; give less")
        if self.background is not None and self.sittings is not None:
            raise ValueError("sittings have no background, got both; give fewer seats")
        return self


class Cost(Record):
    """What one of a pool's people costs; nothing simulated."""

    a_year: Annotated[float, Field(gt=0, le=1e9)] = Field(description="Euros a year for one person.")


def written(scenario: Scenario) -> dict[str, Any]:
    """A scenario as plain values, from which `Scenario.model_validate` makes it again."""
    return scenario.model_dump(mode="json", by_alias=True, exclude_none=True)


def fingerprint(scenario: Scenario) -> str:
    """The sha256 of a scenario's canonical JSON: the same for the same meaning, whatever its file looks like.

    The order of pools, types and shares is part of the meaning: pools deal in it, and luck is divided in it. What is
    expected of a scenario is not, nor what people cost, which totals were published about it, or how else its figures
    are read: they change nothing.
    """
    beside = ("costs", "expect", "readings", "totals")
    simulated = {key: value for key, value in written(scenario).items() if key not in beside}
    canonical = json.dumps(simulated, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
