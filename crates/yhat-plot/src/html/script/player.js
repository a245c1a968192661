// The keyboard in space, and the players of animations.
function keys(state) {
  const { plot } = state;
  plot.tabIndex = 0;
  plot.setAttribute('role', 'application');
  plot.addEventListener('keydown', (event) => {
    const turn = { ArrowLeft: [0, -5], ArrowRight: [0, 5], ArrowUp: [5, 0], ArrowDown: [-5, 0] }[event.key];
    const zoom = { '+': 0.9, '=': 0.9, '-': 1 / 0.9 }[event.key], home = event.key === 'Home';
    if (!state.live || event.ctrlKey || event.metaKey || event.altKey || !(turn || zoom || home)) return;
    event.preventDefault();
    const update = {};
    state.spec.panels.forEach((panel, i) => {
      const name = state.places[i].scene;
      if (!name || !hasWebgl()) return;
      if (home) return void Object.assign(update, { [name + '.camera']: camera(panel), [name + '.aspectratio']: BOX });
      const size = plot._fullLayout[name].aspectratio;
      if (zoom) return void (update[name + '.aspectratio'] = { x: size.x / zoom, y: size.y / zoom, z: size.z / zoom });
      const { x, y, z } = plot._fullLayout[name].camera.eye, r = Math.hypot(x, y, z);
      const rad = Math.PI / 180, azim = Math.atan2(y, x) + turn[1] * rad;
      const elev = Math.max(-89, Math.min(89, Math.asin(z / r) / rad + turn[0])) * rad;
      update[name + '.camera.eye'] = { x: r * Math.cos(elev) * Math.cos(azim), y: r * Math.cos(elev) * Math.sin(azim), z: r * Math.sin(elev) };
    });
    Plotly.relayout(plot, update);
  });
}

/** Says below a figure which keys do what. */
function hint(state) {
  const note = document.createElement('p');
  note.className = 'yhat-keys';
  note.id = 'yhat-keys-' + states.size;
  (state.bar || state.plot).after(note);
  for (const what of [state.bar, state.solid && state.plot]) if (what) what.setAttribute('aria-describedby', note.id);
  state.hint = () => { const say = words(state.figure); note.textContent = [state.solid && say.turns, state.bar && say.plays].filter(Boolean).join(' '); };
  state.hint();
}

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
  state.bar = bar;
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
