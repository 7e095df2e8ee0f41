/**
 * Invented organizations whose names are spread as those of French associations are: a few words that half of them
 * hold, thousands of communes, many names borne twice or a hundred times, and a long tail of words seen once.
 * The same seed gives the same names. Numbers are given by registry-files.ts.
 */
import { loadTerritories } from '../src/organizations/organizations.ts';

export interface InventedOrganization {
  readonly name: string;
  readonly acronym: string | undefined;
  readonly communeCode: string;
  readonly communeName: string;
  readonly ceased: boolean;
}

/** `{c}` a commune, `{w}` an ordinary word, `{r}` a rare one, `{n}` a number; more frequent patterns come first. */
const patterns = [
  'Association {w} de {c}',
  'Comité des fêtes de {c}',
  'Les amis de {c}',
  'Association sportive de {c}',
  "Association des parents d'élèves de {c}",
  '{w} et {w}',
  'Club {w} de {c}',
  'Amicale des {w} de {c}',
  '{r}',
  'Association {w} {r}',
  'Association communale de chasse agréée de {c}',
  'Union sportive {c}',
  'Compagnie {r}',
  'Foyer rural de {c}',
  "L'{w} de {w}",
  'Association {w} et {w}',
  "Association sportive de l'école {w}",
  'Comité de jumelage de {c}',
  'Société de chasse de {c}',
  'Les {w} du {w}',
  'Association des {w} {w} de {c}',
  'Club des aînés de {c}',
  '{w} {w} {c}',
  'Amicale des sapeurs-pompiers de {c}',
  'Association {r} pour la {w}',
  'Tennis club de {c}',
  'Football club {c}',
  'Judo club de {c}',
  "Coopérative scolaire de l'école {w} de {c}",
  'Association syndicale du lotissement {r}',
  'Collectif {r} {n}',
  'Œuvres sociales de {c}',
  "Association d'aide à domicile de {c}",
  'Maison des jeunes et de la culture de {c}',
  "Les copains d'abord",
  'Association culturelle {w} {r}',
  'Union nationale des combattants, section de {c}',
  'Secours {w} de {c}',
  'Moto club {r}',
  'Chorale {r} de {c}',
] as const;

const words =
  `loisirs culture jeunesse solidarité musique théâtre danse pêche chasse pétanque gymnastique randonnée patrimoine
avenir espoir amitié famille enfance nature environnement jardins lecture sauvegarde protection défense animation
éducation formation insertion emploi santé handicap retraités anciens combattants élèves parents locataires riverains
commerçants artisans agriculteurs éleveurs chasseurs pêcheurs donneurs sang boules cyclotourisme cyclistes basket
handball volley judo karaté tennis football rugby natation voile équitation tir arc escalade plongée yoga échecs
bridge scrabble photo vidéo cinéma peinture sculpture poterie couture tricot broderie généalogie histoire archéologie
mémoire traditions folklore chorale harmonie fanfare orchestre guitare piano accordéon rock jazz festival spectacle
marionnettes cirque contes poésie édition presse radio informatique numérique internet robotique sciences astronomie
montagne rivière forêt étang vallée colline soleil lune étoile arc-en-ciel horizon demain ensemble partage échange
entraide accueil ouverture liberté égalité fraternité citoyenneté laïcité paix monde afrique asie madagascar sénégal
mali maroc vietnam bretagne provence alsace occitanie pays canton quartier village bourg hameau école collège lycée
crèche halte garderie cantine périscolaire petits grands joyeux vaillants dynamiques volants bleus rouges verts`.split(
    /\s+/,
  );

const syllables =
  'ba be bi bo bu ca co cu da de di do fa fe fi fo ga go ja jo ka ki ko la le li lo lu ma me mi mo na ne ni no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi vo za zo'.split(
    ' ',
  );

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function* inventedOrganizations(count: number, seed = 5): Generator<InventedOrganization> {
  const random = seeded(seed);
  const communes = [...loadTerritories().communes()]
    .map(({ code, name, population }) => ({ code, name, weight: population?.municipal ?? 0 }))
    .toSorted((a, b) => b.weight - a.weight);
  const last = communes[0];
  if (last === undefined) throw new Error('no commune');
  /** Rank drawn so that the n-th is about n times rarer than the first (Zipf). */
  const zipf = (length: number): number => Math.floor(length ** random()) - 1;
  const word = (): string => words[zipf(words.length)] ?? '';
  const rare = (): string => {
    let made = '';
    const length = 3 + Math.floor(random() * 2);
    for (let part = 0; part < length; part += 1)
      made += syllables[Math.floor(random() * syllables.length)] ?? '';
    return made;
  };
  for (let index = 1; index <= count; index += 1) {
    const commune =
      communes[random() < 0.5 ? zipf(communes.length) : Math.floor(random() * communes.length)] ?? last;
    const pattern = patterns[zipf(patterns.length)] ?? '{r}';
    const name = pattern.replaceAll(/\{[cwrn]\}/g, (slot) => {
      if (slot === '{c}') return commune.name;
      if (slot === '{w}') return word();
      return slot === '{r}' ? rare() : String(Math.floor(random() * 100));
    });
    yield {
      // The RNA holds many names in capitals without accents.
      name: random() < 0.5 ? name.toUpperCase() : name.charAt(0).toUpperCase() + name.slice(1),
      acronym: random() < 0.1 ? initialsOf(name) : undefined,
      communeCode: commune.code,
      communeName: commune.name,
      ceased: random() < 0.2,
    };
  }
}

const initialsOf = (name: string): string =>
  name
    .split(/[ '’-]/)
    .map((part) => part.charAt(0))
    .join('')
    .toUpperCase();
