// @ts-check
// `npm run bench -- --size`: how large the package is, part by part.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundleOfCloudant } from "./cloudant.js";
import { rangesOfJavaScript } from "./javascript.js";
import { pageFiles, pageParts } from "./page.js";
import { gzipSize, sizesOf } from "./parts.js";
import { namedWasm, rangesOfWasm } from "./wasm.js";

/** @typedef {import("./parts.js").Part} Part */

/** Maximum of the default entry, relative to the bundle of @ibm-cloud/cloudant. */
const SHARE_AT_MOST = 0.75;

/** Smaller parts are one line. In bytes, gzip. */
const SMALL = 200;

/** @param {number} bytes */
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);

/** @param {string} title @param {Part[]} parts */
function print(title, parts) {
  const small = parts.filter(({ gzip }) => gzip < SMALL);
  const rest = { name: `${small.length} others`, raw: 0, gzip: 0 };
  for (const { raw, gzip } of small) [rest.raw, rest.gzip] = [rest.raw + raw, rest.gzip + gzip];
  console.log(`\n${title.padEnd(40)}${"raw".padStart(10)}${"gzip".padStart(10)}`);
  for (const { name, raw, gzip } of [...parts.filter((part) => !small.includes(part)), rest]) {
    console.log(`  ${name.padEnd(38)}${kB(raw)}${kB(gzip)}`);
  }
}

/** @param {string} folder of the package */
export async function printSizes(folder) {
  const file = (/** @type {string} */ name) => readFileSync(join(folder, name));
  const named = await namedWasm();
  print("The wasm, by module", sizesOf(named, rangesOfWasm(named)));
  for (const entry of ["index.js", "slim.js", "workerd.js"]) {
    const code = entry === "index.js" ? withoutWasm(file(entry)) : file(entry);
    const map = JSON.parse(file(`${entry}.map`).toString());
    print(`${entry}, by file`, sizesOf(code, rangesOfJavaScript(code, map)));
  }
  const page = pageFiles(join(folder, "serve", "page"));
  print("The dashboard, by file", page);
  print("The JavaScript of the dashboard, by folder", pageParts(page));

  const names = [
    "couchdb_scheduler.wasm",
    "index.js",
    "index.cjs",
    "slim.js",
    "slim.cjs",
    "workerd.js",
    "element/index.js",
  ];
  const totals = names.map((name) => ({ name, raw: file(name).length, gzip: gzipSize(file(name)) }));
  const cloudant = await bundleOfCloudant();
  totals.push({ name: "@ibm-cloud/cloudant", raw: cloudant.length, gzip: gzipSize(cloudant) });
  print("In all", totals);
  const share = gzipSize(file("index.js")) / gzipSize(cloudant);
  const mark = share < SHARE_AT_MOST ? "reached" : "MISSED";
  console.log(`\nindex.js is ${share.toFixed(3)} of @ibm-cloud/cloudant, maximum ${SHARE_AT_MOST}: ${mark}`);
}

/** The wasm is the first line. Empty, so that the other lines keep their numbers. @param {Uint8Array} code */
const withoutWasm = (code) => code.subarray(code.indexOf(10));
