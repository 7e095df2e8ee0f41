export type LegalSector =
  'public_law' | 'private_law_public_mission' | 'private_law' | 'foreign_or_international' | 'unknown';

export type Language = 'fr' | 'en';

interface TypeEntry {
  readonly sector: LegalSector;
  readonly fr: string;
  readonly en: string;
}

const publicLaw = (fr: string, en: string): TypeEntry => ({ sector: 'public_law', fr, en });
const publicMission = (fr: string, en: string): TypeEntry => ({
  sector: 'private_law_public_mission',
  fr,
  en,
});
const privateLaw = (fr: string, en: string): TypeEntry => ({ sector: 'private_law', fr, en });
const foreign = (fr: string, en: string): TypeEntry => ({ sector: 'foreign_or_international', fr, en });

/** What an organization is. Slugs go into tokens: they are never renamed or reused. */
const types = {
  'state.central': publicLaw('service central de l’État', 'central government department'),
  'state.independent_authority': publicLaw('autorité indépendante', 'independent authority'),
  'state.defence': publicLaw('service de la défense ou gendarmerie', 'defence or gendarmerie service'),
  'state.national_service': publicLaw(
    'service de l’État à compétence nationale',
    'State service with national remit',
  ),
  'state.deconcentrated': publicLaw('service de l’État dans les territoires', 'local service of the State'),
  'state.central_bank': publicLaw('Banque de France', 'central bank'),
  'public_establishment.national': publicLaw(
    'établissement public national',
    'national public establishment',
  ),
  'public_establishment.higher_education': publicLaw(
    'établissement public d’enseignement supérieur',
    'public higher education establishment',
  ),
  'public_establishment.commercial_national': publicLaw(
    'établissement public national industriel ou commercial',
    'national public establishment of a commercial nature',
  ),
  'public_establishment.commercial_local': publicLaw(
    'établissement public local industriel ou commercial',
    'local public establishment of a commercial nature',
  ),
  'local_authority.commune': publicLaw('commune', 'commune'),
  'local_authority.sub_commune': publicLaw('partie de commune', 'part of a commune'),
  'local_authority.department': publicLaw('département', 'département'),
  'local_authority.region': publicLaw('région', 'region'),
  'local_authority.special': publicLaw(
    'collectivité à statut particulier',
    'local authority with special status',
  ),
  'local_authority.epci': publicLaw(
    'communauté de communes, communauté ou métropole',
    'grouping of communes',
  ),
  local_grouping: publicLaw('groupement de collectivités', 'joint body of local authorities'),
  local_establishment: publicLaw('établissement public local', 'local public establishment'),
  'local_establishment.social_action': publicLaw(
    'centre communal ou intercommunal d’action sociale',
    'municipal social welfare centre',
  ),
  'local_establishment.housing': publicLaw('office public de l’habitat', 'public housing office'),
  'local_establishment.fire_rescue': publicLaw('service d’incendie et de secours', 'fire and rescue service'),
  'local_establishment.credit': publicLaw('caisse de crédit municipal', 'municipal credit bank'),
  'school.public_local': publicLaw(
    'collège, lycée ou établissement public local d’enseignement',
    'public school',
  ),
  'health.public_hospital': publicLaw('hôpital public', 'public hospital'),
  'health.public_social_care': publicLaw(
    'établissement public social ou médico-social',
    'public social care home',
  ),
  'health.cooperation_public': publicLaw(
    'groupement de coopération sanitaire public',
    'public health cooperation group',
  ),
  gip: publicLaw('groupement d’intérêt public', 'public interest grouping'),
  chamber: publicLaw('chambre consulaire', 'chamber of commerce, trades or agriculture'),
  landowner_union: publicLaw(
    'association syndicale de propriétaires, de droit public',
    'public landowner union',
  ),
  public_other: publicLaw('autre organisme public', 'other public body'),
  social_security: publicMission('organisme de sécurité sociale', 'social security body'),
  professional_order: publicMission('ordre professionnel', 'professional order'),
  'association.declared': privateLaw('association déclarée', 'declared association'),
  'association.public_utility': privateLaw(
    'association reconnue d’utilité publique',
    'association recognized as being of public utility',
  ),
  'association.local_law': privateLaw('association de droit local', 'association under local law'),
  'association.undeclared': privateLaw('association non déclarée', 'undeclared association'),
  congregation: privateLaw('congrégation', 'religious congregation'),
  foundation: privateLaw('fondation', 'foundation'),
  trade_union: privateLaw('syndicat de salariés', 'trade union'),
  employers_union: privateLaw('syndicat d’employeurs', "employers' union"),
  professional_body: privateLaw('organisme professionnel', 'professional body'),
  works_council: privateLaw('comité social et économique', 'works council'),
  mutual: privateLaw('mutuelle', 'mutual society'),
  welfare_institution: privateLaw(
    'institution de prévoyance ou de retraite',
    'provident or pension institution',
  ),
  'company.semi_public': privateLaw('société d’économie mixte', 'semi-public company'),
  'company.social_housing': privateLaw('société d’habitations à loyer modéré', 'social housing company'),
  company: privateLaw('société', 'company'),
  sole_trader: privateLaw('entrepreneur individuel', 'sole trader'),
  'health.cooperation_private': privateLaw(
    'groupement de coopération sanitaire privé',
    'private health cooperation group',
  ),
  co_ownership: privateLaw('syndicat de copropriété', 'co-ownership syndicate'),
  private_landowner_union: privateLaw('association syndicale libre', 'private landowner union'),
  religious_parish: privateLaw('paroisse', 'parish'),
  private_other: privateLaw('autre organisme privé', 'other private body'),
  unincorporated: privateLaw('groupement sans personnalité morale', 'unincorporated group'),
  international_organisation: foreign('organisation internationale', 'international organization'),
  'foreign.public': foreign('État ou organisme public étranger', 'foreign State or public body'),
  'foreign.public_trading': foreign('organisme public étranger commerçant', 'foreign public trading body'),
  'foreign.private': foreign('organisme privé étranger', 'foreign private body'),
  unknown: { sector: 'unknown', fr: 'type d’organisation inconnu', en: 'unknown type of organization' },
} as const satisfies Record<string, TypeEntry>;

