// The loader: the one script a site includes. It records what fails on the page (for "report a problem"), shows the bubble
// and brings in the rest when it is needed. It must never break, slow or restyle the page that includes it.
(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const global = /** @type {any} */ (window);
  const site = script && script.dataset.site;
  if (!script || !site || global.SiteDesk || !Element.prototype.attachShadow || !global.AbortController) return;

  const base = new URL('.', script.src).href;
  const api = base + 'widget/v1/' + encodeURIComponent(site);
  const languages = script.dataset.language
    || [document.documentElement.lang, ...(navigator.languages || [navigator.language])].filter(Boolean).slice(0, 5).join(',');
  const nonce = script.nonce || '';
  const nativeFetch = window.fetch.bind(window);
  /** @type {{errors: string[], requests: string[], since?: number}} */
  const diagnostics = { errors: [], requests: [] };
  /** @type {any} */
  let host = null;
  /** @type {Promise<any> | null} */
  let starting = null;
  let warned = false;
  let attempts = 0;

  if (script.dataset.diagnostics !== 'off') recordFailures();

  global.SiteDesk = {
    open: () => act('open'),
    close: () => starting && act('close'),
    report: () => act('report'),
  };

  if (document.readyState === 'complete') whenIdle(begin);
  else window.addEventListener('load', () => whenIdle(begin), { once: true });

  /** @param {() => void} work */
  function whenIdle(work) {
    if (global.requestIdleCallback) global.requestIdleCallback(work, { timeout: 1500 });
    else setTimeout(work, 200);
  }

  let begun = 0;
  function begin() {
    prepare().then(() => {
      // On a phone it would cover the page that was gone to.
      if (stored('open', 'sessionStorage') && innerWidth > 480 && innerHeight > 420) act('reopen');
      // Who has a conversation here may have an answer waiting; everybody else costs the server nothing more.
      else if (stored('token') && (stored('known') || stored('outbox'))) act('wake');
    }, () => {
      if (++begun < 4) setTimeout(begin, begun * 20000 * (1 + Math.random()));
    });
  }

  /** @type {Promise<void> | null} */
  let prepared = null;
  function prepare() {
    return prepared || (prepared = configure().catch((error) => {
      prepared = null;
      warn(error);
      throw error;
    }));
  }

  async function configure() {
    const response = await nativeFetch(api + '/config?language=' + encodeURIComponent(languages), { credentials: 'omit' });
    if (!response.ok) throw new Error(response.status === 403 ? 'this address is not among the site\'s domains' : 'HTTP ' + response.status);
    const config = await response.json();
    const assets = new URL(config.assets || 'widget/', base).href;
    const { showBubble } = await import(assets + 'bubble.js');
    host = showBubble({
      base, site, languages, nonce, config, configAt: Date.now(), assets, diagnostics, fetch: nativeFetch,
      unread: Number(stored('unread')) || 0, press: () => act('toggle'), approach: () => load().catch(() => {}),
    });
  }

  function load() {
    return starting || (starting = prepare().then(() => {
      // A failed module stays failed under its address, hence a new address for every further attempt.
      const suffix = attempts++ ? '?again=' + attempts : '';
      return Promise.all([import(host.assets + 'app.js' + suffix), import(host.assets + 'panel.js')]);
    }).then(([app]) => app.start(host)).catch((error) => {
      starting = null;
      warn(error);
      throw error;
    }));
  }

  /** @param {string} what */
  function act(what) {
    return load().then((app) => app[what]()).catch((error) => warn(error));
  }

  /** @param {any} error */
  function warn(error) {
    if (warned) return;
    warned = true;
    console.warn('SiteDesk: no chat here: ' + (error && error.message || error) + '. A content security policy must allow '
      + new URL(base).origin + ' in script-src, connect-src and img-src.');
  }

  /** @param {string} name @param {string} [where] */
  function stored(name, where = 'localStorage') {
    try {
      const text = global[where].getItem('sitedesk:' + site + ':' + name);
      return text && text !== '[]' ? JSON.parse(text) : null;
    } catch {
      // Storage is forbidden here: there is nothing to remember.
      return null;
    }
  }

  function recordFailures() {
    // What failed before is looked for when a report is written.
    diagnostics.since = performance.now();
    /** @param {string[]} list @param {string} line */
    const keep = (list, line) => {
      if (list[list.length - 1] === line) return;
      list.push(line.slice(0, 300));
      if (list.length > 10) list.shift();
    };
    const time = (at = performance.now()) => new Date(Date.now() - performance.now() + at).toISOString().slice(11, 19) + ' ';
    // Query strings carry secrets more often than causes.
    const bare = (/** @type {any} */ url) => {
      try {
        const parsed = new URL(url, location.href);
        return parsed.origin + parsed.pathname;
      } catch {
        return url;
      }
    };
    const failed = (/** @type {string} */ method, /** @type {any} */ url, /** @type {any} */ what) => {
      const address = bare(url);
      if (String(address).indexOf(base)) keep(diagnostics.requests, time() + method + ' ' + address + ' ' + what);
    };
    const hear = (/** @type {any} */ event) => {
      const { target, reason } = event;
      const at = time(event.timeStamp);
      if (event.type !== 'error') keep(diagnostics.errors, at + 'Unhandled: ' + (reason && reason.message || reason));
      else if (target && target !== window && target.tagName) failed(target.tagName.toLowerCase(), target.currentSrc || target.src || target.href, 'not loaded');
      else if (event.message) keep(diagnostics.errors, at + event.message + ' (' + bare(event.filename || location.href) + ':' + event.lineno + ')');
    };
    // A site may gather events for us from its first line on.
    (global.SiteDeskEarly || []).forEach(hear);
    for (const type of ['error', 'unhandledrejection']) window.addEventListener(type, hear, true);
    // Proxies, so that the functions keep their names, properties and native look; the page gets its own answer and its own error.
    const original = window.fetch;
    window.fetch = new Proxy(original, {
      apply(target, self, args) {
        const method = args[1] && args[1].method || args[0] && args[0].method || 'GET';
        const url = args[0] && args[0].url || args[0];
        return Reflect.apply(target, self, args).then((/** @type {Response} */ response) => {
          if (response.status >= 400) failed(method, url, response.status);
          return response;
        }, (/** @type {any} */ error) => {
          if (!error || error.name !== 'AbortError') failed(method, url, error && error.message);
          throw error;
        });
      },
    });
    const watched = new WeakSet();
    XMLHttpRequest.prototype.open = new Proxy(XMLHttpRequest.prototype.open, {
      apply(target, self, args) {
        if (!watched.has(self)) {
          watched.add(self);
          for (const type of ['load', 'error', 'timeout']) {
            self.addEventListener(type, () => {
              if (type !== 'load' || self.status >= 400) failed(args[0], self.responseURL || args[1], self.status || type);
            });
          }
        }
        return Reflect.apply(target, self, args);
      },
    });
  }
})();
