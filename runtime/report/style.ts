import { trusted } from './html.js'

const colours = `
:root{color-scheme:light dark;--page:#f7f6f3;--card:#ffffff;--ink:#1d2327;--soft:#5b656d;--line:#dedbd4;--accent:#0b6e6e;--accent-soft:#cfe6e3;--heat-low:#f3f6f4;--heat-high:#075056;--heat-ink:#0f1416;--heat-ink-strong:#ffffff;--bar:#a9b5ba;--good:#0b6b3a;--bad:#a8321f;--mark-0:#0b6e6e;--mark-1:#c26a00;--mark-2:#5b4bb2;--mark-3:#b3261e;--mark-4:#6b747b;--mark-5:#3d6ea8}
@media (prefers-color-scheme:dark){:root{--page:#14181b;--card:#1d2327;--ink:#e8e6e1;--soft:#a3adb4;--line:#343c42;--accent:#5cc8c0;--accent-soft:#1d4a4a;--heat-low:#20282c;--heat-high:#7ee0d6;--heat-ink:#f4f2ee;--heat-ink-strong:#0a1012;--bar:#55626a;--good:#6fd39a;--bad:#ff9180;--mark-0:#5cc8c0;--mark-1:#f0a94a;--mark-2:#a99cf5;--mark-3:#ff8a80;--mark-4:#98a3aa;--mark-5:#85b4ea}}`

const base = `
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;font-variant-numeric:tabular-nums}
header,main{max-width:72rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1{font-size:clamp(1.8rem,5vw,2.8rem);line-height:1.1;margin:0;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{font-size:1.35rem;margin:0;letter-spacing:-.01em}
h3{font-size:1rem;margin:0 0 .4rem}
.kind{margin:0 0 .3rem;color:var(--accent);font-weight:600;font-size:.85rem;letter-spacing:.04em;text-transform:uppercase}
.summary{max-width:46rem;font-size:1.1rem;margin:.8rem 0 1.5rem}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.4rem;margin:1.25rem 0;overflow:hidden}
.lead{color:var(--soft);margin:.25rem 0 1rem;max-width:50rem}
.lead strong{color:var(--ink)}
.scroll{position:relative;overflow-x:auto;margin:0 -.25rem;padding:.25rem;-webkit-overflow-scrolling:touch}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
table{border-collapse:collapse}
th{font-weight:500;text-align:left}
caption{text-align:left;color:var(--soft);font-size:.85rem;padding:0 0 .5rem}
details{margin-top:.8rem;border-top:1px solid var(--line);padding-top:.6rem}
summary{cursor:pointer;color:var(--accent);font-weight:500}
summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
svg{display:block}`

const cards = `
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.8rem;margin:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1rem 1.1rem}
.card dt{font-weight:600;color:var(--soft);font-size:.9rem}
.card dd{margin:0}
.card .value{font-size:2.1rem;line-height:1.2;font-weight:650;letter-spacing:-.02em}
.card .meaning{color:var(--soft);font-size:.8rem;line-height:1.35;min-height:2.2em}
.card .given{margin-top:.5rem;padding-top:.5rem;border-top:1px solid var(--line);font-weight:600;font-size:.95rem}
.card .given span{font-weight:400;color:var(--soft);font-size:.8rem}`

const tables = `
.heat-map{border-collapse:separate;border-spacing:2px;font-size:.85rem;width:100%;max-width:54rem}
.heat-map td{width:11%;height:2.2rem;text-align:center;border-radius:5px}
.heat-map .heat{background:color-mix(in oklab,var(--heat-high) var(--heat),var(--heat-low));color:var(--heat-ink)}
.heat-map .strong{color:var(--heat-ink-strong)}
@media (prefers-color-scheme:dark){.heat-map .middle{color:var(--heat-ink-strong)}}
.heat-map .diagonal{font-weight:700;outline:1.5px solid var(--ink);outline-offset:-3px}
.heat-map .empty{border:1px dashed var(--line)}
.heat-map th{padding:.1rem .5rem .1rem 0;white-space:nowrap}
.heat-map thead th{padding:0 .15rem .3rem;text-align:center;vertical-align:bottom;font-size:.78rem;color:var(--soft)}
.heat-map thead .corner{text-align:left;font-weight:400}
.heat-map tbody th,.figures th[scope=row],.growth-map th[scope=row]{position:sticky;left:0;background:var(--card);z-index:1}
.figures{font-size:.85rem;width:100%;margin-top:.5rem}
.figures th,.figures td{padding:.4rem .6rem;border-top:1px solid var(--line);text-align:right;white-space:nowrap}
.figures th:first-child{text-align:left;padding-left:0}
.figures thead th{border-top:0;color:var(--soft);font-size:.78rem}
.growth-map{font-size:.85rem;margin-bottom:1rem}
.growth-map th,.growth-map td{padding:.3rem .6rem;border-top:1px solid var(--line);white-space:nowrap}
.growth-map th:first-child{padding-left:0}
.growth-map thead th{border-top:0;color:var(--soft);font-size:.78rem;text-align:center}
.growth-map .dot{text-align:center;color:var(--soft)}
.growth-map .grew{background:var(--accent-soft);color:var(--ink);font-weight:650}
.evidence{width:100%;font-size:.85rem}
.evidence th,.evidence td{padding:.28rem .6rem .28rem 0;white-space:nowrap}
.evidence thead th{color:var(--soft);font-size:.78rem}
.evidence .chart{width:100%;min-width:4rem}
.evidence .chart svg{width:100%;height:18px}
.evidence .number{text-align:right}
.evidence .told{color:var(--soft);font-size:.8rem;min-width:8.6rem;white-space:normal}
.evidence .decision{min-width:6.5rem;padding-right:0}
.bar{fill:var(--bar)}
.bar.grew{fill:var(--accent)}
.threshold{stroke:var(--ink);stroke-width:2;vector-effect:non-scaling-stroke}
.whisker{stroke:var(--ink);stroke-width:1.2;opacity:.75;vector-effect:non-scaling-stroke}
.grown{color:var(--accent);font-weight:650}
.kept,.unmeasured{color:var(--soft)}`

