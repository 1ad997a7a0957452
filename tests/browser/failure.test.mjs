// What is said when something breaks: nothing is lost, and nothing is claimed.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { start } from "./support.mjs";

const stops = [];
after(() => Promise.all(stops.map((stop) => stop())));
const page = async (patch, options) => {
  const browser = await start({ patch });
  stops.push(browser.stop);
  return browser.open(options);
};

// The plugin is made to trap when the config holds a certain word.
const trapping = (text) =>
  text.replace(/^async function run\(\{.*\}, progress\) \{$/m, (line) => {
    return `${line}\n  if (config?.includes("trap-now")) throw new WebAssembly.RuntimeError("unreachable");`;
  });

test("a trap shows a banner, keeps the last good layout, and the next answer clears it", async () => {
  const { page: tab, complaints } = await page({ "/worker.js": trapping });
  const field = tab.locator("form input[type=text]").nth(1);
  const before = await field.inputValue();
  const verdict = await tab.locator("#vd-h").innerText();
  await field.fill("trap-now");
  await tab.waitForSelector(".banner");
  const report = await tab.locator(".banner .report").innerText();
  assert.match(report, /unreachable/);
  assert.doesNotMatch(report, /trap-now/, "the report holds nothing of what was typed");
  assert.equal(await tab.locator("#vd-h").innerText(), verdict);
  assert.match(await tab.locator(".vnote.stale").innerText(), /Last good verdict/);
  await field.fill(before);
  await tab.waitForSelector(".banner", { state: "detached" });
  assert.deepEqual(complaints, []);
  await tab.close();
});

test("without the plugin the page says so, and proves nothing", async () => {
  const broken = (text) => text.replace('"fluxproof.wasm"', '"not-there.wasm"');
  const { page: tab } = await page({ "/worker.js": broken }, { ready: "#no-checker:not([hidden])" });
  assert.match(await tab.locator("#no-checker").innerText(), /could not be loaded/);
  assert.equal(await tab.locator(".vword").innerText(), "Not loaded");
  await tab.close();
});
