// What keeping a prompt cache warm costs by policy, simulated over kinds of waits with the package's own decisions: a
// table on stdout, a picture in docs/images. Build first; the same seed gives the same numbers.
//   node bench/warm.mjs [SEED [WAITS]]
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const DEFAULTS = { seed: 20_261_120, waits: 20_000 };

const TIERS = [
  { tier: '5m', ttlMs: 5 * MINUTE },
  { tier: '1h', ttlMs: 60 * MINUTE },
];

/** How long it takes until the agent's next own request, in milliseconds; Infinity: it never comes. */
const KINDS = [
  { name: 'a build', draw: (random) => logNormal(random, 8, 1) },
  {
    name: 'tests or a deploy',
    draw: (random) => (random() < 0.7 ? logNormal(random, 3, 0.3) : logNormal(random, 75, 0.3)),
  },
  { name: 'anything up to an hour', draw: (random) => random() * 60 * MINUTE },
  { name: 'a heavy tail', draw: (random) => Math.min(DAY, (5 * MINUTE) / (1 - random()) ** (1 / 1.1)) },
  { name: 'a night', draw: (random) => (6 + random() * 8) * 60 * MINUTE },
  { name: 'a pause, 3 in 10 for good', draw: (random) => (random() < 0.3 ? Infinity : logNormal(random, 15, 1.5)) },
];

/** Each says of one wait whether to send one more, after `sent` of them. */
const POLICIES = [
  { name: 'never', sends: () => false },
  { name: 'always', sends: () => true },
  { name: 'three', sends: ({ sent }) => sent < 3 },
  { name: 'break-even', sends: ({ sent, decide }) => decide(sent).kind === 'due' },
  {
    // As break-even, and only while the usual rest of such a wait fits into what is left of it.
    name: 'by the rest',
    sends: ({ sent, breakEven, intervalMs, restMs }) =>
      sent + Math.ceil(restMs(sent * intervalMs) / intervalMs) <= breakEven && sent < breakEven,
  },
];
const COLUMNS = [...POLICIES.map(({ name }) => name), 'best'];

/**
 * The mean price of a wait and of the request that ends it, in prefix tokens x input price, for each tier and kind of
 * wait by policy; `best` knows when the wait ends. `policy` holds the package's own functions.
 */
export function simulate(policy, { seed, waits } = DEFAULTS) {
  return TIERS.flatMap(({ tier, ttlMs }) =>
    KINDS.map(({ name, draw }) => {
      const random = randomOf(`${seed} ${tier} ${name}`);
      const known = Array.from({ length: waits }, () => draw(random)).sort((a, b) => a - b);
      const world = worldOf(policy, { tier, ttlMs, known });
      const totals = COLUMNS.map(() => 0);
      for (let i = 0; i < waits; i += 1) {
        const wait = draw(random);
        const prices = POLICIES.map(({ sends }) => priceOf(wait, sends, world));
        [...prices, bestOf(wait, world)].forEach((price, column) => {
          totals[column] += price;
        });
      }
      return { tier, kind: name, means: totals.map((total) => total / waits / 1000) };
    }),
  );
}

/** What is the same for all waits of a kind. Prices are whole thousandths of the prefix at the input price. */
function worldOf({ breakEven, chooseInterval, decideWarm, pricingFor }, { tier, ttlMs, known }) {
  const pricing = { ...pricingFor(), inputPrice: 3000, outputPrice: 15_000 };
  const intervalMs = chooseInterval(undefined, ttlMs);
  const decisions = new Map();
  const decide = (sent) => {
    const facts = factsOf({ tier, ttlMs, intervalMs, pricing, sent });
    if (!decisions.has(sent)) decisions.set(sent, decideWarm(facts));
    return decisions.get(sent);
  };
  const read = pricing.readPerMille;
  const write = tier === '1h' ? pricing.writeHourPerMille : pricing.writePerMille;
  return {
    ttlMs,
    intervalMs,
    decide,
    read,
    write,
    breakEven: breakEven(pricing, tier),
    restMs: (age) => usualRest(known, age),
  };
}

