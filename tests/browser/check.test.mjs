// A repository is opened from disk, read in the worker, and judged as the command judges it.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fluxproof, start, temporary, write } from "./support.mjs";

const kustomization = (name, path, more = "") => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 10m
  path: ${path}
  prune: true
${more}  sourceRef:
    kind: GitRepository
    name: flux-system
`;
const release = `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: external-secrets
  namespace: flux-system
spec:
  interval: 1h
  url: https://charts.external-secrets.io
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: external-secrets
  namespace: flux-system
spec:
  interval: 10m
  chart:
    spec:
      chart: external-secrets
      version: 2.9.0
      sourceRef:
        kind: HelmRepository
        name: external-secrets
`;
const store = `apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: vault
spec:
  provider:
    vault:
      server: https://vault.internal:8200
      path: secret
      auth:
        kubernetes:
          mountPath: kubernetes
          role: external-secrets
`;

// A fleet whose store nothing orders after the operator that brings its CRD.
const FLEET = {
  "clusters/prod/operator.yaml": kustomization("operator", "./operator"),
  "clusters/prod/stores.yaml": kustomization("stores", "./stores"),
  "operator/release.yaml": release,
  "stores/vault.yaml": store,
  "docs/picture.png": "not read, only listed",
};

let browser;
let folder;
let fleet;
before(async () => {
  browser = await start();
  folder = temporary();
  fleet = join(folder, "home-fleet");
  for (const [path, text] of Object.entries(FLEET)) write(join(fleet, path), text);
});
after(async () => {
  await browser.stop();
  rmSync(folder, { recursive: true });
});

const opened = async () => {
  const session = await browser.open({ hash: "#check", ready: "#folder" });
  await session.page.locator("#folder").setInputFiles(fleet);
  await session.page.waitForSelector(".v-check");
  return session;
};

test("a folder with a race is not proven, and the finding says why", async () => {
  const { page, complaints } = await opened();
  assert.equal(await page.locator("#vc-h").innerText(), "Not proven");
  assert.match(await page.locator(".vnote").innerText(), /^home-fleet, /);
  const rule = page.locator(".finding").filter({ hasText: "custom-resource-before-crd" }).first();
  await rule.click();
  assert.match(await page.locator("#fd-h").innerText(), /ClusterSecretStore\/vault/);
  assert.match(await page.locator(".detail").innerText(), /dependsOn/);
  assert.match(await page.locator(".detail .code").innerText(), /kind: ClusterSecretStore/);
  assert.ok((await page.locator(".detail .l.bad").count()) > 0, "the line at fault is marked");
  assert.ok((await page.locator(".trace .st").count()) > 1, "the race is told step by step");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the page finds what the command finds", async () => {
  const { page } = await opened();
  const report = JSON.parse(fluxproof(["check", fleet, "--format", "json", "--fail-on", "never"]));
  assert.ok(report.findings.length > 0);
  const shown = await page.locator(".finding .fm").allInnerTexts();
  assert.deepEqual(shown.sort(), report.findings.map((finding) => finding.message).sort());
  const squares = await page.locator(".strip .q").count();
  const cluster = report.clusters[0].proof;
  assert.equal(squares, cluster.proven + cluster.broken + cluster.assumed);
  await page.close();
});

test("findings are filtered by words and by severity, and F8 walks them", async () => {
  const { page } = await opened();
  const all = await page.locator(".finding").count();
  await page.locator("#q").fill("no such words");
  assert.equal(await page.locator(".finding").count(), 0);
  assert.match(await page.locator(".list").innerText(), /No finding matches/);
  await page.locator("#q").fill("");
  assert.equal(await page.locator(".finding").count(), all);
  const errors = page.locator(".chip").filter({ hasText: "Errors" });
  await errors.click();
  assert.equal(await errors.getAttribute("aria-pressed"), "false");
  assert.ok((await page.locator(".finding").count()) < all);
  await errors.click();
  await page.keyboard.press("F8");
  await page.keyboard.press("Shift+F8");
  assert.equal(await page.locator('.finding[aria-current="true"]').count(), 1);
  await page.close();
});

test("a dropped folder is read as a chosen one is", async () => {
  const { page } = await browser.open({ hash: "#check", ready: "#folder" });
  // A drop cannot be made by a test with real folders, so the entries are played; what reads them is real.
  await page.evaluate((files) => {
    const entry = (path, children) => ({
      name: path.split("/").pop(),
      fullPath: path,
      isFile: !children,
      isDirectory: Boolean(children),
      file: (done) => done(new File([files[path.replace("/home-fleet/", "")]], path.split("/").pop())),
      createReader: () => {
        let left = children;
        return { readEntries: (done) => { const some = left.slice(0, 1); left = left.slice(1); done(some); } };
      },
    });
    const folder = (under) => {
      const names = new Set(Object.keys(files).filter((path) => path.startsWith(under)).map((path) => path.slice(under.length).split("/")[0]));
      return [...names].map((name) => {
        const path = `${under}${name}`;
        return path in files ? entry(`/home-fleet/${path}`) : entry(`/home-fleet/${path}`, folder(`${path}/`));
      });
    };
    const event = new DragEvent("drop", { bubbles: true, cancelable: true });
    const items = [{ webkitGetAsEntry: () => entry("/home-fleet", folder("")) }];
    Object.defineProperty(event, "dataTransfer", { value: Object.create(DataTransfer.prototype, { items: { value: items } }) });
    window.dispatchEvent(event);
  }, FLEET);
  await page.waitForSelector(".v-check");
  assert.match(await page.locator(".vnote").innerText(), /^home-fleet, /);
  assert.ok((await page.locator(".finding").filter({ hasText: "custom-resource-before-crd" }).count()) > 0);
  await page.close();
});

test("the delivery shows every requirement, and the chain of the chosen one", async () => {
  const { page } = await opened();
  await page.locator('.views a[href="#delivery"]').click();
  const report = JSON.parse(fluxproof(["prove", fleet, "--format", "json", "--fail-on", "never"]));
  const certificate = report.clusters.flatMap((cluster) => cluster.certificate);
  assert.equal(await page.locator(".tbl tbody tr").count(), certificate.length);
  await page.locator(".tbl tbody tr button").last().click();
  const last = certificate.at(-1);
  assert.equal(await page.locator("#ch-h").innerText(), `${last.need}: ${last.needs}`);
  assert.equal(await page.locator(".links li").count(), last.path.length);
  await page.close();
});

test("a folder without Flux is refused with its reason", async () => {
  const { page } = await browser.open({ hash: "#check", ready: "#folder" });
  const empty = join(folder, "empty");
  write(join(empty, "notes.txt"), "nothing of Flux\n");
  await page.locator("#folder").setInputFiles(empty);
  await page.waitForSelector(".target .err");
  assert.match(await page.locator(".target .err").innerText(), /nothing to check in empty/);
  await page.close();
});
