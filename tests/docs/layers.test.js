// @ts-check
// The layers that docs/architecture.md draws: arrows go down only, no circle of files, JsValue where JavaScript is, and no
// code file too long to be read at once.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

const ROOT = new URL("../../", import.meta.url);

/** From the top down: each may use those after it. */
const LAYERS = ["api", "operations", "http", "js"];

/** The same for the JavaScript half of the package. */
const PACKAGE_FOLDERS = ["entries", "insight", "loading", "runtime"];

/** The same for the page: elements that other pages embed use its components, and nothing uses those elements. */
const PAGE_FOLDERS = [
  "pkg-template/element",
  "www/src/components",
  "www/src/connection",
  "www/src/model",
  "www/src/style",
];

/** Lines of code in a file, without its tests. */
const MAX_LINES = 350;

/** @param {string} folder @param {RegExp} ending */
function filesIn(folder, ending) {
  return readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
    .filter((file) => ending.test(file) && !/(^|\/)(node_modules|tests?|target)(\/|\.rs$)/.test(file))
    .map((file) => `${folder}/${file}`)
    .sort();
}

/** Without tests and comments. @param {string} file */
const rustOf = (file) =>
  readFileSync(new URL(file, ROOT), "utf8")
    .replace(/\n#\[cfg\(test\)\]\n(#\[.*\]\n)*mod \w+ \{[\s\S]*$/, "\n")
    .replace(/\/\/.*$/gm, "");

/** Each path of a `use`, with its braces taken apart. @param {string} tree @returns {string[]} */
function pathsOf(tree) {
  const open = tree.indexOf("{");
  if (open < 0) return [tree.replace(/ as \w+$/, "").trim()];
  const head = tree.slice(0, open).trim();
  const parts = [];
  let [depth, start] = [0, open + 1];
  for (let at = open + 1; at < tree.length; at++) {
    if (tree[at] === "{") depth++;
    if (tree[at] === "}" && depth-- === 0) {
      parts.push(tree.slice(start, at));
      break;
    }
    if (tree[at] === "," && depth === 0) {
      parts.push(tree.slice(start, at));
      start = at + 1;
    }
  }
  return parts.filter((part) => part.trim() !== "").flatMap((part) => pathsOf(head + part.trim()));
}

/** A crate's files by module path: `http::auth::iam`. @param {string} folder */
function modulesOf(folder) {
  const modules = new Map();
  for (const file of filesIn(folder, /\.rs$/)) {
    const path = file.slice(folder.length + 1, -3).replace(/(^|\/)(mod|lib)$/, "");
    modules.set(path.replaceAll("/", "::"), rustOf(file));
  }
  return modules;
}

/**
 * Which modules each module uses. A name that a module only hands on is followed to where it is from.
 *
 * @param {Map<string, string>} modules
 */
function arrowsOf(modules) {
  /** @param {string} from @param {string} path @returns {string | undefined} */
  function resolve(from, path, seen = new Set()) {
    const words = path.split("::").filter((word) => word !== "");
    let at = from === "" ? [] : from.split("::");
    if (words[0] === "crate") at = [];
    else if (words[0] === "self") at = [...at];
    else if (words[0] === "super") at = at.slice(0, -1);
    else return undefined;
    let rest = words.slice(1);
    while (rest[0] === "super") {
      at = at.slice(0, -1);
      rest = rest.slice(1);
    }
    while (rest[0] !== undefined && modules.has([...at, rest[0]].join("::")))
      at.push(/** @type {string} */ (rest.shift()));
    const module = at.join("::");
    const name = rest[0];
    if (name === undefined || seen.has(`${module} ${name}`)) return module;
    seen.add(`${module} ${name}`);
    for (const [, tree = ""] of (modules.get(module) ?? "").matchAll(/pub(?:\([a-z]+\))? use ([^;]+);/g)) {
      for (const exported of pathsOf(tree.replace(/\s+/g, " "))) {
        if (exported.split("::").at(-1) !== name) continue;
        const prefix = /^(crate|self|super)::/.test(exported) ? "" : "self::";
        return resolve(module, prefix + exported, seen) ?? module;
      }
    }
    return module;
  }

  /** @type {Map<string, Set<string>>} */
  const arrows = new Map();
  for (const [module, code] of modules) {
    const used = new Set();
    const trees = [...code.matchAll(/^\s*use ([^;]+);/gm)].map(([, tree = ""]) => tree.replace(/\s+/g, " "));
    const inline = [...code.matchAll(/\b(?:crate|super)(?:::\w+)+/g)].map(([path]) => path);
    for (const path of [...trees.flatMap(pathsOf), ...inline]) {
      const to = resolve(module, path);
      if (to !== undefined && to !== module && to !== "") used.add(to);
    }
    arrows.set(module, used);
  }
  return arrows;
}

/** @param {Map<string, Set<string>>} arrows @returns {string[][]} */
function circlesOf(arrows) {
  /** @type {string[][]} */
  const circles = [];
  const done = new Set();
  const walk = (/** @type {string} */ module, /** @type {string[]} */ path) => {
    const at = path.indexOf(module);
    if (at >= 0) circles.push([...path.slice(at), module]);
    if (at >= 0 || done.has(module)) return;
    for (const next of arrows.get(module) ?? []) walk(next, [...path, module]);
    done.add(module);
  };
  for (const module of arrows.keys()) walk(module, []);
  return circles;
}

/** Which files each file imports. @param {string[]} files @param {RegExp} [pattern] of an import, whose first group is the path */
const importsOf = (files, pattern = /^(?:import|export) [^;]*?"(\.[^"]+)";$/gms) =>
  new Map(
    files.map((file) => {
      const paths = [...readFileSync(new URL(file, ROOT), "utf8").matchAll(pattern)].map(([, path = ""]) => path);
      return [file, new Set(paths.map((path) => new URL(path, new URL(file, ROOT)).href.slice(ROOT.href.length)))];
    }),
  );

