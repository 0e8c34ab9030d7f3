// Requests to the server: who asks, problem details (RFC 9457), the invisible challenge.

import { encode, secret } from './store.js';

export class Problem extends Error {
  /** @param {number} status 0 when the server was not reached @param {any} body @param {number} retryAfter seconds */
  constructor(status, body, retryAfter = 0) {
    super(body && (body.detail || body.title) || 'HTTP ' + status);
    this.status = status;
    this.body = body || {};
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500;
  }

  get challenge() {
    return /\/challenge$/.test(this.body.type || '') ? this.body : null;
  }
}

/**
 * @param {import('./types').Host} host
 * @param {ReturnType<import('./store.js').createStore>} store
 */
export function createApi(host, store) {
  const root = `${host.base}widget/v1/${encodeURIComponent(host.site)}`;

  /** @returns {string} the visitor's token, made at the first use */
  function token() {
    let value = store.get('token');
    if (!value) store.set('token', value = secret());
    return value;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {any} [body]
   * @param {{timeout?: number, keepalive?: boolean, anonymous?: boolean}} [options] timeout in milliseconds
   * @returns {Promise<any>} the answer's JSON, or null when it has none
   */
  function call(method, path, body, options = {}) {
    return answering(async (proof) => {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), options.timeout || 20000);
      try {
        /** @type {Record<string, string>} */
        const headers = { Accept: 'application/json', 'Accept-Language': host.config.language };
        if (!options.anonymous) headers.Authorization = 'Bearer ' + token();
        if (body !== undefined) headers['Content-Type'] = 'application/json';
        if (proof) headers['X-Challenge'] = proof;
        const response = await host.fetch(root + path, {
          method, headers, body: body === undefined ? undefined : encode(body), credentials: 'omit', cache: 'no-store', signal: abort.signal, keepalive: options.keepalive,
        });
        return read(response.status, await response.text(), Number(response.headers.get('Retry-After')) || 0);
      } catch (error) {
        throw error instanceof Problem ? error : new Problem(0, null);
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /** @param {(proof?: string) => Promise<any>} request @returns {Promise<any>} */
  async function answering(request) {
    try {
      return await request();
    } catch (error) {
      const challenge = error instanceof Problem && error.challenge;
      if (!challenge) throw error;
      const { solve } = await import('./challenge.js');
      return request(challenge.nonce + ':' + await solve(challenge.nonce, challenge.difficulty));
    }
  }

  return {
    call, token, answering, root, language: host.config.language,
    /** @param {string} path @param {Record<string, string>} headers @param {AbortSignal} signal */
    open: (path, headers, signal) => host.fetch(root + path, {
      headers: { ...headers, 'Accept-Language': host.config.language, Authorization: 'Bearer ' + token() }, credentials: 'omit', cache: 'no-store', signal,
    }),
  };
}

/** The body of an answer, or its problem. @param {number} status @param {string} text @param {number} retryAfter */
export function read(status, text, retryAfter) {
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    // A proxy's own page in place of ours: the status says enough.
    body = null;
    if (status < 400) throw new Problem(502, null);
  }
  if (status < 200 || status >= 300) throw new Problem(status, body, retryAfter);
  return body;
}
