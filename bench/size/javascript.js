// @ts-check
// The parts of an entry's JavaScript: the files it was bundled from, by its source map.

import { placesOf } from "../../scripts/coverage/source-map.js";

/** @typedef {import("./parts.js").Range} Range */

/**
 * @param {Uint8Array} code
 * @param {{ mappings: string, sources: string[] }} map
 * @returns {Range[]} without the line of the wasm, which no source has
 */
export function rangesOfJavaScript(code, map) {
  const lines = lineStarts(code);
  const parts = map.sources.map(partOf);
  const places = placesOf(map).map((place) => ({ ...place, at: (lines[place.generatedLine] ?? 0) + place.column }));
  return places.map(({ source, generatedLine, at }, index) => {
    const next = places[index + 1];
    const end = next?.generatedLine === generatedLine ? next.at : (lines[generatedLine + 1] ?? code.length);
    return { part: parts[source] ?? "", start: at, end };
  });
}

/** @param {Uint8Array} code which is ASCII, so that columns are bytes */
function lineStarts(code) {
  const starts = [0];
  for (let at = code.indexOf(10); at !== -1; at = code.indexOf(10, at + 1)) starts.push(at + 1);
  return starts;
}

/** @param {string} source */
function partOf(source) {
  return source.includes("pkg-raw") ? "wasm-bindgen's glue" : source.replace(/^.*pkg-template\//, "");
}
