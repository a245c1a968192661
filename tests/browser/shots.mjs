// Screenshots of a page in pieces: node shots.mjs PAGE DIR
import { mkdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { open } from "./browser.mjs";

const [file, directory, ...only] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const browser = await open();
for (const [width, height, theme] of [[1440, 2400, "light"], [390, 2400, "dark"], [1440, 2400, "dark"], [390, 2400, "light"]]) {
  if (only.length && !only.includes(`${width}-${theme}`)) continue;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
  await page.goto(pathToFileURL(file).href);
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let piece = 0; piece * height < whole; piece += 1) {
    await page.evaluate((y) => window.scrollTo({ top: y, behavior: "instant" }), piece * height);
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${directory}/${width}-${theme}-${String(piece).padStart(2, "0")}.png` });
  }
  await page.close();
}
await browser.close();
