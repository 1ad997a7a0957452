// Everyone can use it: axe finds nothing in any view, and the tree walks as the ARIA pattern says.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { field, root, start, violations } from "./support.mjs";

let browser;
before(async () => (browser = await start()));
after(() => browser.stop());

const BROKEN = join(root, "tests/repos/guide-2021");

for (const theme of ["light", "dark"]) {
  for (const [width, height] of [[1440, 900], [360, 780]]) {
    test(`axe finds nothing: ${theme}, ${width} px`, async () => {
      const { page } = await browser.open({ theme, width, height });
      const look = async (view) => {
        const { passes, violations: found } = await violations(page);
        assert.deepEqual(found, [], view);
        assert.ok(passes > 10, `${view}: axe looked at nothing`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${view} scrolls sideways`);
      };
      await look("configure");
      await page.locator('.views a[href="#check"]').click();
      await look("check, empty");
      await page.locator("#folder").setInputFiles(BROKEN);
      await page.waitForSelector(".v-check");
      await look("check");
      for (const view of ["delivery", "rules"]) {
        await page.locator(`.views a[href="#${view}"]`).click();
        await page.waitForSelector(`.v-${view}`);
        await look(view);
      }
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await look("help");
      await page.close();
    });
  }
}

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing in open lists at 320 px: ${theme}`, async () => {
    const { page } = await browser.open({ theme, width: 320, height: 640 });
    await page.locator("#preset").selectOption({ label: "AWS with workload identity" });
    for (const group of await page.locator("details > summary").all()) if (await group.isVisible()) await group.evaluate((it) => (it.parentElement.open = true));
    for (const list of ["stores", "stores[0].conditions", "stores[0].conditions[0].matchLabels", "clusters", "clusters[0].values", "tenants", "applications"]) {
      await page.locator(field(`${list}.add`)).click();
    }
    await page.locator(field("accounts[0]")).click();
    await page.locator(`${field("clusters[0].name")}-e`).waitFor();
    const { passes, violations: found } = await violations(page);
    assert.deepEqual(found, []);
    assert.ok(passes > 10);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "scrolls sideways");
    await page.close();
  });
}

test("at 320 px nothing scrolls sideways", async () => {
  const { page } = await browser.open({ width: 320, height: 640 });
  for (const view of ["check", "delivery", "rules", "configure"]) {
    await page.locator(`.views a[href="#${view}"]`).click();
    await page.waitForTimeout(100);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), view);
  }
  await page.close();
});

test("the tree is one tab stop and walks by the arrow keys", async () => {
  const { page } = await browser.open();
  const focused = () => page.evaluate(() => document.activeElement.id.replace(/^row-/, ""));
  const ids = await page.locator('[role="treeitem"]').evaluateAll((items) => items.map((item) => item.id.replace(/^row-/, "")));
  assert.equal(await page.locator('[role="treeitem"][tabindex="0"]').count(), 1);
  await page.locator('[role="treeitem"][tabindex="0"]').focus();
  const press = async (key, expected) => {
    await page.keyboard.press(key);
    assert.equal(await focused(), expected, key);
    assert.equal(await page.locator('[role="treeitem"][tabindex="0"]').count(), 1, key);
  };
  await press("Home", ids[0]);
  await press("ArrowDown", ids[1]);
  await press("ArrowUp", ids[0]);
  await press("End", ids.at(-1));
  await press("Home", ids[0]);
  const first = page.locator('[role="treeitem"]').first();
  assert.equal(await first.getAttribute("aria-expanded"), "true");
  await press("ArrowLeft", ids[0]);
  assert.equal(await first.getAttribute("aria-expanded"), "false");
  assert.ok((await page.locator('[role="treeitem"]').count()) < ids.length, "a folded folder hides its files");
  await press("ArrowRight", ids[0]);
  await press("ArrowRight", ids[1]);
  await press("Enter", ids[1]);
  assert.equal(await page.locator('[role="treeitem"][aria-selected="true"]').getAttribute("id"), `row-${ids[1]}`);
  assert.equal(await page.locator(".editor .code").getAttribute("aria-label"), ids[1]);
  await page.close();
});

test("the theme is the reader's until one is chosen", async () => {
  const { page } = await browser.open({ theme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.locator('.theme input').nth(1).check({ force: true });
  assert.notEqual(await ground(), dark);
  await page.locator('.theme input').nth(2).check({ force: true });
  assert.equal(await ground(), dark);
  await page.close();
});
