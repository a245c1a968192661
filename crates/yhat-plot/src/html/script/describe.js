// From a figure's description (src/html/spec.rs says what is in there) to plotly's traces and layout.
const FONT = 'DejaVu Sans, Verdana, Noto Sans KR, Noto Sans CJK KR, Apple SD Gothic Neo, Malgun Gothic, sans-serif';
/** How long the sides of the box in space are. */
const BOX = { x: 1.28, y: 1.28, z: 0.96 };

function dark() {
  const said = document.documentElement.dataset.theme;
  return said ? said === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** Ink, paper and colours on the page's paper; what is too dark for dark paper is lightened, as color.rs does. */
function palette() {
  const style = getComputedStyle(document.documentElement), night = dark();
  const own = (name, other) => style.getPropertyValue(name).trim() || other;
  const ink = own('--yhat-ink', night ? '#e4e7ec' : '#000'), paper = own('--yhat-paper', night ? '#15181d' : '#fff');
  const color = (c) => {
    if (c === 'ink') return ink;
    if (c === 'paper') return paper;
    if (!night) return c;
    const rgb = [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16));
    const luma = (0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]) / 255;
    const lift = Math.max(0, (0.42 - luma) / (1 - luma));
    return 'rgb(' + rgb.map((v) => Math.round(v + (255 - v) * lift)).join(',') + ')';
  };
  return { ink, paper, color, grid: night ? '#4a505b' : '#b0b0b0', walls: night ? ['#1d2127', '#20242b', '#1e2329'] : ['#f9f9f9', '#f2f2f2', '#f5f5f5'] };
}

function expanded(array) {
  if (Array.isArray(array)) return array;
  if (array.of) return array.of.map((v) => (v === null ? null : v / array.by));
  const step = (array.to - array.from) / (array.n - 1);
  return Array.from({ length: array.n }, (_, i) => (i === array.n - 1 ? array.to : array.from + step * i));
}

const isSolid = (panel) => panel.axes.length === 3;
const key = (name, i) => name + (i ? i + 1 : '');

/** Whether this browser draws in space; asked once, since a context is kept for each answer. */
const hasWebgl = (() => {
  let known;
  return () => {
    if (known === undefined) known = !!document.createElement('canvas').getContext('webgl');
    return known;
  };
})();

/** Which of plotly's axes, scenes and legends each panel has: they are counted apart. */
function slots(panels) {
  let flat = 0, solid = 0;
  return panels.map((panel) => (isSolid(panel) ? { scene: key('scene', solid++) } : { x: key('x', flat), y: key('y', flat), n: flat++ }));
}

function trace(part, state, pal) {
  const { spec, arrays, places } = state, panel = spec.panels[part.p], slot = places[part.p], f = state.scale;
  const alpha = part.a === undefined ? 1 : part.a, color = pal.color(part.c);
  const data = (k) => (part.joined ? part.joined[k] : arrays[part[k]]);
  const common = { name: part.n || '', showlegend: !!part.n && !!panel.legend, meta: part.id, opacity: alpha,
    legend: key('legend', part.p), hoverinfo: part.n ? undefined : 'x+y' + (isSolid(panel) ? '+z' : '') };
  if (part.k === 'surface') {
    const x = data('x'), y = data('y'), z = data('z');
    const scale = part.map ? part.map.map((c, i) => [i / (part.map.length - 1), 'rgb(' + c + ')']) : [[0, color], [1, color]];
    return { ...common, type: 'surface', scene: slot.scene, x, y, z: y.map((_, j) => x.map((_, i) => z[i * y.length + j])),
      colorscale: scale, showscale: false, lighting: { ambient: 0.6, diffuse: 0.7, specular: 0.05 } };
  }
  const mode = (part.w ? 'lines' : '') + (part.w && part.m ? '+' : '') + (part.m ? 'markers' : '');
  const dash = part.d ? part.d.map((d) => d * part.w * f + 'px').join(',') : 'solid';
  const line = { color, width: (part.w || 0) * f, dash };
  if (isSolid(panel)) {
    const solid = { ...common, type: 'scatter3d', scene: slot.scene, x: data('x'), y: data('y'), z: data('z'), connectgaps: false };
    // In space there is no star among the marks, but there is one among the characters.
    if (part.m === 'star') return { ...solid, mode: 'text', text: solid.x.map(() => '★'), textfont: { color, size: 1.5 * part.s * f } };
    return { ...solid, mode, line: { color, width: 2 * (part.w || 0) * f, dash: part.d ? 'dash' : 'solid' },
      marker: { color, size: (part.s || 1) * f * (solid.x.length > 1000 ? 0.6 : 1), symbol: part.m === 'square' ? 'circle' : part.m, line: { width: 0 } } };
  }
  const flat = { ...common, type: 'scatter', xaxis: slot.x, yaxis: slot.y, x: data('x'), y: data('y') };
  if (part.k === 'area') return { ...flat, mode: 'lines', fill: 'toself', fillcolor: color, line: { width: 0 }, hoverinfo: 'skip' };
  // Marks that lie on each other add up, as in matplotlib; a line is as faint as it is said, however it crosses itself.
  const each = part.m && !part.w;
  return { ...flat, opacity: each ? 1 : alpha, mode, line, connectgaps: false, cliponaxis: true,
    marker: { color, opacity: each ? alpha : 1, size: (part.s || 1) * f * (part.m === 'star' ? 1 / 1.4 : 1), symbol: part.m, line: { width: part.m && part.m.endsWith('open') ? f : 0, color } } };
}

