// @ts-check
// `npm run docs:cli`: writes docs/cli.md from the help texts of the command line. tests/docs/cli-page.test.js compares them.

import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build } from "./build.js";
import { fromRoot, PKG } from "./lib/paths.js";
import { say, start } from "./lib/say.js";

/** Wraps prose at 100 columns, as all pages are. @param {string} text */
function wrapped(text) {
  return text.replace(/(?![^\n]{1,100}$)([^\n]{1,100})\s/g, "$1\n");
}

/** @param {string} text */
const block = (text) => `\`\`\`text\n${text}\n\`\`\``;

/** The page, from the built package. @returns {Promise<string>} */
export async function cliPage() {
  /** @param {string} file @returns {Promise<any>} */
  const load = (file) => import(pathToFileURL(fromRoot("pkg", "cli", file)).href);
  const { COMMANDS } = await load("commands/index.js");
  const { commandHelp, programHelp } = await load("help.js");
  const { OUTPUT, PROGRAM, SERVERS } = await load("texts.js");
  const parts = [
    `# Command line`,
    wrapped(
      `\`npx ${PROGRAM}\` shows on a terminal, in a script or to a monitoring system how the replications of a server are ` +
        `doing. This page is made from its help texts: \`${PROGRAM} -h\` and \`${PROGRAM} COMMAND -h\` show the same.`,
    ),
    block(programHelp(COMMANDS)),
    "## Servers",
    wrapped(SERVERS),
    "## Output",
    ...OUTPUT.map(wrapped),
  ];
  for (const command of COMMANDS) parts.push(`## ${command.name}`, block(commandHelp(command)));
  return `${parts.join("\n\n")}\n`;
}

export const PAGE = fromRoot("docs", "cli.md");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await start(async () => {
    await build();
    writeFileSync(PAGE, await cliPage());
    say(`${PAGE} is written, from ${PKG}.`);
  });
}
