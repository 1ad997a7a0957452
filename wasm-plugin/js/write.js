// Writing what an answer asks for: all of it, or nothing. As the native command does it.

import fs from "node:fs";
import path from "node:path";

/** Writes files below a folder. Throws an error with a message where that is not possible; nothing is left behind then. */
export function writeAll({ root, files }) {
  const leaves = files.find(({ path: name }) => path.isAbsolute(name) || name.split("/").includes(".."));
  if (leaves) throw new Error(`${leaves.path} would be outside ${root}`);
  const staging = path.join(path.dirname(root), `.${path.basename(root)}.fluxproof-${process.pid}`);
  try {
    stage(staging, files);
    settle(staging, root, files);
  } catch (error) {
    throw new Error(`${root} cannot be written: ${error.message}`);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

function stage(staging, files) {
  for (const { path: name, bytes } of files) {
    const target = path.join(staging, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, bytes);
  }
}

function settle(staging, root, files) {
  if (!fs.existsSync(root)) return fs.renameSync(staging, root);
  for (const { path: name } of files) {
    const target = path.join(root, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const inside = path.relative(fs.realpathSync(root), fs.realpathSync(path.dirname(target)));
    if (inside.startsWith("..") || path.isAbsolute(inside)) throw new Error("a folder on the way is a link that leads out");
    fs.renameSync(path.join(staging, name), target);
  }
}
