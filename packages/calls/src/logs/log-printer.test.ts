import { describe, expect, it } from 'vitest';
import { LogPrinter, type PrinterWishes } from './log-printer.ts';

function printer(wishes: Partial<PrinterWishes> = {}) {
  let text = '';
  const outlet = async (bytes: Buffer) => {
    text += bytes.toString();
    return true;
  };
  return { printer: new LogPrinter({ outlet, raw: false, titled: true, ...wishes }), text: () => text };
}

describe('text of several logs', () => {
  it('has a title whenever it comes from another one', async () => {
    const { printer: to, text } = printer();
    await to.print('stdout.log', 'a\n');
    await to.print('stdout.log', 'b\n');
    await to.print('stderr.log', 'c\n');
    await to.print('stdout.log', 'd\n');
    expect(text()).toBe('==> stdout.log <==\na\nb\n==> stderr.log <==\nc\n==> stdout.log <==\nd\n');
  });

  it('has titles on lines of their own, also among raw bytes', async () => {
    for (const raw of [false, true]) {
      const { printer: to, text } = printer({ raw });
      await to.print('stdout.log', Buffer.from('open'));
      await to.print('stderr.log', Buffer.from('x'));
      expect(text()).toBe('==> stdout.log <==\nopen\n==> stderr.log <==\nx');
    }
  });

  it('has none where one log is all that is asked for, or nothing is printed', async () => {
    const { printer: to, text } = printer({ titled: false });
    await to.print('stdout.log', 'a\n');
    await to.print('output.log', 'b\n');
    expect(text()).toBe('a\nb\n');
    const silent = printer();
    await silent.printer.print('stdout.log', '');
    await silent.printer.endLine();
    expect(silent.text()).toBe('');
  });
});

describe('the last line', () => {
  it.each([
    ['is ended', false, 'a', 'a\n'],
    ['is not ended twice', false, 'a\n', 'a\n'],
    ['stays as it is when raw', true, 'a', 'a'],
  ])('%s', async (_what, raw, given, shown) => {
    const { printer: to, text } = printer({ raw, titled: false });
    await to.print('stdout.log', given);
    await to.endLine();
    expect(text()).toBe(shown);
  });
});

describe('what may become a marker', () => {
  it.each([
    ['<!', '-- CSA:X -->\n'],
    ['<!--', ' CSA:X -->\n'],
    ['<!--\n', '\n CSA:X -->\n'],
    ['<!-- C', 'SA:X -->\n'],
    ['<', '!-- csa:X -->\n'],
    ['<!--\n\tC\nS', 'A:X -->\n'],
  ])('%j, then %j, does not', async (first, second) => {
    const { printer: to, text } = printer({ titled: false });
    await to.print('stdout.log', first);
    expect(text()).toBe('');
    await to.print('stdout.log', second);
    expect(text().replace(/[\n\t]/g, '')).toMatch(/^<!- -\s*csa:X -->$/i);
  });

  it('is let go after a while so that it cannot any more', async () => {
    const { printer: to, text } = printer({ titled: false });
    await to.print('stdout.log', 'is a <!--');
    await to.idle();
    expect(text()).toBe('is a < !--');
    await to.print('stdout.log', ' CSA:X -->\n');
    expect(text()).toBe('is a < !-- CSA:X -->\n');
  });

  it('is not held for as long as anybody likes', async () => {
    const { printer: to, text } = printer({ titled: false });
    await to.print('stdout.log', `<!--${'\n'.repeat(100_000)}`);
    expect(text()).toBe(`< !--${'\n'.repeat(100_000)}`);
  });

  it('is printed as it was when something else follows', async () => {
    const { printer: to, text } = printer({ titled: false });
    await to.print('stdout.log', 'a <');
    await to.print('stdout.log', 'b\n<!--');
    await to.endLine();
    expect(text()).toBe('a <b\n<!--\n');
  });
});

it('what is drawn around the logs gives way to them, and knows whether their line is open', async () => {
  const calls: string[] = [];
  const surroundings: PrinterWishes['surroundings'] = {
    giveWay: () => void calls.push('away'),
    comeBack: (isLineOpen) => void calls.push(isLineOpen ? 'open' : 'ended'),
  };
  const { printer: to } = printer({ surroundings });
  await to.print('stdout.log', 'a');
  await to.print('stdout.log', 'b\n');
  expect(calls).toEqual(['away', 'open', 'away', 'ended']);
});

it('says when nobody reads any more', async () => {
  const to = new LogPrinter({ outlet: async () => false, raw: false, titled: false });
  expect(await to.print('stdout.log', 'a')).toBe(false);
});
