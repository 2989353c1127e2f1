"""Drawings for the report. The only file that knows matplotlib; without it the report has its tables and says why there is no more."""

from __future__ import annotations

from pathlib import Path

try:
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "evoke", "font.size": 9, "figure.figsize": (7, 4), "axes.grid": True, "grid.alpha": 0.3})
    from matplotlib import pyplot
except ImportError:  # the package is optional
    pyplot = None

Point = tuple[float, float]


def available() -> bool:
    return pyplot is not None


def save(figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    # matplotlib ends lines with blanks, which no tidy repository keeps
    path.write_text("\n".join(line.rstrip() for line in path.read_text().splitlines()) + "\n")


def curves(path: Path, title: str, x: str, y: str, series: dict[str, list[Point]], log_x: bool = True, log_y: bool = False) -> None:
    figure, axes = pyplot.subplots()
    for label, points in series.items():
        axes.plot([p[0] for p in points], [p[1] for p in points], marker="o", markersize=3, label=label)
    axes.set(title=title, xlabel=x, ylabel=y)
    if log_x:
        axes.set_xscale("log")
    if log_y:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    axes.legend()
    save(figure, path)


PERCENTILES = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999))


def percentiles(path: Path, title: str, sides: dict[str, dict]) -> None:
    """Latency against the share of slower ones, both logarithmic. @param sides: label to a latency_us object."""
    figure, axes = pyplot.subplots()
    for label, told in sides.items():
        points = [(1 - share, told[name]) for name, share in PERCENTILES if name in told]
        axes.plot([p[0] for p in points], [p[1] for p in points], marker="o", markersize=3, label=label)
    axes.set(title=title, xlabel="percentile", ylabel="µs")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.invert_xaxis()
    axes.set_xticks([1 - share for _, share in PERCENTILES], [name.replace("p999", "p99.9") for name, _ in PERCENTILES])
    axes.minorticks_off()
    axes.legend()
    save(figure, path)


def bars(path: Path, title: str, x: str, values: dict[str, tuple[float, float, float]]) -> None:
    """@param values: label to median, least, most."""
    figure, axes = pyplot.subplots(figsize=(7, 0.5 + 0.4 * max(len(values), 2)))
    labels = list(values)[::-1]
    medians = [values[label][0] for label in labels]
    errors = [[values[label][0] - values[label][1] for label in labels], [values[label][2] - values[label][0] for label in labels]]
    axes.barh(labels, medians, xerr=errors, capsize=3)
    axes.set(title=title, xlabel=x)
    save(figure, path)
