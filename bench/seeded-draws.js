/**
 * Random draws that are the same in every run: a generator (sfc32) seeded from a text, and what a
 * simulation needs of it.
 */
export function seededDraws(seed) {
  let [a, b, c] = [0, 1, 2].map((part) => hash(`${part} ${seed}`))
  let counter = 1

  /** In [0, 1). */
  const uniform = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 20; i++) uniform()

  /** Box and Muller 1958. */
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())

  /** Marsaglia and Tsang 2000; a shape below 1 by their section 6. */
  const gamma = (shape) => {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape)
    const d = shape - 1 / 3
    for (;;) {
      const x = normal()
      const v = (1 + x / Math.sqrt(9 * d)) ** 3
      if (v > 0 && Math.log(1 - uniform()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v
    }
  }

  return {
    uniform,
    beta(left, right) {
      const x = gamma(left)
      return x / (x + gamma(right))
    },
    binomial(trials, chance) {
      let events = 0
      for (let i = 0; i < trials; i++) if (uniform() < chance) events += 1
      return events
    },
    shuffled(values) {
      const all = [...values]
      for (let i = all.length - 1; i > 0; i--) {
        const j = Math.floor(uniform() * (i + 1))
        ;[all[i], all[j]] = [all[j], all[i]]
      }
      return all
    },
  }
}

/** FNV-1a, 32 bits, with a last mixing of its bits. */
function hash(text) {
  let value = 0x811c9dc5
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return value ^ (value >>> 13)
}
