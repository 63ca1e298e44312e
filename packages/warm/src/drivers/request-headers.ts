/** Of one connection only (RFC 9110, section 7.6.1), or made anew for each request. */
const OWN_TO_ONE_REQUEST: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'expect',
  // The same one again would be given the same answer again, without a request.
  'idempotency-key',
]);

const CREDENTIAL = /auth|cookie|secret|password|credential|api[-_]?key|token/i;

/** Whether a header is one by which somebody is known: such a one is never written down. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL.test(name);
}

/**
 * What of a request's headers may be written down and sent again: no credentials, under whatever name they come, and
 * nothing that belongs to the one connection or the one request.
 */
export function lastingHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers);
  const secrets = entries.filter(([name]) => isCredentialHeader(name)).flatMap(([, value]) => secretsIn(value));
  const named = new Set(
    headerValue(headers, 'connection')
      .toLowerCase()
      .split(/[\s,]+/),
  );
  return Object.fromEntries(
    entries.filter(([name, value]) => {
      const lower = name.toLowerCase();
      if (OWN_TO_ONE_REQUEST.has(lower) || named.has(lower) || isCredentialHeader(name)) return false;
      return !secrets.some((secret) => value.includes(secret));
    }),
  );
}

/** The value of a header, whatever the case of its name; '' when there is none. */
export function headerValue(headers: Readonly<Record<string, string>>, wanted: string): string {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}

const SHORTEST_SECRET = 16;

/** The value, and without its scheme: a gateway may want it under two names. */
function secretsIn(value: string): string[] {
  return [value, value.replace(/^\S+\s+/, '')].filter((secret) => secret.length >= SHORTEST_SECRET);
}
