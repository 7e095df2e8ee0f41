// Codes to the mailbox of a town hall: strangers neither flood it, nor keep away those who belong there.
import { expect, test } from 'vitest';
import { ephemeralFor } from '../storage/testing/ephemeral.ts';
import { createLimits } from './limits.ts';

const ephemeral = ephemeralFor(() => new Date('2026-11-23T09:00:00Z'));
const limits = createLimits({ ephemeral });

const address = 'mairie@ville-fictive.example';
const asks = async (who: number, network = who) =>
  (await limits.attempt('official_code_sent', { ip: `192.0.2.${network}`, account: `a-${who}`, address }))
    .allowed;

test('a stranger uses up their own network and account, not the mailbox', async () => {
  const stranger = [];
  for (let index = 0; index < 8; index += 1) stranger.push(await asks(1));
  expect(stranger.filter(Boolean)).toHaveLength(5);
  expect([await asks(2), await asks(3)]).toEqual([true, true]);
});

test('however many they are, it gets so many codes in an hour and no more', async () => {
  const sent = [];
  for (let who = 10; who < 40; who += 1) sent.push(await asks(who));
  expect(sent.filter(Boolean).length).toBeLessThanOrEqual(20);
});

test('an account that has had its codes uses up no mailbox, from however many networks it asks', async () => {
  const other = 'mairie@autre-ville.example';
  const ask = async (account: string, network: number) =>
    (await limits.attempt('official_code_sent', { ip: `198.51.100.${network}`, account, address: other }))
      .allowed;
  const stranger = [];
  for (let turn = 0; turn < 40; turn += 1) stranger.push(await ask('stranger', turn));
  expect(stranger.filter(Boolean)).toHaveLength(5);
  const agents = [];
  for (let agent = 0; agent < 15; agent += 1) agents.push(await ask(`agent-${agent}`, 100 + agent));
  expect(agents.filter(Boolean)).toHaveLength(15);
});
