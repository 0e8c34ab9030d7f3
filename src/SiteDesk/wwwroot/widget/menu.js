// The menu in the panel's head. Brought in with the first press on its button.

import { h } from './dom.js';

/**
 * @param {Pick<import('./panel.js').Needs, 'host' | 'store' | 'api' | 'conversation'> & {
 *   words: ReturnType<import('./words.js').createWords>, button: HTMLElement, report: () => any, unreached: () => void }} needs
 */
export function createMenu({ host, store, api, conversation, words, button, report, unreached }) {
  const { say } = words;
  const { config } = host;
  const menu = h('div', { class: 'menu', role: 'menu', hidden: true, onkeydown: walk });
  button.after(menu);
  host.root.addEventListener('click', (event) => {
    if (!menu.hidden && !event.composedPath().some((node) => node === menu || node === button)) toggle(false);
  });

  /** @param {boolean} [open] */
  function toggle(open = menu.hidden) {
    button.setAttribute('aria-expanded', String(open));
    if (menu.hidden === !open) return;
    menu.hidden = !open;
    if (!open) return button.focus();
    const { conversation: known } = conversation.state;
    const sound = Boolean(store.get('sound'));
    menu.replaceChildren(
      config.widget.offersProblemReport ? item('report', report) : '',
      item(sound ? 'soundOff' : 'soundOn', () => store.set('sound', sound ? null : true)),
      known && known.trackingUrl ? h('a', { role: 'menuitem', href: new URL(known.trackingUrl, host.base).href, target: '_blank', rel: 'noopener' }, say('ownPage')) : '',
      store.get('pages') ? item('pagesStop', () => import('./pages.js').then(({ stop }) => stop(api, store)).catch(unreached)) : '',
      config.privacy.policyUrl ? h('a', { role: 'menuitem', href: config.privacy.policyUrl, target: '_blank', rel: 'noopener' }, say('privacy')) : '');
    /** @type {HTMLElement} */ (menu.firstElementChild).focus();
  }

  /** @param {string} text @param {() => any} work */
  function item(text, work) {
    return h('button', { type: 'button', role: 'menuitem', onclick: () => { toggle(false); work(); } }, say(text));
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const items = /** @type {HTMLElement[]} */ ([...menu.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (host.root.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.stopPropagation();
      toggle(false);
    } else if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    }
  }

  return { toggle };
}
