"""Numbers as people read them: 24.1 ms, 1.92x, +0.7 %, 12 MB."""

import math

_TIME_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_MINUS = "−"


def digits_text(value, digits=3):
    """Return a number with so many significant digits, without exponents: 0.0241, 1280, 1.00."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:.{decimals}f}".replace("-", _MINUS)


def time_text(seconds, digits=3):
    """Return a time in the unit that suits it, e.g. 0.0241 -> "24.1 ms"."""
    if not math.isfinite(seconds):
        return "–"
    for scale, unit in _TIME_UNITS:
        if float(f"{abs(seconds) / scale:.{digits - 1}e}") >= 1:
            return f"{digits_text(seconds / scale, digits)} {unit}"
    return "0 s" if seconds == 0 else f"{digits_text(seconds * 1e9, digits)} ns"


def times_text(ratio, digits=3):
    """Return a ratio as a factor, e.g. 41.7 -> "41.7x"."""
    return f"{digits_text(ratio, digits)}x" if math.isfinite(ratio) else "–"


def gain_text(gain):
    """Return a speed-up in words that fit it: "gains 1.50x", "gains nothing (0.960x)",
    "loses (0.310x)". Nothing: within a quarter of 1, which a title should not make much of."""
    if gain > 1.25:
        return f"gains {times_text(gain)}"
    return f"{'gains nothing' if gain > 0.8 else 'loses'} ({times_text(gain)})"


def change_text(ratio):
    """Return new / base as a change: 1.007 -> "+0.7 %"; from three times on as a factor."""
    if not math.isfinite(ratio) or ratio <= 0:
        return "–"
    if not 1 / 3 < ratio < 3:
        return times_text(ratio)
    percent = (ratio - 1) * 100
    sign = _MINUS if percent < -0.05 else "+" if percent >= 0.05 else ""
    return f"{sign}{abs(percent):.1f} %"


def bytes_text(count, digits=3):
    """Return a size, e.g. 12_500_000 -> "12.5 MB" (powers of ten)."""
    for scale, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if float(f"{count / scale:.2e}") >= 1:
            return f"{digits_text(count / scale, digits)} {unit}"
    return f"{count:.0f} B"


def text_in(unit):
    """Return what writes a quantity: of "s" time_text, of "B" bytes_text."""
    return {"s": time_text, "B": lambda count, digits=3: bytes_text(count, digits)}[unit]


def count_text(number):
    """Return a count: whole if it is large or whole, else two digits."""
    if 0 < number < 0.01:
        return "under 0.01"
    if number == round(number) or abs(number) >= 100:
        return f"{number:,.0f}"
    return digits_text(number, 2)


def many_text(number, noun):
    """Return "1 trial", "8 trials"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def interval_text(low, high, text):
    """Return "[low, high]" written by `text`, or a dash where there is no interval."""
    if math.isnan(low) or low == 0 or math.isinf(high):
        return "–"
    return f"[{text(low)}, {text(high)}]"
