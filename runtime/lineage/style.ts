import { trusted } from '../report/html.js'

/** Rules of the drawing of a lineage: rows as high as their text, edges drawn through them. */
export const rules = trusted(`
.graph{list-style:none;margin:0;padding:0}
.graph>li{display:flex;gap:.9rem;min-height:5.2rem}
.graph .edges{flex:none;position:relative}
.graph .edges svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.graph .edge{fill:none;stroke:var(--bar);stroke-width:2}
.graph .node{fill:var(--accent);stroke:var(--card);stroke-width:2}
.graph .node.latest{fill:var(--card);stroke:var(--accent);stroke-width:4}
.graph .told{flex:1;min-width:0;padding:.1rem 0 1.1rem;color:var(--ink);font-size:.9rem}
.graph h3{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .7rem;margin:0 0 .15rem}
.graph code{font:.78rem ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;color:var(--soft);font-weight:400}
.graph p{margin:0;color:var(--soft);overflow-wrap:anywhere}
.graph b{color:var(--ink);font-weight:600}
.badge{font-size:.72rem;font-weight:600;border:1px solid currentColor;border-radius:99px;padding:0 .55rem;color:var(--soft)}
.badge.capacity-adding{color:var(--accent)}
.badge.function-preserving{color:var(--good)}
.badge.routing-changing{color:var(--mark-1)}
.badge.forgetting-risk,.badge.incompatible{color:var(--bad)}
.badge.run{color:var(--mark-5)}
.findings{color:var(--bad)}`)
