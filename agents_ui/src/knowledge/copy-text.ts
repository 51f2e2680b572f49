/** To the clipboard. On a plain http address, or refused, the old way by a selected field is left. */
export async function copyText(text: string): Promise<boolean> {
  const written = window.isSecureContext && (await navigator.clipboard.writeText(text).then(() => true, () => false));
  return written || copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr-only";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
