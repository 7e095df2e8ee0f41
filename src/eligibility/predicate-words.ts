import {
  departmentByCode,
  isOrganizationType,
  organizationCategoryLabel,
  organizationTypeLabel,
  regionByCode,
} from '../organizations/organizations.ts';
import type { Language } from './explanation-texts.ts';
import { boundsWords, given, isFlag, listWords } from './literal-words.ts';
import type { Both } from './literal-words.ts';

/*
 * What each predicate of predicates.ts says, as the clause of a sentence: no capital, no full stop. The table is closed over
 * that one: a predicate without words fails words.test.ts.
 */

type Clause = (expected: unknown) => Both;

/** « … est X, Y ou Z ». */
const choice =
  (fr: string, en: string, named: (value: string, language: Language) => string = quoted): Clause =>
  (expected) => ({
    fr: `${fr} ${listWords(given(expected), 'fr', named)}`,
    en: `${en} ${listWords(given(expected), 'en', named)}`,
  });

const flag =
  (yes: Both, no: Both): Clause =>
  (expected) =>
    isFlag(expected) ? yes : no;

const asIs = (value: string): string => value;
const quoted = (value: string, language: Language): string =>
  language === 'fr' ? `« ${value} »` : `“${value}”`;
const fromTable =
  (table: Readonly<Record<string, Both>>) =>
  (value: string, language: Language): string =>
    (Object.hasOwn(table, value) ? table[value]?.[language] : undefined) ?? quoted(value, language);

const type = (value: string, language: Language): string =>
  isOrganizationType(value) ? organizationTypeLabel(value, language) : quoted(value, language);
const category = (value: string, language: Language): string =>
  organizationCategoryLabel(value, language) ?? quoted(value, language);
const place =
  (nameOf: (code: string) => { readonly name: string } | undefined) =>
  (code: string): string => {
    const found = nameOf(code);
    return found === undefined ? code : `${found.name} (${code})`;
  };

const sectors = fromTable({
  public_law: { fr: 'du droit public', en: 'public law' },
  private_law_public_mission: {
    fr: 'du droit privé avec une mission de service public',
    en: 'private law with a public-service mission',
  },
  private_law: { fr: 'du droit privé', en: 'private law' },
  foreign_or_international: { fr: 'du droit étranger ou international', en: 'foreign or international law' },
});

const facets = fromTable({
  state: { fr: 'administration de l’État', en: 'State administration' },
  local: { fr: 'collectivité', en: 'local authority' },
  spa: { fr: 'service public administratif', en: 'administrative public service' },
  hospital: { fr: 'hôpital public', en: 'public hospital' },
});

const links = fromTable({
  declared: { fr: 'une simple déclaration de la personne', en: 'a mere statement of the person' },
  email_domain: {
    fr: 'l’adresse électronique de l’organisation',
    en: 'the e-mail domain of the organization',
  },
  moderated: { fr: 'une vérification par quelqu’un', en: 'a check by somebody' },
  official_source: { fr: 'une source officielle', en: 'an official source' },
});

const acrs = fromTable({
  eidas0: { fr: 'le plus faible (eidas0)', en: 'the lowest (eidas0)' },
  'eidas0-mfa': {
    fr: 'faible, avec une double vérification (eidas0-mfa)',
    en: 'low, with two factors (eidas0-mfa)',
  },
  eidas1: { fr: 'courant (eidas1)', en: 'ordinary (eidas1)' },
  'eidas1-mfa': {
    fr: 'courant, avec une double vérification (eidas1-mfa)',
    en: 'ordinary, with two factors (eidas1-mfa)',
  },
  eidas2: { fr: 'substantiel (eidas2)', en: 'substantial (eidas2)' },
  eidas3: { fr: 'élevé (eidas3)', en: 'high (eidas3)' },
});

