/** The style of the HTML report: light and dark, on paper, with marks as well as colours. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1e24; --paper: #ffffff; --soft: #565d6d; --line: #d3d8e2;
  --card: #f6f7fa; --bad: #a4161a; --bad-soft: #fdf0f0; --good: #1b6e3c; --arrow: #33508c; --vote: #7a4b00;
  --tint-0: #eef1f8; --tint-1: #fbf4e4; --tint-2: #e9f5ed; --tint-3: #f5edf8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --paper: #14161b; --soft: #a9b0c0; --line: #3a4050;
  --card: #1c1f27; --bad: #ff9a97; --bad-soft: #2c1a1c; --good: #84dba3; --arrow: #9db7ee; --vote: #e6b968;
  --tint-0: #1e2532; --tint-1: #2c271a; --tint-2: #1b2b21; --tint-3: #2a2130; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 0.25rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 0.5rem; }
a { color: var(--arrow); }
section { border-top: 2px solid var(--line); margin-top: 2.5rem; padding-top: 1.75rem; }
code { font: 0.875em/1.45 ui-monospace, "SF Mono", Menlo, monospace; overflow-wrap: anywhere; }
p { margin: 0.5rem 0; max-width: 46rem; }
.bad { color: var(--bad); } .good { color: var(--good); } .soft { color: var(--soft); }
.place { color: var(--soft); font-size: 0.9375rem; margin: 0 0 1rem; max-width: none; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: 0.75rem; margin: 0 0 1.5rem; }
.counts div { background: var(--card); border-radius: 8px; padding: 0.6rem 0.9rem; }
.counts dt { color: var(--soft); font-size: 0.875rem; } .counts dd { margin: 0; font-size: 1.35rem; font-weight: 600; }
.told { background: var(--card); border-radius: 8px; padding: 0.9rem 1.1rem; margin: 0; display: grid;
  grid-template-columns: 8rem 1fr; gap: 0.7rem 1rem; }
.told dt { color: var(--soft); } .told dd { margin: 0; max-width: 44rem; } .told dd p { margin: 0; }
.told .rule { font-weight: 600; }
.looks { border-left: 4px solid var(--bad); background: var(--bad-soft); border-radius: 0 8px 8px 0; padding: 0.6rem 1rem; margin: 0.9rem 0 0; max-width: none; }
.facts { display: grid; grid-template-columns: 8rem 1fr; gap: 0.4rem 1rem; margin: 0; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; min-width: 0; }
.scroll, .picture { overflow-x: auto; margin: 0.75rem 0; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; margin: 0; color: var(--soft); font-size: 0.875rem; }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
caption { text-align: left; color: var(--soft); padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.35rem 0; border-bottom: 1px solid var(--line); }
th[scope="col"] { color: var(--soft); font-weight: normal; font-size: 0.875rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 3rem; align-items: start; }
details { margin-top: 1rem; } summary { cursor: pointer; color: var(--arrow); }
svg { max-width: none; font: 13.5px system-ui, "Segoe UI", Roboto, sans-serif; display: block; }
svg text { fill: var(--ink); } svg .server { font-weight: 600; font-size: 14px; } svg .term { fill: var(--soft); font-size: 11.5px; }
.band-0 { fill: var(--tint-0); } .band-1 { fill: var(--tint-1); } .band-2 { fill: var(--tint-2); } .band-3 { fill: var(--tint-3); }
.life { stroke: var(--line); stroke-width: 2; } .guide { stroke: var(--line); stroke-width: 1; stroke-dasharray: 1 4; }
.message { stroke: var(--arrow); stroke-width: 1.75; } .message.vote { stroke: var(--vote); stroke-dasharray: 6 3; }
.message.of-last { stroke: var(--bad); stroke-width: 2.5; } .head { fill: var(--soft); } .wrong-head { fill: var(--bad); }
.dot { fill: var(--paper); stroke: var(--ink); stroke-width: 2; } .dot.full, .half { fill: var(--ink); }
.wrong { stroke: var(--bad); stroke-width: 4; stroke-linecap: round; fill: none; } .wrong-disc { fill: var(--paper); }
svg .wrong-label { fill: var(--bad); font-weight: 600; }
@media (max-width: 40rem) { .told, .facts { grid-template-columns: 1fr; gap: 0.1rem; } .told dd, .facts dd { margin-bottom: 0.6rem; } }
@page { margin: 14mm; }
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #444; --line: #bbb; --card: #fff; --bad: #8a0f13; --bad-soft: #fff;
    --good: #145a2f; --arrow: #223a6b; --vote: #5c3900; --tint-0: #f1f3f8; --tint-1: #faf5ea; --tint-2: #eef6f0; --tint-3: #f6f0f8; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  .scroll, .picture { overflow: visible; } .picture svg { max-width: 100%; height: auto; }
  .told, .counts div { border: 1px solid var(--line); } h2, h3, .place, .legend { break-after: avoid; } details { display: none; }
  .told, .looks, .picture, tr { break-inside: avoid; } section { break-before: auto; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
