"""The rooms of Two Cakes that are written in Python: charts and runner."""
