// Draws the figures of a page with plotly.js and plays its animations. A figure is an element .yhat-figure that holds a
// .yhat-plot and its description as JSON; src/html/spec.rs says what is in there.
const yhatPlot = (() => {
  'use strict';
  const FONT = 'DejaVu Sans, Verdana, Noto Sans KR, Noto Sans CJK KR, Apple SD Gothic Neo, Malgun Gothic, sans-serif';
  const WORDS = {
    en: { player: 'Animation', first: 'First frame', back: 'Step back', play: 'Play', pause: 'Pause', next: 'Step forward',
      last: 'Last frame', frame: 'Frame', of: 'of', speed: 'Speed', mode: 'At the end', once: 'stop', loop: 'loop',
      reflect: 'there and back', turn: 'arrow keys turn it, plus and minus zoom, Home resets', data: 'Data' },
    ko: { player: '애니메이션', first: '처음 프레임', back: '한 프레임 뒤로', play: '재생', pause: '일시 정지', next: '한 프레임 앞으로',
      last: '마지막 프레임', frame: '프레임', of: '/', speed: '속도', mode: '끝나면', once: '멈춤', loop: '반복',
      reflect: '왕복', turn: '화살표 키로 돌리고 + -로 확대·축소, Home으로 되돌립니다', data: '데이터' },
  };
  const ICONS = {
    first: 'M3 3h2v10H3zM13 3v10L6 8z', back: 'M12 3v10L5 8zM3 3h1v10H3z', play: 'M4 2l10 6-10 6z', pause: 'M3 2h4v12H3zM9 2h4v12H9z',
    next: 'M4 3v10l7-5zM12 3h1v10h-1z', last: 'M11 3h2v10h-2zM3 3v10l7-5z',
  };
  const states = new Map();
  const words = (element) => WORDS[(element.closest('[lang]') || {}).lang] || WORDS.en;

  // -- colours ---------------------------------------------------------------------------------------------------

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

  // -- from the description to plotly's traces and layout ----------------------------------------------------------

  function expanded(array) {
    if (Array.isArray(array)) return array;
    const step = (array.to - array.from) / (array.n - 1);
    return Array.from({ length: array.n }, (_, i) => (i === array.n - 1 ? array.to : array.from + step * i));
  }
  const isSolid = (panel) => panel.axes.length === 3;
  const key = (name, i) => name + (i ? i + 1 : '');

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

  /** Where a panel is: as described, or one below the other where the page is narrow. */
  function domain(panel, i, state) {
    if (!state.stacked) return { x: panel.x, y: panel.y };
    const n = state.spec.panels.length, solid = isSolid(panel), room = state.spec.suptitle ? 0.97 : 1, height = room / n;
    const top = room - i * height;
    return { x: [solid ? 0.02 : 0.13, 0.97], y: [top - (solid ? 0.97 : 0.86) * height, top - 0.1 * height] };
  }

  function layout(state, pal) {
    const { spec, places, scale: f } = state, frame = spec.frames && spec.frames[state.frame];
    const font = { family: FONT, size: 10 * f, color: pal.ink };
    const out = { paper_bgcolor: pal.paper, plot_bgcolor: pal.paper, font, margin: { l: 0, r: 0, t: 0, b: 0 }, annotations: [], shapes: [],
      uirevision: 'stays', hovermode: 'closest', dragmode: matchMedia('(pointer: coarse)').matches ? false : 'zoom', autosize: true };
    const said = (text, x, y, size, yanchor) =>
      text && out.annotations.push({ text: escaped(text), xref: 'paper', yref: 'paper', x, y, xanchor: 'center', yanchor, showarrow: false, font: { size: size * f } });
    said(frame ? frame.s : spec.suptitle, 0.5, 1 - 0.02, 12, 'top');
    spec.panels.forEach((panel, i) => {
      const { x, y } = domain(panel, i, state), slot = places[i];
      said(frame ? frame.t[i] : panel.title, (x[0] + x[1]) / 2, y[1] + (isSolid(panel) ? 0 : 0.005), 12, 'bottom');
      if (panel.legend) out[key('legend', i)] = legend(panel.legend, x, y, pal);
      if (isSolid(panel)) out[slot.scene] = scene(panel, { x, y }, pal, f);
      else {
        out['xaxis' + slot.x.slice(1)] = flatAxis(panel, 0, x, slot.y, pal, f);
        out['yaxis' + slot.y.slice(1)] = flatAxis(panel, 1, y, slot.x, pal, f);
      }
    });
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

  function flatAxis(panel, i, domain, anchor, pal, f) {
    const axis = panel.axes[i];
    return { domain, anchor, range: axis.range.map((v) => logged(axis, v)), type: axis.log ? 'log' : 'linear', autorange: false,
      nticks: axis.ticks + 1, title: axis.label ? { text: escaped(axis.label), standoff: 4 * f, font: { size: 10 * f } } : undefined,
      showgrid: !!panel.grid, gridcolor: pal.grid, zeroline: false, showline: true, mirror: true, linecolor: pal.ink,
      linewidth: Math.max(1, 0.8 * f), ticks: 'outside', ticklen: 3.5 * f, tickcolor: pal.ink, exponentformat: 'power', ...(axis.log ? logTicks(axis.range, f) : { minexponent: 5 }) };
  }

  /** A label for every power of ten; where there is hardly one in sight, some between them. */
  function logTicks([low, high], f) {
    if (high / low > 15) return { dtick: 1, minor: { ticks: 'outside', ticklen: 2 * f } };
    const powers = [0, 1, 2].map((k) => 10 ** (Math.floor(Math.log10(low)) + k));
    const all = powers.flatMap((power) => [1, 2, 3, 4, 6].map((digit) => Number((digit * power).toPrecision(1))));
    const at = all.filter((v) => v >= low && v <= high);
    return { tickmode: 'array', tickvals: at, ticktext: at.map(String) };
  }

  function scene(panel, domain, pal, f) {
    const [elev, azim] = panel.view.map((d) => (d * Math.PI) / 180);
    const axis = (i) => ({ range: panel.axes[i].range, title: { text: escaped(panel.axes[i].label || ''), font: { size: 10 * f } }, nticks: 7,
      showbackground: true, backgroundcolor: pal.walls[i], gridcolor: pal.grid, zeroline: false, color: pal.ink, linecolor: pal.ink,
      tickfont: { size: 9 * f }, showspikes: false });
    const from = (r) => ({ x: r * Math.cos(elev) * Math.cos(azim), y: r * Math.cos(elev) * Math.sin(azim), z: r * Math.sin(elev) });
    return { domain, xaxis: axis(0), yaxis: axis(1), zaxis: axis(2), aspectmode: 'manual', aspectratio: { x: 1.15, y: 1.15, z: 0.86 },
      camera: { eye: from(2.5), center: { x: 0, y: 0, z: -0.1 }, up: { x: 0, y: 0, z: 1 } }, dragmode: 'turntable' };
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
    const groups = state.groups.map((group) => ({ ...group, parts: [] }));
    for (const part of now) groups.find((group) => group.look === lookOf(part)).parts.push(part);
    const joined = groups.map(({ sample, parts }) => {
      const all = (k) => parts.flatMap((part, i) => (i && sample.w ? [null] : []).concat(state.arrays[part[k]]));
      const one = sample.k === 'surface' ? parts[0] || sample : { ...sample, joined: { x: all('x'), y: all('y'), z: sample.z === undefined ? undefined : all('z') } };
      return { ...trace(one, state, pal), visible: parts.length > 0 };
    });
    if (movingOnly) return joined;
    const shown = spec.still.filter(drawn).map((part) => trace(part, state, pal)).concat(joined);
    const lit = state.lit;
    if (lit) for (const t of shown) t.opacity = (t.opacity === undefined ? 1 : t.opacity) * (t.meta === lit ? 1 : 0.15);
    return shown;
  }
  const lookOf = (part) => JSON.stringify({ ...part, x: 0, y: 0, z: 0, level: 0 });

  // -- drawing -----------------------------------------------------------------------------------------------------

  function prepare(figure) {
    const spec = JSON.parse(figure.querySelector(':scope > script[type="application/json"]').textContent);
    const plot = figure.querySelector('.yhat-plot'), looks = new Map();
    for (const part of spec.moving) if (part.k !== 'rule' && part.k !== 'note') looks.set(lookOf(part), part);
    const groups = [...looks].map(([look, sample]) => ({ look, sample }));
    const state = { figure, spec, plot, groups, arrays: spec.arrays.map(expanded), places: slots(spec.panels), frame: 0, live: false,
      still: plot.innerHTML, aspect: plot.style.aspectRatio, solid: spec.panels.some(isSolid) };
    states.set(figure, state);
    if (spec.frames && spec.frames.length > 1) player(state);
    if (state.solid) keys(state);
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
    const config = { displaylogo: false, responsive: false, scrollZoom: false, modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
      displayModeBar: matchMedia('(pointer: coarse)').matches ? false : 'hover' };
    Plotly.react(state.plot, traces(state, pal), layout(state, pal), config);
    if (state.camera) for (const name of Object.keys(state.camera)) Plotly.relayout(state.plot, { [name + '.camera']: state.camera[name] });
    state.camera = null;
  }

  /**
   * Moves what the frame moves and leaves all else alone: a twentieth of the work of drawing anew. It reaches into
   * plotly's own objects (of the version beside this file); where it does not find them as it knows them, it says no.
   */
  function moved(state) {
    const { plot, groups, spec } = state, all = plot._fullData, full = plot._fullLayout;
    if (!state.live || state.lit || !all || !full) return false;
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
    state.camera = {};
    for (const { scene } of state.places) if (scene) state.camera[scene] = state.plot._fullLayout[scene].camera;
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

  // -- the keyboard in space -----------------------------------------------------------------------------------------

  function keys(state) {
    const { plot, figure } = state;
    plot.tabIndex = 0;
    plot.setAttribute('role', 'application');
    plot.setAttribute('aria-label', (figure.getAttribute('aria-label') || '') + ' – ' + words(figure).turn);
    plot.addEventListener('keydown', (event) => {
      const turn = { ArrowLeft: [0, -5], ArrowRight: [0, 5], ArrowUp: [5, 0], ArrowDown: [-5, 0] }[event.key];
      const zoom = { '+': 0.9, '=': 0.9, '-': 1 / 0.9 }[event.key], home = event.key === 'Home';
      if (!state.live || event.ctrlKey || event.metaKey || event.altKey || !(turn || zoom || home)) return;
      event.preventDefault();
      const update = {};
      state.spec.panels.forEach((panel, i) => {
        const name = state.places[i].scene;
        if (!name) return;
        if (home) return void (update[name + '.camera'] = scene(panel, {}, palette(), 1).camera);
        const { x, y, z } = plot._fullLayout[name].camera.eye, r = Math.hypot(x, y, z) * (zoom || 1);
        const rad = Math.PI / 180, azim = Math.atan2(y, x) + (turn ? turn[1] * rad : 0);
        const elev = Math.max(-89, Math.min(89, Math.asin(z / Math.hypot(x, y, z)) / rad + (turn ? turn[0] : 0))) * rad;
        update[name + '.camera.eye'] = { x: r * Math.cos(elev) * Math.cos(azim), y: r * Math.cos(elev) * Math.sin(azim), z: r * Math.sin(elev) };
      });
      Plotly.relayout(plot, update);
    });
  }

  // -- the player ------------------------------------------------------------------------------------------------------

  function player(state) {
    const { spec, figure } = state, n = spec.frames.length;
    const bar = document.createElement('div');
    bar.className = 'yhat-player';
    bar.setAttribute('role', 'group');
    const button = (name, act) => {
      const b = document.createElement('button');
      b.type = 'button';
      b.dataset.act = name;
      b.addEventListener('click', act);
      bar.append(b);
      return b;
    };
    const pause = () => { clearTimeout(state.timer); state.timer = 0; tell(); };
    const step = (to) => { pause(); show(state, to); };
    const tick = () => {
      const end = state.forward ? n - 1 : 0;
      let to = state.frame + (state.forward ? 1 : -1);
      if (state.frame === end) {
        if (mode.value === 'once') return pause();
        if (mode.value === 'reflect') { state.forward = !state.forward; to = state.frame + (state.forward ? 1 : -1); }
        else to = 0;
      }
      show(state, to);
      state.timer = setTimeout(tick, spec.interval / Number(speed.value));
    };
    const play = () => {
      if (state.timer) return pause();
      if (mode.value !== 'reflect') state.forward = true;
      if (mode.value === 'once' && state.frame === n - 1) show(state, 0);
      state.timer = setTimeout(tick, spec.interval / Number(speed.value));
      tell();
    };
    state.forward = true;
    state.play = play;
    const buttons = { first: button('first', () => step(0)), back: button('back', () => step(state.frame - 1)), play: button('play', play),
      next: button('next', () => step(state.frame + 1)), last: button('last', () => step(n - 1)) };
    const slider = Object.assign(document.createElement('input'), { type: 'range', min: 0, max: n - 1, step: 1, value: 0 });
    slider.addEventListener('input', () => step(Number(slider.value)));
    const count = document.createElement('output');
    const choice = (values) => {
      const select = document.createElement('select');
      for (const value of values) select.append(new Option('', value));
      return select;
    };
    const speed = choice(['0.25', '0.5', '1', '2', '4']), mode = choice(['once', 'loop', 'reflect']);
    speed.value = '1';
    mode.value = spec.mode;
    bar.append(slider, count, speed, mode);
    state.plot.after(bar);
    const tell = () => {
      const say = words(figure);
      bar.setAttribute('aria-label', say.player);
      for (const name of Object.keys(buttons)) {
        const what = name === 'play' && state.timer ? 'pause' : name;
        buttons[name].setAttribute('aria-label', say[what]);
        buttons[name].title = say[what];
        buttons[name].innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="' + ICONS[what] + '"/></svg>';
      }
      slider.setAttribute('aria-label', say.frame);
      speed.setAttribute('aria-label', say.speed);
      mode.setAttribute('aria-label', say.mode);
      for (const option of speed.options) option.text = option.value + '×';
      for (const option of mode.options) option.text = say[option.value];
      place();
    };
    const place = () => {
      const say = words(figure);
      slider.value = state.frame;
      slider.setAttribute('aria-valuetext', say.frame + ' ' + (state.frame + 1) + ' ' + say.of + ' ' + n);
      count.value = state.frame + 1 + ' / ' + n;
    };
    state.place = place;
    state.tell = tell;
    bar.addEventListener('keydown', (event) => {
      const inField = event.target === slider || event.target.tagName === 'SELECT';
      const act = { ' ': event.target.tagName === 'BUTTON' || event.target.tagName === 'SELECT' ? null : play, Home: inField ? null : () => step(0), End: inField ? null : () => step(n - 1),
        ArrowLeft: inField ? null : () => step(state.frame - 1), ArrowRight: inField ? null : () => step(state.frame + 1) }[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    });
    tell();
  }

  /** Shows a frame, counted from 0, in all panels at once. */
  function show(state, to) {
    state.frame = Math.max(0, Math.min(state.spec.frames.length - 1, to));
    state.place();
    clearTimeout(state.settle);
    let quick = false;
    try { quick = moved(state); } catch { /* plotly is not as it was: it draws anew */ }
    // What was moved by hand is told to plotly when it has come to rest: zooming and hovering go by that.
    if (quick) state.settle = setTimeout(() => { if (state.live) draw(state); }, 500);
    else if (state.live) draw(state);
    state.figure.dispatchEvent(new CustomEvent('yhat-frame', { bubbles: true, detail: { frame: state.frame } }));
  }

  // -- the page ----------------------------------------------------------------------------------------------------------

  function start(root) {
    for (const figure of (root || document).querySelectorAll('.yhat-figure')) {
      if (states.has(figure)) continue;
      const state = prepare(figure);
      near.observe(figure);
      sized.observe(state.plot);
    }
  }
  const redraw = () => { for (const state of states.values()) if (state.live) draw(state); };
  const speak = () => { for (const state of states.values()) { if (state.tell) state.tell(); } };
  const stateOf = (figure) => states.get(typeof figure === 'string' ? document.getElementById(figure) : figure);

  new MutationObserver((changes) => {
    if (changes.some((change) => change.attributeName === 'lang')) speak();
    if (changes.some((change) => change.attributeName !== 'lang')) redraw();
  }).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style', 'lang'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('beforeprint', () => { for (const state of states.values()) draw(state); });
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => start());
  else start();

  return {
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
})();
