// What the browser tests share: the page on a loopback server, a Chromium, and the native command.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = process.env.FLUXPROOF_DIST ?? join(root, "dist");
const site = join(dist, "web");
const packages = createRequire(join(process.env.FLUXPROOF_PACKAGES ?? join(root, ".tools/npm"), "package.json"));
const { chromium } = packages("playwright-core");

export const pluginFile = join(dist, "npm/fluxproof.wasm");
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

// Serves dist/web; `patch` maps a path to a function over that file's text.
const serve = (patch) =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      const path = new URL(request.url, "http://x").pathname.replace(/\/$/, "/index.html");
      const file = join(site, path);
      if (path.includes("..") || !existsSync(file)) return response.writeHead(404).end();
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      if (patch[path]) response.end(patch[path](readFileSync(file, "utf8")));
      else createReadStream(file).pipe(response);
    });
    server.listen(0, "127.0.0.1", () => resolve(server));
  });

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

// A browser on the page. `open` gives a tab that has the tree on screen, and everything it complained of.
export async function start({ patch = {} } = {}) {
  const server = await serve(patch);
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  const open = async ({ hash = "", width = 1440, height = 900, theme = "light", ready = '[role="tree"]' } = {}) => {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce", acceptDownloads: true });
    const complaints = [];
    const requests = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(`${origin}/${hash}`);
    await page.waitForSelector(ready);
    return { page, complaints, requests };
  };
  const stop = async () => {
    await browser.close();
    server.close();
  };
  return { open, stop, origin };
}

// The control of a field, by its path: #f-stores-0-name.
export const field = (path) => `#f-${path.replace(/[.[/@]/g, "-").replaceAll("]", "")}`;

// Chooses one of the few values that stand side by side.
export const choose = (page, path, value) => page.locator(`input[name="${field(path).slice(1)}"][value="${value}"]`).check({ force: true });

// The config that the page shows in the command to paste, once it has settled on one that `holds`.
export async function settled(page, holds) {
  const read = async () => {
    const shown = await page.locator(".cmd code").first().innerText();
    return JSON.parse(shown.match(/^echo '(.*)' \| /s)?.[1].replaceAll("'\\''", "'") ?? "{}");
  };
  for (let tries = 0; tries < 600; tries += 1) {
    const config = await read();
    if (holds(config)) return config;
    await page.waitForTimeout(100);
  }
  throw new Error(`the page stays at ${JSON.stringify(await read()).slice(0, 500)}`);
}

// What a press downloads.
export async function download(page, act) {
  const [got] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: got.suggestedFilename(), bytes: readFileSync(await got.path()) };
}

// The native command, with the config on its standard input; gives what it printed.
export const fluxproof = (args, input = "") =>
  execFileSync(join(dist, "bin/fluxproof"), args, { input, maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "inherit"] });

export const temporary = () => mkdtempSync(join(tmpdir(), "fluxproof-browser-"));

// Every file below a folder, as path -> bytes.
export function files(folder, under = "") {
  const found = new Map();
  for (const entry of readdirSync(join(folder, under), { withFileTypes: true })) {
    const path = under ? `${under}/${entry.name}` : entry.name;
    if (entry.isDirectory()) for (const [name, bytes] of files(folder, path)) found.set(name, bytes);
    else found.set(path, readFileSync(join(folder, path)));
  }
  return found;
}

export const write = (path, text) => {
  execFileSync("mkdir", ["-p", dirname(path)]);
  writeFileSync(path, text);
};

// Runs axe in the page; the policy forbids it a script element, so it comes by the debugging protocol.
export async function violations(page) {
  const axe = readFileSync(packages.resolve("axe-core/axe.min.js"), "utf8");
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const expression = `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then((result) => JSON.stringify({
    passes: result.passes.length,
    violations: result.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ")).join(", ")),
  }))`;
  const { result } = await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  await session.detach();
  return JSON.parse(result.value);
}
