// @ts-check
// The fields of a form.

import { html, nothing } from "lit";

/**
 * @template {string} [Name=string]
 * @typedef {object} Field
 * @property {Name} name
 * @property {string} label
 * @property {"text" | "password" | "checkbox" | "select" | "lines" | "number"} kind
 * @property {string} [hint]
 * @property {string} [placeholder]
 * @property {[string, string][]} [options]
 * @property {string} [onlyFor] value of `which`
 * @property {boolean} [half] shares its line with another
 * @property {boolean} [required]
 */

/**
 * @param {string} prefix of the ids
 * @param {Field} field
 * @param {unknown} typed
 * @param {string | undefined} fault
 */
export function fieldRow(prefix, { name, label, kind, hint, placeholder, options, half, required }, typed, fault) {
  const id = `${prefix}-${name}`;
  const isInvalid = fault === undefined ? nothing : "true";
  const faultId = fault === undefined ? nothing : `${id}-fault`;
  const holder = placeholder ?? nothing;
  const tag = html`<label for=${id}>${label}</label>`;
  const control =
    kind === "lines"
      ? html`<textarea id=${id} name=${name} rows="3" spellcheck="false" placeholder=${holder} .value=${String(typed)}
          aria-invalid=${isInvalid} aria-describedby=${faultId}></textarea>`
      : kind === "select"
        ? html`<select id=${id} name=${name} aria-invalid=${isInvalid} aria-describedby=${faultId}>
            ${options?.map(
              ([value, words]) => html`<option value=${value} ?selected=${value === typed}>${words}</option>`,
            )}
          </select>`
        : kind === "checkbox"
          ? html`<input id=${id} name=${name} type="checkbox" .checked=${typed === true}>`
          : html`<input id=${id} name=${name} type=${kind === "number" ? "text" : kind}
              inputmode=${kind === "number" ? "numeric" : nothing}
              autocomplete=${kind === "password" ? "new-password" : "off"} spellcheck="false" ?required=${required}
              placeholder=${holder} .value=${String(typed)} aria-invalid=${isInvalid} aria-describedby=${faultId}>`;
  return html`<div class="row ${kind} ${half ? "half" : ""}">
    ${kind === "checkbox" ? html`${control}${tag}` : html`${tag}${control}`}
    ${fault === undefined ? nothing : html`<p class="fault" id=${faultId}>${fault}</p>`}
    ${hint ? html`<p class="hint">${hint}</p>` : nothing}
  </div>`;
}
