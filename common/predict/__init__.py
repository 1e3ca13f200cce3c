"""Predict, then measure: a section's questions are asked before its run and scored after it.

Read in this order: questions (what is asked), answers (what was said), record (what is kept), score
(how far off), command_line.
"""
