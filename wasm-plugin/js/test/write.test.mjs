// Writing under Node: all or nothing, whatever fails. That what is written is the native command's is tested in tests/writing.rs.
import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, afterEach, beforeEach, mock, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const dist = process.env.FLUXPROOF_DIST ?? fileURLToPath(new URL("../../../dist", import.meta.url));
const { writeAll } = await import(pathToFileURL(join(dist, "npm/write.js")));
const folder = fs.mkdtempSync(join(tmpdir(), "fluxproof-write-"));
const root = join(folder, "root");

beforeEach(() => fs.mkdirSync(root));
afterEach(() => {
  mock.restoreAll();
  fs.rmSync(root, { recursive: true });
});
after(() => fs.rmSync(folder, { recursive: true }));

function put(name, text) {
  fs.mkdirSync(join(root, name, ".."), { recursive: true });
  fs.writeFileSync(join(root, name), text);
}

const text = (file) => (fs.lstatSync(file).isFile() ? fs.readFileSync(file, "utf8") : undefined);
const listing = () => fs.readdirSync(folder, { recursive: true }).sort().map((name) => [name, text(join(folder, name))]);
const files = (given) => Object.entries(given).map(([path, content]) => ({ path, bytes: Buffer.from(content) }));

function refused(writes, expected) {
  const before = listing();
  assert.throws(() => writeAll({ root, files: [], ...writes }), expected);
  assert.deepEqual(listing(), before);
}

test("files are replaced, added and removed", () => {
  put("a/kept", "mine");
  put("a/old", "old");
  put("gone/deep/file", "old");
  writeAll({ root, files: files({ "a/old": "new", "b/c": "more" }), removed: ["gone/deep/file"] });
  const there = listing().map(([name, content]) => [relative("root", name), content]);
  assert.deepEqual(there.slice(1), [["a", undefined], ["a/kept", "mine"], ["a/old", "new"], ["b", undefined], ["b/c", "more"]]);
});

test("what was there comes back when a rename fails midway", () => {
  put("a", "mine");
  put("z", "mine too");
  const { renameSync } = fs;
  mock.method(fs, "renameSync", (from, to) => {
    if (from.endsWith(join("new", "z"))) throw Object.assign(new Error("no"), { code: "ENOSPC" });
    renameSync(from, to);
  });
  refused({ files: files({ a: "new", "new/file": "new", z: "new" }) }, /cannot be written: the disk is full; nothing was changed/);
  assert.ok(fs.renameSync.mock.callCount() > 3);
});

test("a full disk and a read-only one are said before anything is changed", () => {
  put("a", "mine");
  for (const [code, reason] of [["ENOSPC", "the disk is full"], ["EROFS", "the file system is read-only"], ["EACCES", "permission denied"]]) {
    const method = mock.method(fs, "writeFileSync", () => {
      throw Object.assign(new Error("no"), { code });
    });
    refused({ files: files({ a: "new" }) }, new RegExp(`cannot be written: ${reason}; nothing was changed`));
    method.mock.restore();
  }
});

test("files that are to stay stay", () => {
  put("b", "mine");
  refused({ files: files({ a: "new", b: "new" }), replace: false }, /b is a file that exists; nothing was changed/);
});

test("nothing is written outside the target", () => {
  for (const name of ["../x", "/x", "a/../../x", ""]) {
    refused({ files: files({ a: "new", [name]: "new" }) }, /would be outside/);
    refused({ removed: [name] }, /would be outside/);
  }
});

test("modes stay, and links are not replaced", { skip: process.platform === "win32" }, () => {
  put("a", "mine");
  fs.chmodSync(join(root, "a"), 0o750);
  writeAll({ root, files: files({ a: "new" }) });
  assert.equal(fs.statSync(join(root, "a")).mode & 0o777, 0o750);
  fs.symlinkSync("a", join(root, "link"));
  refused({ files: files({ b: "new", link: "new" }) }, /link is a symlink/);
});

test("folders that were made go again", () => {
  refused({ root: join(root, "deep/down/target"), files: files({ a: "new", "a/b": "a is no folder" }) }, /nothing was changed/);
});
