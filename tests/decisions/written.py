"""Scenarios without luck, whose numbers a person can follow."""

from __future__ import annotations

_HEAD = """\
assumption: {range: fixed, why: made up for a test}
origin: 2024-01-01
windows: {warm_up: 0 d, observation: 60 d, follow_up: 60 d}
pools: {office: {units: 1}}
indicators: [{name: opening_time, from: asked, to: open}]
"""

BUSY = f"""\
title: {{en: Busy, fr: Occupé}}
{_HEAD}\
goal: {{from: asked, to: open, within: 15 d, counted: calendar, prerequisites: [contract, pharmacy]}}
classes:
  - {{name: files, dates: [2024-01-02, 2024-02-01]}}
  - {{name: others, dates: [2024-01-01]}}
tasks:
  - {{name: asked, scope: trial, only: {{class: files}}}}
  - {{name: other, scope: trial, only: {{class: others}}, work: exactly 2 d, pool: office}}
  - {{name: contract, scope: trial, only: {{class: files}}, starts: asked, work: exactly 18 d, pool: office}}
  - {{name: pharmacy, scope: trial, only: {{class: files}}, starts: asked, work: exactly 14 d}}
  - {{name: open, scope: trial, only: {{class: files}}, starts: [contract, pharmacy], work: exactly 1 d}}
"""
"""The first file comes a day after another one, which the office works on for two days."""

ANOMALY = f"""\
title: {{en: Anomaly, fr: Anomalie}}
{_HEAD}\
goal: {{from: asked, to: open, within: 5 d, counted: calendar, scope: {{class: files}}, prerequisites: [open]}}
classes:
  - {{name: files, dates: [2024-01-01]}}
  - {{name: others, dates: [2024-01-01], priority: -1}}
tasks:
  - {{name: asked, scope: trial}}
  - {{name: checked, scope: trial, starts: asked, variants: [
      {{when: {{class: files}}, work: exactly 2 d}}, {{when: {{class: others}}, work: exactly 3 d}}]}}
  - {{name: long, scope: trial, only: {{class: others}}, starts: checked, work: exactly 10 d, pool: office}}
  - {{name: open, scope: trial, only: {{class: files}}, starts: checked, work: exactly 1 d, pool: office}}
"""
"""A short file is checked in two days and goes through the office on the third, before a long and urgent one comes."""
