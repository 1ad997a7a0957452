// The walk of a folder, the same as the native command's: .git and node_modules left out, nothing outside the root, paths in
// the order of their bytes, bounds for files and bytes.

import fs from "node:fs";
import path from "node:path";

const LEFT_OUT = new Set([".git", "node_modules"]);
const READ = /\.(yaml|yml|json|env|properties|txt|sops|toml|ini|conf|cfg|sh|tf|j2|tpl|tmpl|tftpl|just|gotmpl)$/;
const NAMES = new Set(["Kustomization", ".sourceignore", ".gitignore", "justfile", "Makefile", "README.md"]);
const HOPS = 40; // links on the way to one file; more are a loop
const NOT_READABLE = { unread: "it cannot be read" };
const LEAVES = { unread: "a symlink that leaves the repository" };
const NOWHERE = { unread: "a symlink that leads nowhere" };
const NO_FILE = { unread: "it is neither a file nor a folder" };

const lstat = (file) => attempt(() => fs.lstatSync(file));

function attempt(f) {
  try {
    return f();
  } catch {
    return undefined;
  }
}

/** The repository around a folder, and where in it the folder is; nothing where no repository is seen. */
export function around(folder) {
  const full = attempt(() => fs.realpathSync(folder));
  for (let root = full; root; root = path.dirname(root)) {
    if (fs.existsSync(path.join(root, ".git"))) return { root, at: path.relative(root, full).split(path.sep).join("/") };
    if (root === path.dirname(root)) break;
  }
  return undefined;
}

/** Reads a folder: all its files, or those that a check needs. Throws an error with the reason where there is none. */
export function tree(root, limits, all = false) {
  isFolder(root);
  const budget = { files: limits.files, bytes: limits.totalBytes };
  return listed(root).map((found) => admit(found, limits, budget, all));
}

/**
 * What stands at a path: a file, or the kustomization files of a folder; the name of some file where it has none, for the
 * folder exists.
 */
export function look(root, relative, limits, budget, kustomizations) {
  const read = (file) => {
    const found = at(root, file);
    return found && !found.folder ? [admit({ path: file, ...found }, limits, budget, true)] : [];
  };
  if (!at(root, relative)?.folder) return read(relative);
  const files = kustomizations.flatMap((name) => read(relative ? `${relative}/${name}` : name));
  return files.length > 0 ? files : someFile(root, relative);
}

/** What stands at a path, where something does. A link to a folder is not followed, neither at its end nor on the way. */
function at(root, relative) {
  const real = follow(root, relative);
  if (real.unread) return real === LEAVES ? LEAVES : undefined;
  const stat = lstat(real.file);
  if (!stat) return undefined;
  const folder = relative.includes("/") ? path.posix.dirname(relative) : "";
  const plain = follow(root, folder).file === path.join(root, folder);
  if (!plain || (stat.isDirectory() && real.file !== path.join(root, relative))) return { unread: "a symlink to a folder" };
  return stat.isDirectory() ? { folder: true } : found(root, relative, path.posix.basename(relative));
}

/** The first file below a folder, in the order of names; after a thousand folders without one there is none. */
function someFile(root, folder) {
  const open = [folder];
  for (let count = 0; count < 1000 && open.length > 0; count += 1) {
    const folder = open.pop();
    const names = attempt(() => fs.readdirSync(path.join(root, folder)));
    if (!names) return [];
    const paths = names
      .filter((name) => !LEFT_OUT.has(name))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map((name) => (folder ? `${folder}/${name}` : name));
    const isFolder = (file) => attempt(() => fs.statSync(path.join(root, file)).isDirectory());
    const file = paths.find((file) => !isFolder(file));
    if (file !== undefined) return [{ path: file }];
    open.push(...paths.reverse());
  }
  return [];
}

/** The paths below a folder that need not exist. */
export function paths(root) {
  if (!lstat(root)) return [];
  isFolder(root);
  return listed(root).map((found) => found.path);
}