const figures = `
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;padding:0;margin:0 0 .8rem;font-size:.85rem}
.legend li{display:flex;align-items:center;gap:.4rem}
.legend svg{width:16px;height:16px}
.strips{max-width:46rem;margin-bottom:1rem}
.strip{display:flex;align-items:center}
.strip .task{width:6.2rem;flex:none;font-size:.85rem;overflow-wrap:anywhere}
.track{flex:1;min-width:0;height:26px;margin:0 .8rem;overflow:visible}
.at{overflow:visible}
.grid{stroke:var(--line)}
.tick{fill:var(--soft);font-size:12px;text-anchor:middle}
.mark{stroke:var(--card);stroke-width:1.2}
.mark-0{fill:var(--mark-0)}.mark-1{fill:var(--mark-1)}.mark-2{fill:var(--mark-2)}.mark-3{fill:var(--mark-3)}.mark-4{fill:var(--mark-4)}.mark-5{fill:var(--mark-5)}
.timeline{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1rem}
.timeline>li{border:1px solid var(--line);border-radius:10px;padding:.8rem .9rem;min-width:0}
.timeline h3{display:flex;align-items:center;gap:.5rem}
.ordinal{display:inline-grid;place-items:center;width:1.6rem;height:1.6rem;border-radius:50%;background:var(--accent-soft);font-size:.8rem}
.sum{margin-left:auto;font-weight:500;color:var(--soft);font-size:.85rem}
.rule{margin:0 0 .4rem;font-size:.8rem;color:var(--soft)}
.samples{list-style:none;margin:0 0 1.2rem;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:.8rem}
.sample{display:flex;gap:.9rem;border:1px solid var(--line);border-radius:10px;padding:.8rem;min-width:0}
.sample>div:last-child{min-width:0;flex:1}
.sample img,.no-picture{width:104px;height:104px;flex:none;border-radius:6px;image-rendering:pixelated;background:var(--page)}
.no-picture{display:grid;place-items:center;color:var(--soft);font-size:.8rem;border:1px dashed var(--line)}
.question{margin:0 0 .4rem;font-size:.9rem;white-space:pre-line;overflow-wrap:anywhere}
.sample dl{margin:0;display:grid;grid-template-columns:auto 1fr;gap:0 .6rem;font-size:.85rem}
.sample dt{color:var(--soft)}
.sample dd{margin:0;overflow-wrap:anywhere}
.right{color:var(--good);font-weight:600}
.wrong{color:var(--bad);font-weight:600}
.route{margin:.4rem 0 .3rem;font-size:.8rem;color:var(--soft)}
.chips{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem;margin:0;padding:0;font-size:.72rem}
.chips li{white-space:nowrap;border:1px solid var(--line);border-radius:99px;padding:0 .45rem;color:var(--soft)}
.chips b{color:var(--ink);font-weight:600}
.pairs{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1rem;margin:0;font-size:.85rem}
.pairs dt{color:var(--soft)}
.pairs dd{margin:0;overflow-wrap:anywhere;font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.8rem}
@media (max-width:34rem){header,main{padding:0 .75rem}header{padding-top:1.5rem}section{padding:1rem .9rem}.cards{grid-template-columns:1fr 1fr}.card{padding:.8rem}.card .value{font-size:1.7rem}.figures{font-size:.75rem}.heat-map{font-size:.7rem;border-spacing:1.5px}.heat-map td{height:1.9rem}.heat-map thead th span,.growth-map thead th span{display:inline-block;writing-mode:vertical-rl;rotate:180deg}.heat-map thead .corner{font-size:.66rem}.heat-map th{padding-right:.15rem}.growth-map th,.growth-map td{padding:.3rem .2rem}.growth-map{width:100%}.strip .task{width:5rem}.evidence th,.evidence td{padding-right:.4rem}.evidence .chart{min-width:3.5rem}.timeline tr{display:grid;grid-template-columns:1fr auto;align-items:center;border-top:1px solid var(--line);padding:.2rem 0}.evidence .told,.evidence .decision{text-align:right;padding-right:0}.evidence .decision{grid-area:1/2}.cards .card:last-child:nth-child(odd){grid-column:1/-1}.card .meaning{min-height:0}.chips{font-size:.66rem}}
@media print{body{background:none}section{break-inside:avoid}}`

/** One sheet for the page: follows the reader's light or dark setting, and narrows to a phone. */
export const style = trusted(colours + base + cards + tables + figures)
