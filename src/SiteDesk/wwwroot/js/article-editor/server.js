// Talks to the server with the token of the page.

const token = () => document.querySelector('meta[name="antiforgery-token"]')?.getAttribute("content") ?? "";

/**
 * @param {string} address
 * @param {FormData | URLSearchParams} fields
 * @param {{ keepalive?: boolean }} [options]
 * @returns {Promise<{ status: number, answer: any }>} the answer is empty when it is no JSON
 */
export async function post(address, fields, options = {}) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "X-Antiforgery-Token": token(), Accept: "application/json" },
    body: fields,
    keepalive: options.keepalive ?? false,
  });
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  return { status: response.status, answer: isJson ? await response.json() : {} };
}

/** @param {string} address */
export async function get(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  return response.ok ? response.json() : [];
}

/** What the server said was wrong, as one line. @param {any} answer @param {string} otherwise */
export const problemsOf = (answer, otherwise) => (Array.isArray(answer?.problems) ? answer.problems.join(" ") : otherwise);
