import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { actSchema } from '../registrations/registrations.ts';
import { recordedActs } from './recorded-acts.ts';

const source = new URL('../', import.meta.url);

test('every act that the code records by its name has its words', () => {
  const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|testing|conformance/u.test(name))
    .map((name) => readFileSync(new URL(name, source), 'utf8'));
  const named = code.flatMap((text) =>
    [...text.matchAll(/\bact: '(?<act>[a-z_]+\.[a-z_]+)'/gu)].map(({ groups }) => groups?.['act']),
  );
  const steps = actSchema.options.map(({ shape }) => `registration.${shape.act.value}`);
  expect([...named, ...steps].filter((act) => !recordedActs.includes(act ?? ''))).toEqual([]);
});

test.each(['fr', 'en'])('the words of %s are those of the list', (lang) => {
  const file = new URL(`../../locales/${lang}.record.json`, import.meta.url);
  const { recorded } = z
    .object({ recorded: z.record(z.string(), z.record(z.string(), z.string())) })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  const names = Object.entries(recorded).flatMap(([kind, acts]) =>
    Object.keys(acts).map((name) => `${kind}.${name}`),
  );
  expect(names.toSorted()).toEqual([...recordedActs].toSorted());
});
