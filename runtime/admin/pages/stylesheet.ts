/** The look of the pages; follows the system's light or dark. */
export const stylesheet = `:root { color-scheme: light dark; --line: #8884; --bar: #3b82f6; --failed: #dc2626; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem 1.5rem; }
h1 { font-size: 1.4rem; }
h1 small, .links li, summary time, summary code { color: color-mix(in srgb, currentColor 60%, transparent); }
code, summary time { font: 13px ui-monospace, monospace; }
.links a { display: inline-block; min-width: 6rem; }
input, button { font: inherit; padding: 0.3rem 0.6rem; }
.trace { border-top: 1px solid var(--line); padding: 0.4rem 0; }
summary { cursor: pointer; }
svg text { font-size: 12px; fill: currentColor; }
svg .bar { fill: var(--bar); }
.failed { color: var(--failed); }
svg .failed { fill: var(--failed); }
#docs { background: #fff; color-scheme: light; min-height: 100vh; }
`;
