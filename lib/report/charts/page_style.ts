/**
 * Style of HTML reports: light or dark according to the reader's settings; prints in black on white. What is wider than
 * a narrow screen scrolls in its own box, with a shadow at the side where more is hidden. The first two backgrounds of
 * the box scroll with its content, and cover the shadow where it ends.
 */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --page: #fcfcfb; --card: #fff; --text: #1c1d20; --soft: #63666d; --line: #e3e3e0;
  --ours: #1767c4; --peer: #7b7f87; --limit: #c2410c; --good: #15713f; --bad: #b3261e; --quiet: #63666d;
  --shade: #0004; }
@media (prefers-color-scheme: dark) { :root { --page: #16171a; --card: #1d1f23; --text: #e7e7e4; --soft: #a0a4ac;
  --line: #34373d; --ours: #6cb0ff; --peer: #9aa0aa; --limit: #ff9b62; --good: #5fce91; --bad: #ff8d85; --quiet: #a0a4ac;
  --shade: #000b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.2rem 4rem; max-width: 60rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.2rem; margin: 0 0 .4rem; }
h3 { font-size: .95rem; margin: 1.4rem 0 .2rem; font-weight: 600; }
p { margin: .4rem 0; }
.lead { color: var(--soft); margin-bottom: 1.4rem; }
.warn { border-left: 4px solid var(--limit); padding: .5rem .9rem; background: var(--card); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.3rem; margin: 1.2rem 0; }
.scroll { overflow-x: auto; background:
  linear-gradient(to right, var(--card) 40%, transparent) left / 3rem 100% no-repeat local,
  linear-gradient(to left, var(--card) 40%, transparent) right / 3rem 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) left / 1rem 100% no-repeat,
  linear-gradient(to left, var(--shade), transparent) right / 1rem 100% no-repeat; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-weight: 500; }
h1, h2, h3, p, li, #facts td + td { overflow-wrap: anywhere; }
th, td { min-width: 4.5rem; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.n, th.n { text-align: right; white-space: nowrap; }
.status { font-size: .78rem; font-weight: 600; padding: .1rem .55rem; border-radius: 99px; border: 1px solid currentColor;
  vertical-align: .15em; margin-left: .5rem; white-space: nowrap; }
.met { color: var(--good); } .missed { color: var(--bad); } .no, .not { color: var(--quiet); }
svg { display: block; width: 100%; height: auto; min-width: 560px; font-family: inherit; }
ul { margin: .8rem 0 0; padding-left: 1.2rem; color: var(--soft); font-size: .9rem; }
footer { color: var(--soft); font-size: .85rem; margin-top: 2rem; }
@media print { body { max-width: none; } .scroll { overflow: visible; background: none; } section { break-inside: avoid; } }
`;
