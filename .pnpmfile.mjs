/** What a package is built and tested with means nothing to those who install it, nor do the sources of this workspace. */
function beforePacking(manifest) {
  const { devDependencies, scripts, ...published } = manifest;
  return { ...published, ...(manifest.exports && { exports: withoutSource(manifest.exports) }) };
}

/** The condition `csa-source` names files that are not packed. */
function withoutSource(target) {
  if (typeof target !== 'object' || target === null) return target;
  const kept = Object.entries(target).filter(([condition]) => condition !== 'csa-source');
  return Object.fromEntries(kept.map(([condition, inner]) => [condition, withoutSource(inner)]));
}

export const hooks = { beforePacking };
