// @ts-check
// Packs the package and installs it as a user would.

import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const exec = promisify(execFile);

/** The output of `npm run build`. */
export const PKG = fileURLToPath(new URL("../../pkg", import.meta.url));

const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** A folder that is removed after the tests. */
export async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), "couchdb-scheduler-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * `npm pack` into a folder.
 *
 * @param {string} folder
 * @returns {Promise<{ filename: string, size: number, files: string[] }>} `size` in bytes
 */
export async function pack(folder) {
  const { stdout } = await exec(npm, ["pack", PKG, "--json", "--pack-destination", folder], { cwd: folder });
  const printed = JSON.parse(stdout);
  // npm 11 and older print a list of packages, newer versions an object by name.
  const [{ filename, size, files }] = Array.isArray(printed) ? printed : Object.values(printed);
  return {
    filename: join(folder, filename),
    size,
    files: files.map((/** @type {{ path: string }} */ { path }) => path).sort(),
  };
}

/** A new project with nothing but the packed package. Returns its folder. */
export async function installedProject() {
  const project = await temporaryFolder();
  const { filename } = await pack(project);
  await writeFile(join(project, "package.json"), '{ "name": "project", "private": true }\n');
  await exec(npm, ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", filename], { cwd: project });
  return project;
}

/**
 * Runs a program in the project, with the Node that runs the tests.
 *
 * @param {string} project
 * @param {string} name
 * @param {string} source
 * @param {string[]} [flags] of Node
 * @param {string[]} [args] of the program
 * @returns {Promise<{ stdout: string, stderr: string, code: number }>}
 */
export async function runIn(project, name, source, flags = [], args = []) {
  const file = join(project, name);
  await writeFile(file, source);
  try {
    return { ...(await exec(process.execPath, [...flags, file, ...args], { cwd: project, timeout: 30_000 })), code: 0 };
  } catch (error) {
    const {
      stdout = "",
      stderr = "",
      code = 1,
    } = /** @type {{ stdout?: string, stderr?: string, code?: number }} */ (error);
    return { stdout, stderr, code };
  }
}
