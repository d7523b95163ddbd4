// @ts-check
// What clients accept.

/**
 * Whether a header, `Accept` or `Accept-Encoding`, has this name with a weight that is not 0.
 *
 * @param {string | string[] | undefined} header
 * @param {string} name
 */
export const accepts = (header, name) =>
  `${header ?? ""}`.split(",").some((part) => {
    const [type, ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    return type === name && !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter));
  });
