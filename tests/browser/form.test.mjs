// The whole form: lists and their items, providers, presets, the CRDs' files; and what it is told of mistakes.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { choose, download, field, fluxproof, settled, start, temporary, write } from "./support.mjs";

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

const unfold = (page, group) => page.locator("details.fold > summary", { hasText: group }).click();
const add = (page, list) => page.locator(field(`${list}.add`)).click();
const fill = (page, path, text) => page.locator(field(path)).fill(text);

// Adds a row to a map and types its name and its value, by the keyboard alone.
async function row(page, map, name, value) {
  await add(page, map);
  await page.waitForFunction((id) => `#${document.activeElement.id}` === id, field(`${map}[0]`));
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(value);
}

// Downloads, and compares with what the command makes of the same config.
async function same(page, config, more = []) {
  const { bytes } = await download(page, () => page.locator("#download").click());
  const zip = join(folder, "command.zip");
  fluxproof(["generate", "--zip", zip, "--config", "-", "--force", ...more], JSON.stringify(config));
  assert.ok(bytes.equals(readFileSync(zip)), "the page's zip differs from the command's");
}

const FULL = {
  stores: [
    {
      name: "aws",
      conditions: [{ namespaces: ["team-a", "team-b"], matchLabels: { tier: "shop" } }],
      provider: "aws",
      aws: { service: "SecretsManager", region: "eu-central-1", auth: { jwt: { serviceAccountRef: { name: "external-secrets-aws" } } } },
    },
  ],
  crds: { source: "helm" },
  admission: { replicas: 2 },
  networkPolicies: true,
  clusters: [{ name: "staging", values: { "vault.server": "https://vault.staging:8200" } }],
  applications: [{ name: "shop", store: "aws", properties: ["user", "password"] }],
};

async function everything(page) {
  await unfold(page, "More stores");
  await add(page, "stores");
  await fill(page, "stores[0].name", "aws");
  await add(page, "stores[0].conditions");
  await fill(page, "stores[0].conditions[0].namespaces", "team-a\nteam-b\n");
  await row(page, "stores[0].conditions[0].matchLabels", "tier", "shop");
  await page.locator(field("stores[0].provider")).selectOption("aws");
  await choose(page, "stores[0].aws.service", "SecretsManager");
  await fill(page, "stores[0].aws.region", "eu-central-1");
  await fill(page, "stores[0].aws.auth.jwt.serviceAccountRef.name", "external-secrets-aws");
  await choose(page, "crds.source", "helm");
  await unfold(page, "Operator");
  await fill(page, "admission.replicas", "2");
  await page.locator(field("networkPolicies")).check();
  await unfold(page, "Clusters and tenants");
  await add(page, "clusters");
  await fill(page, "clusters[0].name", "staging");
  await row(page, "clusters[0].values", "vault.server", "https://vault.staging:8200");
  await unfold(page, "Applications");
  await add(page, "applications");
  await fill(page, "applications[0].name", "shop");
  await fill(page, "applications[0].store", "aws");
  await fill(page, "applications[0].properties", "user\npassword");
}

