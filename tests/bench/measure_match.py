"""How long a matching board takes: see papers_match. In seconds, and the process's peak in MB."""

from resource import RUSAGE_SELF, getrusage

from tests.bench.papers_match import measure_match


def options(parser) -> None:
    parser.add_argument("--firms", type=int, default=2000)
    parser.add_argument("--instructors", type=int, default=1000)


def measure(given) -> dict:
    seconds = measure_match(given.firms, given.instructors)
    return {
        "match_s": round(seconds, 2),
        "match_rss_mb": round(getrusage(RUSAGE_SELF).ru_maxrss / 1024),
    }
