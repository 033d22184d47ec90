"""Mutation testing: break one place of the model or of an engine, and see whether the tests notice.

`python -m tests.mutation` breaks a share of the places, within so many minutes; `docs/mutation.md` has the results.
"""
