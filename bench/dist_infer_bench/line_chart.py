"""A chart of lines as SVG, for pages that are light or dark: axis x by powers of two, axis y in percent."""

import dataclasses
import math
from html import escape

WIDTH, HEIGHT = 860, 440
LEFT, RIGHT, TOP, BOTTOM = 76, 190, 56, 64  # around the plot; the legend is on the right

STYLE = """
  .paper { fill: #ffffff } .grid { stroke: #d9dde3 } .axis { stroke: #57606a } text { fill: #24292f }
  .a { stroke: #0b62c4; fill: #0b62c4 } .b { stroke: #b8500b; fill: #b8500b }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .grid { stroke: #30363d } .axis { stroke: #8b949e } text { fill: #e6edf3 }
    .a { stroke: #58a6ff; fill: #58a6ff } .b { stroke: #f0883e; fill: #f0883e }
  }
  text { font: 13px system-ui, sans-serif } .title { font-size: 16px; font-weight: 600 }
  .line { fill: none; stroke-width: 2.2 } .dashed { stroke-dasharray: 7 5 }
"""


@dataclasses.dataclass(frozen=True)
class Line:
    """Points (x, percent) with a name; lines that belong together share a colour, "a" or "b", or a dash."""

    name: str
    points: list[tuple[int, float]]
    colour: str
    dashed: bool = False


@dataclasses.dataclass(frozen=True)
class Scale:
    """From figures to places in the picture."""

    least_x: int
    most_x: int

    def x(self, value: float) -> float:
        steps = max(1.0, math.log2(self.most_x / self.least_x))
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log2(value / self.least_x) / steps

    def y(self, percent: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * percent / 100


def text(x: float, y: float, words: str, anchor: str = "middle", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def segment(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def axes(scale: Scale, x_title: str, y_title: str) -> list[str]:
    left, right, bottom = LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for percent in range(0, 101, 20):
        parts.append(segment(left, scale.y(percent), right, scale.y(percent), "axis" if percent == 0 else "grid"))
        parts.append(text(left - 10, scale.y(percent) + 4, f"{percent}", "end"))
    value = scale.least_x
    while value <= scale.most_x:
        parts.append(segment(scale.x(value), bottom, scale.x(value), bottom + 5, "axis"))
        parts.append(text(scale.x(value), bottom + 21, f"{value:,}"))
        value *= 2
    middle = (TOP + bottom) / 2
    parts.append(text((left + right) / 2, HEIGHT - 16, x_title))
    parts.append(text(24, middle, y_title, more=f' transform="rotate(-90 24 {middle:.1f})"'))
    return parts


def curve(line: Line, scale: Scale) -> list[str]:
    places = [(scale.x(x), scale.y(percent)) for x, percent in line.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="{line.colour}"/>' for x, y in places]
    return [f'<polyline points="{path}" class="line {line.colour}{" dashed" if line.dashed else ""}"/>', *dots]


def legend(lines: list[Line]) -> list[str]:
    parts = []
    for number, line in enumerate(lines):
        x, y = WIDTH - RIGHT + 24, TOP + 14 + 26 * number
        parts.append(segment(x, y, x + 34, y, f"line {line.colour}{' dashed' if line.dashed else ''}"))
        parts.append(f'<circle cx="{x + 17}" cy="{y}" r="3" class="{line.colour}"/>')
        parts.append(text(x + 44, y + 4, line.name, "start"))
    return parts


def svg(title: str, x_title: str, y_title: str, lines: list[Line]) -> str:
    """The chart. The x of all lines begin and end alike, at powers of two."""
    values = [x for line in lines for x, _ in line.points]
    scale = Scale(min(values), max(values))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" class="paper"/>',
        text(LEFT, 32, title, "start", ' class="title"'),
        *axes(scale, x_title, y_title),
        *(part for line in lines for part in curve(line, scale)),
        *legend(lines),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
