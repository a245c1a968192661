// The course's page as a reader meets it: node page.test.mjs DIR/index.html
//
// No message in the console, no request, ink in every figure; players, sliders, surfaces, tabs, languages and themes do
// what they are for; on a phone and on a desk, by mouse and by keyboard.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { open } from "./browser.mjs";

const file = process.argv[2];
assert.ok(file && existsSync(file), `no page at ${file}`);
const url = pathToFileURL(file).href;
const WIDTHS = [390, 1440];

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
    for (const [chapter, figure] of [["solution3", "lines"], ["failure", "four_panels"]]) {
      const plot = await drawn(page, page.locator(`#${chapter}-${figure}`));
      const opacities = () => plot.evaluate((plot) => plot.data.filter((t) => t.meta).map((t) => [t.meta, t.opacity === undefined ? 1 : t.opacity]));
      const all = await opacities();
      assert.ok(all.every(([, opacity]) => opacity === 1));
      const node = page.locator(`#${chapter}-trained .node[data-unit="1:0"]`);
      await node.focus();
      const lit = await opacities();
      assert.ok(lit.some(([id]) => id === "1:1") && lit.every(([id, opacity]) => (id === "1:0" ? opacity === 1 : opacity < 0.5)), JSON.stringify(lit));
      await node.blur();
      assert.deepEqual(await opacities(), all);
      if (width > 1000) {
        await node.hover();
        assert.deepEqual(await opacities(), lit);
      }
    }
  });
}

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