/** « l'accord est en cours ». */
const approvalStatuses = fromTable({
  active: { fr: 'en cours', en: 'in force' },
  suspended: { fr: 'suspendu', en: 'suspended' },
  pending: { fr: 'demandé, et pas encore donné', en: 'asked for and not given yet' },
  refused: { fr: 'refusé', en: 'refused' },
  expired: { fr: 'arrivé à son terme', en: 'ended' },
});
const invitationStatuses = fromTable({
  active: { fr: 'en cours', en: 'in force' },
  pending: { fr: 'à venir', en: 'to come' },
  revoked: { fr: 'retirée', en: 'withdrawn' },
  expired: { fr: 'terminée', en: 'ended' },
});
const groundWords = fromTable({
  public_mission_spa: {
    fr: 'une mission de service public administratif',
    en: 'an administrative public-service mission',
  },
  public_service_mission: { fr: 'une mission de service public', en: 'a public-service mission' },
  transparent_association: { fr: 'une association transparente', en: 'a transparent association' },
  delegated_public_service: { fr: 'un service public délégué', en: 'a delegated public service' },
  members_all_public_law: { fr: 'des membres tous publics', en: 'members who are all public bodies' },
  operator_doctrine: {
    fr: 'une règle publiée par le responsable du service',
    en: 'a rule published by those who run the service',
  },
});

