"""What a folder holds, without times, so that two runs of one command can be compared."""
import fnmatch
import json

TIMES = {"train_s", "teacher_s", "labelling_s", "finished_utc", "started_utc"}
LEFT_OPEN = ("*.tmp-*",)  # names of files that are not whole yet


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(each) for key, each in value.items() if key not in TIMES}
    return [without_times(each) for each in value] if isinstance(value, list) else value


def matches(name, patterns):
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def names_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def contents(folder, timed=()):
    """Name -> what it holds; of folders, and files that `timed` matches, that they are there."""
    found = {}
    for name in names_in(folder):
        path = folder / name
        if path.is_symlink() or path.is_dir() or matches(name, timed):
            found[name] = None
        elif name.endswith("checksums.txt"):  # of records with their times
            found[name] = [line.split()[-1] for line in path.read_text().splitlines()]
        elif name.endswith(".json"):
            found[name] = without_times(json.loads(path.read_bytes()))
        else:
            found[name] = path.read_bytes()
    return found


def raw(folder, patterns):
    """The bytes of the files that the patterns match."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for pattern in patterns for path in folder.glob(pattern) if path.is_file()}


def differences(old, new):
    return [f"{name}: {'missing' if name not in new else 'new' if name not in old else 'other'}"
            for name in sorted(old.keys() | new.keys())
            if name not in old or name not in new or old[name] != new[name]]
