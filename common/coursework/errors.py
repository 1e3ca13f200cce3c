"""What the command line says in one line, without a traceback."""


class CourseworkError(Exception):
    """Bad input: a lab, a submission, an option. str() names the thing and the remedy."""
