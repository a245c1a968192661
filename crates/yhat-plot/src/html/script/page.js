// Watches the page: figures that come near, its width, theme and language.
function start(root) {
  for (const figure of (root || document).querySelectorAll('.yhat-figure')) {
    if (states.has(figure)) continue;
    const state = prepare(figure);
    near.observe(figure);
    sized.observe(state.plot);
  }
}

const redraw = () => { for (const state of states.values()) if (state.live) draw(state); };
const speak = () => { for (const state of states.values()) for (const say of [state.tell, state.hint]) if (say) say(); };
const stateOf = (figure) => states.get(typeof figure === 'string' ? document.getElementById(figure) : figure);

new MutationObserver((changes) => {
  if (changes.some((change) => change.attributeName === 'lang')) speak();
  if (changes.some((change) => change.attributeName !== 'lang')) redraw();
}).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style', 'lang'] });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
// On paper a drawing keeps the size that it has in the window, whatever the page's style makes of its place there.
addEventListener('beforeprint', () => {
  for (const state of states.values()) {
    draw(state);
    Object.assign(state.plot.style, { width: state.plot.clientWidth + 'px', maxWidth: 'none' });
  }
});
addEventListener('afterprint', () => { for (const { plot } of states.values()) Object.assign(plot.style, { width: '', maxWidth: '' }); });
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => start());
else start();

/** What a page's own script may call: yhatPlot.start() and so on. */
const api = {
  /** Draws the figures below an element that have come into the page since. */
  start,
  /** Shows a frame of an animation. */
  show(figure, frame) { const state = stateOf(figure); if (state && state.spec.frames) show(state, frame); },
  /** Lights what has an id and dims the rest; without an id, all is as it was. */
  light(figure, id) {
    const state = stateOf(figure);
    if (!state || state.lit === id) return;
    state.lit = id;
    if (state.live) draw(state);
    for (const named of state.plot.querySelectorAll('svg.yhat-svg [data-id]')) named.style.opacity = id && named.dataset.id !== id ? 0.15 : '';
  },
};
