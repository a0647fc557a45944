/**
 * UUID version 7 (RFC 9562, section 5.7): ids made where an annotation is made. Twin of `annotator/uuid7.py`.
 * `crypto.getRandomValues` exists on plain-http pages too, unlike `crypto.randomUUID`.
 */

const CANONICAL_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const RANDOM_BITS = 74n; // rand_a (12) and rand_b (62), counted as one number
const LOW_62 = (1n << 62n) - 1n;

let lastMillisecond = -1;
let lastRandom = 0n;

/**
 * A new id in canonical lower case, greater than every one this process made before, also when the clock
 * stands still or goes back. Within a millisecond the random part is raised by a random step (section 6.2, method 2).
 */
export function uuid7(): string {
  const millisecond = Date.now();
  if (millisecond > lastMillisecond) {
    lastMillisecond = millisecond;
    lastRandom = randomBits(RANDOM_BITS - 1n);
  } else {
    lastRandom += 1n + randomBits(32n);
    if (lastRandom >> RANDOM_BITS !== 0n) {
      lastMillisecond += 1;
      lastRandom = randomBits(RANDOM_BITS - 1n);
    }
  }
  return compose(lastMillisecond, lastRandom);
}

/** Whether the text is a UUID of version 7 in canonical form, in either case. The time inside is not looked at. */
export function isUuid7(text: string): boolean {
  return CANONICAL_7.test(text);
}

function randomBits(bits: bigint): bigint {
  const words = crypto.getRandomValues(new Uint32Array(3));
  let number = 0n;
  for (const word of words) number = (number << 32n) | BigInt(word);
  return BigInt.asUintN(Number(bits), number);
}

function compose(millisecond: number, random: bigint): string {
  const number =
    (BigInt(millisecond) << 80n) | (7n << 76n) | ((random >> 62n) << 64n) | (2n << 62n) | (random & LOW_62);
  const hex = BigInt.asUintN(128, number).toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
