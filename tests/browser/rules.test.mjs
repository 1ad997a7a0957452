// Every rule has its page, as the plugin explains it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fluxproof, start } from "./support.mjs";

let browser;
before(async () => (browser = await start()));
after(() => browser.stop());

const listed = () => {
  const answer = JSON.parse(fluxproof(["rules", "--format", "json"]));
  return (answer.rules ?? answer).map((rule) => rule.name);
};

test("the list names every rule of the command", async () => {
  const { page, complaints } = await browser.open({ hash: "#rules", ready: ".v-rules" });
  const names = await page.locator(".rlist a").allInnerTexts();
  assert.deepEqual(names.sort(), listed().sort());
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a rule has an address, a page and examples", async () => {
  const [name] = listed();
  const { page } = await browser.open({ hash: `#rules/${name}`, ready: ".prose .code" });
  assert.equal(await page.locator("#ru-h").innerText(), name);
  assert.ok((await page.locator(".prose h2").count()) > 1);
  await page.locator("#rq").fill(name);
  assert.equal(await page.locator(".rlist a").count(), 1);
  await page.close();
});

test("an unknown rule says so", async () => {
  const { page } = await browser.open({ hash: "#rules/no-such-rule", ready: ".v-rules" });
  assert.equal(await page.locator("#ru-h").innerText(), "No such rule");
  await page.close();
});
