"""Runs a topic's executables in trials and records what they measured; standard library only.

The unit of evidence is a process: each trial starts every executable of the topic anew, in balanced
random order. Read in this order: sections (what is there), order (in which order), process (one
start), recording (files that are whole or absent), trials (the loop), command_line.
"""
