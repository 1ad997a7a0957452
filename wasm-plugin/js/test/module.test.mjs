// The built module and the library around it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const dist = process.env.FLUXPROOF_DIST ?? fileURLToPath(new URL("../../../dist", import.meta.url));
const bytes = readFileSync(join(dist, "npm/fluxproof.wasm"));
const { inputs, load, outcome } = await import(pathToFileURL(join(dist, "npm/index.js")));

const text = (blob) => new TextDecoder().decode(blob);
const raw = async () => (await WebAssembly.instantiate(bytes, {})).instance.exports;

// Sends bytes as they are, past the library.
function send(exports, frame) {
  const at = exports.fluxproof_alloc(frame.length);
  new Uint8Array(exports.memory.buffer, at, frame.length).set(frame);
  const packed = BigInt.asUintN(64, exports.fluxproof_call(at, frame.length));
  const [start, length] = [Number(packed >> 32n), Number(packed & 0xffffffffn)];
  const answer = new Uint8Array(exports.memory.buffer, start, length).slice();
  exports.fluxproof_free(start, length);
  const head = 4 + new DataView(answer.buffer).getUint32(0, true);
  return { header: JSON.parse(text(answer.subarray(4, head))), body: answer.subarray(head) };
}

function frame(header, ...blobs) {
  const head = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length, true);
  return Buffer.concat([length, head, ...blobs]);
}

test("the module imports nothing and exports the four names", async () => {
  const module = await WebAssembly.compile(bytes);
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  for (const name of ["memory", "fluxproof_alloc", "fluxproof_free", "fluxproof_call"]) assert.ok(names.includes(name), name);
});

test("the digest is the file's", async () => {
  const { digest, size } = await load(bytes);
  assert.equal(digest, createHash("sha256").update(bytes).digest("hex"));
  assert.equal(size, bytes.length);
});

test("a plan says what to read, and a run answers", async () => {
  const plugin = await (await load(bytes)).instance();
  const args = ["check", "repo", "--format", "json"];
  const plan = plugin.call({ op: "plan", args });
  assert.equal(plan.header.read.tree, "repo");
  assert.deepEqual(plan.header.read.limits, { fileBytes: 3 << 20, files: 20_000, totalBytes: 100 << 20 });
  const yaml = new TextEncoder().encode("a: [\n");
  const { fields, blobs } = inputs({ tree: [{ path: "a.yaml", bytes: yaml }, { path: "b.bin" }, { path: "c.yaml", tooLarge: 9e9 }, { path: "d.yaml", unread: "gone" }] });
  const run = plugin.call({ op: "run", args, ...fields }, blobs);
  const { status, stdout } = outcome(run.header, run.body);
  assert.equal(status, 4);
  assert.equal(JSON.parse(text(stdout)).schemaVersion, "1");
});

test("what needs nothing to be read is answered at once", async () => {
  const plugin = await (await load(bytes)).instance();
  const { header, body } = plugin.call({ op: "plan", args: ["--version"] });
  assert.match(text(outcome(header.answer, body).stdout), /^fluxproof \d+\.\d+\.\d+\n$/);
});

test("a wrong frame is answered with status 3, and the next one is served", async () => {
  const exports = await raw();
  const wrong = [
    new Uint8Array(), new Uint8Array([1, 2]), new Uint8Array([255, 255, 255, 255, 1]), frame("{"), frame("[]"), frame("\u{1F4A5}"),
    frame({ op: "run", args: [], tree: [{ path: "a.yaml", size: 4_000_000_000 }] }), frame({ op: "run", args: ["check"], config: 3 }),
  ];
  for (const bytes of wrong) {
    const { header, body } = send(exports, bytes);
    assert.equal(header.status, 3, Buffer.from(bytes).toString("latin1"));
    assert.match(text(body), /^error: the request cannot be read: /);
  }
  assert.equal(send(exports, frame({ op: "plan", args: ["--version"] })).header.answer.status, 0);
});

test("memory is given back", async () => {
  const plugin = await (await load(bytes)).instance();
  const tree = [{ path: "a.yaml", bytes: new Uint8Array(1 << 20).fill(0x23) }];
  const once = () => {
    const { fields, blobs } = inputs({ tree });
    plugin.call({ op: "run", args: ["check", "."], ...fields }, blobs);
  };
  for (let run = 0; run < 5; run += 1) once();
  const before = plugin.exports.memory.buffer.byteLength;
  for (let run = 0; run < 50; run += 1) once();
  assert.equal(plugin.exports.memory.buffer.byteLength, before);
});

test("a module with imports is refused", async () => {
  // (module (import "a" "b" (func)))
  const other = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0]);
  await assert.rejects(load(other), /has imports/);
});
