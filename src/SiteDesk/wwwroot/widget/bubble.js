// The frame in the page and the button in it. The frame is the only thing the host page ever sees of the widget.

/**
 * @param {any} loader what the loader knows, with `press` (the button was used) and `approach` (the pointer comes near)
 * @returns {import('./types').Host}
 */
export function showBubble(loader) {
  /** @type {import('./types').Config} */
  const config = loader.config;
  const frame = document.createElement('div');
  // Inline and important: a page that styles every element must not reach the frame itself.
  for (const [name, value] of frameStyle) frame.style.setProperty(name, value, 'important');
  frame.lang = config.language;
  const root = frame.attachShadow({ mode: 'open' });

  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.hidden = true;
  const bubble = document.createElement('button');
  bubble.type = 'button';
  bubble.className = 'bubble ' + (config.widget.position === 'left' ? 'left' : 'right');
  bubble.setAttribute('aria-label', config.widget.label);
  bubble.setAttribute('aria-haspopup', 'dialog');
  bubble.setAttribute('aria-expanded', 'false');
  bubble.append(drawn('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    drawn('path', { class: 'talk', d: 'M4 5h16v11.5h-8.5L7 20v-3.5H4z' }),
    drawn('path', { class: 'hide', d: 'M6.5 9.5l5.5 5.5 5.5-5.5' })), badge);
  bubble.addEventListener('click', loader.press);
  bubble.addEventListener('pointerenter', loader.approach, { once: true });

  const landmark = document.createElement('aside');
  landmark.setAttribute('aria-label', config.widget.label);
  landmark.className = config.widget.theme;
  landmark.style.setProperty('--offset', `${Number(config.widget.offset) || 0}px`);
  landmark.append(bubble);
  const color = /^#[0-9a-f]{6}$/i.test(config.color) ? config.color : '#2457c5';
  landmark.style.setProperty('--brand', color);
  landmark.style.setProperty('--on', readableOn(color));
  root.append(landmark);

  const host = {
    ...loader, root, frame, bubble, landmark,
    /** @param {string} css */
    adopt: (css) => adopt(root, css, loader.nonce),
    /** @param {number} count */
    badge(count) {
      badge.hidden = count < 1;
      badge.textContent = count > 9 ? '9+' : String(count);
    },
  };
  host.adopt(bubbleStyle);
  host.badge(loader.unread);
  // A link of the page to the help centre, about to be followed.
  const helpCentre = loader.base + 'help/';
  for (const type of ['pointerover', 'focusin']) {
    document.addEventListener(type, (event) => {
      const link = event.target instanceof Element && event.target.closest('a');
      if (link && link.href.startsWith(helpCentre)) import('./trail.js').then(({ leaveTrail }) => leaveTrail(host, link), () => 0);
    }, { passive: true });
  }
  // Beside the body, not in it: pages that swap their body keep the conversation open.
  document.documentElement.append(frame);
  return host;
}

/** @param {string} color @returns {string} black or white, whichever reads better; never under 4.5 : 1 (WCAG 2.2, 1.4.3) */
function readableOn(color) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
}

/** @param {ShadowRoot} root @param {string} css @param {string} nonce */
function adopt(root, css, nonce) {
  // Constructed sheets are not subject to the page's style policy; Safari before 16.4 has none.
  if (/** @type {any} */ (document).adoptedStyleSheets) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return;
  }
  const style = document.createElement('style');
  if (nonce) style.nonce = nonce;
  style.textContent = css;
  root.append(style);
}

/** @param {string} tag @param {Record<string, string>} attributes @param {Element[]} children */
function drawn(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const name of Object.keys(attributes)) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

const frameStyle = Object.entries({
  all: 'initial', position: 'fixed', inset: 'auto 0 0 auto', width: '0', height: '0', display: 'block', direction: 'ltr',
  'z-index': '2147483646', 'pointer-events': 'auto', visibility: 'visible', opacity: '1', 'color-scheme': 'light dark',
});

const bubbleStyle = `
aside { all: initial; display: block }
.bubble { all: unset; box-sizing: border-box; position: fixed; bottom: var(--offset); bottom: calc(var(--offset) + env(safe-area-inset-bottom, 0px)); width: 56px; height: 56px;
  border-radius: 50%; background: var(--brand); color: var(--on); cursor: pointer; display: grid; place-items: center; touch-action: manipulation;
  box-shadow: 0 6px 24px rgba(0,0,0,.2), 0 0 0 1px rgba(255,255,255,.14); -webkit-tap-highlight-color: transparent; animation: appear .14s ease-out }
.right { right: var(--offset) }
.left { left: var(--offset) }
.bubble:hover { filter: brightness(1.06) }
.bubble:focus-visible { outline: 3px solid var(--brand); outline-offset: 3px }
.bubble svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round }
.bubble .hide, .bubble[aria-expanded=true] .talk { display: none }
.bubble[aria-expanded=true] .hide { display: inline }
.badge { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 5px; box-sizing: border-box; border-radius: 11px;
  background: #c62828; color: #fff; font: 600 12px/22px system-ui, sans-serif; text-align: center; box-shadow: 0 0 0 2px #fff }
.badge[hidden] { display: none }
@keyframes appear { from { opacity: 0; transform: scale(.8) } }
@media (prefers-reduced-motion: reduce) { .bubble { animation: none } }
@media (forced-colors: active) { .bubble { border: 2px solid ButtonText } }
@media print { aside { display: none } }`;
