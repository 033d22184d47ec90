"""How numbers are written, in English and in French.

English writes 1,234.5 and 74 %; French writes 1 234,5 and 74 % with narrow no-break spaces. What is not known is a
dash, what is not reached by the end of the simulation says so; neither is ever a 0.
"""

from __future__ import annotations

from math import isinf, isnan

from sim.report.words import NARROW, NO_BREAK, Language, say

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


def number(value: float, language: Language, *, digits: int = 1) -> str:
    """A number with so many decimals; 'not reached' for inf, a dash for nan.

    >>> number(-1234.56, "en"), number(float("inf"), "en")
    ('\N{MINUS SIGN}1,234.6', 'not reached')
    """
    if isnan(value):
        return DASH
    if isinf(value):
        return say("not_reached", language)
    written = f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", MINUS)
    return written.replace(",", NARROW).replace(".", ",") if language == "fr" else written


def share(value: float, language: Language) -> str:
    """A share as a percentage."""
    space = NARROW if language == "fr" else NO_BREAK
    return f"{number(100 * value, language, digits=0)}{space}%"


def days(value: float, language: Language, *, digits: int = 1) -> str:
    """A length of time in days [d]."""
    return f"{number(value, language, digits=digits)}{NO_BREAK}{'j' if language == 'fr' else 'd'}"


def between(low: float, high: float, language: Language, *, digits: int = 1) -> str:
    """An interval; a dash alone if there is none."""
    if isnan(low) or isnan(high):
        return DASH
    joint = DASH if round(low, digits) >= 0 else {"en": " to ", "fr": " à "}[language]
    return f"{number(low, language, digits=digits)}{joint}{number(high, language, digits=digits)}"


def signed(value: float, language: Language, *, digits: int = 1) -> str:
    """A difference with its sign; one that rounds to 0 has none."""
    written = number(value, language, digits=digits)
    return f"+{written}" if round(value, digits) > 0 else written
