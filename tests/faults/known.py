"""What is known not to hold yet. Each line goes with the change that mends it."""
import re

# kind, what the point's text holds, what the detail holds (regular expressions)
KNOWN = (
    # A killed process's temporary files stay until somebody deletes them.
    ("something is left over", r": kill(-tree)?$", r"\.tmp-\d+-\d+: new"),
    # So does what was to be cleaned up last, where that failed or was killed.
    ("something is left over", r"",
     r"(\.parts[^']*|/checkpoint\.safetensors|/\.fetch[^']*|\.encoding[^']*): new"),
    # directory_iterator says that it "cannot advance", and not in which folder.
    ("the message does not name the file", r"readdir of ", r"cannot advance"),
    # A worker of `tandem label` that cannot begin says so itself, and then the parent again.
    ("2 messages", r"^label: ", r"the worker process ended"),
    ("the message does not name the file", r"^label: .*(readdir|open) of ", r""),
    # Idx files: no reason where one does not open.
    ("the message does not say the system's reason", r"open of data/.*-ubyte", r"does not open"),
    # A failure to read a picture is taken for a bad picture, and kept in the cache.
    ("", r"^train on pictures.*(open|read|readdir|mmap) of pictures", r""),
    # A failure to read while the MD5 is taken is taken for another file.
    ("the message does not say the system's reason", r"^fetch: .*(open|read) of .*\.gz", r"MD5"),
    # A folder that cannot be made is told by what then does not open.
    ("the message does not say the system's reason", r"mkdir of ", r"cannot write to"),
    # What failed or was killed after the files were in their place: fetched.md5 is never made then.
    ("", r"^fetch: ", r"fetched\.md5: missing"),
)


def is_known(finding):
    return any(re.search(kind, finding.kind) and re.search(point, str(finding.point))
               and re.search(detail, finding.detail) for kind, point, detail in KNOWN)
