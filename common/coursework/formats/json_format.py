"""The Grade itself, for programs: every field, nothing hidden; Grade.from_json reads it."""


def json_format(grade):
    """Return the grade as a line of JSON."""
    return grade.to_json() + "\n"
