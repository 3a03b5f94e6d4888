#pragma once

#include <string_view>

namespace fashion_mnist
{

/// The page's CSS. Cells and bars take their share from --share; `right` and `wrong` are channels, so that the
/// share can be their opacity in the light and in the dark.
inline constexpr std::string_view page_style = R"css(
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #1b2330; --soft: #5d6778; --line: #dfe3ea;
  --right: 24 118 188; --wrong: 214 84 24; --strong: #fff; }
@media (prefers-color-scheme: dark) { :root { --page: #11151b; --card: #1a2029; --ink: #e8ecf2; --soft: #9aa5b6;
  --line: #2d3643; --right: 62 150 222; --wrong: 240 116 52; --strong: #fff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 28px 16px 48px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 4px; }
h1 span { white-space: nowrap; }
h2 { font-size: 1.1rem; margin: 0 0 2px; }
p { margin: 0; color: var(--soft); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px; margin-top: 18px; }
section > p { font-size: .9rem; margin-bottom: 14px; }
img { display: block; background: #000; border-radius: 4px; image-rendering: pixelated; }
.headline { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 16px; }
.headline strong { font-size: 3rem; line-height: 1.1; letter-spacing: -.02em; color: rgb(var(--right)); }
.bars { list-style: none; margin: 0; padding: 0; display: grid; gap: 6px; }
.bars li { display: grid; grid-template-columns: 28px 6.2em 1fr 4em; gap: 10px; align-items: center; font-size: .9rem; }
.bars b { font-weight: 600; text-align: right; font-variant-numeric: tabular-nums; }
.track { height: 14px; border-radius: 7px; background: rgb(var(--wrong) / .28); overflow: hidden; }
.track i { display: block; height: 100%; width: calc(var(--share) * 100%); background: rgb(var(--right)); }
.matrix { border-collapse: separate; border-spacing: 2px; width: 100%; table-layout: fixed; font-size: .8rem; }
.matrix th { font-weight: 500; color: var(--soft); padding: 0; }
.matrix thead th { vertical-align: bottom; }
.matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; display: inline-block; line-height: 1.2; padding-top: 3px; margin-bottom: -4px; }
.matrix thead img { margin: 0 auto; width: 28px; max-width: 100%; height: auto; }
.matrix tr > :first-child { width: 7.4em; text-align: right; padding-right: 6px; white-space: nowrap; }
.matrix td { text-align: center; height: 34px; padding: 0; border-radius: 4px; font-variant-numeric: tabular-nums;
  background: rgb(var(--wrong) / var(--share)); }
.matrix td.hit { background: rgb(var(--right) / var(--share)); }
.matrix td.strong { color: var(--strong); font-weight: 600; }
.matrix td.corner { background: none; }
.matrix td.none { background: rgb(128 140 160 / .08); }
.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(124px, 1fr)); gap: 16px 12px; }
figure { margin: 0; font-size: .82rem; line-height: 1.35; }
figure img { width: 100%; height: auto; border-radius: 8px; margin-bottom: 6px; }
figcaption span { display: block; color: var(--soft); }
figcaption .said { color: rgb(var(--wrong)); font-weight: 600; }
footer { margin-top: 18px; font-size: .82rem; color: var(--soft); }
@media (max-width: 560px) {
  section { padding: 14px 10px; }
  .matrix { font-size: .66rem; border-spacing: 1px; }
  .matrix tr > :first-child { width: 6.4em; padding-right: 4px; }
  .matrix td { height: 28px; border-radius: 3px; }
  .mistakes { grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); gap: 14px 10px; }
}
@media (max-width: 359px) { h1 { font-size: 1.35rem; } .matrix { font-size: .56rem; } }
)css";

} // namespace fashion_mnist