const text = (expected: unknown, member: string): string | undefined => {
  const value: unknown =
    typeof expected === 'object' && expected !== null ? Reflect.get(expected, member) : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** With the measure, where the predicate names one of its own. */
const inhabitants =
  (who: Both): Clause =>
  (expected) => {
    const measure = text(expected, 'measure');
    const which: Both =
      measure === undefined
        ? { fr: '', en: '' }
        : measure === 'totale'
          ? { fr: ' (population totale)', en: ' (total population)' }
          : { fr: ' (population municipale)', en: ' (municipal population)' };
    return {
      fr: `${who.fr} ${boundsWords(expected, 'fr', { unit: 'habitants' })}${which.fr}`,
      en: `${who.en} ${boundsWords(expected, 'en', { unit: 'inhabitants' })}${which.en}`,
    };
  };

const ordered =
  (fr: string, en: string, named: (value: string, language: Language) => string): Clause =>
  (expected) =>
    given(expected).length > 0
      ? choice(fr, en, named)(expected)
      : {
          fr: `${fr} ${boundsWords(expected, 'fr', { named })}`,
          en: `${en} ${boundsWords(expected, 'en', { named })}`,
        };

const bounded =
  (fr: string, en: string, unit: Both): Clause =>
  (expected) => ({
    fr: `${fr} ${boundsWords(expected, 'fr', { unit: unit.fr })}`,
    en: `${en} ${boundsWords(expected, 'en', { unit: unit.en })}`,
  });

function approvalClause(expected: unknown): Both {
  const status = text(expected, 'status') ?? '';
  const [service, operator, ground] = ['service', 'operator', 'ground'].map((member) =>
    text(expected, member),
  );
  const by = operator === undefined ? '' : ` par ${operator}`;
  const why = ground === undefined ? '' : `, pour ce motif : ${groundWords(ground, 'fr')}`;
  const byEn = operator === undefined ? '' : ` by ${operator}`;
  const whyEn = ground === undefined ? '' : `, on this ground: ${groundWords(ground, 'en')}`;
  return {
    fr: `l’accord pour « ${service ?? ''} »${by} est ${approvalStatuses(status, 'fr')}${why}`,
    en: `the approval for “${service ?? ''}”${byEn} is ${approvalStatuses(status, 'en')}${whyEn}`,
  };
}

/** What a fact is, where it is one of a closed list. */
export const valuesInWords: Readonly<Record<string, (value: string, language: Language) => string>> = {
  'org.type': type,
  'org.category': category,
  'org.sector': sectors,
  'org.facets': facets,
  'org.department': place(departmentByCode),
  'org.region': place(regionByCode),
  approval: approvalStatuses,
  invitation: invitationStatuses,
  'user.link': links,
  'auth.acr': acrs,
};

export const predicateWords: Readonly<Record<string, Clause>> = {
  'org.type': choice('l’organisation est :', 'the organization is:', type),
  'org.category': choice('l’organisation est :', 'the organization is:', category),
  'org.sector': choice('l’organisation relève', 'the organization is under', sectors),
  'org.legal_category': choice('la catégorie juridique de l’Insee est', 'the INSEE legal category is', asIs),
  'org.public_service': flag(
    {
      fr: 'l’organisation fait partie du service public',
      en: 'the organization belongs to the public service',
    },
    {
      fr: 'l’organisation ne fait pas partie du service public',
      en: 'the organization does not belong to the public service',
    },
  ),
  'org.facets': choice('dans le service public, elle est :', 'within the public service it is:', facets),
  'org.qualifications': choice(
    'un opérateur lui a reconnu la qualité',
    'an operator gave it the qualification',
  ),
  'org.siren': choice('son numéro SIREN est', 'its SIREN is', asIs),
  'org.siret': choice('le numéro SIRET de l’établissement est', 'the SIRET of the establishment is', asIs),
  'org.population': inhabitants({ fr: 'elle compte', en: 'it has' }),
  'org.epci.population': inhabitants({
    fr: 'son intercommunalité compte',
    en: 'its grouping of communes has',
  }),
  'org.department': choice(
    'elle se trouve dans le département',
    'it lies in the département',
    place(departmentByCode),
  ),
  'org.region': choice('elle se trouve dans la région', 'it lies in the region', place(regionByCode)),
  'org.commune': choice(
    'elle se trouve dans la commune de code',
    'it lies in the commune with the code',
    asIs,
  ),
  'org.naf': choice('le code de son activité est', 'the code of its activity is', asIs),
  'org.active': flag(
    {
      fr: 'l’organisation et son établissement sont en activité',
      en: 'the organization and its establishment are active',
    },
    {
      fr: 'l’organisation ou son établissement est fermé',
      en: 'the organization or its establishment is closed',
    },
  ),
  'org.age_days': bounded('elle existe depuis', 'it has existed for', { fr: 'jours', en: 'days' }),
  'org.suspended': flag(
    {
      fr: 'une décision suspend tous les accès de l’organisation',
      en: 'a decision suspends all access of the organization',
    },
    {
      fr: 'aucune décision ne suspend les accès de l’organisation',
      en: 'no decision suspends the access of the organization',
    },
  ),
  approval: approvalClause,
  invitation: (expected) => ({
    fr: `l’invitation de la personne à « ${text(expected, 'service') ?? ''} » est ${invitationStatuses(text(expected, 'status') ?? '', 'fr')}`,
    en: `the invitation of the person to “${text(expected, 'service') ?? ''}” is ${invitationStatuses(text(expected, 'status') ?? '', 'en')}`,
  }),
  'user.email_domain': choice(
    'l’adresse électronique de la personne est du domaine',
    'the e-mail address of the person is of the domain',
    asIs,
  ),
  'user.email_verified': flag(
    {
      fr: 'l’adresse électronique de la personne est vérifiée',
      en: 'the e-mail address of the person is verified',
    },
    {
      fr: 'l’adresse électronique de la personne n’est pas vérifiée',
      en: 'the e-mail address of the person is not verified',
    },
  ),
  'user.link': ordered(
    'la preuve du lien de la personne avec l’organisation est',
    'the proof that the person belongs to the organization is',
    links,
  ),
  'user.roles': choice('la personne a le rôle', 'the person has the role'),
  'auth.acr': ordered('le niveau de la connexion est', 'the level of the sign-in is', acrs),
  'auth.amr': choice('la personne s’est connectée avec le moyen', 'the person signed in with the method'),
  'auth.idp': choice(
    'la personne vient du fournisseur de connexion',
    'the person comes from the identity provider',
  ),
  'auth.age_s': bounded('la connexion date de', 'the sign-in was made', {
    fr: 'secondes',
    en: 'seconds ago',
  }),
  'client.id': choice('la personne se connecte à l’application', 'the person signs in to the application'),
  time: (expected) => ({
    fr: `la date du jour est ${boundsWords(expected, 'fr', {})}`,
    en: `today is ${boundsWords(expected, 'en', {})}`,
  }),
};
