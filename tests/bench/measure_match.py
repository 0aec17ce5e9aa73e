"""How long a matching board takes: see papers_match. In seconds, and the process's peak in MB."""

from resource import RUSAGE_SELF, getrusage

from tests.bench.papers_match import measure_accepting, measure_board


def options(parser) -> None:
    parser.add_argument("--firms", type=int, default=2000)
    parser.add_argument("--instructors", type=int, default=1000)
    parser.add_argument("--accept", action="store_true", help="also put all of its pairs forward")


def measure(given) -> dict:
    board, seconds = measure_board(given.firms, given.instructors)
    found = {
        "match_s": round(seconds, 2),
        "match_rss_mb": round(getrusage(RUSAGE_SELF).ru_maxrss / 1024),
    }
    if given.accept:
        found["accept_s"] = round(measure_accepting(board), 1)
    return found
