// The page as it loads: nothing refused, nothing fetched later, and the engine is the file that CI runs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { pluginFile, sha256, start } from "./support.mjs";

let browser;
before(async () => (browser = await start()));
after(() => browser.stop());

test("loads without an error, a warning or a refused request", async () => {
  const { page, complaints, requests } = await browser.open();
  assert.deepEqual(complaints, []);
  assert.ok(requests.every((url) => url.startsWith(browser.origin)), requests.join("\n"));
  assert.equal(await page.title(), "Configure · fluxproof");
  await page.close();
});

test("the policy is strict and stands in the page", async () => {
  const { page } = await browser.open();
  const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', "content");
  assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:/);
  assert.equal(await page.locator("[style]").count(), 0, "a style attribute would be refused");
  await page.getByRole("button", { name: /leaves this browser/ }).click();
  assert.ok((await page.locator("dialog").innerText()).includes(policy), "the dialog quotes the policy as it is");
  await page.close();
});

test("another origin cannot be reached from the page", async () => {
  const { page } = await browser.open();
  const reached = await page.evaluate(() => fetch("http://127.0.0.1:9/").then(() => "reached", (error) => error.name));
  assert.equal(reached, "TypeError");
  await page.close();
});

test("after load there is no request, whatever is done", async () => {
  const { page, requests } = await browser.open();
  await page.waitForLoadState("networkidle");
  const loaded = requests.length;
  await page.locator("form input[type=text]").first().fill("https://vault.internal:8200");
  for (const view of ["check", "delivery", "rules", "configure"]) {
    await page.locator(`.views a[href="#${view}"]`).click();
    await page.waitForTimeout(200);
  }
  await page.locator("form input[type=radio]").last().check({ force: true });
  await page.waitForTimeout(400);
  assert.deepEqual(requests.slice(loaded).filter((url) => /^https?:/.test(url)), []);
  await page.close();
});

test("the footer names the digest of the module that CI runs", async () => {
  const { page } = await browser.open();
  const digest = sha256(readFileSync(pluginFile));
  assert.equal(await page.locator("#digest").innerText(), digest.slice(0, 16));
  assert.equal(await page.locator("#digest").getAttribute("title"), digest);
  await page.close();
});

test("without JavaScript the page says what it is and what it needs", async () => {
  const html = readFileSync(new URL("../../web/index.html", import.meta.url), "utf8");
  assert.match(html, /<noscript>.*needs JavaScript and WebAssembly/s);
  assert.match(html, /Nothing you type or drop here leaves this browser/);
});