/** Throws an error with the reason where this is no folder that can be read. */
export function isFolder(root) {
  const stat = attempt(() => fs.statSync(root));
  if (!stat) throw new Error("there is no such folder");
  if (!stat.isDirectory()) throw new Error("it is not a folder");
  if (!attempt(() => fs.opendirSync(root).closeSync() ?? true)) throw new Error("permission denied");
}

/** Everything below a folder, by the bytes of its path. */
function listed(root) {
  const open = [""];
  const all = [];
  while (open.length > 0) {
    const folder = open.pop();
    const names = attempt(() => fs.readdirSync(path.join(root, folder), { encoding: "buffer" }));
    if (!names) all.push({ path: folder, ...NOT_READABLE });
    for (const name of names ?? []) {
      const text = name.toString("utf8");
      const relative = folder ? `${folder}/${text}` : text;
      const entry = found(root, relative, text, name);
      if (!entry.folder) all.push({ path: relative, ...entry });
      else if (!LEFT_OUT.has(text)) open.push(relative);
    }
  }
  const keyed = all.map((entry) => ({ entry, key: Buffer.from(entry.path) }));
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ entry }) => entry);
}

function found(root, relative, text, name = Buffer.from(text)) {
  if (!Buffer.from(text, "utf8").equals(name)) return { unread: "its name is not UTF-8" };
  const full = path.join(root, relative);
  const stat = lstat(full);
  if (!stat) return NOT_READABLE;
  if (stat.isDirectory()) return { folder: true };
  if (stat.isFile()) return { file: full, size: stat.size };
  return stat.isSymbolicLink() ? linked(root, relative) : NO_FILE;
}

/** A link is read where it leads to a file inside the root. */
function linked(root, relative) {
  const real = follow(root, relative);
  if (real.unread) return real;
  const stat = lstat(real.file);
  if (!stat) return NOWHERE;
  if (stat.isDirectory()) return { unread: "a symlink to a folder" };
  return stat.isFile() ? { file: real.file, size: stat.size } : NO_FILE;
}

/**
 * Follows a path below the root, link by link, by the text of the links alone: nothing outside the root is ever looked at, and
 * the answer is the same in every host and on every machine. So an absolute link leaves the root, wherever the root is.
 */
function follow(root, relative) {
  const ahead = relative.split("/").reverse();
  const real = [];
  let hops = 0;
  while (ahead.length > 0) {
    const part = ahead.pop();
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (real.pop() === undefined) return LEAVES;
      continue;
    }
    const next = path.join(root, ...real, part);
    const stat = lstat(next);
    if (!stat) return NOWHERE;
    if (!stat.isSymbolicLink()) {
      real.push(part);
      continue;
    }
    hops += 1;
    if (hops > HOPS) return NOWHERE;
    const target = attempt(() => fs.readlinkSync(next, "buffer"));
    if (!target) return LEAVES; // a sandbox does not even show where a link to the outside leads
    const text = target.toString("utf8");
    if (path.isAbsolute(text)) return LEAVES;
    if (!Buffer.from(text, "utf8").equals(target)) return NOWHERE;
    ahead.push(...text.split("/").reverse());
  }
  return { file: path.join(root, ...real) };
}

/** Reads what is needed and fits into the budget, which is what is left of the limits. */
function admit({ path: relative, file, size, unread }, limits, budget, all) {
  if (unread) return { path: relative, unread };
  const name = relative.slice(relative.lastIndexOf("/") + 1);
  if (!all && !READ.test(name) && !NAMES.has(name)) return { path: relative };
  if (size > limits.fileBytes) return { path: relative, tooLarge: size };
  if (budget.files === 0) return { path: relative, unread: `over the limit of ${limits.files} files` };
  if (size > budget.bytes) return { path: relative, unread: `over the limit of ${limits.totalBytes} bytes in all` };
  budget.files -= 1;
  budget.bytes -= size;
  const bytes = attempt(() => fs.readFileSync(file));
  return bytes ? { path: relative, bytes: bytes.subarray(0, size) } : { path: relative, ...NOT_READABLE };
}