/** Of a wait that still goes on: the daemon lives, and the interval has just passed since the last warm. */
function factsOf({ tier, ttlMs, intervalMs, pricing, sent }) {
  return {
    killSwitch: false,
    enabled: true,
    leftMs: DAY,
    durationGiven: true,
    session: 'alive',
    caller: 'idle',
    inFlight: false,
    driver: 'ready',
    revive: false,
    clock: { ageMs: intervalMs, ttlMs, intervalMs, planned: true, sinceAttemptMs: intervalMs, backoffMs: 0 },
    history: { warms: sent, mismatches: 0, wrote: false },
    money: { pricing, tier, prefixTokens: 100_000, returnPerMille: 1000, spent: 0, threshold: 0 },
  };
}

/** The warms of one wait, which nobody looks at for longer than a day, and the request that ends it. */
function priceOf(waitMs, sends, world) {
  const { intervalMs, ttlMs, read, write } = world;
  let sent = 0;
  while ((sent + 1) * intervalMs < Math.min(waitMs, DAY) && sends({ ...world, sent })) sent += 1;
  return sent * read + returnPrice(waitMs, sent * intervalMs + ttlMs, { read, write });
}

function bestOf(waitMs, { intervalMs, ttlMs, read, write }) {
  if (waitMs === Infinity) return 0;
  const needed = Math.max(0, Math.ceil((waitMs - ttlMs) / intervalMs));
  return Math.min((needed + 1) * read, write);
}

function returnPrice(waitMs, warmUntilMs, { read, write }) {
  if (waitMs === Infinity) return 0;
  return waitMs <= warmUntilMs ? read : write;
}

/** The median of what is left of the known waits that took longer than `age`. */
function usualRest(known, age) {
  let low = 0;
  for (let high = known.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (known[middle] > age) high = middle;
    else low = middle + 1;
  }
  return low === known.length ? 0 : known[(low + known.length) >> 1] - age;
}

function logNormal(random, medianMinutes, sigma) {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return medianMinutes * MINUTE * Math.exp(sigma * normal);
}

