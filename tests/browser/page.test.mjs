// The course's page as a reader meets it: node page.test.mjs DIR/index.html
//
// No message in the console, no request, ink in every figure; players, sliders, surfaces, tabs, languages and themes do
// what they are for; on a phone, on a desk and on paper, by mouse, by keyboard and to axe.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { open } from "./browser.mjs";

const file = process.argv[2];
assert.ok(file && existsSync(file), `no page at ${file}`);
const url = pathToFileURL(file).href;
const WIDTHS = [390, 1440];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = await open();
let passed = 0;
const check = async (name, width, act) => {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: "light" });
  const complaints = [];
  page.on("console", (message) => {
    // Hints on speed, of a driver in software and of a canvas that is read, are not about the page.
    if (["error", "warning"].includes(message.type()) && !/GPU stall|GL Driver|willReadFrequently/.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== url && !/^(data|blob):/.test(request.url())) complaints.push(`request of ${request.url()}`);
  });
  await page.goto(url);
  await act(page);
  assert.deepEqual(complaints, [], `${name} at ${width}`);
  await page.close();
  passed += 1;
  console.log(`ok  ${name} at ${width} px`);
};

/** The different colours in a picture, counted in the page, where there is a decoder. */
const colours = async (page, png) => page.evaluate(async (base64) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) || 0) + 1);
  return { different: counts.size, ink: 1 - Math.max(...counts.values()) / pixels.length };
}, png.toString("base64"));

const drawn = async (page, figure) => {
  await figure.scrollIntoViewIfNeeded();
  const plot = figure.locator(".yhat-plot").first();
  if (await plot.count()) await plot.locator(".main-svg").first().waitFor({ timeout: 20000 });
  await page.waitForTimeout(150);
  return (await plot.count()) ? plot : figure.locator("svg").first();
};

/** A picture of a plot once it has come to rest. */
const still = async (page, plot) => {
  let before = await plot.screenshot();
  for (let i = 0; i < 40; i += 1) {
    await page.waitForTimeout(150);
    const after = await plot.screenshot();
    if (after.equals(before)) return after;
    before = after;
  }
  return before;
};

