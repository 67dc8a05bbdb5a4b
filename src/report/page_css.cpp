#include "page_parts.h"

namespace tandem::report {

std::string page_css() {
  return R"css(
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial,
       sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 4rem; }
header { max-width: 54rem; }
.kicker { margin: 0; color: var(--soft); font-size: 0.9rem; }
h1 { margin: 0.2rem 0 1.2rem; font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.18;
     letter-spacing: -0.015em; text-wrap: balance; }
h2 { margin: 0 0 0.9rem; font-size: 1.3rem; letter-spacing: -0.01em; }
section { margin-top: 3.2rem; }
.answer { padding: 0.2rem 0 0.2rem 1.1rem; border-left: 3px solid var(--c2); font-size: 1.08rem; }
.answer p { margin: 0.35rem 0; }
.facts, .notes, figcaption, th small, td small {
  color: var(--soft); font-size: 0.86rem; }
.facts { margin-top: 1.2rem; }
.notes { max-width: 54rem; }
a { color: var(--c2); text-underline-offset: 0.15em; }
code, pre { font: 0.88em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin: 0 0 0.8rem; padding: 0;
          list-style: none; font-size: 0.92rem; }
svg.key { width: 34px; height: 14px; margin-right: 0.5rem; vertical-align: -1px; }
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { margin-top: 0.3rem; }
.pair { display: grid; gap: 1.8rem 2.2rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); }
.multiples { display: grid; gap: 1.5rem;
             grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
.multiples figure { max-width: 460px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
.numbers { font-size: 0.9rem; font-variant-numeric: tabular-nums; min-width: min(100%, 46rem); }
.numbers th, .numbers td { padding: 0.38rem 0 0.38rem 1.15rem; text-align: right;
                           white-space: nowrap; vertical-align: baseline; }
.numbers th:first-child { padding-left: 0; text-align: left; font-weight: 500; }
.numbers thead th { font-weight: 500; line-height: 1.3; vertical-align: bottom; }
.numbers thead tr:last-child th { border-bottom: 1px solid var(--soft); }
.numbers .stack small { display: block; margin: 0; line-height: 1.25; }
.numbers tbody tr + tr > * { border-top: 1px solid var(--rule); }
.numbers .text { text-align: left; }
.best { font-weight: 700; }
.unclear { color: var(--soft); }
.up::before { content: "▲ "; font-size: 0.7em; color: var(--c5); }
.down::before { content: "▼ "; font-size: 0.7em; color: var(--c4); }
.warn { color: var(--c4) !important; margin-left: 0.5em; }
.galleries { display: grid; gap: 2rem 2.5rem;
             grid-template-columns: repeat(auto-fit, minmax(min(100%, 500px), 1fr)); }
.gallery { width: 100%; min-width: 30rem; table-layout: fixed; font-size: 0.84rem; }
.gallery th { width: 8.6rem; text-align: left; font-weight: 500; padding-right: 0.6rem; }
.gallery td { padding: 0.25rem 0.3rem; text-align: center; vertical-align: bottom; }
.gallery img { width: 100%; max-width: 72px; image-rendering: pixelated; display: inline-block;
               border-radius: 3px; }
.gallery thead th { font-weight: 650; vertical-align: bottom; padding-bottom: 0.25rem; }
.bars { width: 100%; height: 44px; display: block; background: var(--panel); border-radius: 3px; }
.bars .own { fill: var(--c); }
.bars .other { fill: var(--c); opacity: 0.45; }
.top { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
       color: var(--soft); font-size: 0.74rem; }
.provenance { display: grid; gap: 0.7rem 2rem; margin: 0 0 1rem;
              grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
.provenance .whole { grid-column: 1 / -1; }
dt { color: var(--soft); font-size: 0.84rem; }
dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; }
pre { padding: 1rem; overflow-x: auto; background: var(--panel); border-radius: 6px; }
#tip { position: fixed; z-index: 1; max-width: 20rem; padding: 0.35rem 0.6rem; border-radius: 5px;
       background: var(--ink); color: var(--paper); font-size: 0.84rem; pointer-events: none; }
@media print {
  main { max-width: none; padding: 0; }
  body { font-size: 10pt; }
  section { margin-top: 1.4rem; }
  figure, tr, .gallery { break-inside: avoid; }
  h2 { break-after: avoid; }
  .pair, .galleries { grid-template-columns: 1fr 1fr; }
  .multiples { grid-template-columns: 1fr 1fr 1fr; }
  .wide { overflow: visible; }
  .gallery, .numbers { min-width: 0; }
  pre { white-space: pre-wrap; }
  #tip { display: none; }
}
)css";
}

// Without the script the browser shows each point's <title> by itself, only later.
std::string page_script() {
  return R"js(
const tip = document.getElementById("tip");
for (const title of document.querySelectorAll("svg.plot title, svg.bars title")) {
  const point = title.parentNode, text = title.textContent;
  title.remove();
  point.addEventListener("pointermove", (event) => {
    tip.textContent = text;
    tip.hidden = false;
    const left = Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8);
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = Math.max(8, event.clientY - tip.offsetHeight - 12) + "px";
  });
  point.addEventListener("pointerleave", () => { tip.hidden = true; });
}
)js";
}

}  // namespace tandem::report
