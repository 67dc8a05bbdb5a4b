"""What is known not to hold yet. Each line goes with the change that mends it."""
import re

# kind, what the point's text holds, what the detail holds (regular expressions)
KNOWN: tuple[tuple[str, str, str], ...] = ()


def is_known(finding):
    return any(re.search(kind, finding.kind) and re.search(point, str(finding.point))
               and re.search(detail, finding.detail) for kind, point, detail in KNOWN)