/** Where a panel and its bar of colours are: as described, or one below the other where the page is narrow. */
function domain(panel, i, state) {
  if (!state.stacked) return { x: panel.x, y: panel.y, bar: panel.bar };
  const n = state.spec.panels.length, solid = isSolid(panel), room = state.spec.suptitle ? 0.97 : 1, height = room / n;
  const top = room - i * height, y = [top - (solid ? 0.97 : 0.86) * height, top - 0.1 * height];
  return { x: [solid ? 0.02 : 0.13, panel.bar ? 0.78 : 0.97], y, bar: { x: [0.82, 0.86], y } };
}

/** What shows the bar beside a panel: plotly hangs it on a trace, here one that has no point. */
function bar(panel, i, state, pal) {
  const { axis, stops, alpha } = panel.bar, { x, y } = domain(panel, i, state).bar, f = state.scale, slot = state.places[i];
  const marker = { color: [axis.range[0]], cmin: axis.range[0], cmax: axis.range[1], showscale: true,
    colorscale: stops.map(([at, rgb]) => [at, 'rgba(' + rgb + ',' + alpha + ')']),
    colorbar: { x: x[0], xanchor: 'left', xpad: 0, y: (y[0] + y[1]) / 2, ypad: 0, len: y[1] - y[0], thicknessmode: 'fraction', thickness: x[1] - x[0],
      outlinecolor: pal.ink, outlinewidth: Math.max(1, 0.8 * f), ticks: 'outside', ticklen: 3.5 * f, tickcolor: pal.ink, tickfont: { size: 10 * f },
      tickvals: axis.at, ticktext: axis.labels, title: { text: axis.offset || '' } } };
  const none = { mode: 'markers', x: [null], y: [null], marker, showlegend: false, hoverinfo: 'skip' };
  return isSolid(panel) ? { ...none, type: 'scatter3d', scene: slot.scene, z: [null] } : { ...none, type: 'scatter', xaxis: slot.x, yaxis: slot.y };
}

