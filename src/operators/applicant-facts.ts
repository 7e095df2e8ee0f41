import type { KnownFact, Said } from '../http/http.ts';
import type { ApplicantActor, Opened } from '../registrations/registrations.ts';
import { personName, tag } from './file-words.ts';

/** Who sent the file, as they had signed in then: the organization declares none of it. */
const sender = ({ file }: Pick<Opened, 'file'>): ApplicantActor | undefined => {
  const actor = file.events.find(({ act }) => act.act === 'submit')?.actor;
  return actor?.kind === 'applicant' ? actor : undefined;
};

/** Files of before did not keep for whom their sender had signed in: nothing is said of it. */
export async function signInFacts(
  opened: Pick<Opened, 'file'>,
  {
    organizationName,
    idpName,
  }: {
    readonly organizationName: (siren: string) => Promise<string | undefined>;
    readonly idpName: (id: string) => string | undefined;
  },
): Promise<readonly KnownFact[]> {
  const applicant = sender(opened);
  if (applicant === undefined) return [];
  const { sirets, idp } = applicant;
  const fact = (words: string, values: readonly Said[]): KnownFact => ({ words, values, source: 'signIn' });
  const named = await Promise.all(
    (sirets ?? []).map(async (siret) => {
      const name = await organizationName(siret.slice(0, 9));
      return name === undefined ? `SIRET ${siret}` : `${name} (SIRET ${siret})`;
    }),
  );
  return [
    {
      ...fact('applicant', [personName(applicant), applicant.email]),
      ...(applicant.emailVerified === false ? { tag: tag('wait', 'op.fact.addressNotVerified') } : {}),
    },
    ...(sirets === undefined
      ? []
      : [fact('signedInFor', named.length === 0 ? [{ t: 'op.fact.noOrganization' }] : named)]),
    ...(idp === undefined ? [] : [fact('signedInWith', [idpName(idp) ?? idp])]),
  ];
}

/** Of a file that nobody sent: which lot opened it, and where its letters go. */
export function openingFacts({ file }: Pick<Opened, 'file'>): readonly KnownFact[] {
  if (file.opened === undefined) return [];
  const { lot, contact } = file.opened;
  return [
    { words: 'opened', values: [{ t: 'op.fact.ownInitiative' }, lot] },
    {
      words: 'contact',
      values: contact === undefined ? [] : [contact],
      ...(contact === undefined ? { tag: tag('wait', 'op.fact.byPost') } : {}),
    },
  ];
}

/** Nobody vouches that the sender acts for the organization of the file, or somebody took it away from them since. */
export function signInDoubts({
  file,
  organization,
  held,
  senderRevoked,
}: Pick<Opened, 'file' | 'organization' | 'held' | 'senderRevoked'>): readonly Said[] {
  if (senderRevoked === true) return [{ t: 'op.fact.senderRevoked' }];
  const sirets = sender({ file })?.sirets;
  if (sirets === undefined) return [];
  const siren = organization?.siren ?? held.siren;
  const isTheirs = siren !== undefined && sirets.some((siret) => siret.startsWith(siren));
  return isTheirs ? [] : [{ t: 'op.fact.anotherOrganization' }];
}
