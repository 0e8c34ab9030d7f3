// The invisible challenge: find a number whose SHA-256, together with the server's nonce, begins with enough zero bits.
// Computed here and in slices: crypto.subtle is missing on plain http, and a worker would need the page's permission.

const K = constants();

/**
 * @param {string} nonce
 * @param {number} difficulty zero bits wanted, 1 to 28; each more doubles the work
 * @returns {Promise<string>} the solution, decimal
 */
export async function solve(nonce, difficulty) {
  if (!(difficulty >= 1 && difficulty <= 28)) throw new Error('The challenge is out of range.');
  const prefix = nonce + ':';
  for (let candidate = 0; ;) {
    const until = performance.now() + 12;
    while (performance.now() < until) {
      for (let step = 0; step < 64; step++, candidate++) {
        if (zeroBits(sha256(prefix + candidate)) >= difficulty) return String(candidate);
      }
    }
    await breath();
  }
}

/** Lets the page paint and answer; a message is not slowed down the way nested timers are. */
function breath() {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { channel.port1.close(); resolve(null); };
    channel.port2.postMessage(null);
  });
}

/** @param {Uint32Array} hash */
function zeroBits(hash) {
  let bits = 0;
  for (const word of hash) {
    bits += Math.clz32(word);
    if (word) break;
  }
  return bits;
}

/**
 * SHA-256 (FIPS 180-4) of ASCII text.
 * @param {string} text
 * @returns {Uint32Array} eight words
 */
export function sha256(text) {
  const length = text.length;
  const words = new Uint32Array((((length + 8) >> 6) + 1) * 16);
  for (let at = 0; at < length; at++) words[at >> 2] |= text.charCodeAt(at) << (24 - (at & 3) * 8);
  words[length >> 2] |= 0x80 << (24 - (length & 3) * 8);
  words[words.length - 1] = length * 8;
  const hash = new Uint32Array(K.initial);
  const w = new Uint32Array(64);
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let t = 0; t < 64; t++) {
      if (t < 16) w[t] = words[block + t];
      else {
        const x = w[t - 15], y = w[t - 2];
        w[t] = w[t - 16] + w[t - 7] + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10);
      }
      const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + K.rounds[t] + w[t] | 0;
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + first | 0; d = c; c = b; b = a; a = first + second | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, index) => { hash[index] += value; });
  }
  return hash;
}

/** @param {number} word @param {number} bits */
function turn(word, bits) {
  return word >>> bits | word << 32 - bits;
}

/** The fractional parts of the square and cube roots of the first primes, as the standard defines them. */
function constants() {
  const fraction = (/** @type {number} */ value) => (value - Math.floor(value)) * 0x100000000 | 0;
  const initial = [], rounds = [];
  for (let candidate = 2; rounds.length < 64; candidate++) {
    let prime = true;
    for (let factor = 2; factor * factor <= candidate; factor++) if (candidate % factor === 0) prime = false;
    if (!prime) continue;
    if (initial.length < 8) initial.push(fraction(Math.sqrt(candidate)));
    rounds.push(fraction(Math.cbrt(candidate)));
  }
  return { initial, rounds };
}
