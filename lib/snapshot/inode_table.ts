/**
 * Inodes by number, as columns: how much each takes, how many names it has and how many were seen, and in which
 * snapshots. A slot that is settled is used again, so the table is as large as what is open at one time.
 *
 * @module
 */

/** Bits of a word of a row. */
const WORD_BITS = 32;
const FIRST_SLOTS = 256;

/** See the module comment. */
export class InodeTable {
  /** Words of a row of bits. */
  readonly width: number;
  readonly #slots = new Map<number, number>();
  readonly #free: number[] = [];
  #next = 0;
  #allocated = new Float64Array(FIRST_SLOTS);
  #links = new Uint32Array(FIRST_SLOTS);
  #seen = new Uint32Array(FIRST_SLOTS);
  #presence: Uint32Array;

  /** Makes an empty table for so many snapshots. */
  constructor(snapshots: number) {
    this.width = Math.ceil(snapshots / WORD_BITS);
    this.#presence = new Uint32Array(FIRST_SLOTS * this.width);
  }

  /** How many inodes are open. */
  get size(): number {
    return this.#slots.size;
  }

  /** Numbers of the inodes that are open, with their slots. */
  entries(): IterableIterator<[inode: number, slot: number]> {
    return this.#slots.entries();
  }

  /** The slot of an inode, made when there is none. */
  open(inode: number, allocated: number, links: number): number {
    const known = this.#slots.get(inode);
    if (known !== undefined) return known;
    const slot = this.#free.pop() ?? this.#next++;
    if (slot >= this.#links.length) this.#grow();
    this.#slots.set(inode, slot);
    this.#allocated[slot] = allocated;
    this.#links[slot] = links;
    this.#seen[slot] = 0;
    this.#presence.fill(0, slot * this.width, (slot + 1) * this.width);
    return slot;
  }

  /** One more name of an inode was seen, in a snapshot. */
  see(slot: number, snapshot: number): void {
    this.#seen[slot]!++;
    const word = slot * this.width + Math.floor(snapshot / WORD_BITS);
    this.#presence[word] = this.#presence[word]! | (1 << (snapshot % WORD_BITS));
  }

  /** Adds what another table knows of the same inode. */
  merge(slot: number, other: InodeTable, otherSlot: number): void {
    this.#seen[slot]! += other.#seen[otherSlot]!;
    for (let word = 0; word < this.width; word++) {
      const at = slot * this.width + word;
      this.#presence[at] = this.#presence[at]! | other.#presence[otherSlot * this.width + word]!;
    }
  }

  /** Whether all names of an inode were seen. */
  isComplete(slot: number): boolean {
    return this.#seen[slot]! >= this.#links[slot]!;
  }

  /** Bytes that an inode takes. */
  allocated(slot: number): number {
    return this.#allocated[slot]!;
  }

  /** How many names an inode has. */
  links(slot: number): number {
    return this.#links[slot]!;
  }

  /** Whether an inode was seen in a snapshot. */
  isIn(slot: number, snapshot: number): boolean {
    return (this.#presence[slot * this.width + Math.floor(snapshot / WORD_BITS)]! & (1 << (snapshot % WORD_BITS))) !==
      0;
  }

  /** Forgets an inode. */
  close(inode: number): void {
    const slot = this.#slots.get(inode);
    if (slot === undefined) return;
    this.#slots.delete(inode);
    this.#free.push(slot);
  }

  /** Forgets all. */
  clear(): void {
    this.#slots.clear();
    this.#free.length = 0;
    this.#next = 0;
  }

  #grow(): void {
    const size = this.#links.length * 2;
    this.#allocated = enlarged(this.#allocated, new Float64Array(size));
    this.#links = enlarged(this.#links, new Uint32Array(size));
    this.#seen = enlarged(this.#seen, new Uint32Array(size));
    this.#presence = enlarged(this.#presence, new Uint32Array(size * this.width));
  }
}

function enlarged<Column extends Float64Array | Uint32Array>(old: Column, larger: Column): Column {
  larger.set(old);
  return larger;
}
