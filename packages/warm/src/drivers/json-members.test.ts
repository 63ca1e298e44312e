import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { membersOf, withoutMember, withValue } from './json-members.ts';

const space = fc.stringMatching(/^[ \t\n\r]{0,3}$/);
const name = fc.oneof(fc.constantFrom('stream', 'max_tokens', 'a', '__proto__'), fc.string({ unit: 'binary' }));

/** A text of JSON as anybody may write it: escapes that need not be, and white space wherever it may stand. */
const object = fc
  .array(
    fc.record({ name, value: fc.jsonValue(), spaces: fc.tuple(space, space, space, space), escaped: fc.boolean() }),
  )
  .map((members) => {
    const written = members.map(({ name, value, spaces, escaped }) => {
      const key = escaped ? escapedWhole(name) : JSON.stringify(name);
      const text = JSON.stringify(value, null, spaces[0]);
      return { name, text, whole: `${key}${spaces[1]}:${spaces[2]}${text}`, spaces };
    });
    const text = `\n{ ${written.map(({ whole, spaces }) => spaces[3] + whole + spaces[0]).join(',')}}\n`;
    return { text, written };
  });

function escapedWhole(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

describe('the members of an object', () => {
  it('stand where they stand, whatever is in them', () => {
    fc.assert(
      fc.property(object, ({ text, written }) => {
        const found = membersOf(text).map(({ name, start, valueStart, end }) => ({
          name,
          whole: text.slice(start, end),
          text: text.slice(valueStart, end),
        }));
        expect(found).toEqual(written.map(({ name, whole, text }) => ({ name, whole, text })));
      }),
    );
  });

  it('are those of the outermost object alone', () => {
    const text = '{"a":{"stream":1,"b":["}",{"max_tokens":2}]},"c":"{\\"stream\\":true}","stream":null}';
    expect(membersOf(text).map((member) => member.name)).toEqual(['a', 'c', 'stream']);
  });

  it.each(['{}', ' { } ', '{\n}'])('of %j are none', (text) => {
    expect(membersOf(text)).toEqual([]);
  });
});

describe('a splice', () => {
  const unique = object.filter(({ written }) => new Set(written.map(({ name }) => name)).size === written.length);

  it('of a value changes that value, and no other byte', () => {
    fc.assert(
      fc.property(unique, name, ({ text, written }, chosen) => {
        const spliced = withValue(text, chosen, '0');
        const known = written.find((member) => member.name === chosen);
        expect(spliced.length - text.length).toBe(known === undefined ? 0 : 1 - known.text.length);
        expect(entries(spliced)).toEqual(entries(text).map(([key, value]) => [key, key === chosen ? 0 : value]));
      }),
    );
  });

  it('of a member takes it and one comma away, and no other byte', () => {
    fc.assert(
      fc.property(unique, fc.nat(), ({ text, written }, index) => {
        const chosen = written[index % Math.max(1, written.length)];
        const spliced = withoutMember(text, chosen?.name ?? 'none');
        const taken = chosen === undefined ? 0 : chosen.whole.length + (written.length > 1 ? 1 : 0);
        expect(text.length - spliced.length).toBe(taken);
        expect(entries(spliced)).toEqual(entries(text).filter(([key]) => key !== chosen?.name));
      }),
    );
  });

  it.each([
    ['{"stream":true}', '{}'],
    ['{"stream":true,"a":1}', '{"a":1}'],
    ['{ "stream" : true , "a":1}', '{   "a":1}'],
    ['{"a":1, "stream":true}', '{"a":1 }'],
    ['{"a":1,\n"stream":true\n,"b":","}', '{"a":1,\n\n"b":","}'],
    ['{"a":"stream","b":{"stream":true}}', '{"a":"stream","b":{"stream":true}}'],
    ['{"str\\u0065am":false,"a":"\\ud83d\\ude00 😀"}', '{"a":"\\ud83d\\ude00 😀"}'],
  ])('of stream out of %s leaves %s', (text, rest) => {
    expect(withoutMember(text, 'stream')).toBe(rest);
  });

  it('of a text of megabytes takes no stack', () => {
    const text = `{"system":"${'\\"{'.repeat(3_000_000)}","max_tokens":1}`;
    expect(withValue(text, 'max_tokens', '0')).toBe(`${text.slice(0, -2)}0}`);
    const deep = `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)},"max_tokens":1}`;
    expect(withValue(deep, 'max_tokens', '0')).toBe(`${deep.slice(0, -2)}0}`);
  });
});

/** Own entries, `__proto__` among them. */
function entries(text: string): [string, unknown][] {
  return Object.entries(JSON.parse(text));
}