test("stores, clusters, applications and maps are sent as typed, and the zip is the command's", async () => {
  const { page, complaints } = await browser.open();
  await everything(page);
  const config = await settled(page, (config) => config.applications?.[0].properties?.length === 2);
  assert.deepEqual(config, FULL);
  assert.equal(await page.locator("#vd-h").innerText(), "Proven");
  const paths = await page.locator('[role="treeitem"].file').evaluateAll((items) => items.map((item) => item.id));
  for (const part of ["clusters/staging/", "apps/shop/", "store-aws.yaml"]) assert.ok(paths.some((path) => path.includes(part)), part);
  await same(page, FULL);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("every preset is proven, known again, and gives the command's zip", async () => {
  const { page } = await browser.open();
  const presets = JSON.parse(fluxproof(["schema", "presets"]));
  const names = await page.locator("#preset option").allInnerTexts();
  assert.deepEqual(names, presets.map(({ name }) => name));
  for (const [at, { name, config }] of presets.entries()) {
    await page.locator("#preset").selectOption(String(at));
    // A provider's settings are written in the order that they are given in: the form's.
    const shown = await settled(page, (shown) => isDeepStrictEqual(shown, config));
    assert.equal(await page.locator("#vd-h").innerText(), "Proven", name);
    assert.equal(await page.locator("#preset").inputValue(), String(at), name);
    await same(page, shown);
  }
  await fill(page, "store.name", "changed");
  assert.equal(await page.locator("#preset option:checked").innerText(), "Your own");
  await page.close();
});

test("of several ways to log in only the chosen one is sent", async () => {
  const { page } = await browser.open();
  await page.locator("#preset").selectOption({ label: "AWS with workload identity" });
  await choose(page, "aws.@login", "auth.secretRef");
  assert.equal(await page.locator(field("aws.auth.jwt.serviceAccountRef.name")).count(), 0);
  for (const secret of ["accessKeyID", "secretAccessKey"]) {
    await fill(page, `aws.auth.secretRef.${secret}SecretRef.name`, "aws-credentials");
    await fill(page, `aws.auth.secretRef.${secret}SecretRef.key`, secret);
  }
  const keys = await settled(page, (config) => config.aws?.auth?.secretRef?.secretAccessKeySecretRef?.key);
  assert.deepEqual(Object.keys(keys.aws.auth), ["secretRef"]);
  await choose(page, "aws.@login", ".");
  const own = await settled(page, (config) => config.aws && !config.aws.auth);
  assert.deepEqual(own.aws, { service: "SecretsManager", region: "eu-central-1" });
  await page.close();
});

test("what is wrong is said at its field, also in an item, and the way leads there", async () => {
  const { page } = await browser.open();
  await unfold(page, "Clusters and tenants");
  await add(page, "clusters");
  await fill(page, "clusters[0].name", "not a folder/");
  const error = page.locator(`${field("clusters[0].name")}-e`);
  await error.waitFor();
  assert.equal(await page.locator(field("clusters[0].name")).getAttribute("aria-invalid"), "true");
  await page.locator(field("clusters[0]")).click();
  assert.equal(await error.count(), 0, "a closed item shows none of its fields");
  assert.match(await page.locator(field("clusters[0]")).innerText(), /to correct/);
  await page.locator("details.fold[open] > summary", { hasText: "Clusters and tenants" }).click();
  await page.locator(".vnote.stale button").click();
  await error.waitFor();
  assert.equal(await page.evaluate(() => `#${document.activeElement.id}`), field("clusters[0].name"));
  await fill(page, "clusters[0].name", "staging");
  await error.waitFor({ state: "detached" });
  await page.close();
});

test("a provider's mistakes are said at its fields", async () => {
  const { page } = await browser.open();
  await page.locator(field("provider")).selectOption("aws");
  await fill(page, "aws.region", "eu-central-1");
  await page.locator(`${field("aws.service")}-e`).waitFor();
  await page.locator(`${field("aws.auth.jwt.serviceAccountRef.name")}-e`).waitFor();
  await unfold(page, "Operator");
  await fill(page, "admission.replicas", "many");
  await page.locator(`${field("admission.replicas")}-e`).waitFor();
  await page.close();
});

test("items are added and removed by the keyboard, and the focus stays in the list", async () => {
  const { page } = await browser.open();
  const focused = () => page.evaluate(() => `#${document.activeElement.id}`);
  await unfold(page, "Clusters and tenants");
  for (const name of ["a", "b"]) {
    await page.locator(field("tenants.add")).focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction((id) => `#${document.activeElement.id}` === id, field(`tenants[${name === "a" ? 0 : 1}].name`));
    await page.keyboard.type(name);
  }
  await page.getByRole("button", { name: "Remove tenant a" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((id) => `#${document.activeElement.id}` === id, field("tenants.add"));
  assert.equal(await page.locator(field("tenants[0].name")).inputValue(), "b");
  assert.equal(await focused(), field("tenants.add"));
  assert.deepEqual(await settled(page, (config) => config.tenants?.length === 1), { tenants: [{ name: "b" }] });
  await page.close();
});

test("vendored CRDs are given as files, and lie in the tree", async () => {
  const { page } = await browser.open();
  const kind = (plural, name) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${plural}.external-secrets.io
spec:
  group: external-secrets.io
  names: {kind: ${name}, plural: ${plural}}
  scope: ${name.startsWith("Cluster") ? "Cluster" : "Namespaced"}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
`;
  const bundle = join(folder, "crds/bundle.yaml");
  write(bundle, ["externalsecrets ExternalSecret", "secretstores SecretStore", "clustersecretstores ClusterSecretStore"].map((pair) => kind(...pair.split(" "))).join("---\n"));
  await choose(page, "crds.source", "vendored");
  await page.locator(`${field("crds.source")}-e`).waitFor();
  await page.locator("#f-crds").setInputFiles(bundle);
  const config = { crds: { source: "vendored" } };
  assert.deepEqual(await settled(page, (shown) => shown.crds), config);
  assert.equal(await page.locator('[role="treeitem"].file', { hasText: "bundle.yaml" }).count(), 1);
  assert.match(await page.locator("#f-crds-h").innerText(), /^bundle\.yaml\. /);
  await same(page, config, ["--crds", join(folder, "crds")]);
  await page.close();
});

test("a hundred clusters and fifty stores leave the page at work", { timeout: 600_000 }, async () => {
  const clusters = Array.from({ length: 99 }, (_, at) => ({ name: `c${at}`, values: { "vault.server": `https://vault-${at}.example.com:8200` } }));
  const stores = Array.from({ length: 49 }, (_, at) => ({ name: `s${at}`, vault: { server: `https://s${at}.example.com:8200` } }));
  const presets = JSON.stringify([{ name: "None", help: "", config: {} }, { name: "Large", help: "", config: { stores, clusters } }]);
  const large = (text) =>
    text.replace(/^async function run\(\{.*\}, progress\) \{$/m, (line) => {
      return `${line}\n  if (args[1] === "presets") return { status: 0, stdout: encoder.encode(${JSON.stringify(presets)}), stderr: new Uint8Array() };`;
    });
  const crowded = await start({ patch: { "/worker.js": large } });
  const { page, complaints } = await crowded.open();
  page.setDefaultTimeout(300_000);
  await page.locator("#preset").selectOption("1");
  await page.waitForFunction(() => document.querySelectorAll('[role="treeitem"].file').length > 200);
  assert.equal(await page.locator("#vd-h").innerText(), "Proven");
  assert.equal(await page.locator(".card").count(), 148);
  assert.equal(await page.locator(".card-b").count(), 0, "only open items show their fields");
  assert.ok((await page.locator("*").count()) < 8000, "the page has more elements than a browser is quick with");
  await page.locator(field("clusters[57]")).click();
  await fill(page, "clusters[57].name", "renamed");
  await page.locator('[role="treeitem"]', { hasText: "renamed" }).first().waitFor();
  await page.locator(".cl button", { hasText: "renamed" }).click();
  await page.locator(".cl details").first().waitFor();
  await page.locator('[role="treeitem"].file').last().click();
  assert.equal(await page.locator(".editor .code").getAttribute("aria-label"), "README.md");
  await page.locator('.views a[href="#delivery"]').click();
  await page.getByRole("button", { name: "Show the delivery of renamed" }).click();
  await page.getByRole("region", { name: "Requirements of renamed" }).waitFor();
  assert.deepEqual(complaints, []);
  await crowded.stop();
});
