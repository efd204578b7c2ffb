"""The style of printed protocols: calm, narrow, readable in light, dark and on paper."""

STYLE = """
:root{color-scheme:light dark;
  --ink:#1c2430;--soft:#5a6675;--line:#d8dee6;--page:#fdfdfc;--wash:#f2f5f8;--mark:#0b6e6e}
@media (prefers-color-scheme:dark){:root{
  --ink:#e4e9ef;--soft:#9aa7b5;--line:#333d49;--page:#12171d;--wash:#1b222b;--mark:#5cc4c0}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 Georgia,"Noto Serif","Liberation Serif",serif}
main{max-width:54rem;margin:0 auto;padding:2.5rem 1.25rem 5rem}
h1,h2,h3,th{font-family:system-ui,"Noto Sans","Liberation Sans",sans-serif;line-height:1.25}
h1{font-size:1.7rem;margin:0 0 1rem}
h2{font-size:1.25rem;margin:2.75rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1rem;color:var(--mark);margin:1.5rem 0 .5rem}
p{margin:.6rem 0}
ul{margin:.4rem 0 1.2rem;padding-left:1.2rem}
li{margin:.2rem 0}
code{font:.85em/1.4 ui-monospace,"DejaVu Sans Mono",monospace;background:var(--wash);padding:.1em .3em;
  border-radius:3px;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th{text-align:left;font-weight:600;color:var(--soft);font-size:.8rem}
th,td{padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top;min-width:7rem}
@media print{body{font-size:10.5pt}h2{break-after:avoid}tr{break-inside:avoid}}
"""
