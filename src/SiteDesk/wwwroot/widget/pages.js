// Pages the visitor looks at, told only after the visitor agreed, and until they take it back.

import { Problem } from './api.js';

/**
 * @typedef {ReturnType<import('./api.js').createApi>} Api
 * @typedef {ReturnType<import('./store.js').createStore>} Store
 */

let last = '';
let following = false;

/** @param {Api} api @param {Store} store */
export function follow(api, store) {
  const look = () => tell(api, store);
  look();
  if (following) return;
  following = true;
  // Pages that change their address without loading: looked at when something was done, so that the page's history stays untouched.
  for (const type of ['popstate', 'hashchange']) window.addEventListener(type, look);
  document.addEventListener('click', () => setTimeout(look, 500), { passive: true });
}

/** The visitor agrees. @param {Api} api @param {Store} store @param {number} version of the wording */
export async function allow(api, store, version) {
  store.set('pages', version);
  try {
    await api.call('POST', '/consent', { purpose: 'pages', version, granted: true });
    follow(api, store);
  } catch {
    // Not written down by the server, so not agreed: it is asked again.
    store.set('pages', null);
  }
}

/** The visitor takes it back. @param {Api} api @param {Store} store */
export async function stop(api, store) {
  const version = store.get('pages');
  store.set('pages', null);
  try {
    await api.call('POST', '/consent', { purpose: 'pages', version, granted: false });
  } catch (error) {
    // Not told: what was recorded is still there, and the menu offers it again.
    store.set('pages', version);
    throw error;
  }
}

/** @param {Api} api @param {Store} store */
function tell(api, store) {
  const url = location.origin + location.pathname;
  if (url === last || !store.get('pages') || document.visibilityState === 'hidden') return;
  last = url;
  api.call('POST', '/pages', { url: url.slice(0, 2000), title: document.title.slice(0, 300) }).catch((error) => {
    // Lost without harm when the network is gone; when the consent is gone, the next page load asks no more.
    if (!(error instanceof Problem)) throw error;
  });
}
