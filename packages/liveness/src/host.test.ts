import { readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { thisHost } from './host.ts';

test('this host is told by boot id, machine id and pid namespace, read once', () => {
  const host = thisHost();
  expect(host.bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  expect(host.machineId).toMatch(/^(-|[0-9a-f]{32})$/);
  expect(readlinkSync('/proc/self/ns/pid')).toBe(`pid:[${host.pidNamespace}]`);
  expect(thisHost()).toBe(host);
});