/** A small generator (mulberry32) that a text seeds. */
function randomOf(text) {
  let state = [...text].reduce((hash, char) => Math.imul(hash ^ char.codePointAt(0), 16_777_619), 2_166_136_261);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** As Markdown; the cheapest policy of each line is in bold. */
export function tableOf(rows) {
  const cells = rows.map(({ tier, kind, means }) => {
    const cheapest = Math.min(...means.slice(0, -1).map((mean) => Number(mean.toFixed(2))));
    const prices = means.map((mean, i) =>
      i < means.length - 1 && Number(mean.toFixed(2)) === cheapest ? `**${mean.toFixed(2)}**` : mean.toFixed(2),
    );
    return [tier, kind, ...prices];
  });
  const lines = [['tier', 'a wait for', ...COLUMNS], ...cells];
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const print = (line) =>
    `| ${line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [print(lines[0]), rule, ...lines.slice(1).map(print)].join('\n');
}

const LEFT = 190;
const RIGHT = 780;
const ROW = 50;
const LANE = 8;
const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 40];
/** A colour that can be told from the others on light and on dark, and a shape for those who cannot. */
const MARKS = [
  { colour: '#8a8a8a', shape: (x, y) => `<circle cx="${x}" cy="${y}" r="3.6"/>` },
  { colour: '#d1495b', shape: (x, y) => `<rect x="${x - 3.4}" y="${y - 3.4}" width="6.8" height="6.8"/>` },
  { colour: '#b8860b', shape: (x, y) => `<path d="M${x} ${y - 4.4}l4.4 8h-8.8z"/>` },
  { colour: '#2a7fd4', shape: (x, y) => `<path d="M${x} ${y - 4.6}l4.6 4.6l-4.6 4.6l-4.6-4.6z"/>` },
  { colour: '#1f9d6b', shape: (x, y) => `<path d="M${x} ${y + 4.4}l4.4-8h-8.8z"/>` },
];

/** The same numbers as a picture: the further left, the cheaper. */
export function pictureOf(rows, { seed, waits }) {
  const top = 96;
  const height = top + rows.length * ROW + 60;
  const x = (price) => round(LEFT + ((Math.log(price) - Math.log(0.09)) / Math.log(45 / 0.09)) * (RIGHT - LEFT));
  const parts = [
    ...gridOf(x, { top, bottom: height - 50 }),
    ...legendOf(x),
    ...rows.flatMap((row, i) => lineOf(row, top + i * ROW, x)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 ${height}" width="800" height="${height}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="12">
<title id="title">What keeping a prompt cache warm costs, by policy</title>
<desc id="desc">${describe(rows)}</desc>
<style>.paper{fill:#fff}.ink{fill:#24292f}.faint{fill:#57606a}.grid{stroke:#d0d7de}.best{stroke:#24292f;stroke-width:2}@media(prefers-color-scheme:dark){.paper{fill:#0d1117}.ink{fill:#e6edf3}.faint{fill:#9da7b3}.grid{stroke:#30363d}.best{stroke:#e6edf3}}</style>
<rect class="paper" width="800" height="${height}" rx="6"/>
<text class="ink" x="16" y="28" font-size="16" font-weight="600">What keeping a prompt cache warm costs, by policy</text>
${parts.join('\n')}
<text class="faint" x="${(LEFT + RIGHT) / 2}" y="${height - 14}" text-anchor="middle">price of a wait and of the request that ends it, in prefix tokens x input price</text>
<text class="faint" x="16" y="${height - 14}">${waits} waits, seed ${seed}</text>
</svg>
`;
}

function gridOf(x, { top, bottom }) {
  return TICKS.flatMap((tick) => [
    `<line class="grid" x1="${x(tick)}" y1="${top - 10}" x2="${x(tick)}" y2="${bottom}"/>`,
    `<text class="faint" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
  ]);
}

function legendOf() {
  const marks = POLICIES.map(({ name }, i) => {
    const at = 20 + i * 118;
    return `<g fill="${MARKS[i].colour}">${MARKS[i].shape(at, 54)}</g><text class="ink" x="${at + 10}" y="58">${name}</text>`;
  });
  return [
    ...marks,
    '<line class="best" x1="620" y1="46" x2="620" y2="62"/><text class="ink" x="630" y="58">the best possible</text>',
  ];
}

function lineOf({ tier, kind, means }, y, x) {
  const best = x(means.at(-1));
  return [
    `<line class="grid" x1="16" y1="${y - 6}" x2="${RIGHT}" y2="${y - 6}"/>`,
    `<text class="ink" x="16" y="${y + 16}">${kind}</text><text class="faint" x="16" y="${y + 31}">${tier}</text>`,
    `<line class="best" x1="${best}" y1="${y - 1}" x2="${best}" y2="${y + 4 * LANE + 5}"/>`,
    ...MARKS.map(({ colour, shape }, i) => `<g fill="${colour}">${shape(x(means[i]), y + 2 + i * LANE)}</g>`),
  ];
}

/** The picture in words, for those who hear it. */
function describe(rows) {
  const lines = rows.map(({ tier, kind, means }) => {
    const prices = COLUMNS.map((name, i) => `${name} ${means[i].toFixed(2)}`).join(', ');
    return `${tier} tier, ${kind}: ${prices}.`;
  });
  return lines.join(' ');
}

const round = (value) => Math.round(value * 10) / 10;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = { seed: Number(process.argv[2] ?? DEFAULTS.seed), waits: Number(process.argv[3] ?? DEFAULTS.waits) };
  const rows = simulate(await import(join(root, 'packages/warm/dist/index.js')), options);
  const picture = join(root, 'docs/images/warm-policies.svg');
  console.log(`seed ${options.seed}, ${options.waits} waits each\n\n${tableOf(rows)}`);
  mkdirSync(dirname(picture), { recursive: true });
  writeFileSync(picture, pictureOf(rows, options));
}
