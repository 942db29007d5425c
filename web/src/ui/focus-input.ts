// SPDX-License-Identifier: Apache-2.0
/** Puts the cursor where a problem is: the input of that name, wherever it stands on the page. */
export function focusInput(name: string | undefined) {
  if (name)
    document.querySelector<HTMLElement>(`#input-${CSS.escape(name)}, [data-test="input-${CSS.escape(name)}"]`)?.focus()
}
