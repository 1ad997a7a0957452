// The main job: the form is filled, the tree and the verdict follow, and the zip is the command's zip.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { choose, download, field as id, files, fluxproof, sha256, start, temporary } from "./support.mjs";
import { unzip } from "./zip.mjs";

let browser;
let folder;
before(async () => {
  browser = await start();
  folder = temporary();
});
after(async () => {
  await browser.stop();
  rmSync(folder, { recursive: true });
});

const CONFIG = { vault: { server: "https://vault.internal:8200", namespace: "platform", auth: { method: "token" } } };

async function fill(page) {
  await page.locator(id("vault.server")).fill(CONFIG.vault.server);
  await page.locator(id("vault.namespace")).fill(CONFIG.vault.namespace);
  await choose(page, "vault.auth.method", "token");
  await page.waitForFunction(() => document.querySelector(".cmd code").textContent.includes("token"));
}

test("opens proven, with every file of the command's tree", async () => {
  const { page, complaints } = await browser.open();
  assert.equal(await page.locator("#vd-h").innerText(), "Proven");
  const expected = JSON.parse(fluxproof(["generate", "--format", "json", "--config", "-"], "{}"));
  const shown = await page.locator('[role="treeitem"].file').evaluateAll((items) => items.map((item) => item.id.replace(/^row-/, "")));
  assert.deepEqual(shown.sort(), expected.files.map((file) => file.path).sort());
  assert.deepEqual(complaints, []);
  await page.close();
});

test("what is typed changes the tree, the file and the certificate", async () => {
  const { page } = await browser.open();
  const strip = () => page.locator(".verdict .strip").getAttribute("aria-label");
  const before = await strip();
  await fill(page);
  await page.locator('[role="treeitem"].file').filter({ hasText: /clusterSecretStore/i }).click();
  const text = await page.locator(".editor .code").innerText();
  assert.match(text, /server: https:\/\/vault\.internal:8200/);
  assert.match(text, /namespace: platform/);
  assert.match(text, /tokenSecretRef/);
  assert.equal(await page.locator("#vd-h").innerText(), "Proven");
  assert.notEqual(await strip(), before, "another method has other requirements");
  await page.close();
});

test("the zip is the command's, byte for byte, and so are the files in it", async () => {
  const { page } = await browser.open();
  await fill(page);
  const { name, bytes } = await download(page, () => page.locator("#download").click());
  const zip = join(folder, "command.zip");
  fluxproof(["generate", "--zip", zip, "--config", "-"], JSON.stringify(CONFIG));
  assert.ok(bytes.equals(readFileSync(zip)), "the page's zip differs from the command's");
  assert.equal(await page.locator("#zip-digest").getAttribute("title"), sha256(bytes));
  assert.match(name, /\.zip$/);
  const tree = join(folder, "tree");
  fluxproof(["generate", tree, "--config", "-"], JSON.stringify(CONFIG));
  assert.deepEqual([...unzip(bytes)].sort(), [...files(tree)].sort());
  await page.close();
});

test("Ctrl Enter downloads", async () => {
  const { page } = await browser.open();
  const { bytes } = await download(page, () => page.keyboard.press("Control+Enter"));
  assert.ok(unzip(bytes).size > 5);
  await page.close();
});

test("an invalid field says so beside itself, and the last good tree stays", async () => {
  const { page } = await browser.open();
  const rows = await page.locator('[role="treeitem"]').count();
  await page.locator(id("vault.server")).fill("vault.internal:8200");
  const error = page.locator(`${id("vault.server")}-e`);
  await error.waitFor();
  assert.equal(await page.locator(id("vault.server")).getAttribute("aria-invalid"), "true");
  assert.match(await page.locator(id("vault.server")).getAttribute("aria-describedby"), /-e\b/);
  assert.equal(await page.locator('[role="treeitem"]').count(), rows);
  assert.match(await page.locator(".vnote.stale").innerText(), /last valid configuration/);
  assert.equal(await page.locator("#download").getAttribute("aria-disabled"), "true");
  await page.locator(id("vault.server")).fill("https://vault.internal:8200");
  await error.waitFor({ state: "detached" });
  assert.equal(await page.locator("#download").getAttribute("aria-disabled"), null);
  await page.close();
});

test("a requirement of the certificate leads to its line", async () => {
  const { page } = await browser.open();
  const group = page.locator(".cert details").filter({ has: page.locator("button") }).first();
  await group.locator("summary").click();
  const row = group.locator("button.rq").first();
  const place = await row.getAttribute("title");
  await row.click();
  const [path, line] = place.split(":");
  assert.equal(await page.locator(".editor .code").getAttribute("aria-label"), path);
  const above = await page.locator("#lens").evaluate((lens) => lens.previousElementSibling.dataset.n);
  assert.equal(above, line);
  await page.close();
});

test("the command that the page shows gives the same zip", async () => {
  const { page } = await browser.open();
  await fill(page);
  const shown = await page.locator(".cmd code").first().innerText();
  const config = shown.match(/^echo '(.*)' \| fluxproof generate \. --config -$/)[1];
  assert.deepEqual(JSON.parse(config), CONFIG);
  await page.close();
});

test("a reset goes back to the defaults", async () => {
  const { page } = await browser.open();
  const server = await page.locator(id("vault.server")).inputValue();
  await fill(page);
  await page.getByRole("button", { name: "Reset" }).click();
  assert.equal(await page.locator(id("vault.server")).inputValue(), server);
  assert.equal(await page.getByRole("button", { name: "Reset" }).count(), 0);
  await page.close();
});
