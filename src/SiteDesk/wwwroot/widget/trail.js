// Who goes from here to the help centre may come back with a question: what was looked for there goes with it, so that nobody has to
// tell it again. Known under a name made for this visit alone, until the first message is sent.

import { createStore, secret } from './store.js';

const lasts = 24 * 60 * 60 * 1000;

/** @type {ReturnType<typeof createStore> | undefined} */
let store;

/** @param {import('./types').Host} host */
const storeOf = (host) => store || (store = createStore(host.site, () => {}));

/** The visit's name, the same in all tabs of the site for a day. @param {import('./types').Host} host @returns {string} */
export function visitOf(host) {
  const known = storeOf(host).get('visit');
  if (known && Date.now() - known.at < lasts) return known.name;
  const made = { name: secret(), at: Date.now() };
  storeOf(host).set('visit', made);
  return made.name;
}

/**
 * Has a page of the help centre know the visit it is read in. Behind the #, so that no server sees it unasked.
 * @param {import('./types').Host} host
 * @param {HTMLAnchorElement} link
 */
export function leaveTrail(host, link) {
  const { privacy } = host.config;
  const { get } = storeOf(host);
  // Pages are known after consent alone where the site asks for it; who has a conversation tells it there.
  if (get('known') || privacy.pageTracking && get('pages') !== privacy.consentVersion) return;
  if (!link.hash || link.hash.startsWith('#visit=')) link.hash = 'visit=' + visitOf(host);
}
