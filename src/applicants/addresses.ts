/** Where the pages of this room are; each begins with the path of the issuer. */
export interface Addresses {
  readonly list: string;
  readonly file: (id: string) => string;
  /** A step of the draft, or something to do on the file. */
  readonly page: (id: string, name: string) => string;
  readonly piece: (id: string, piece: string) => string;
  readonly letter: (id: string, letter: string) => string;
}

export function addresses(basePath: string): Addresses {
  const list = `${basePath}/demandes`;
  const file = (id: string) => `${list}/${id}`;
  return {
    list,
    file,
    page: (id, name) => `${file(id)}/${name}`,
    piece: (id, piece) => `${file(id)}/pieces/${piece}`,
    letter: (id, letter) => `${file(id)}/courriers/${letter}`,
  };
}
