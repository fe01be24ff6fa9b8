/** The style of the HTML report: light and dark, on paper, with marks as well as colours. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1a1c20; --paper: #ffffff; --soft: #5a6070; --line: #c9ced8;
  --bad: #a4161a; --good: #1b6e3c; --tint-0: #eef3fb; --tint-1: #fbf3e2; --tint-2: #eaf6ee; --tint-3: #f5ecf8;
  --arrow: #33508c; --vote: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ebf0; --paper: #15171c; --soft: #a9b0c0; --line: #3b4150;
  --bad: #ff8b8b; --good: #7fd99f; --tint-0: #1d2533; --tint-1: #2d2718; --tint-2: #1a2b20; --tint-3: #2a2030;
  --arrow: #9db7ee; --vote: #e3b565; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
h3 { font-size: 1.05rem; }
.bad { color: var(--bad); } .good { color: var(--good); }
code { font: 0.875em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.place, .meaning { color: var(--soft); } .meaning { display: block; font-weight: normal; font-size: 0.875rem; }
.looks-like { border-left: 4px solid var(--bad); padding: 0.25rem 0.75rem; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin: 0; } .counts dd { margin: 0; font-size: 1.3rem; }
.counts dt, .facts dt { color: var(--soft); font-size: 0.875rem; } .facts dd { margin: 0 0 0.5rem; }
.scroll, .picture { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--soft); padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid var(--line); }
svg { max-width: none; font: 13px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .server { font-weight: 600; } svg .term { fill: var(--soft); font-size: 11px; }
.band-0 { fill: var(--tint-0); } .band-1 { fill: var(--tint-1); } .band-2 { fill: var(--tint-2); } .band-3 { fill: var(--tint-3); }
.life { stroke: var(--line); stroke-width: 2; } .message { stroke: var(--arrow); stroke-width: 1.5; }
.message.vote { stroke: var(--vote); stroke-dasharray: 5 3; } .head { fill: var(--soft); }
.dot { fill: var(--paper); stroke: var(--ink); stroke-width: 2; } .dot.leader { fill: var(--ink); } .dot.candidate { fill: var(--line); }
.wrong { stroke: var(--bad); stroke-width: 4; } svg .wrong-label { fill: var(--bad); font-weight: 600; }
@media print { main { max-width: none; } .scroll, .picture { overflow: visible; } section { break-inside: avoid-page; } svg { max-width: 100%; height: auto; } }
`;