function layout(state, pal) {
  const { spec, places, scale: f } = state, frame = spec.frames && spec.frames[state.frame];
  const font = { family: FONT, size: 10 * f, color: pal.ink };
  const out = { paper_bgcolor: pal.paper, plot_bgcolor: pal.paper, font, margin: { l: 0, r: 0, t: 0, b: 0 }, annotations: [], shapes: [],
    uirevision: 'stays', separators: '.', hovermode: 'closest', dragmode: matchMedia('(pointer: coarse)').matches ? false : 'zoom', autosize: true };
  const said = (text, x, y, size, yanchor) =>
    text && out.annotations.push({ text: escaped(text).replaceAll('\n', '<br>'), xref: 'paper', yref: 'paper', x, y, xanchor: 'center', yanchor, showarrow: false, font: { size: size * f } });
  said(frame ? frame.s : spec.suptitle, 0.5, 1 - 0.02, 12, 'top');
  spec.panels.forEach((panel, i) => {
    const { x, y } = domain(panel, i, state), slot = places[i];
    said(frame ? frame.t[i] : panel.title, (x[0] + x[1]) / 2, y[1] + (isSolid(panel) ? 0 : 0.005), 12, 'bottom');
    if (panel.legend) out[key('legend', i)] = legend(panel.legend, x, y, pal);
    if (isSolid(panel)) {
      if (hasWebgl()) out[slot.scene] = scene(panel, { x, y }, pal, state);
      else said(words(state.figure).flat, (x[0] + x[1]) / 2, (y[0] + y[1]) / 2, 10, 'middle');
    } else {
      [slot.x, slot.y].forEach((name, k) => {
        const axis = panel.axes[k], zoomed = state.zoomed.has(layoutName(name));
        out[layoutName(name)] = flatAxis(panel, k, [x, y][k], [slot.y, slot.x][k], pal, state, zoomed);
        if (!axis.offset || zoomed) return;
        const corner = k ? { x: x[0], y: y[1], yshift: 4 * f, xanchor: 'left', yanchor: 'bottom' } : { x: x[1], y: y[0], yshift: -20 * f, xanchor: 'right', yanchor: 'top' };
        out.annotations.push({ text: escaped(axis.offset), xref: 'paper', yref: 'paper', showarrow: false, ...corner });
      });
    }
  });
  // Where nothing else is, plotly would draw axes of its own.
  if (!hasWebgl() && spec.panels.every(isSolid)) out.xaxis = out.yaxis = { visible: false };
  const now = frame ? frame.a.map((k) => spec.moving[k]) : [];
  for (const part of spec.still.concat(now)) {
    const slot = places[part.p];
    if (part.k === 'rule') {
      const across = part.vertical ? { xref: slot.x, yref: slot.y + ' domain', x0: part.at, x1: part.at, y0: 0, y1: 1 }
        : { xref: slot.x + ' domain', yref: slot.y, x0: 0, x1: 1, y0: part.at, y1: part.at };
      const dash = part.d ? part.d.map((d) => d * part.w * f + 'px').join(',') : 'solid';
      out.shapes.push({ type: 'line', ...across, opacity: part.a === undefined ? 1 : part.a, line: { color: pal.color(part.c), width: part.w * f, dash } });
    } else if (part.k === 'note') {
      out.annotations.push({ text: escaped(part.text), xref: slot.x, yref: slot.y, x: logged(spec.panels[part.p].axes[0], part.at[0]),
        y: logged(spec.panels[part.p].axes[1], part.at[1]), xanchor: 'left', yanchor: 'bottom', showarrow: false, font: { color: pal.color(part.c) } });
    }
  }
  return out;
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const logged = (axis, v) => (axis.log ? Math.log10(v) : v);

const layoutName = (name) => name[0] + 'axis' + name.slice(1);

function flatAxis(panel, i, domain, anchor, pal, state, zoomed) {
  const axis = panel.axes[i], f = state.scale;
  return { domain, anchor, range: axis.range.map((v) => logged(axis, v)), type: axis.log ? 'log' : 'linear', autorange: false,
    title: axis.label ? { text: escaped(axis.label), standoff: 4 * f, font: { size: 10 * f } } : undefined,
    showgrid: !!panel.grid, gridcolor: pal.grid, zeroline: false, showline: true, mirror: true, linecolor: pal.ink,
    linewidth: Math.max(1, 0.8 * f), ticks: 'outside', ticklen: 3.5 * f, tickcolor: pal.ink, tickangle: 0,
    ...tickSet(axis, i, (domain[1] - domain[0]) * (i ? state.plot.clientHeight : state.plot.clientWidth), f, zoomed) };
}

/** matplotlib's ticks; plotly's own where the reader has zoomed. */
function tickSet(axis, i, room, f, zoomed) {
  const minor = axis.log ? { ticks: 'outside', ticklen: 2 * f } : {};
  if (zoomed) return { tickmode: 'auto', nticks: axis.at.length + 1, exponentformat: 'power', minexponent: 5, minor };
  const each = i ? 15 * f : (6.4 * longest(axis) + 6) * f;
  return { ...sparse(axis, room / each), minor: { ...minor, tickmode: 'array', tickvals: axis.short || [] } };
}

const longest = (axis) => Math.max(...axis.labels.map((label) => label.length));

/** All ticks if there is room for them, or every second or third, zero among them. */
function sparse(axis, room) {
  const every = Math.max(1, Math.ceil((axis.at.length - 1) / room)), zero = Math.max(0, axis.at.indexOf(0)) % every;
  const kept = (_, k) => k % every === zero;
  return { tickmode: 'array', tickvals: axis.at.filter(kept), ticktext: axis.labels.filter(kept) };
}

/** The axes that do not end where they are described to: the reader has zoomed them. */
function zoomedAxes(state) {
  const full = state.plot._fullLayout, zoomed = new Set();
  state.spec.panels.forEach((panel, i) => {
    if (isSolid(panel)) return;
    [state.places[i].x, state.places[i].y].map(layoutName).forEach((name, k) => {
      const home = panel.axes[k].range.map((v) => logged(panel.axes[k], v)), slack = 1e-6 * Math.abs(home[1] - home[0]);
      if (full[name].range.some((v, end) => Math.abs(v - home[end]) > slack)) zoomed.add(name);
    });
  });
  return zoomed;
}

function scene(panel, domain, pal, state) {
  // Its distances from the box to letters do not grow with these.
  const f = Math.min(state.scale, 1.2), width = (domain.x[1] - domain.x[0]) * state.plot.clientWidth;
  // plotly puts the middle of a title where its labels end; an empty line moves it beyond them.
  const named = ({ label, offset }) => (label || offset ? '<br>' + escaped([label, offset].filter(Boolean).join(' ')) : '');
  const [x, y, z] = panel.axes.map((axis, i) => {
    const room = i < 2 ? 0.7 * width / ((5.8 * longest(axis) + 3) * f) : 0.5 * width / (13 * f);
    return { range: axis.range, title: { text: named(axis), font: { size: 10 * f } }, ...sparse(axis, room), tickangle: 0, tickfont: { size: 9 * f },
      showbackground: true, backgroundcolor: pal.walls[i], gridcolor: pal.grid, zeroline: false, color: pal.ink, linecolor: pal.ink, showspikes: false };
  });
  // Labels may reach into the gaps beside the panel.
  const gap = 0.1 * (domain.x[1] - domain.x[0]), wide = { x: [Math.max(0, domain.x[0] - gap), Math.min(1, domain.x[1] + gap)], y: domain.y };
  return { domain: wide, xaxis: x, yaxis: y, zaxis: z, aspectmode: 'manual', aspectratio: BOX, camera: camera(panel), dragmode: 'turntable' };
}

/** mplot3d looks from ten times as far as the box is large: as good as from infinitely far. */
function camera(panel) {
  const [elev, azim] = panel.view.map((d) => (d * Math.PI) / 180), r = 2.5;
  const eye = { x: r * Math.cos(elev) * Math.cos(azim), y: r * Math.cos(elev) * Math.sin(azim), z: r * Math.sin(elev) };
  return { eye, center: { x: 0, y: 0, z: -0.1 }, up: { x: 0, y: 0, z: 1 }, projection: { type: 'orthographic' } };
}

function legend(place, x, y, pal) {
  const left = place.endsWith('left'), center = place.endsWith('center'), top = place.startsWith('upper');
  return { x: left ? x[0] + 0.01 : center ? (x[0] + x[1]) / 2 : x[1] - 0.01, xanchor: left ? 'left' : center ? 'center' : 'right',
    y: top ? y[1] - 0.015 : y[0] + 0.015, yanchor: top ? 'top' : 'bottom', bgcolor: pal.paper, bordercolor: pal.grid, borderwidth: 1 };
}

/** What is shown now: the artists that stay, and those of the frame. Moving ones that look alike are one trace. */
function traces(state, pal, movingOnly) {
  const { spec } = state, drawn = (part) => part.k !== 'rule' && part.k !== 'note';
  const now = spec.frames ? spec.frames[state.frame].a.map((k) => spec.moving[k]).filter(drawn) : [];
  const seen = (trace) => hasWebgl() || !trace.scene, groups = state.groups.map((group) => ({ ...group, parts: [] }));
  for (const part of now) groups.find((group) => group.look === lookOf(part)).parts.push(part);
  const joined = groups.map(({ sample, parts }) => {
    const all = (k) => parts.flatMap((part, i) => (i && sample.w ? [null] : []).concat(state.arrays[part[k]]));
    const one = sample.k === 'surface' ? parts[0] || sample : { ...sample, joined: { x: all('x'), y: all('y'), z: sample.z === undefined ? undefined : all('z') } };
    return { ...trace(one, state, pal), visible: parts.length > 0 };
  });
  if (movingOnly) return joined.filter(seen);
  const bars = spec.panels.flatMap((panel, i) => (panel.bar ? [bar(panel, i, state, pal)] : []));
  const shown = spec.still.filter(drawn).map((part) => trace(part, state, pal)).concat(bars, joined).filter(seen);
  const lit = state.lit;
  if (lit) for (const t of shown) t.opacity = (t.opacity === undefined ? 1 : t.opacity) * (t.meta === lit ? 1 : 0.15);
  return shown;
}

const lookOf = (part) => JSON.stringify({ ...part, x: 0, y: 0, z: 0, level: 0 });