export type OrganizationType = keyof typeof types;

export const isOrganizationType = (text: string): text is OrganizationType => Object.hasOwn(types, text);

export const organizationTypes: readonly OrganizationType[] = Object.keys(types).filter(isOrganizationType);

export const sectorOf = (type: OrganizationType): LegalSector => types[type].sector;

/** First segment of the type: `association` for `association.declared`. */
export const organizationCategory = (type: OrganizationType): string => type.replace(/\..*$/, '');

/** In the middle of a sentence: no capital, no full stop. */
export const organizationTypeLabel = (type: OrganizationType, language: Language): string =>
  types[type][language];

/** Categories that no type of the same name stands for. */
const categoryNames: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  state: { fr: 'service de l’État', en: 'service of the State' },
  public_establishment: { fr: 'établissement public', en: 'public establishment' },
  local_authority: { fr: 'collectivité territoriale', en: 'local authority' },
  school: { fr: 'établissement d’enseignement', en: 'school' },
  health: { fr: 'établissement de santé ou de soin', en: 'health or care establishment' },
  association: { fr: 'association', en: 'association' },
  foreign: { fr: 'organisme étranger', en: 'foreign body' },
};

/** Like the label of a type; undefined for what is no category. */
export function organizationCategoryLabel(category: string, language: Language): string | undefined {
  if (isOrganizationType(category)) return organizationTypeLabel(category, language);
  return Object.hasOwn(categoryNames, category) ? categoryNames[category]?.[language] : undefined;
}
