// @ts-check
// Finds a program on a PATH, as a shell does.

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const SUFFIXES = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * @param {string} program
 * @param {string} [path]
 */
export function which(program, path = process.env.PATH ?? "") {
  for (const folder of path.split(delimiter)) {
    for (const suffix of SUFFIXES) {
      const file = join(folder, program + suffix);
      if (folder && isExecutable(file)) return file;
    }
  }
  return undefined;
}
