// Elements without markup strings: nothing a person wrote is ever parsed as HTML.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any> | null} [attributes] `on…` are listeners, `class` and the rest attributes; false and null leave out
 * @param {(Node | string | null | false | undefined)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes || {})) {
    const value = /** @type {any} */ (attributes)[name];
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** @param {string} path what the pen draws on a 24 by 24 sheet @returns {SVGElement} */
export function icon(path) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const line = document.createElementNS(space, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/**
 * Text with its web addresses made links. Only http and https ever become one.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function linked(text) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'«»“”„，。；：！？、（）【】]+/gi)) {
    // A full stop or bracket after an address belongs to the sentence, unless the bracket was opened inside.
    let address = match[0].replace(/[.,;:!?…]+$/, '');
    while (address.endsWith(')') && address.split(')').length > address.split('(').length) address = address.slice(0, -1).replace(/[.,;:!?…]+$/, '');
    const at = match.index || 0;
    parts.push(text.slice(from, at), link(address, address));
    from = at + address.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/**
 * A formatted answer: lists, bold words, links, and pictures. Other marks stay as they were typed.
 * @param {string} text Markdown
 * @param {(key: string, words: string) => Node | string} picture
 * @returns {(Node | string)[]}
 */
export function formatted(text, picture) {
  return text.split(/((?:^(?:-|\d+\.) .*\n?)+)/m).flatMap((block, index) => {
    block = block.trim();
    const start = parseInt(block);
    return index % 2
      ? h(start ? 'ol' : 'ul', { start: start || null }, ...block.split('\n').map((item) => h('li', null, ...line(item.replace(/\S+ /, ''), picture))))
      : line(block, picture);
  });
}

/** @param {string} text @param {(key: string, words: string) => Node | string} picture */
function line(text, picture) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(/\*\*([^*\n]+)\*\*|\[([^\]\n]+)\]\((https?:\/\/[^\s()]+)\)|!\[([^\]\n]*)\]\(picture:([\w-]{8})\)/gi)) {
    const at = match.index || 0;
    parts.push(...linked(text.slice(from, at)), match[1] ? h('b', null, ...linked(match[1])) : match[5] ? picture(match[5], match[4]) : link(match[3], match[2]));
    from = at + match[0].length;
  }
  parts.push(...linked(text.slice(from)));
  return parts;
}

/** @param {string} address @param {string} words */
function link(address, words) {
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer nofollow ugc' }, words);
}
