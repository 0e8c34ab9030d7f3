// The panel: a dialog beside the page, or over the whole of a phone's screen.

import { createComposer } from './composer.js';
import { createContactCard } from './contact.js';
import { h, icon } from './dom.js';
import { createLog } from './log.js';
import { createWords } from './words.js';

/**
 * @typedef {object} Needs
 * @property {import('./types').Host} host
 * @property {ReturnType<import('./store.js').createStore>} store
 * @property {ReturnType<import('./api.js').createApi>} api
 * @property {ReturnType<import('./conversation.js').createConversation>} conversation
 * @property {() => void} close
 */

/** @param {Needs} needs */
export async function createPanel(needs) {
  const { host, store, api, conversation } = needs;
  const { config } = host;
  /** @type {Promise<void> | null} */
  let bringing = null;
  /** @type {typeof import('./offers.js') | null} */
  let brought = null;
  /** @type {ReturnType<typeof import('./offers.js').createOffers> | null} */
  let offers = null;
  /** @type {Record<string, string | Record<string, string>>} */
  const texts = {};
  const words = createWords(config.language, texts);
  const { say } = words;
  await Promise.all([fetched('panel.css').then(host.adopt), learn(''), config.assistant && bringOffers()]);
  const phone = window.matchMedia('(max-width: 480px), (max-height: 420px)');
  /** @type {any} */
  let reporting = null;

  const faces = h('span', { class: 'faces', 'aria-hidden': 'true' });
  const status = h('small', null);
  /** @type {ReturnType<typeof import('./menu.js').createMenu> | null} */
  let menu = null;
  const menuButton = h('button', { type: 'button', class: 'plain', 'aria-label': say('menu'), 'aria-haspopup': 'menu', 'aria-expanded': 'false', onclick: openMenu, onpointerenter: bringMenu, onfocus: bringMenu },
    icon('M5 12h.01M12 12h.01M19 12h.01'));
  const header = h('header', null, faces,
    h('span', { class: 'title' }, h('b', { id: 'title', dir: 'auto' }, config.name), status),
    menuButton,
    h('button', { type: 'button', class: 'plain', 'aria-label': say('close'), onclick: () => needs.close() }, icon('M6 6l12 12M18 6L6 18')));
  const notice = h('p', { class: 'notice', role: 'status' });
  const contact = createContactCard({ ...needs, words });
  const composer = createComposer({ ...needs, words, learn, beforeSend: contact.collect });
  const log = createLog({ ...needs, words, card: contact.offer, edit: composer.fill, report, beforeSend: contact.collect });
  const foot = h('div', { class: 'foot', onkeydown: enter }, contact.required, composer.element);
  offerNow();
  const talk = h('div', { class: 'talking' }, log.element, foot);
  const panel = h('section', { class: 'panel ' + (config.widget.position === 'left' ? 'left' : 'right'), role: 'dialog', 'aria-labelledby': 'title', hidden: true, lang: config.language, tabindex: '-1', onkeydown: keys },
    header, notice, talk);
  host.landmark.prepend(panel);
  composer.acceptDropsOn(panel);

  showPresence();

  function showPresence() {
    const { nextAt, agents, replyMinutes } = conversation.state.presence;
    const online = conversation.state.presence.online || conversation.isAnswered();
    faces.replaceChildren(...agents.slice(0, 3).map((agent) => h('i', null, agent.initials)));
    if (online) status.textContent = replyMinutes ? say('onlineMinutes', { count: replyMinutes }) : say('online');
    else status.textContent = nextAt ? say('offlineUntil', { when: moment(new Date(nextAt)) }) : say('offline');
    panel.classList.toggle('away', !online);
    contact.update();
    log.update();
  }

  /** @param {Date} when */
  function moment(when) {
    return say('dayAndTime', { day: words.day(when), time: words.time(when) });
  }

  function showConnection() {
    const text = navigator.onLine === false ? say('noNetwork') : say('reconnecting');
    notice.textContent = conversation.state.connected ? '' : text;
  }

  /** @param {string} path */
  function fetched(path) {
    return host.fetch(host.assets + path).then(whole);
  }

  /** The sentences of what not everybody needs come with it. @param {string} part */
  async function learn(part) {
    Object.assign(texts, JSON.parse(await fetched(`texts/${config.language}${part}.json`)));
  }

  /** What messages may offer comes with the assistant, or with the first message that offers something. */
  function bringOffers() {
    return bringing || (bringing = Promise.all([import('./offers.js'), fetched('offers.css'), learn('.offers')])
      .then(([module, css]) => {
        host.adopt(css);
        brought = module;
      }, () => { bringing = null; }));
  }

  function offerNow() {
    if (!brought || offers) return;
    offers = brought.createOffers({ ...needs, words, card: contact.offer, edit: composer.fill, beforeSend: contact.collect });
    composer.element.before(offers.person);
    log.offer(offers);
  }

  async function report() {
    if (!reporting) {
      const parts = await Promise.all([import('./report.js'), learn('.report')]).catch(unreached);
      if (!parts) return;
      reporting = parts[0].createReport({ ...needs, words, required: contact.required, beforeSend: contact.collect, done: leaveReport });
      talk.before(reporting.element);
    }
    talk.hidden = true;
    reporting.show();
    panel.classList.add('reporting');
  }

  /** Who has named an address presses Enter there, in no form's field: the message goes. @param {KeyboardEvent} event */
  function enter(event) {
    if (event.key === 'Enter' && /** @type {HTMLInputElement} */ (event.target).type === 'text' && !event.isComposing && event.keyCode !== 229) composer.submit(event);
  }

  function leaveReport() {
    reporting.element.hidden = true;
    foot.prepend(contact.required);
    talk.hidden = false;
    panel.classList.remove('reporting');
    composer.focus();
    log.toEnd();
  }

  /** Before it is pressed, so that the next key finds it. */
  function bringMenu() {
    import('./menu.js').catch(() => 0);
  }

  async function openMenu() {
    const part = await import('./menu.js').catch(unreached);
    if (part) (menu = menu || part.createMenu({ ...needs, words, button: menuButton, report, unreached })).toggle();
  }

  /** What was pressed needs the server. */
  function unreached() {
    notice.textContent = say('reconnecting');
    setTimeout(showConnection, 5000);
  }

  /** @param {KeyboardEvent} event */
  function keys(event) {
    // The page's own shortcuts must not fire while somebody writes here.
    event.stopPropagation();
    if (event.key === 'Escape' && !event.isComposing) {
      if (reporting && !reporting.element.hidden) leaveReport();
      else needs.close();
    } else if (event.key === 'Tab' && phone.matches) keepInside(event);
  }

  /** Over the whole screen it is a modal dialog: the page behind is out of reach. @param {KeyboardEvent} event */
  function keepInside(event) {
    const reachable = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll('button, a[href], input, textarea, summary, [tabindex="0"]')])
      .filter((element) => element.tabIndex >= 0 && element.getClientRects().length > 0 && !(/** @type {any} */ (element).disabled));
    const first = reachable[0], last = reachable[reachable.length - 1];
    const active = host.root.activeElement;
    if (event.shiftKey && (active === first || active === panel)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && active === last) {
      event.preventDefault();
      first.focus();
    }
  }

  /** Keeps the panel above a phone's keyboard: the visual viewport is what the keyboard leaves. */
  function fit() {
    const viewport = window.visualViewport;
    panel.setAttribute('aria-modal', String(phone.matches));
    host.bubble.hidden = phone.matches && !panel.hidden;
    host.bubble.style.display = host.bubble.hidden ? 'none' : '';
    const full = phone.matches && viewport;
    panel.style.setProperty('--top', full ? viewport.offsetTop + 'px' : '');
    panel.style.setProperty('--height', full ? viewport.height + 'px' : '');
    if (!panel.hidden) log.follow();
  }

  return {
    report,
    /** @param {boolean} [quietly] without taking the focus from the page */
    show(quietly) {
      panel.hidden = false;
      if (window.visualViewport) {
        visualViewport?.addEventListener('resize', fit);
        visualViewport?.addEventListener('scroll', fit);
      }
      fit();
      showConnection();
      log.update();
      log.toEnd();
      if (quietly) return;
      // A phone's keyboard would cover half of what the visitor came to read.
      if (window.matchMedia('(pointer: coarse)').matches) panel.focus({ preventScroll: true });
      else composer.focus();
    },
    hide() {
      if (panel.hidden) return false;
      if (menu) menu.toggle(false);
      composer.keep();
      panel.hidden = true;
      visualViewport?.removeEventListener('resize', fit);
      visualViewport?.removeEventListener('scroll', fit);
      fit();
      return true;
    },
    /** @param {string} what */
    update(what) {
      if (what === 'presence') showPresence();
      else if (what === 'connection') showConnection();
      else {
        showPresence();
        log.follow();
        // Without them the words stand, and the next message asks again.
        if (!offers && conversation.all().some((message) => message.offer)) bringOffers().then(offerNow);
      }
    },
  };
}

/** @param {Response} response */
function whole(response) {
  if (!response.ok) throw new Error('HTTP ' + response.status);
  return response.text();
}
