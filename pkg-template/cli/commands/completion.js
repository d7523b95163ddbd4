// @ts-check
// `completion bash|zsh|fish`: completes commands and options in a shell.

import { optionsOf } from "../command.js";
import { oneOf } from "../kinds.js";
import { PROGRAM } from "../texts.js";

/**
 * @typedef {import("../command.js").Command} Command
 */

const SHELLS = ["bash", "zsh", "fish"];

/** Commands, and the long options of each. @param {readonly Command[]} commands */
const words = (commands) =>
  commands.map((command) => ({
    name: command.name,
    summary: command.summary,
    options: Object.entries(optionsOf(command)).map(([name, { help, kind }]) => ({ name, help, kind })),
  }));

/** Words of an option whose value is one of a few. @param {import("../kinds.js").Kind | undefined} kind */
const valuesOf = (kind) => (kind?.shown.includes("|") ? kind.shown.split("|") : []);

/** @param {readonly Command[]} commands */
function bash(commands) {
  const cases = words(commands).map(
    ({ name, options }) => `    ${name}) words="${options.map((option) => `--${option.name}`).join(" ")}" ;;`,
  );
  const names = commands.map(({ name }) => name).join(" ");
  return `# bash: source <(${PROGRAM} completion bash)
_couchdb_scheduler() {
  local words current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} --help --version" -- "$current"))
    return
  fi
  case "$previous" in
    --password-file|--source-password-file|--target-password-file|--document)
      COMPREPLY=($(compgen -f -- "$current")); return ;;
    --color) COMPREPLY=($(compgen -W "auto always never" -- "$current")); return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="" ;;
  esac
  [ "\${COMP_WORDS[1]}" = completion ] && words="$words ${SHELLS.join(" ")}"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _couchdb_scheduler ${PROGRAM}`;
}

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** In the descriptions of zsh's _arguments, brackets and colons have a meaning. @param {string} text */
const forZsh = (text) => text.replace(/[[\]:\\]/g, "\\$&");

/** @param {readonly Command[]} commands */
function zsh(commands) {
  const names = words(commands).map(({ name, summary }) => `    ${quoted(`${name}:${forZsh(summary)}`)}`);
  const cases = words(commands).map(({ name, options }) => {
    const lines = options.map(({ name: option, help, kind }) => {
      const values = valuesOf(kind);
      const value = values.length > 0 ? `:value:(${values.join(" ")})` : kind ? ":value:_files" : "";
      return quoted(`--${option}[${forZsh(help)}]${value}`);
    });
    const rest = name === "completion" ? `':shell:(${SHELLS.join(" ")})'` : "";
    return `    ${name}) _arguments ${[...lines, rest].filter(Boolean).join(" ")} ;;`;
  });
  return `#compdef ${PROGRAM}
# zsh: ${PROGRAM} completion zsh > "\${fpath[1]}/_${PROGRAM}"
_couchdb_scheduler() {
  local -a commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = "_${PROGRAM}" ]; then _couchdb_scheduler "$@"; else compdef _couchdb_scheduler ${PROGRAM}; fi`;
}

/** @param {string} text */
const forFish = (text) => `'${text.replace(/[\\']/g, "\\$&")}'`;

/** @param {readonly Command[]} commands */
function fish(commands) {
  const lines = words(commands).flatMap(({ name, summary, options }) => [
    `complete -c ${PROGRAM} -f -n __fish_use_subcommand -a ${name} -d ${forFish(summary)}`,
    ...options.map(({ name: option, help, kind }) => {
      const values = valuesOf(kind);
      const value = values.length > 0 ? ` -x -a ${forFish(values.join(" "))}` : kind ? " -r -F" : "";
      return `complete -c ${PROGRAM} -n '__fish_seen_subcommand_from ${name}' -l ${option}${value} -d ${forFish(help)}`;
    }),
  ]);
  const shells = `complete -c ${PROGRAM} -f -n '__fish_seen_subcommand_from completion' -a '${SHELLS.join(" ")}'`;
  return [`# fish: ${PROGRAM} completion fish | source`, ...lines, shells].join("\n");
}

/** @type {import("../command.js").Command} */
export const completion = {
  name: "completion",
  summary: "prints a script that completes commands and options in a shell",
  args: SHELLS.join("|"),
  count: [1, 1],
  isLocal: true,
  options: {},
  examples: [
    ["completion bash >> ~/.bashrc", "for bash"],
    [`completion zsh > "\${fpath[1]}/_${PROGRAM}"`, "for zsh"],
    [`completion fish > ~/.config/fish/completions/${PROGRAM}.fish`, "for fish"],
  ],
  asks: "nothing",
  exits: { 0: "done" },
  async run({ args: [shell = ""], out, commands }) {
    oneOf(SHELLS).read(shell, "completion");
    const scripts = { bash, zsh, fish };
    await out.line(scripts[/** @type {keyof typeof scripts} */ (shell)](commands));
    return 0;
  },
};
