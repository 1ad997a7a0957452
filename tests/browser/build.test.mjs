// The Build view: a build beside the text that each of its lines comes from, as the command says it.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fluxproof, start, temporary, violations, write } from "./support.mjs";

const REPOSITORY = {
  "clusters/demo/apps.yaml":
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  interval: 10m\n  path: ./apps/overlay\n  prune: true\n  targetNamespace: team\n  sourceRef:\n    kind: GitRepository\n    name: flux-system\n",
  "apps/overlay/kustomization.yaml":
    "resources: [../base]\nimages:\n  - name: web\n    newTag: \"2\"\npatches:\n  - path: replicas.yaml\nconfigMapGenerator:\n  - name: page\n    files: [page.html]\n",
  "apps/overlay/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n",
  "apps/overlay/page.html": "<p>hello</p>\n",
  "apps/base/kustomization.yaml": "resources: [web.yaml]\n",
  "apps/base/web.yaml":
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: web\n          image: web:1\n",
  "broken/kustomization.yaml": "resources: [gone.yaml]\n",
};

let browser;
let folder;
before(async () => {
  browser = await start();
  folder = join(temporary(), "team-fleet");
  for (const [path, text] of Object.entries(REPOSITORY)) write(join(folder, path), text);
});
after(async () => {
  await browser.stop();
  rmSync(folder, { recursive: true });
});

const opened = async (given = {}) => {
  const session = await browser.open({ hash: "#check", ready: "#folder", ...given });
  await session.page.locator("#folder").setInputFiles(folder);
  await session.page.waitForSelector(".v-check");
  await session.page.locator('.views a[href="#build"]').click();
  await session.page.waitForSelector(".provwrap tbody tr");
  return session;
};
const choose = async (page, label) => {
  await page.locator("#bt").selectOption({ label });
  await page.waitForFunction((label) => document.querySelector(".prov h2, .said")?.textContent.includes(label) || document.querySelector(".said"), label);
};
const line = (page, text) => page.locator(".provwrap tbody tr").filter({ hasText: text });

test("what can be built are the Flux Kustomizations and the folders with a kustomization", async () => {
  const { page, complaints } = await opened();
  const options = await page.locator("#bt option").allInnerTexts();
  assert.ok(options.includes("flux-system/apps in clusters/demo"), options.join());
  assert.deepEqual(options.slice(-3), ["apps/base", "apps/overlay", "broken"]);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("each line has the place that the command says, and a click goes there", async () => {
  const { page } = await opened();
  await choose(page, "apps/overlay");
  const said = JSON.parse(fluxproof(["build", join(folder, "apps/overlay"), "--provenance", "--format", "json"]));
  const shown = await page.locator(".provwrap .yl").allTextContents();
  assert.deepEqual(shown, said.lines.map((one) => one.text));
  const replicas = line(page, "replicas: 3");
  assert.match(await replicas.locator(".yo").innerText(), /patches.*over.*apps\/base\/web\.yaml:6/s);
  await replicas.locator("button").first().click();
  assert.equal(await page.locator("#og-h").innerText(), "apps/overlay/replicas.yaml:6");
  assert.match(await page.locator(".origin .code").innerText(), /replicas: 3/);
  assert.equal(await page.locator(".origin #lens").count(), 1);
  await replicas.locator("button").last().click();
  assert.equal(await page.locator("#og-h").innerText(), "apps/base/web.yaml:6");
  await page.waitForFunction(() => document.querySelector(".origin .code")?.textContent.includes("image: web:1"));
  await page.close();
});

test("a file that no check reads is read for the build", async () => {
  const { page } = await opened();
  await choose(page, "apps/overlay");
  await line(page, "<p>hello</p>").locator("button").first().click();
  assert.equal(await page.locator("#og-h").innerText(), "apps/overlay/page.html:1");
  await page.close();
});

test("a Flux Kustomization is built as Flux builds it", async () => {
  const { page } = await opened();
  await choose(page, "flux-system/apps in clusters/demo");
  const namespace = line(page, "namespace: team").first();
  assert.match(await namespace.innerText(), /clusters\/demo\/apps\.yaml:10/);
  await page.close();
});

test("a build that kustomize refuses says why", async () => {
  const { page } = await opened();
  await page.locator("#bt").selectOption({ label: "broken" });
  await page.waitForSelector(".said");
  assert.match(await page.locator(".said").innerText(), /broken\/gone\.yaml: no such file or directory/);
  await page.close();
});

test("the layout is built too, and its files are shown", async () => {
  const { page, complaints } = await browser.open();
  await page.locator('.views a[href="#build"]').click();
  await page.waitForSelector(".provwrap tbody tr");
  const first = page.locator(".provwrap .yo button").first();
  await first.click();
  assert.match(await page.locator("#og-h").innerText(), /:\d+$/);
  assert.equal(await page.locator(".origin #lens").count(), 1);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the lines are one tab stop and walk by the arrow keys", async () => {
  const { page } = await opened();
  await choose(page, "apps/overlay");
  await page.waitForSelector('.provwrap tr .yo > button[tabindex="0"]');
  await page.locator("#bl-0").focus();
  const focused = () => page.evaluate(() => document.activeElement.id);
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), "bl-1");
  await page.keyboard.press("End");
  assert.notEqual(await focused(), "bl-1");
  await page.keyboard.press("Home");
  assert.equal(await focused(), "bl-0");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".origin #lens");
  assert.equal(await page.locator(".origin #lens").count(), 1);
  await page.close();
});

for (const theme of ["light", "dark"]) {
  for (const [width, height] of [[1440, 900], [360, 780], [320, 640]]) {
    test(`axe finds nothing in a build: ${theme}, ${width} px`, async () => {
      const { page } = await opened({ theme, width, height });
      await choose(page, "apps/overlay");
      await line(page, "replicas: 3").locator("button").first().click();
      await page.waitForSelector(".origin .code");
      const { passes, violations: found } = await violations(page);
      assert.deepEqual(found, []);
      assert.ok(passes > 10, "axe looked at nothing");
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it scrolls sideways");
      await page.close();
    });
  }
}
