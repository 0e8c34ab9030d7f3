// Where the visitor writes: text, files by picker, paste or drop; the draft survives a reload.

import { h, icon } from './dom.js';

/**
 * @param {import('./panel.js').Needs & {
 *   words: ReturnType<import('./words.js').createWords>,
 *   learn: (part: string) => Promise<void>,
 *   beforeSend: () => false | {contact?: any, consent?: any} }} needs
 */
export function createComposer({ host, store, api, conversation, words, learn, beforeSend }) {
  const { say } = words;
  const { limits } = host.config;
  /** @type {ReturnType<typeof import('./files.js').createFiles> | null} */
  let files = null;
  let choosing = 0;
  let saving = 0;

  const text = h('textarea', { rows: '1', placeholder: say('placeholder'), 'aria-label': say('placeholder'), 'aria-describedby': 'hint', dir: 'auto', enterkeyhint: 'send',
    oninput: written, onkeydown: keys, onpaste: pasted });
  const trap = h('input', { type: 'text', name: 'website', tabindex: '-1', autocomplete: 'off', 'aria-hidden': 'true', class: 'aside' });
  const picker = h('input', { type: 'file', multiple: true, accept: limits.fileTypes.join(','), hidden: true, onchange: () => { add([...picker.files || []]); picker.value = ''; } });
  const sendButton = h('button', { type: 'submit', class: 'send', 'aria-label': say('send') }, icon('M12 19V5M5.5 11.5L12 5l6.5 6.5'));
  const hint = h('p', { class: 'hint', id: 'hint', role: 'status' });
  const element = h('form', { class: 'composer', novalidate: true, onsubmit: submit }, hint,
    h('div', { class: 'row' },
      h('button', { type: 'button', class: 'plain', 'aria-label': say('attach'), onclick: () => picker.click() }, icon('M20 11.5l-8.4 8.4a5 5 0 0 1-7-7l8.7-8.8a3.4 3.4 0 0 1 4.8 4.8l-8.7 8.7a1.7 1.7 0 0 1-2.4-2.4l8-8')),
      picker, text, trap, sendButton));

  text.value = store.get('draft') || '';
  if (store.get('draftFiles')) add([]);
  requestAnimationFrame(grow);
  window.addEventListener('pagehide', keep);

  function written() {
    grow();
    clearTimeout(saving);
    saving = setTimeout(keep, 300);
    const left = limits.textLength - text.value.length;
    tell(left < 0 ? say('tooLong', { count: -left }) : left < 200 ? say('left', { count: left }) : '');
    if (text.value.trim()) conversation.typing();
    // Without it the message is written as before.
    if (text.value[7] && !store.get('known')) import('./articles.js').then(({ suggest }) => suggest(host, element, text), () => 0);
  }

  function keep() {
    store.set('draft', text.value || null);
  }

  function grow() {
    text.style.height = 'auto';
    text.style.height = Math.min(text.scrollHeight, 140) + 'px';
  }

  /** @param {string} sentence */
  function tell(sentence) {
    hint.textContent = sentence;
  }

  /** @param {KeyboardEvent} event */
  function keys(event) {
    // Enter also ends a word in a Chinese or Japanese input method: that one is not for us.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (window.matchMedia('(pointer: coarse)').matches && !event.ctrlKey) return;
    event.preventDefault();
    submit(event);
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const written = text.value.trim();
    if (choosing || files && files.going()) return tell(say('filesStillGoing'));
    const ready = files ? files.ready() : [];
    if (!written && !ready.length) return text.focus();
    if (text.value.length > limits.textLength) return;
    const more = beforeSend();
    if (!more) return;
    conversation.send({ text: written, files: ready, honeypot: trap.value || undefined, ...more });
    text.value = '';
    if (files) files.clear();
    tell('');
    grow();
    keep();
    text.focus();
  }

  /** @param {ClipboardEvent} event */
  function pasted(event) {
    const pasted = event.clipboardData ? [...event.clipboardData.files] : [];
    if (!pasted.length) return;
    event.preventDefault();
    add(pasted);
  }

  /** @param {HTMLElement} area */
  function acceptDropsOn(area) {
    const carries = (/** @type {DragEvent} */ event) => event.dataTransfer && [...event.dataTransfer.types].includes('Files');
    area.addEventListener('dragover', (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      area.classList.add('dropping');
    });
    area.addEventListener('dragleave', (event) => {
      if (!area.contains(/** @type {Node} */ (event.relatedTarget))) area.classList.remove('dropping');
    });
    area.addEventListener('drop', (event) => {
      area.classList.remove('dropping');
      if (!carries(event)) return;
      event.preventDefault();
      add([.../** @type {any} */ (event.dataTransfer).files]);
    });
  }

  /** What files need is brought in with the first one. @param {File[]} chosen */
  async function add(chosen) {
    choosing++;
    try {
      if (!files) {
        const [{ createFiles }] = await Promise.all([import('./files.js'), learn('.files')]);
        if (!files) element.prepend((files = createFiles({ host, store, api, words, hint, focus: () => text.focus() })).element);
      }
      files.add(chosen);
    } catch {
      // Not reached. Those of the draft stay where they are kept and come with the next one.
      if (chosen.length) tell(say('fileFailed', { name: chosen[0].name }));
    } finally {
      choosing--;
    }
  }

  return {
    element, keep, submit, acceptDropsOn,
    focus: () => text.focus({ preventScroll: true }),
    /** @param {string} value */
    fill(value) {
      text.value = value + (text.value ? '\n' + text.value : '');
      written();
      text.focus();
    },
  };
}
