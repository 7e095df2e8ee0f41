import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Refusals that come from what the registers say of the organization. Each hint starts with the reason code. */
export const organizationErrors = {
  'M-ELIG-001': entry(
    403,
    'access_denied',
    'organization_unknown: the person signed in without an organization that we know.',
    text(
      'Nous ne savons pas pour quelle organisation vous agissez',
      'Votre connexion a réussi, mais elle n’indique aucune organisation connue de nous.',
      'Demandez à votre service informatique de vérifier le numéro SIRET (14 chiffres) de votre fiche.',
      'Si vous agissez pour plusieurs organisations, recommencez et choisissez-en une autre.',
    ),
    text(
      'We do not know which organization you act for',
      'You signed in, but without an organization that we know.',
      'Ask your IT department to check the SIRET number (14 digits) of your record.',
      'If you act for several organizations, start again and choose another one.',
    ),
  ),
  'M-ELIG-002': entry(
    403,
    'access_denied',
    'organization_closed: the legal unit is ceased (C) or the establishment closed (F) in Sirene.',
    text(
      'D’après le registre, {{organization}} a cessé son activité',
      'Le registre officiel indique que cette organisation, ou l’établissement où vous travaillez, est fermé.',
      'Si votre organisation a changé de numéro SIRET (14 chiffres), demandez à votre service informatique de le mettre à jour.',
      'Si le registre se trompe, demandez sa correction à l’Institut national de la statistique.',
    ),
    text(
      'According to the register, {{organization}} has ceased its activity',
      'The official register says that this organization, or the establishment where you work, is closed.',
      'If your organization has a new SIRET number (14 digits), ask your IT department to update it.',
      'If the register is wrong, ask the French statistical office to correct it.',
    ),
  ),
  'M-ELIG-003': entry(
    403,
    'access_denied',
    'organization_suspended: an operator suspended the organization for every service.',
    text(
      'L’accès est suspendu pour {{organization}}',
      'Un opérateur, c’est-à-dire la personne chargée de vérifier les organisations, a suspendu tous ses accès.',
      'Demandez à la personne qui dirige votre organisation : elle a reçu la décision et ses raisons.',
    ),
    text(
      'Access is suspended for {{organization}}',
      'An operator, the person in charge of checking organizations, has suspended all its access.',
      'Ask the person who heads your organization: they received the decision and its reasons.',
    ),
  ),
  'M-ELIG-004': entry(
    403,
    'access_denied',
    'organization_not_found_in_registry: no record for this SIRET: a new establishment, or data to import again.',
    text(
      'Le registre ne contient pas {{organization}}',
      'Nous n’avons pas trouvé son numéro SIRET (14 chiffres) dans nos données.',
      'Vérifiez ce numéro avec votre service informatique.',
      'Si l’organisation est toute récente, recommencez dans quelques jours.',
    ),
    text(
      'The register does not contain {{organization}}',
      'We did not find its SIRET number (14 digits) in our data.',
      'Check this number with your IT department.',
      'If the organization is brand new, try again in a few days.',
    ),
  ),
  'M-ELIG-005': entry(
    403,
    'access_denied',
    'registry_unavailable_stale: the register does not answer and our copy is too old for this policy.',
    text(
      'Nous ne pouvons pas vérifier {{organization}} pour le moment',
      'Le registre officiel ne répond pas, et nos dernières informations sont trop anciennes.',
      'Recommencez dans une heure. Votre accès n’est pas retiré.',
    ),
    text(
      'We cannot check {{organization}} for now',
      'The official register does not answer, and our last information is too old.',
      'Try again in an hour. Your access is not withdrawn.',
    ),
  ),
  'M-ELIG-006': entry(
    403,
    'access_denied',
    'legal_category_unknown: no INSEE legal category, or one outside the list: least rights apply.',
    text(
      'La forme juridique de {{organization}} n’est pas connue',
      'Le registre ne dit pas s’il s’agit d’une administration, d’une association ou d’une entreprise. Nous ne pouvons donc pas ouvrir {{service}}.',
      'Demandez à la personne qui dirige votre organisation de faire compléter sa fiche au registre.',
    ),
    text(
      'The legal form of {{organization}} is not known',
      'The register does not say whether it is an administration, an association or a company. We therefore cannot open {{service}}.',
      'Ask the person who heads your organization to have its record completed.',
    ),
  ),
  'M-ELIG-007': entry(
    403,
    'access_denied',
    'not_eligible: no rule of the policy applies to this organization (default of the policy).',
    text(
      '{{service}} n’est pas ouvert à {{organization}}',
      'Votre connexion a réussi, mais les règles de ce service ne prévoient pas ce type d’organisation.',
      'Demandez à la personne qui gère ce service s’il existe un autre moyen d’y participer.',
      'Si vous agissez aussi pour une autre organisation, recommencez et choisissez-la.',
    ),
    text(
      '{{service}} is not open to {{organization}}',
      'You signed in, but the rules of this service do not cover this type of organization.',
      'Ask the people who run the service whether there is another way to take part.',
      'If you also act for another organization, start again and choose it.',
    ),
  ),
  'M-ELIG-008': entry(
    403,
    'access_denied',
    'population_too_large: the population is at or above the limit of the policy.',
    text(
      '{{service}} est réservé à des collectivités plus petites',
      'Le nombre d’habitants de {{organization}} dépasse la limite fixée pour ce service.',
      'Demandez à la personne qui gère ce service quel outil vous est destiné.',
    ),
    text(
      '{{service}} is for smaller local authorities',
      'The number of inhabitants of {{organization}} is above the limit of this service.',
      'Ask the people who run the service which tool is meant for you.',
    ),
  ),
  'M-ELIG-009': entry(
    403,
    'access_denied',
    'population_unknown: no population for this SIREN in the territorial data: unknown is not yes.',
    text(
      'Le nombre d’habitants de {{organization}} n’est pas connu',
      '{{service}} dépend du nombre d’habitants, et nos données n’en contiennent pas pour elle.',
      'Signalez-le à la personne qui gère ce service, en donnant la référence ci-dessous.',
    ),
    text(
      'The number of inhabitants of {{organization}} is not known',
      '{{service}} depends on the number of inhabitants, and our data hold none for it.',
      'Tell the people who run the service and give them the reference below.',
    ),
  ),
  'M-ELIG-010': entry(
    403,
    'access_denied',
    'department_out_of_scope: the organization is outside the departments of the policy.',
    text(
      '{{service}} n’est pas ouvert dans votre département',
      'Ce service est réservé à certains territoires, et {{organization}} n’en fait pas partie.',
      'Demandez à la personne qui gère ce service s’il est prévu de l’étendre.',
    ),
    text(
      '{{service}} is not open in your department',
      'This service is for certain territories only, and {{organization}} is not in one of them.',
      'Ask the people who run the service whether it will be extended.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
