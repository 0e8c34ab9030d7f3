// What the visitor's browser remembers for this site: in the page's localStorage, or only in memory where that is forbidden.

/**
 * @param {string} site
 * @param {() => void} onOtherTab called when another tab of the site changed something
 */
export function createStore(site, onOtherTab) {
  const prefix = `sitedesk:${site}:`;
  /** @type {Map<string, string>} */
  const memory = new Map();
  let lasting = true;
  try {
    localStorage.setItem(prefix + 'probe', '1');
    localStorage.removeItem(prefix + 'probe');
  } catch {
    // Private mode or a blocked third-party frame: the conversation lives as long as the page.
    lasting = false;
  }
  window.addEventListener('storage', (event) => {
    if (event.key && event.key.startsWith(prefix) && !event.key.endsWith(':lease') && !event.key.endsWith(':wire')) onOtherTab();
  });

  /** @param {string} name @returns {any} */
  function get(name) {
    const text = lasting ? localStorage.getItem(prefix + name) : memory.get(name);
    if (text === null || text === undefined) return null;
    try {
      return JSON.parse(text);
    } catch {
      // Somebody else wrote there.
      return null;
    }
  }

  /** @param {string} name @param {any} value null forgets it */
  function set(name, value) {
    if (value === null || value === undefined) {
      if (lasting) localStorage.removeItem(prefix + name);
      memory.delete(name);
      return;
    }
    const text = encode(value);
    memory.set(name, text);
    if (!lasting) return;
    try {
      localStorage.setItem(prefix + name, text);
    } catch {
      // The page has filled the storage: from now on memory holds what is there, who this is before all.
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(prefix) && key !== prefix + name) memory.set(key.slice(prefix.length), localStorage.getItem(key) || '');
      }
      lasting = false;
    }
  }

  /** Whether the panel is open on this tab's next page, too. @param {boolean} open */
  function stay(open) {
    try {
      if (open) sessionStorage.setItem(prefix + 'open', '1');
      else sessionStorage.removeItem(prefix + 'open');
    } catch {
      // Forbidden here: it opens closed.
    }
  }

  return { get, set, stay, prefix };
}

/**
 * JSON.stringify, except that pages with a `toJSON` on the built-in prototypes (old script libraries) cannot bend it.
 * @param {any} value
 * @returns {string}
 */
export function encode(value) {
  if (!(/** @type {any} */ (Array.prototype).toJSON) && !(/** @type {any} */ (Object.prototype).toJSON) && !(/** @type {any} */ (String.prototype).toJSON)) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return '[' + value.map((item) => encode(item === undefined ? null : item)).join(',') + ']';
  if (value && typeof value === 'object') {
    const parts = Object.keys(value).filter((key) => value[key] !== undefined).map((key) => quote(key) + ':' + encode(value[key]));
    return '{' + parts.join(',') + '}';
  }
  return typeof value === 'string' ? quote(value) : String(value);
}

/** @param {string} text */
function quote(text) {
  return '"' + text.replace(/["\\\u0000-\u001f\u2028\u2029\ud800-\udfff]/g, (character) => '\\u' + character.charCodeAt(0).toString(16).padStart(4, '0')) + '"';
}

/** @returns {string} a random UUID (RFC 9562, version 4); crypto.randomUUID is missing on plain http and before Safari 15.4 */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 15 | 64;
  bytes[8] = bytes[8] & 63 | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** @returns {string} 256 random bits, base64url: the visitor's secret, made here so that a repeated first request meets itself */
export function secret() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
