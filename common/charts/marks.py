"""Marks that every chart shares: the points of the trials and the interval of their median."""

import numpy as np

from common.charts.palette import INK


def draw_points(axes, xs, ys, ends, colour, size, zorder=2):
    """Draw a round point per trial. Each is a stroke from ys to ends, which lie a tenth of a point
    apart: one path for all of them takes a third of the room that as many markers take in an SVG.
    """
    xs, ys, ends = np.broadcast_arrays(np.asarray(xs, float), ys, ends)
    gap = np.full(len(xs), np.nan)
    axes.plot(np.stack([xs, xs, gap], axis=1).ravel(), np.stack([ys, ends, gap], axis=1).ravel(),
              color=colour, linewidth=size, alpha=0.65, solid_capstyle="round", clip_on=False,
              snap=False, zorder=zorder)


def draw_interval(axes, xs, ys, width):
    """Draw the dark line from low to high of an interval; nothing where there is none."""
    if not np.isnan([*xs, *ys]).any():
        axes.plot(xs, ys, color=INK, linewidth=width, solid_capstyle="butt", clip_on=False,
                  zorder=3)
