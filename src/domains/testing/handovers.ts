import { describe, expect, test } from 'vitest';
import { actsIn } from './domain-acts.ts';
import type { DomainsRoom } from './domains-room.ts';

const mairie = '111111118';
const asso = '222222226';

/** Tests of domains.test.ts, in its room. */
export function handovers(here: () => DomainsRoom): void {
  const { claim, publish, check, verified, stateOf, codeOf, answer, codeOrOutcome } = actsIn(here);
  describe('a handover', () => {
    const contested = async () => {
      const [one, other] = [await verified(mairie), await claim(asso)];
      publish(other);
      await here().mails();
      expect((await check(other)).outcome).toBe('handover');
      const [handover] = await here().domains.handovers();
      if (handover === undefined) throw new Error('no handover');
      return { one, other, handover };
    };

    test('is told first, waits a week, and takes two operators of neither organization', async () => {
      const { one, other, handover } = await contested();
      const mails = await here().mails();
      expect(mails.map(({ recipient }) => recipient)).toEqual([
        'operateur@operateur.example',
        `presidence@${mairie}.example`,
      ]);
      const told = mails.at(-1);
      expect(told?.text).not.toContain(asso);
      const author = here().representative(mairie);
      await here().domains.object({ id: one.id, siren: mairie, reason: 'Nous\nl’avons.', author });
      expect(await codeOf(here().domains.object({ id: one.id, siren: mairie, reason: 'x', author }))).toBe(
        'M-DOMN-002',
      );
      expect(await codeOf(answer(handover.id, 'anne'))).toBe('M-DOMN-004');
      here().pass(7);
      expect(await codeOf(answer(handover.id, 'anne', 'confirm', [asso]))).toBe('M-FILE-005');
      expect(await codeOf(answer(handover.id, 'anne', 'decline', [mairie]))).toBe('M-FILE-005');
      expect((await answer(handover.id, 'anne')).outcome).toBe('first');
      expect(await codeOf(answer(handover.id, 'anne'))).toBe('M-DOMN-003');
      expect(await stateOf(one)).toBe('verified');
      // Looked at again: what it proved a week ago is not what it proves today.
      here().zone.clear();
      expect((await answer(handover.id, 'bob')).outcome).toBe('gone');
      publish(other);
      const both = await Promise.all(['bob', 'carole'].map((who) => codeOrOutcome(answer(handover.id, who))));
      expect(both.toSorted()).toEqual(['M-DOMN-002', 'done']);
      expect([await stateOf(one), await stateOf(other)]).toEqual(['handed_over', 'verified']);
      expect(here().lost).toEqual([`${mairie} exemple.example`]);
      expect(await here().domains.organizationOfDomain('exemple.example')).toMatchObject({ siren: asso });
      const recipients = (await here().mails()).map(({ recipient }) => recipient);
      expect(recipients).toEqual([`presidence@${mairie}.example`, `presidence@${asso}.example`]);
      expect((await here().acts()).filter((act) => act.includes('hand')).slice(-3)).toEqual([
        'domain.ask_handover',
        'domain.approve_handover',
        'domain.hand_over',
      ]);
      const kept = await here().domains.handover(handover.id);
      expect(kept).toMatchObject({ state: 'done', objection: 'Nous l’avons.', firstId: 'anne' });
    });

    test('one operator refuses it at once; a third organization waits for its turn', async () => {
      const { one, other, handover } = await contested();
      const third = await claim('333333334');
      publish(other, third);
      expect(await check(third)).toEqual({ outcome: 'other_handover' });
      expect((await answer(handover.id, 'anne', 'decline')).outcome).toBe('declined');
      expect([await stateOf(one), await stateOf(other)]).toEqual(['verified', 'refused']);
      expect((await check(third)).outcome).toBe('handover');
    });

    test.each(['the holder', 'whoever asks'])('is over when %s gives up', async (who) => {
      const { one, other, handover } = await contested();
      const gone = await here().domains.one(who === 'the holder' ? one.id : other.id);
      const author = here().representative(gone.siren);
      const asked = { id: gone.id, siren: gone.siren, author };
      expect(await codeOf(here().domains.giveUp({ ...asked, seen: gone.version - 1 }))).toBe('M-DOMN-002');
      await here().domains.giveUp({ ...asked, seen: gone.version });
      expect((await here().domains.handover(handover.id)).state).toBe('void');
      expect(await codeOf(answer(handover.id, 'anne', 'decline'))).toBe('M-DOMN-002');
      expect(await stateOf(other)).toBe(who === 'the holder' ? 'claimed' : 'given_up');
      publish(other);
      if (who === 'the holder') expect(await check(other)).toEqual({ outcome: 'verified' });
      expect(here().lost).toEqual(who === 'the holder' ? [`${mairie} exemple.example`] : []);
    });
  });
}
