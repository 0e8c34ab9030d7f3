// Pages the visitor looks at, told only after the visitor agreed.

import { Problem } from './api.js';

let last = '';

/** @param {ReturnType<import('./api.js').createApi>} api */
export function follow(api) {
  tell(api);
  // Pages that change their address without loading: looked at when something was done, so that the page's history stays untouched.
  for (const type of ['popstate', 'hashchange']) window.addEventListener(type, () => tell(api));
  document.addEventListener('click', () => setTimeout(() => tell(api), 500), { passive: true });
}

/** @param {ReturnType<import('./api.js').createApi>} api */
function tell(api) {
  const url = location.origin + location.pathname;
  if (url === last || document.visibilityState === 'hidden') return;
  last = url;
  api.call('POST', '/pages', { url: url.slice(0, 2000), title: document.title.slice(0, 300) }).catch((error) => {
    // Lost without harm when the network is gone; when the consent is gone, the next page load asks no more.
    if (!(error instanceof Problem)) throw error;
  });
}
