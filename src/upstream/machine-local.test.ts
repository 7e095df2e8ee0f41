import { expect, it } from 'vitest';
import { isMachineLocal } from './machine-local.ts';

it.each([
  'http://127.0.0.1:3001',
  'http://127.1/',
  'http://0x7f000001/',
  'http://localhost/',
  'http://localhost./',
  'http://idp.localhost/',
  'http://[::1]:1/',
  'http://[::ffff:127.0.0.1]/',
  'http://0.0.0.0/',
  'http://169.254.169.254/',
  'http://2852039166/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fe80::1]/',
  'http://[::]/',
])('%s is of this machine', (href) => {
  expect(isMachineLocal(new URL(href))).toBe(true);
});

it.each([
  'https://idp.example/',
  'https://localhost.example/',
  'https://127.0.0.1.example/',
  'https://192.0.2.1/',
  'https://128.0.0.1/',
  'https://[2001:db8::1]/',
])('%s is elsewhere', (href) => {
  expect(isMachineLocal(new URL(href))).toBe(false);
});
