export type BaseUrl = { readonly kind: 'url'; readonly url: URL } | { readonly kind: 'refused'; readonly why: string };

/**
 * Where a provider is: the part before /v1/messages, `https://api.anthropic.com` or a gateway's with a path. There is no
 * default: a credential goes nowhere that was not named.
 */
export function parseBaseUrl(text: string): BaseUrl {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return { kind: 'refused', why: 'the base URL must begin with https:// or http://' };
  }
  if (url.username !== '' || url.password !== '') {
    return { kind: 'refused', why: 'the base URL must hold no credential' };
  }
  if (url.search !== '' || url.hash !== '') return { kind: 'refused', why: 'the base URL must end with its path' };
  return { kind: 'url', url };
}

/** The address of a path and its query below a base: part by part, so that no path can name another host. */
export function addressOf(base: URL, path: string): URL {
  const [pathname = '', query = ''] = path.split(/\?(.*)/s);
  const address = new URL(base);
  address.pathname = base.pathname.replace(/\/+$/, '') + pathname;
  address.search = query;
  return address;
}