describe("layers", () => {
  test("a module uses those after it only: api, operations, http, js", () => {
    const arrows = arrowsOf(modulesOf("src"));
    const layer = (/** @type {string} */ module) => LAYERS.indexOf(module.split("::")[0] ?? "");
    let down = 0;
    for (const [from, used] of arrows) {
      for (const to of used) {
        assert.ok(from === "" || layer(from) <= layer(to), `${from} uses ${to}`);
        if (layer(from) < layer(to)) down++;
      }
    }
    assert.ok(down > 20, `only ${down} arrows were found: are they still written as they were?`);
  });

  test("the package's files use those of the folders after theirs only", () => {
    const arrows = importsOf(filesIn("pkg-template", /(?<!\.d)\.js$/));
    const folder = (/** @type {string} */ file) => PACKAGE_FOLDERS.indexOf(file.split("/")[1] ?? "");
    let down = 0;
    for (const [from, used] of arrows) {
      for (const to of used) {
        assert.ok(folder(from) <= folder(to), `${from} uses ${to}`);
        if (folder(from) < folder(to)) down++;
      }
    }
    assert.ok(down > 10, `only ${down} arrows were found: are they still written as they were?`);
    assert.deepEqual(circlesOf(arrows), []);
  });

  test("the page's files use those of the folders after theirs only, also for types", () => {
    const files = PAGE_FOLDERS.flatMap((folder) => filesIn(folder, /(?<!\.d)\.js$/));
    const folder = (/** @type {string} */ file) => PAGE_FOLDERS.findIndex((name) => file.startsWith(`${name}/`));
    let down = 0;
    for (const [from, used] of importsOf(files, /(?:from|import|import\() ?"(\.[^"]+)"/g)) {
      for (const to of used) {
        // The simulated server is not of the page.
        if (to.startsWith("simulator/")) continue;
        assert.ok(folder(to) >= 0 && folder(from) <= folder(to), `${from} uses ${to}`);
        if (folder(from) < folder(to)) down++;
      }
    }
    assert.ok(down > 100, `only ${down} arrows were found: are they still written as they were?`);
    assert.deepEqual(circlesOf(importsOf(files)), []);
  });

  test("only the page's components use lit", () => {
    for (const file of ["connection", "model"].flatMap((folder) => filesIn(`www/src/${folder}`, /\.js$/))) {
      assert.doesNotMatch(readFileSync(new URL(file, ROOT), "utf8"), /from "lit/, file);
    }
  });

  for (const crate of ["src", "crates/mask/src", "crates/rows/src", "crates/core/src"]) {
    test(`no circle of files in ${crate}`, () => {
      assert.deepEqual(circlesOf(arrowsOf(modulesOf(crate))), []);
    });
  }

  test("the crates below know nothing of JavaScript", () => {
    for (const crate of ["mask", "rows", "core"]) {
      const manifest = readFileSync(new URL(`crates/${crate}/Cargo.toml`, ROOT), "utf8");
      const dependencies = manifest.split("[dev-dependencies]")[0] ?? "";
      assert.doesNotMatch(dependencies, /wasm-bindgen|js-sys|web-sys/, crate);
    }
    for (const file of filesIn("crates", /\.rs$/)) assert.doesNotMatch(rustOf(file), /\bJsValue\b/, file);
  });

  test(`no code file is longer than ${MAX_LINES} lines without its tests`, () => {
    const rust = ["src", "crates"]
      .flatMap((folder) => filesIn(folder, /\.rs$/))
      .map((file) => ({ file, text: rustOf(file) }));
    const scripts = ["pkg-template", "simulator", "www", "scripts", "bench", "examples"]
      .flatMap((folder) => filesIn(folder, /(?<!\.d)\.m?[jt]s$/))
      .map((file) => ({ file, text: readFileSync(new URL(file, ROOT), "utf8") }));
    const long = [...rust, ...scripts]
      .map(({ file, text }) => ({ file, lines: text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES);
    assert.deepEqual(long, []);
  });
});
