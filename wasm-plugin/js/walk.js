// The walk of a folder, the same as the native command's: names in the order of their bytes, .git and node_modules left out,
// nothing outside the root, bounds for files and bytes.

import fs from "node:fs";
import path from "node:path";

const LEFT_OUT = new Set([".git", "node_modules"]);
const READ = /\.(yaml|yml|json|env|properties|txt|sops)$/;
const NAMES = new Set(["Kustomization", ".sourceignore", ".gitignore"]);

/** Reads a folder. Throws an error with a message where there is none. */
export function tree(root, limits) {
  const stat = fs.statSync(root, { throwIfNoEntry: false });
  if (!stat) throw new Error("there is no such folder");
  if (!stat.isDirectory()) throw new Error("it is no folder");
  const walk = { root, real: fs.realpathSync(root), limits, files: 0, bytes: 0, out: [] };
  const open = [""];
  while (open.length > 0) {
    const folder = open.pop();
    const below = folderEntries(walk, folder);
    open.push(...below.reverse());
  }
  return walk.out;
}

function folderEntries(walk, folder) {
  let names;
  try {
    names = fs.readdirSync(path.join(walk.root, folder), { encoding: "buffer" });
  } catch {
    walk.out.push({ path: folder, unread: "it cannot be read" });
    return [];
  }
  names.sort(Buffer.compare);
  return names.flatMap((name) => entry(walk, folder, name));
}

/** Takes one entry; returns the folders to go on with. */
function entry(walk, folder, name) {
  const text = name.toString("utf8");
  const relative = folder ? `${folder}/${text}` : text;
  if (!Buffer.from(text, "utf8").equals(name)) return unread(walk, relative, "its name is not UTF-8");
  const full = path.join(walk.root, relative);
  const stat = fs.lstatSync(full, { throwIfNoEntry: false });
  if (!stat) return unread(walk, relative, "it cannot be read");
  if (stat.isDirectory()) return LEFT_OUT.has(text) ? [] : [relative];
  if (stat.isSymbolicLink()) return link(walk, relative, full);
  if (stat.isFile()) return file(walk, relative, full, stat.size);
  return unread(walk, relative, "it is neither a file nor a folder");
}

/** A link is read where it leads to a file inside the root. */
function link(walk, relative, full) {
  let target;
  try {
    target = fs.realpathSync(full);
  } catch {
    return unread(walk, relative, "a symlink that leads nowhere");
  }
  const inside = target === walk.real || target.startsWith(walk.real.endsWith(path.sep) ? walk.real : walk.real + path.sep);
  if (!inside) return unread(walk, relative, "a symlink that leaves the repository");
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  return stat?.isFile() ? file(walk, relative, target, stat.size) : unread(walk, relative, "a symlink to a folder");
}

function file(walk, relative, full, size) {
  const name = relative.slice(relative.lastIndexOf("/") + 1);
  if (!READ.test(name) && !NAMES.has(name)) walk.out.push({ path: relative });
  else if (size > walk.limits.fileBytes) walk.out.push({ path: relative, tooLarge: size });
  else if (walk.files >= walk.limits.files) unread(walk, relative, `over the limit of ${walk.limits.files} files`);
  else if (walk.bytes + size > walk.limits.totalBytes) unread(walk, relative, `over the limit of ${walk.limits.totalBytes} bytes in all`);
  else read(walk, relative, full);
  return [];
}

function read(walk, relative, full) {
  let bytes;
  try {
    bytes = fs.readFileSync(full);
  } catch {
    return unread(walk, relative, "it cannot be read");
  }
  walk.files += 1;
  walk.bytes += bytes.length;
  walk.out.push({ path: relative, bytes });
}

function unread(walk, relative, why) {
  walk.out.push({ path: relative, unread: why });
  return [];
}
