// @ts-check
// THIRD_PARTY_LICENSES: the license texts of the crates that are compiled into the wasm, and of the npm packages that are
// bundled into the page and the elements, from their own files.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Stop } from "../lib/say.js";
import { packagesBundled } from "./bundled.js";
import { cratesInWasm } from "./crates.js";
import { SHIPPED } from "./policy.js";
import { choose } from "./spdx.js";

const HEAD = `Third-party licenses

couchdb_scheduler.wasm, and the entries that contain it, are compiled from the Rust crates below and from Rust's
standard library. wasm-bindgen has also written a part of the JavaScript. The dashboard (serve/page) and
couchdb-scheduler/element contain the npm packages below. Where a crate offers a choice of licenses, the one below
was chosen.
`;

/** For crates that name this license but do not include its text. @param {string} holders */
const mit = (holders) => `MIT License

Copyright (c) ${holders}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Required words in the text of a license; the file name alone is not enough, LICENSE can be any license. */
const SAYS = /** @type {Record<string, RegExp>} */ ({
  MIT: /Permission is hereby granted, free of charge, to any\s+person/,
  ISC: /Permission to use, copy, modify, and\/or distribute this software/,
  "0BSD": /Permission to use, copy, modify, and\/or distribute this software/,
  "BSD-2-Clause": /Redistribution and use in source and binary forms/,
  "BSD-3-Clause": /Redistribution and use in source and binary forms/,
  Zlib: /provided 'as-is', without any express or implied/,
  "Unicode-3.0": /UNICODE LICENSE V3/,
  "Apache-2.0": /Apache License\s+Version 2\.0/,
});

/**
 * Returns the text of one license of a crate or an npm package.
 *
 * @param {import("./bundled.js").Bundled} crate
 * @param {string} license
 */
function textOf({ name, version, authors, manifest_path }, license) {
  const folder = dirname(manifest_path);
  for (const file of readdirSync(folder).sort()) {
    if (!/^(licen[cs]e|copying|notice)/i.test(file)) continue;
    const text = readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n");
    if (SAYS[license]?.test(text)) return text.replace(/^\s*\n|\s+$/g, "");
  }
  if (license !== "MIT") throw new Stop(`${name} ${version} has no file with the text of ${license}.`);
  const holders = authors.map((author) => author.replace(/\s*<.*>/, "")).join(", ");
  return mit(holders || `the authors of ${name}`);
}

/** Returns the file: always the same for the same Cargo.lock and package-lock.json. */
export async function thirdPartyLicenses() {
  /** @type {Map<string, string[]>} the crates and packages of each text */
  const crates = new Map([[mit("The Rust Project Contributors"), ["The Rust standard library (MIT)"]]]);
  for (const crate of [...(await cratesInWasm()), ...(await packagesBundled())]) {
    const chosen = choose(crate.license, SHIPPED);
    if (!chosen) throw new Stop(`${crate.name} ${crate.version} cannot be published: its license is ${crate.license}.`);
    for (const license of chosen) {
      const text = textOf(crate, license);
      crates.set(text, [...(crates.get(text) ?? []), `${crate.name} ${crate.version} (${license})`]);
    }
  }
  const rule = "-".repeat(80);
  return [HEAD, ...Array.from(crates, ([text, names]) => `${rule}\n${names.join("\n")}\n${rule}\n\n${text}\n`)].join(
    "\n",
  );
}
