/* Packed texts, opened: by the browser where it can, by the plain code below in older ones. */
globalThis.Hex = {};
(() => {
  "use strict";

  const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
  const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
  const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
  const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

  /* Canonical Huffman codes (RFC 1951, 3.2.2): how many there are of each length, and their symbols in order. */
  function tree(lengths) {
    const counts = new Uint16Array(16);
    for (const length of lengths) counts[length] += 1;
    counts[0] = 0;
    const starts = new Uint16Array(17);
    for (let length = 1; length < 16; length += 1) starts[length + 1] = starts[length] + counts[length];
    const symbols = new Uint16Array(lengths.length);
    lengths.forEach((length, symbol) => { if (length) symbols[starts[length]++] = symbol; });
    return { counts, symbols };
  }

  const fixed = () => [
    tree(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
    tree(new Array(30).fill(5)),
  ];

  /* The bytes in a zlib stream (RFC 1950, 1951). */
  Hex.inflate = (bytes) => {
    let at = 2, hold = 0, held = 0, out = new Uint8Array(bytes.length * 4), size = 0;
    const bits = (count) => {
      while (held < count) { hold |= bytes[at++] << held; held += 8; }
      const value = hold & ((1 << count) - 1);
      hold >>>= count; held -= count;
      return value;
    };
    const symbol = ({ counts, symbols }) => {
      let code = 0, first = 0, index = 0;
      for (let length = 1; length < 16; length += 1) {
        code |= bits(1);
        if (code - first < counts[length]) return symbols[index + code - first];
        index += counts[length];
        first = (first + counts[length]) << 1;
        code <<= 1;
      }
      throw new Error("damaged data");
    };
    const room = (more) => {
      if (size + more <= out.length) return;
      const larger = new Uint8Array(Math.max(out.length * 2, size + more));
      larger.set(out.subarray(0, size));
      out = larger;
    };
    const dynamic = () => {
      const literals = bits(5) + 257, distances = bits(5) + 1, lengths = new Array(19).fill(0);
      for (let i = bits(4) + 4, place = 0; place < i; place += 1) lengths[ORDER[place]] = bits(3);
      const codes = tree(lengths), all = [];
      while (all.length < literals + distances) {
        const next = symbol(codes);
        if (next < 16) all.push(next);
        else {
          const value = next === 16 ? all[all.length - 1] : 0;
          const times = next === 16 ? 3 + bits(2) : next === 17 ? 3 + bits(3) : 11 + bits(7);
          for (let i = 0; i < times; i += 1) all.push(value);
        }
      }
      return [tree(all.slice(0, literals)), tree(all.slice(literals))];
    };
    for (let last = 0; !last;) {
      last = bits(1);
      const kind = bits(2);
      if (kind === 0) {
        hold = held = 0;
        const length = bytes[at] | (bytes[at + 1] << 8);
        at += 4;
        room(length);
        out.set(bytes.subarray(at, at + length), size);
        at += length; size += length;
        continue;
      }
      const [literals, distances] = kind === 1 ? fixed() : dynamic();
      for (let next = symbol(literals); next !== 256; next = symbol(literals)) {
        if (next < 256) { room(1); out[size++] = next; continue; }
        const length = LENGTHS[next - 257] + bits(LENGTH_BITS[next - 257]);
        const code = symbol(distances);
        const distance = DISTANCES[code] + bits(code < 2 ? 0 : (code >> 1) - 1);
        room(length);
        for (let i = 0; i < length; i += 1, size += 1) out[size] = out[size - distance];
      }
    }
    return out.subarray(0, size);
  };

  async function opened(bytes) {
    if (typeof DecompressionStream === "undefined") return Hex.inflate(bytes);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  const known = new Map();

  /* The value packed in the element of that id; opened once, and kept. */
  Hex.unpack = (id) => {
    if (!known.has(id)) {
      known.set(id, (async () => {
        const packed = atob(document.getElementById(id).textContent);
        const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
        return JSON.parse(new TextDecoder().decode(await opened(bytes)));
      })());
    }
    return known.get(id);
  };
})();
