"""The error of files that cannot be believed."""


class StoreError(ValueError):
    """A file is broken, or a store does not belong to the data it is asked about.

    Its message says where, what was expected and what was found. A caller's own mistake, such as a
    row out of range, is a plain ValueError.
    """
