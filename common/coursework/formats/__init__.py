"""A Grade in the words of each platform: one file each, one function each."""