for (const width of WIDTHS) {
  await check("every figure has ink and fits the page", width, async (page) => {
    const figures = await page.locator("main figure.plot, main figure.player, main figure.network").all();
    assert.ok(figures.length >= 45, `${figures.length} figures`);
    for (const figure of figures) {
      const id = await figure.getAttribute("id");
      const place = await drawn(page, figure);
      const { different, ink } = await colours(page, await place.screenshot());
      assert.ok(different > 8 && ink > 0.004, `${id}: ${different} colours, ${ink} ink`);
      const alt = await figure.locator(".yhat-plot, svg[role]").first().getAttribute("aria-label");
      assert.ok(alt && alt.length > 20, `${id}: ${alt}`);
    }
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(beyond <= 0, `the page is ${beyond} px too wide`);
  });

  await check("a player plays, steps and is moved by its slider, all panels at once", width, async (page) => {
    for (const id of ["sgd-moving", "adam-moving", "adam_far-moving"]) {
      const figure = page.locator(`#${id}`);
      const plot = await drawn(page, figure);
      // Where the moving line of each lower panel is, and how many points both paths have.
      const state = () => figure.locator(".yhat-plot").evaluate((plot) => {
        const moving = plot.data.filter((trace) => trace.meta === "fit").map((trace) => trace.y.slice(0, 20).join());
        const paths = plot.data.filter((trace) => trace.type === "scatter3d" && trace.mode === "markers").map((trace) => trace.x.length);
        return { moving, points: paths.reduce((sum, n) => sum + n, 0) };
      });
      const first = await state();
      assert.equal(first.moving.length, 2);
      const slider = figure.locator("input[type=range]");
      await slider.focus();
      for (let i = 0; i < 12; i += 1) await page.keyboard.press("ArrowRight");
      assert.equal(await figure.locator(".yhat-player output").innerText(), "13 / 30");
      const later = await state();
      assert.notEqual(later.moving[1], first.moving[1]);
      assert.notEqual(later.moving[0], first.moving[0]);
      assert.equal(later.points - first.points, 2 * 12, "both paths have a point more in every frame");
      // What a frame moves is moved; plotly draws anew once, when it has come to rest.
      const draws = await figure.evaluate(async (figure) => {
        const react = Plotly.react;
        let count = 0;
        Plotly.react = (...given) => { count += 1; return react(...given); };
        for (let frame = 14; frame < 20; frame += 1) yhatPlot.show(figure, frame);
        const moving = count;
        await new Promise((resolve) => setTimeout(resolve, 2000));
        Plotly.react = react;
        return [moving, count];
      });
      assert.deepEqual(draws, [0, 1]);
      await figure.locator("[data-act=first]").click();
      await figure.locator("[data-act=play]").click();
      await page.waitForTimeout(1500);
      await figure.locator("[data-act=play]").click();
      const at = parseInt(await figure.locator(".yhat-player output").innerText(), 10);
      assert.ok(at > 2, `played to ${at}`);
      await figure.locator("[data-act=last]").click();
      assert.equal(await figure.locator(".yhat-player output").innerText(), "30 / 30");
      assert.ok(await plot.isVisible());
    }
  });

  await check("where a frame can't be moved plotly draws it, to the same effect", width, async (page) => {
    const figure = page.locator("#sgd-moving");
    const plot = await drawn(page, figure);
    const shown = () => plot.evaluate((plot) => plot.data.filter((trace) => trace.meta === "fit" || trace.mode === "markers").map((trace) => [...trace.x, ...trace.y].slice(0, 40).join()));
    const show = (frame, without) => figure.evaluate(async (figure, [frame, without]) => {
      const plot = figure.querySelector(".yhat-plot"), react = Plotly.react;
      let count = 0;
      Plotly.react = (...given) => { count += 1; return react(...given); };
      // What another version of plotly may do: call its lines something else, or refuse what is done to a trace.
      if (without === "lines") for (const line of plot.querySelectorAll("path.js-line")) line.classList.remove("js-line");
      if (without === "scene") {
        for (const trace of Object.values(plot._fullLayout.scene._scene.traces).slice(-1)) trace.update = () => { delete trace.update; throw new Error("no such trace"); };
      }
      yhatPlot.show(figure.querySelector(".yhat-figure"), frame);
      Plotly.react = react;
      return count;
    }, [frame, without]);
    await show(5);
    assert.equal(await show(12), 0, "moved by hand");
    const moved = await shown();
    assert.equal(await show(20, "lines"), 1, "plotly draws at once");
    assert.notDeepEqual(await shown(), moved);
    assert.equal(await show(12, "scene"), 1, "plotly draws at once");
    assert.deepEqual(await shown(), moved);
    assert.equal(await figure.locator(".yhat-player output").innerText(), "13 / 30");
  });

  await check("ticks are matplotlib's until the reader zooms, and again after that", width, async (page) => {
    const plot = await drawn(page, page.locator("#data-points"));
    const ticks = () => plot.locator(".xtick text").allTextContents();
    const home = await ticks();
    assert.ok(home.includes("\u22121.00") && home.includes("0.00"), home.join());
    if (width > 1000) assert.deepEqual(home, [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1].map((x) => x.toFixed(2).replace("-", "\u2212")));
    const { x, y, width: w, height: h } = await plot.locator(".nsewdrag").first().boundingBox();
    await page.mouse.move(x + 0.55 * w, y + 0.3 * h);
    await page.mouse.down();
    await page.mouse.move(x + 0.75 * w, y + 0.7 * h, { steps: 5 });
    await page.mouse.up();
    await page.waitForTimeout(500);
    const near = (await ticks()).map((label) => parseFloat(label.replace("\u2212", "-")));
    assert.ok(near.length >= 2 && near.every((x) => x > 0 && x < 0.6), near.join());
    await plot.locator(".nsewdrag").first().dblclick();
    await page.waitForTimeout(500);
    assert.deepEqual(await ticks(), home);
    // No label lies on another.
    for (const id of ["solution1-curve", "failure-four_panels", "overfit-only_noise", "convex-eigenvalues"]) {
      const figure = await drawn(page, page.locator(`#${id}`));
      const boxes = await figure.evaluate((plot) => [...plot.querySelectorAll(".xtick text, .x2tick text")].map((text) => text.getBoundingClientRect()).map(({ left, right, top }) => [top, left, right]));
      const rows = [...new Set(boxes.map(([top]) => Math.round(top)))].map((at) => boxes.filter(([top]) => Math.round(top) === at));
      for (const row of rows) row.sort((a, b) => a[1] - b[1]).forEach(([, left], i) => assert.ok(i === 0 || left > row[i - 1][2], `${id}: ${JSON.stringify(row)}`));
    }
  });

  await check("surfaces turn under the mouse and by keyboard", width, async (page) => {
    const plot = await drawn(page, page.locator("#surfaces-side_by_side"));
    const before = await still(page, plot);
    const box = await plot.locator("canvas").first().boundingBox();
    const eye = () => plot.evaluate((plot) => Object.values(plot._fullLayout.scene.camera.eye).join());
    const first = await eye();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 70, box.y + box.height / 2 + 15, { steps: 8 });
    await page.mouse.up();
    const turned = await still(page, plot);
    assert.ok(!turned.equals(before), "a drag changes nothing");
    const dragged = await eye();
    assert.notEqual(dragged, first);
    await plot.focus();
    for (let i = 0; i < 4; i += 1) await page.keyboard.press("ArrowLeft");
    await page.waitForTimeout(300);
    assert.notEqual(await eye(), dragged);
    const size = () => plot.evaluate((plot) => plot._fullLayout.scene.aspectratio.x);
    const before_zoom = await size();
    await page.keyboard.press("+");
    await page.waitForTimeout(300);
    assert.ok((await size()) > before_zoom);
    await page.keyboard.press("Home");
    await page.waitForTimeout(300);
    assert.equal(await eye(), first);
    assert.equal(await size(), before_zoom);
    const hint = page.locator(`#${await plot.getAttribute("aria-describedby")}`);
    assert.match(await hint.innerText(), /arrows turn it/);
    await page.locator("[data-lang=ko]").click();
    assert.match(await hint.innerText(), /화살표로 돌리고/);
  });

  await check("languages, themes and code switch", width, async (page) => {
    const shown = (lang) => page.locator(`main p:lang(${lang})`).filter({ visible: true }).count();
    assert.ok((await shown("en")) > 50 && (await shown("ko")) === 0);
    assert.equal(await page.title(), "From a straight line to a convex loss");
    await page.locator("[data-lang=ko]").click();
    assert.ok((await shown("ko")) > 50 && (await shown("en")) === 0);
    assert.match(await page.title(), /직선/);
    assert.equal(await page.locator("[data-lang=ko]").getAttribute("aria-pressed"), "true");
    assert.match(await page.locator("#data-points .yhat-plot").getAttribute("aria-label"), /산점도/);
    await page.locator("[data-lang=en]").click();

    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.locator(".theme").click();
    assert.notEqual(await paper(), light);
    const ink = await drawn(page, page.locator("#data-points"));
    assert.notEqual(await ink.evaluate((plot) => plot._fullLayout.paper_bgcolor), "#ffffff");
    await page.locator(".theme").click();
    assert.equal(await paper(), light);

    const tab = page.locator("#solution1-fit-code-keras-tab");
    await tab.scrollIntoViewIfNeeded();
    const top = (await tab.boundingBox()).y;
    await tab.click();
    assert.ok(await page.locator("#solution1-fit-code-keras").isVisible());
    assert.ok(!(await page.locator("#solution1-fit-code-yhat").isVisible()));
    assert.ok(await page.locator("#failure-fit-code-keras").isVisible(), "one choice for the whole page");
    assert.ok(Math.abs((await tab.boundingBox()).y - top) < 3, "the tab stays where it was");
    await tab.focus();
    await page.keyboard.press("ArrowLeft");
    assert.ok(await page.locator("#solution1-fit-code-yhat").isVisible());
  });

  await check("a node of a diagram lights its line, by mouse and by keyboard", width, async (page) => {
    const pairs = [["solution3", "trained", "lines"], ["solution3", "trained", "contributions"], ["solution3", "nodes", "two_lines"], ["failure", "trained", "four_panels"]];
    for (const [chapter, diagram, figure] of pairs) {
      const plot = await drawn(page, page.locator(`#${chapter}-${figure}`));
      const opacities = () => plot.evaluate((plot) => plot.data.filter((t) => t.meta).map((t) => [t.meta, t.opacity === undefined ? 1 : t.opacity]));
      const all = await opacities();
      assert.ok(all.every(([, opacity]) => opacity === 1));
      const node = page.locator(`#${chapter}-${diagram} .node[data-unit="1:0"]`);
      await node.focus();
      const lit = await opacities();
      assert.ok(lit.some(([id]) => id === "1:1") && lit.every(([id, opacity]) => (id === "1:0" ? opacity === 1 : opacity < 0.5)), JSON.stringify(lit));
      await node.blur();
      assert.deepEqual(await opacities(), all);
      if (width > 1000) {
        await page.mouse.move(0, 0);
        await node.hover();
        await page.waitForTimeout(100);
        assert.deepEqual(await opacities(), lit);
        await page.mouse.move(0, 0);
      }
    }
  });
}

