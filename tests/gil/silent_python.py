#!/usr/bin/python3
"""A program that starts and never says a word."""

import signal

signal.pause()
