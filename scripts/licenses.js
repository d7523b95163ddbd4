// @ts-check
// Checks the licenses of everything in Cargo.lock and the package-lock.json files against scripts/licenses/policy.js.
// Part of `npm run check`. Downloads nothing.

import { fromRoot } from "./lib/paths.js";
import { exitOnSignals } from "./lib/run.js";
import { Stop, say, start } from "./lib/say.js";
import { packagesBundled } from "./licenses/bundled.js";
import { cratesInWasm, cratesLocked } from "./licenses/crates.js";
import { lockFiles, notAllowed, packagesIn } from "./licenses/locked.js";
import { SHIPPED, TOOLS } from "./licenses/policy.js";

exitOnSignals();
await start(async () => {
  const { complete, crates } = await cratesLocked();
  const inWasm = new Set((await cratesInWasm()).map(({ id }) => id));
  const ofRust = crates.map(({ id, name, version, license }) => ({
    name: `the crate ${name} ${version}`,
    license,
    allowed: inWasm.has(id) ? SHIPPED : TOOLS,
  }));
  const ofNpm = lockFiles(fromRoot()).flatMap(packagesIn);
  const ofBundles = (await packagesBundled()).map(({ name, version, license }) => ({
    name: `${name} ${version}, which is bundled`,
    license,
    allowed: SHIPPED,
  }));
  const refused = notAllowed([...ofRust, ...ofNpm, ...ofBundles]);
  if (refused.length > 0) {
    const lines = refused.map(({ name, license }) => `  ${name}: ${license ?? "no license"}`);
    throw new Stop(`These licenses are not on the list in scripts/licenses/policy.js:\n${lines.join("\n")}`);
  }
  const rest = complete ? "" : " (without those of other systems, which are not downloaded here)";
  say(`The licenses of ${ofRust.length} crates${rest} and ${ofNpm.length} npm packages are allowed.`);
});
