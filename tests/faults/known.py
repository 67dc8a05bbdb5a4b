"""What is known not to hold yet. Each line goes with the change that mends it."""
import re

# kind, what the point's text holds, what the detail holds (regular expressions)
KNOWN = (
    # directory_iterator says that it "cannot advance", and not in which folder.
    ("the message does not name the file", r"readdir of ", r"cannot advance"),
    # What failed or was killed after the files were in their place: fetched.md5 is never made then.
    ("", r"^fetch: ", r"fetched\.md5: missing"),
    ("something is left over", r"^fetch: ", r"/\.fetch"),
)


def is_known(finding):
    return any(re.search(kind, finding.kind) and re.search(point, str(finding.point))
               and re.search(detail, finding.detail) for kind, point, detail in KNOWN)
