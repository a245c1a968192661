// Draws figures with plotly.js and moves what a frame moves. A figure is an element .yhat-figure that holds a .yhat-plot
// and its description as JSON.
const states = new Map();

function prepare(figure) {
  const spec = JSON.parse(figure.querySelector(':scope > script[type="application/json"]').textContent);
  const plot = figure.querySelector('.yhat-plot'), looks = new Map();
  for (const part of spec.moving) if (part.k !== 'rule' && part.k !== 'note') looks.set(lookOf(part), part);
  const groups = [...looks].map(([look, sample]) => ({ look, sample }));
  const state = { figure, spec, plot, groups, arrays: spec.arrays.map(expanded), places: slots(spec.panels), frame: 0, live: false, zoomed: new Set(),
    still: plot.innerHTML, aspect: plot.style.aspectRatio, solid: spec.panels.some(isSolid) };
  states.set(figure, state);
  if (spec.frames && spec.frames.length > 1) player(state);
  if (state.solid) keys(state);
  if (state.bar || state.solid) hint(state);
  return state;
}

function measure(state) {
  const width = state.plot.clientWidth, [w, h] = state.spec.size;
  const columns = Math.max(...state.spec.panels.map((panel) => panel.columns));
  state.stacked = width < 560 && columns > 1;
  state.plot.style.aspectRatio = state.stacked ? 1 + ' / ' + 0.8 * state.spec.panels.length : state.aspect;
  const natural = state.stacked ? width / 330 : width / (w * 72);
  state.scale = Math.min(1.6, Math.max(1.05, natural));
  return width > 0;
}

function draw(state) {
  if (!measure(state)) return;
  if (!state.live) state.plot.innerHTML = '';
  state.live = true;
  const pal = palette();
  // Nothing leaves the page: plotly's button that uploads a chart is not there.
  const config = { showSendToCloud: false, plotlyServerURL: '', displaylogo: false, responsive: false, scrollZoom: false, modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
    doubleClick: 'reset', displayModeBar: matchMedia('(pointer: coarse)').matches ? false : 'hover' };
  const first = !state.plot._fullLayout;
  Plotly.react(state.plot, traces(state, pal), layout(state, pal), config);
  if (first) state.plot.on('plotly_relayout', () => {
    const now = zoomedAxes(state);
    if ([...now].join() === [...state.zoomed].join()) return;
    state.zoomed = now;
    draw(state);
  });
  if (state.views) Plotly.relayout(state.plot, state.views);
  state.views = null;
  named(state);
}

/** To those who can't see it a drawing is one picture with a name, not letters in layers; its buttons are for the mouse. */
function named({ plot, solid }) {
  plot.id = plot.id || 'yhat-plot-' + [...states.keys()].indexOf(plot.closest('.yhat-figure'));
  if (!solid) plot.setAttribute('role', 'group');
  plot.querySelectorAll('.main-svg').forEach((layer, i) => {
    const whole = i === 0 && !solid;
    layer.setAttribute(whole ? 'role' : 'aria-hidden', whole ? 'img' : 'true');
    if (whole) layer.setAttribute('aria-labelledby', plot.id);
  });
  for (const bar of plot.querySelectorAll('.modebar-container')) bar.setAttribute('aria-hidden', 'true');
  for (const button of plot.querySelectorAll('.modebar-btn')) button.tabIndex = -1;
}

/**
 * Moves what the frame moves and leaves all else alone: a twentieth of the work of drawing anew. It reaches into
 * plotly's own objects (of the version beside this file); where it does not find them as it knows them, it says no.
 */
function moved(state) {
  const { plot, groups, spec } = state, all = plot._fullData, full = plot._fullLayout;
  if (!state.live || state.lit || !all || !full || (state.solid && !hasWebgl())) return false;
  const rest = (part) => part.k === 'rule' || part.k === 'note' || part.k === 'surface' || part.k === 'area';
  if (spec.moving.some(rest)) return false;
  const list = traces(state, palette(), true), first = all.length - groups.length, scenes = new Set();
  for (let i = 0; i < groups.length; i++) {
    const now = list[i], was = all[first + i];
    if (!was || was.visible !== now.visible) return false;
    if (!now.visible) continue;
    if (was.type === 'scatter3d') {
      const scene = full[was.scene]._scene, drawn = scene && scene.traces[was.uid];
      if (!drawn || !drawn.update || !scene.glplot) return false;
      drawn.update({ ...was, x: now.x, y: now.y, z: now.z, text: now.text });
      scenes.add(scene);
    } else if (!movedFlat(plot, full, was, now)) return false;
    Object.assign(plot.data[first + i], { x: now.x, y: now.y, ...(now.z ? { z: now.z } : {}), ...(now.text ? { text: now.text } : {}) });
  }
  for (const scene of scenes) scene.glplot.redraw();
  titled(state, full);
  return true;
}

function movedFlat(plot, full, trace, now) {
  const node = plot.querySelector('.scatterlayer .trace' + CSS.escape(trace.uid)), axis = (name) => full[name[0] + 'axis' + name.slice(1)];
  const xa = axis(trace.xaxis), ya = axis(trace.yaxis);
  if (!node) return false;
  const at = now.x.map((x, i) => (x === null || now.y[i] === null ? null : [xa.c2p(xa.d2c(x)), ya.c2p(ya.d2c(now.y[i]))]));
  if (trace.mode.includes('markers')) {
    const marks = node.querySelectorAll('path.point'), places = at.filter(Boolean);
    if (marks.length !== places.length) return false;
    marks.forEach((mark, i) => mark.setAttribute('transform', `translate(${places[i][0].toFixed(2)},${places[i][1].toFixed(2)})`));
  }
  if (trace.mode.includes('lines')) {
    const line = node.querySelectorAll('path.js-line');
    if (line.length !== 1) return false;
    line[0].setAttribute('d', at.map((p, i) => (p ? (i && at[i - 1] ? 'L' : 'M') + p[0].toFixed(2) + ',' + p[1].toFixed(2) : '')).join(''));
  }
  return true;
}

/** The titles of the frame, where they are others than those that stand there. */
function titled(state, full) {
  const wanted = layout(state, palette()).annotations, there = full.annotations || [], changes = {};
  wanted.forEach((note, i) => { if (there[i] && there[i].text !== note.text) changes['annotations[' + i + '].text'] = note.text; });
  if (Object.keys(changes).length) Plotly.relayout(state.plot, changes);
}

/** Gives back what the browser has few of: pictures in space that are far from the window. */
function rest(state) {
  if (!state.live || !state.solid) return;
  state.views = {};
  for (const { scene } of state.places) if (scene && hasWebgl()) for (const what of ['camera', 'aspectratio']) state.views[scene + '.' + what] = state.plot._fullLayout[scene][what];
  state.zoomed.clear();
  Plotly.purge(state.plot);
  state.plot.innerHTML = state.still;
  state.live = false;
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const state = states.get(entry.target);
    if (entry.isIntersecting) draw(state);
    else rest(state);
  }
}, { rootMargin: '600px 0px' });
const sized = new ResizeObserver((entries) => {
  for (const entry of entries) {
    const state = states.get(entry.target.closest('.yhat-figure')), width = Math.round(entry.contentRect.width);
    if (state && state.live && width && width !== state.width) {
      clearTimeout(state.later);
      state.later = setTimeout(() => draw(state), 100);
    }
    if (state) state.width = width;
  }
});
