#include "figures.h"

namespace tandem {

// Colours after Okabe and Ito, "Color Universal Design" (2008), shifted in lightness so that each
// keeps its contrast on a white and on a dark page.
std::string figure_css() {
  return R"css(
:root {
  --paper: #ffffff; --panel: #f6f7f9; --ink: #1b1f24; --soft: #59626d; --rule: #d9dde3;
  --c0: #2b3036; --c1: #3d9fd8; --c2: #00568f; --c3: #d99000; --c4: #c24e00;
  --c5: #008f68; --c6: #b35f8f; --c7: #8a7d00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --panel: #1c2026; --ink: #e8eaed; --soft: #a2abb6; --rule: #353c45;
    --c0: #d5dae0; --c1: #8fd0f7; --c2: #3d9be0; --c3: #f2bd4a; --c4: #f0743a;
    --c5: #2fc79a; --c6: #dd9cc2; --c7: #e3d850;
  }
}
@media print {
  :root {
    --paper: #ffffff; --panel: #ffffff; --ink: #000000; --soft: #444444; --rule: #cccccc;
    --c0: #2b3036; --c1: #3d9fd8; --c2: #00568f; --c3: #d99000; --c4: #c24e00;
    --c5: #008f68; --c6: #b35f8f; --c7: #8a7d00;
  }
}
.c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
.c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
svg.plot { font: 12.5px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
svg.plot text { fill: var(--soft); font-variant-numeric: tabular-nums; }
svg.plot text.title, svg.plot text.key { fill: var(--ink); }
svg.plot text.strong { fill: var(--ink); font-weight: 600; }
svg.plot text.heading { fill: var(--ink); font-size: 16px; font-weight: 600; }
svg.plot text.note { font-size: 11.5px; }
.paper { fill: var(--paper); }
.grid { stroke: var(--rule); stroke-width: 1; fill: none; }
.axis { stroke: var(--soft); stroke-width: 1; fill: none; }
.guide { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 1 4; fill: none; }
.line { stroke: var(--c); stroke-width: 2; fill: none; stroke-linejoin: round; }
.band { fill: var(--c); opacity: 0.14; }
.mark { fill: var(--c); stroke: var(--paper); stroke-width: 1; }
.mark .open { fill: none; stroke: var(--c); stroke-width: 1.8; }
.error { stroke: var(--c); stroke-width: 1.8; fill: none; }
.ring { stroke: var(--c); stroke-width: 1.3; fill: none; }
)css";
}

}  // namespace tandem
