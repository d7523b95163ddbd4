// @ts-check
// The documents of the package: the README, the guides, our license and those of others.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot, PKG } from "../lib/paths.js";
import { Stop } from "../lib/say.js";
import { thirdPartyLicenses } from "../licenses/notices.js";

const GUIDES = join("docs", "guides");

const BEGIN = "<!-- repository only -->";
const END = "<!-- end of repository only -->";

/**
 * Returns the README without the parts that only a clone of the repository has: its picture, scripts and examples.
 *
 * @param {string} text
 */
export function packedReadme(text) {
  const [first = "", ...parts] = text.split(BEGIN);
  const kept = parts.map((part) => {
    const [cut, rest, ...more] = part.split(END);
    if (cut === undefined || rest === undefined || more.length > 0) {
      throw new Stop(`README.md: each "${BEGIN}" needs an "${END}", and they must not be nested.`);
    }
    return rest;
  });
  if (first.includes(END)) throw new Stop(`README.md: an "${END}" without its ${BEGIN}.`);
  return `${[first, ...kept]
    .join("")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

export async function writePapers() {
  copyFileSync(fromRoot("LICENSE"), join(PKG, "LICENSE"));
  writeFileSync(join(PKG, "README.md"), packedReadme(readFileSync(fromRoot("README.md"), "utf8")));
  writeFileSync(join(PKG, "THIRD_PARTY_LICENSES"), await thirdPartyLicenses());
  // Under the same names as in the repository, so that links between them and from the README work in both.
  mkdirSync(join(PKG, GUIDES), { recursive: true });
  for (const guide of readdirSync(fromRoot(GUIDES))) copyFileSync(fromRoot(GUIDES, guide), join(PKG, GUIDES, guide));
}