// Each language in both themes, each theme at both widths.
for (const [lang, theme, width] of [["en", "light", 390], ["en", "dark", 1440], ["ko", "light", 1440], ["ko", "dark", 390]]) {
  await check(`axe finds nothing, ${lang}, ${theme}`, width, async (page) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.reload();
    await page.locator(`[data-lang=${lang}]`).click();
    await page.evaluate(axe);
    // Figures as they are with plotly, a player, surfaces, an open table.
    for (const id of ["data-points", "solution3-contributions", "sgd-moving", "convex-eigenvalues"]) {
      await drawn(page, page.locator(`#${id}`));
      const table = page.locator(`#${id} .yhat-data summary`);
      if (await table.count()) await table.click();
    }
    const found = await page.evaluate(async () => (await axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" | ")}`));
    assert.deepEqual(found, []);
  });
}

await check("nothing moves for who wants no motion, and no figure offers to upload itself", 1440, async (page) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), "auto");
  const plot = await drawn(page, page.locator("#data-points"));
  const buttons = await plot.locator(".modebar-btn").evaluateAll((all) => all.map((button) => [button.ariaLabel, button.tabIndex]));
  assert.ok(buttons.length >= 4 && buttons.every(([name, tab]) => tab === -1 && !/share|cloud|edit/i.test(name)), JSON.stringify(buttons));
});

await check("without WebGL the flat panels are there, and a word in place of the surfaces", 1440, async (page) => {
  await page.addInitScript(() => {
    const getContext = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return /webgl/.test(kind) ? null : getContext.call(this, kind, ...rest); };
  });
  await page.reload();
  const plot = await drawn(page, page.locator("#sgd-moving"));
  const words = await plot.locator(".annotation-text").allTextContents();
  assert.equal(words.filter((text) => /no WebGL/.test(text)).length, 2, words.join());
  const line = () => plot.evaluate((plot) => plot.data.find((trace) => trace.meta === "fit").y.join());
  const first = await line();
  await page.locator("#sgd-moving [data-act=last]").click();
  assert.notEqual(await line(), first);
  await drawn(page, page.locator("#surfaces-side_by_side"));
  assert.equal(await page.locator("#surfaces-side_by_side .xtick").count(), 0);
});

await check("the tab key goes through the page in the order in which it is read", 1440, async (page) => {
  const tops = await page.evaluate(() => {
    const reachable = [...document.querySelectorAll("main a, main button, main summary, main [tabindex], main input, main select")].filter((e) => e.tabIndex >= 0 && e.offsetParent !== null);
    return { n: reachable.length, positive: reachable.filter((e) => e.tabIndex > 0).length, headings: [...document.querySelectorAll("h1, h2, h3, h4")].filter((h) => h.offsetParent !== null).map((h) => Number(h.tagName[1])) };
  });
  assert.equal(tops.positive, 0);
  assert.ok(tops.headings.every((level, i) => i === 0 ? level === 1 : level <= tops.headings[i - 1] + 1), tops.headings.join(""));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
});

await check("the page opens in the dark where the reader wants it, and remembers a choice", 1440, async (page) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.locator(".theme").click();
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
});

await check("on paper there are words and figures and no buttons", 1440, async (page) => {
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 1_000_000, `${pdf.length} bytes of PDF`);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".contents, .tabs, .yhat-player").filter({ visible: true }).count(), 0);
  assert.ok((await page.locator("main p").filter({ visible: true }).count()) > 50);
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  const beyond = await page.evaluate(() => [...document.querySelectorAll(".yhat-plot")].map((plot) => {
    const [place, drawing, frame] = [plot, plot.querySelector("svg"), plot.closest(".drawing")].map((part) => part.getBoundingClientRect());
    return [plot.id, drawing.bottom - place.bottom, drawing.right - place.right, place.bottom - frame.bottom];
  }).filter(([, ...over]) => over.some((over) => over > 2)));
  assert.deepEqual(beyond, [], "drawings that leave their place");
});

await check("without a script there is the text", 1440, async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(url);
  assert.ok((await page.locator("main p:lang(en)").filter({ visible: true }).count()) > 50);
  assert.ok(await page.locator("#data-points svg").first().isVisible());
  await context.close();
});

await browser.close();
console.log(`${passed} checks passed`);
