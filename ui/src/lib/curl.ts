// Whether a pasted text is a cURL command, so that it is offered as a request.

/** A command as it stands in documents: behind a prompt, or with a variable set for it. */
const COMMAND = /^\s*(?:[$%>]\s+)?(?:[A-Z_]+=\S*\s+)*curl(?:\.exe)?\s+\S/;

export function isCurl(text: string): boolean {
  return COMMAND.test(text) && /\/v1\/|\/responses|\/chat\/completions|api\.openai\.com/.test(text);
}
