"""What scaling_bench found, as tables and a figure, and whether it is what the design promises."""

from typing import Any

from .line_chart import Line, svg

LEAST_WINDOWS_PER_S = 50_000  # that root has to hand out
LEAST_EFFICIENCY = 0.95  # of windows of one second, with direct reading and writing

FULL = 0.9  # share of the time from which on something counts as the bottleneck
BOTTLENECKS = (
    ("file_system", "file system"),
    ("root_sending", "link"),
    ("root_receiving", "link"),
    ("root_reading", "root's reading"),
    ("root_thread", "root's notes"),
)

ASSUMPTIONS = (  # key, what it is counted in, and what it is
    ("ranks_per_host", 1, "", "ranks of a host; root is on the first"),
    ("link_out", 1e9, "GB/s", "that a host sends: one 100 Gbit/s adapter for its ranks and their files"),
    ("link_in", 1e9, "GB/s", "that it receives at the same time"),
    ("memory", 1e9, "GB/s", "between the ranks of a host"),
    ("latency", 1e-6, "µs", "latency of a note"),
    ("reader", 1e9, "GB/s", "that one thread reads from a parallel file system; a rank has one for that"),
    ("writer", 1e9, "GB/s", "that one thread writes"),
    ("file_system", 1e9, "GB/s", "that the file system gives all hosts together: the flash tier of a large centre"),
    ("storage_latency", 1e-6, "µs", "before a read or write begins"),
    ("message", 1e-6, "µs", "of the thread that calls MPI, for a note or transfer: the loop's share as measured, and 1 for MPI"),
)

Found = dict[str, Any]


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def rates_table(rates: list[Found]) -> str:
    head = ["ranks", "dispatcher, dynamic", "dispatcher, static", "its state, KB", "root's loop, direct", "root's loop, scatter"]
    rows = []
    for rate in rates:
        state = [rate[schedule]["state_bytes"] / 1e3 for schedule in ("dynamic", "static")]
        speeds = [rate["dynamic"]["windows_per_s"], rate["static"]["windows_per_s"],
                  rate["root_direct_windows_per_s"], rate["root_scatter_windows_per_s"]]  # fmt: skip
        cells = [f"{speed / 1e6:,.2f}" for speed in speeds]
        rows.append([f"{rate['ranks']:,}", *cells[:2], f"{state[0]:.1f}, {state[1]:.1f}", *cells[2:]])
    return table(head, rows)


def bottleneck(point: Found) -> str:
    """What is full all the time, in a word or two; nothing where the ranks are."""
    return next((words for key, words in BOTTLENECKS if point[key] >= FULL), "")


def efficiency_cell(point: Found) -> str:
    share = 100 * point["efficiency"]
    full = bottleneck(point) if share < 100 * FULL else ""
    return f"{share:.1f}" + (f" ({full})" if full else "")


def efficiency_table(works: list[Found]) -> str:
    head = ["ranks", *(f"{work['name']}, {mode}" for work in works for mode in ("scatter", "direct"))]
    columns = [work[mode] for work in works for mode in ("scatter", "direct")]
    rows = [[f"{points[0]['ranks']:,}", *(efficiency_cell(point) for point in points)] for points in zip(*columns)]
    return table(head, rows)


def limits_table(works: list[Found]) -> str:
    head = ["work", "ranks that scatter keeps 90 % busy", "if root read as fast as its link", "ranks from which direct wins"]
    rows = []
    for work in works:
        limits = [f"{work[key]:,}" for key in ("scatter_limit", "scatter_limit_fast_reader")]
        wins = work["direct_wins_from"]
        rows.append([work["title"], *limits, "more" if wins is None else f"{wins:,}"])
    return table(head, rows)


def machine_table(machine: Found) -> str:
    rows = [[f"{machine[key] / scale:,.4g} {unit}".strip(), words] for key, scale, unit, words in ASSUMPTIONS]
    return table(["assumed", "what"], rows)


def broken_promises(found: Found) -> list[str]:
    """What the design promises and the figures do not show."""
    broken = []
    for rate in found["rates"]:
        slowest = min(rate["dynamic"]["windows_per_s"], rate["static"]["windows_per_s"], rate["root_direct_windows_per_s"])
        if slowest < LEAST_WINDOWS_PER_S:
            broken.append(f"{rate['ranks']} ranks: root hands out only {slowest:,.0f} windows/s")
    required = found["required"]
    if required["efficiency"] < LEAST_EFFICIENCY:
        broken.append(f"{required['ranks']} ranks, windows of 1 s: only {required['efficiency']:.1%} busy")
    return broken


def required_words(required: Found) -> str:
    return (f"Windows of one second each, {required['windows'] // required['ranks']} for every rank, "
            f"{required['ranks']:,} ranks, direct: **{100 * required['efficiency']:.1f} %** of the ranks' time is in the "
            f"model, and root's thread has something to do in {100 * required['root_thread']:.1f} % of it.")  # fmt: skip


def markdown(found: Found, about: str) -> str:
    works = found["works"]
    per_rank = works[0]["direct"][0]["windows"] // works[0]["direct"][0]["ranks"]
    return "\n\n".join([
        f"Million windows a second, in real time, and what the dispatcher keeps in either schedule ({about}):",
        rates_table(found["rates"]),
        f"Share of the ranks' time in the model, in percent, simulated, {per_rank} windows a rank; in brackets what is full "
        "where that is below 90:",
        efficiency_table(works),
        limits_table(works),
        required_words(found["required"]),
        machine_table(found["machine"]),
    ])  # fmt: skip


def figure(works: list[Found]) -> str:
    """The efficiency of each work in both modes over the number of ranks."""
    lines = [
        Line(f"{work['name']}, {mode}", [(point["ranks"], 100 * point["efficiency"]) for point in work[mode]],
             colour, dashed=mode == "scatter")
        for work, colour in zip(works, ("a", "b"))
        for mode in ("direct", "scatter")
    ]  # fmt: skip
    return svg("How busy many ranks are (simulated)", "ranks", "time in the model, %", lines)
