// @ts-check
// The contents of the published package.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { PKG, pack, temporaryFolder } from "./tarball.js";

const GUIDES = readdirSync(new URL("../../docs/guides", import.meta.url))
  .sort()
  .map((name) => `docs/guides/${name}`);

const COMMAND_LINE = readdirSync(new URL("../../pkg-template/cli", import.meta.url), {
  recursive: true,
  encoding: "utf8",
})
  .filter((name) => name.endsWith(".js"))
  .map((name) => `cli/${name.replaceAll("\\", "/")}`);

/** The server's own files, and the page, whose names contain a hash of their contents. */
const SERVE = [
  ...readdirSync(new URL("../../pkg-template/serve", import.meta.url)),
  ...["icon.svg", "index.html", "main-*.js", "chunk-*.js", "style-*.css", "page-insight-*.js", "simulator-*.js"].map(
    (name) => `page/${name}`,
  ),
].map((name) => `serve/${name}`);

const FILES = [
  "LICENSE",
  "README.md",
  "THIRD_PARTY_LICENSES",
  ...COMMAND_LINE.sort(),
  "couchdb_scheduler.wasm",
  "custom-elements.json",
  ...GUIDES,
  "element/define.d.ts",
  "element/define.js",
  "element/index.d.ts",
  "element/index.js",
  "index.cjs",
  "index.d.cts",
  "index.d.ts",
  "index.js",
  "package.json",
  ...SERVE.sort(),
  "slim.cjs",
  "slim.d.cts",
  "slim.d.ts",
  "slim.js",
  "workerd.js",
];

const manifest = JSON.parse(await readFile(join(PKG, "package.json"), "utf8"));

/** Maximum size of the tarball in bytes. */
const TARBALL = 1_000_000;

const packed = await pack(await temporaryFolder());

test("npm pack packs exactly what is needed", () => {
  const names = packed.files.map((name) => name.replace(/-[A-Z0-9]{8}\./, "-*."));
  assert.deepEqual(names, FILES);
});

test(`the tarball is at most ${TARBALL / 1000} kB`, (t) => {
  t.diagnostic(`${(packed.size / 1000).toFixed(1)} kB`);
  assert.ok(packed.size <= TARBALL, `${packed.size} bytes`);
});

test("the version is the crate's", async () => {
  const cargo = await readFile(new URL("../../Cargo.toml", import.meta.url), "utf8");
  assert.equal(manifest.version, /^version = "(.+)"/m.exec(cargo)?.[1]);
});

test("it has no dependencies and no install scripts", () => {
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies", "scripts"]) {
    assert.equal(manifest[field], undefined, field);
  }
});

test("every path of the manifest is a file", () => {
  /** @param {unknown} value @returns {string[]} */
  const paths = (value) =>
    typeof value === "string" ? [value] : Object.values(/** @type {object} */ (value)).flatMap((part) => paths(part));
  const { main, module, types, customElements, sideEffects, exports, bin } = manifest;
  const named = [main, module, types, customElements, ...sideEffects, ...paths(exports), ...paths(bin)];
  assert.deepEqual(
    named.map((path) => path.replace("./", "")).filter((path) => !FILES.includes(path)),
    [],
  );
});

test("no file refers to a source map, since none is packed", async () => {
  for (const name of packed.files.filter((name) => /\.c?js$/.test(name))) {
    assert.doesNotMatch(await readFile(join(PKG, name), "latin1"), /sourceMappingURL/, name);
  }
});

test("no file names a path of the machine that built it", async () => {
  for (const name of packed.files) {
    const text = await readFile(join(PKG, name), "latin1");
    assert.doesNotMatch(text, /\.cargo|registry\/src|index\.crates|\/home\/|\/root\/|\/Users\//, name);
  }
});
