var __defProp = Object.defineProperty;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __export = (target, all) => {
  for (var name2 in all)
    __defProp(target, name2, { get: all[name2], enumerable: true });
};

// ../mesos-client/src/errors.ts
var MesosError, RecordIoError;
var init_errors = __esm({
  "../mesos-client/src/errors.ts"() {
    "use strict";
    MesosError = class extends Error {
      name = "MesosError";
      code;
      retryable;
      subscriptionLost;
      status;
      serverText;
      constructor(code, message, options = {}) {
        super(message, { cause: options.cause });
        this.code = code;
        this.retryable = options.retryable ?? false;
        this.subscriptionLost = options.subscriptionLost ?? false;
        this.status = options.status;
        this.serverText = options.serverText;
      }
    };
    RecordIoError = class extends MesosError {
      name = "RecordIoError";
      /** `header`: not a length; `oversized`: longer than allowed; `truncated`: the stream ended inside a record. */
      reason;
      /** Whole records that preceded the broken place in the same chunk. */
      records;
      constructor(reason, message, records = []) {
        super("MESOS_RECORDIO", message, { retryable: true, subscriptionLost: true });
        this.reason = reason;
        this.records = records;
      }
    };
  }
});

// ../../node_modules/@bufbuild/protobuf/dist/esm/wire/varint.js
function varint64read() {
  const buf = this.buf;
  let pos = this.pos;
  let lo = 0;
  let hi = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const b = buf[pos++];
    lo |= (b & 127) << shift;
    if ((b & 128) == 0) {
      this.pos = pos;
      this.assertBounds();
      this.varint64Lo = lo;
      this.varint64Hi = hi;
      return;
    }
  }
  const middleByte = buf[pos++];
  lo |= (middleByte & 15) << 28;
  hi = (middleByte & 112) >> 4;
  if ((middleByte & 128) == 0) {
    this.pos = pos;
    this.assertBounds();
    this.varint64Lo = lo;
    this.varint64Hi = hi;
    return;
  }
  for (let shift = 3; shift <= 31; shift += 7) {
    const b = buf[pos++];
    hi |= (b & 127) << shift;
    if ((b & 128) == 0) {
      this.pos = pos;
      this.assertBounds();
      this.varint64Lo = lo;
      this.varint64Hi = hi;
      return;
    }
  }
  throw new Error("invalid varint");
}
function int64FromString(dec) {
  const minus = dec[0] === "-";
  if (minus) {
    dec = dec.slice(1);
  }
  const base = 1e6;
  let lowBits = 0;
  let highBits = 0;
  function add1e6digit(begin, end) {
    const digit1e6 = Number(dec.slice(begin, end));
    highBits *= base;
    lowBits = lowBits * base + digit1e6;
    if (lowBits >= TWO_PWR_32_DBL) {
      highBits = highBits + (lowBits / TWO_PWR_32_DBL | 0);
      lowBits = lowBits % TWO_PWR_32_DBL;
    }
  }
  add1e6digit(-24, -18);
  add1e6digit(-18, -12);
  add1e6digit(-12, -6);
  add1e6digit(-6);
  return minus ? negate(lowBits, highBits) : newBits(lowBits, highBits);
}
function int64ToString(lo, hi) {
  let bits = newBits(lo, hi);
  const negative = bits.hi & 2147483648;
  if (negative) {
    bits = negate(bits.lo, bits.hi);
  }
  const result = uInt64ToString(bits.lo, bits.hi);
  return negative ? "-" + result : result;
}
function uInt64ToString(lo, hi) {
  ({ lo, hi } = toUnsigned(lo, hi));
  if (hi <= 2097151) {
    return String(TWO_PWR_32_DBL * hi + lo);
  }
  const low = lo & 16777215;
  const mid = (lo >>> 24 | hi << 8) & 16777215;
  const high = hi >> 16 & 65535;
  let digitA = low + mid * 6777216 + high * 6710656;
  let digitB = mid + high * 8147497;
  let digitC = high * 2;
  const base = 1e7;
  if (digitA >= base) {
    digitB += Math.floor(digitA / base);
    digitA %= base;
  }
  if (digitB >= base) {
    digitC += Math.floor(digitB / base);
    digitB %= base;
  }
  return digitC.toString() + decimalFrom1e7WithLeadingZeros(digitB) + decimalFrom1e7WithLeadingZeros(digitA);
}
function toUnsigned(lo, hi) {
  return { lo: lo >>> 0, hi: hi >>> 0 };
}
function newBits(lo, hi) {
  return { lo: lo | 0, hi: hi | 0 };
}
function negate(lowBits, highBits) {
  highBits = ~highBits;
  if (lowBits) {
    lowBits = ~lowBits + 1;
  } else {
    highBits += 1;
  }
  return newBits(lowBits, highBits);
}
function varint32read() {
  let b = this.buf[this.pos++];
  if ((b & 128) === 0) {
    this.assertBounds();
    return b;
  }
  let result = b & 127;
  b = this.buf[this.pos++];
  result |= (b & 127) << 7;
  if ((b & 128) === 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 127) << 14;
  if ((b & 128) === 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 127) << 21;
  if ((b & 128) === 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 15) << 28;
  for (let readBytes2 = 5; (b & 128) !== 0 && readBytes2 < 10; readBytes2++)
    b = this.buf[this.pos++];
  if ((b & 128) !== 0)
    throw new Error("invalid varint");
  this.assertBounds();
  return result >>> 0;
}
var TWO_PWR_32_DBL, decimalFrom1e7WithLeadingZeros;
var init_varint = __esm({
  "../../node_modules/@bufbuild/protobuf/dist/esm/wire/varint.js"() {
    "use strict";
    TWO_PWR_32_DBL = 4294967296;
    decimalFrom1e7WithLeadingZeros = (digit1e7) => {
      const partial = String(digit1e7);
      return "0000000".slice(partial.length) + partial;
    };
  }
});

// ../../node_modules/@bufbuild/protobuf/dist/esm/proto-int64.js
function makeInt64Support() {
  const dv = new DataView(new ArrayBuffer(8));
  const ok = typeof BigInt === "function" && typeof dv.getBigInt64 === "function" && typeof dv.getBigUint64 === "function" && typeof dv.setBigInt64 === "function" && typeof dv.setBigUint64 === "function" && (!!globalThis.Deno || !!globalThis.Bun || typeof process != "object" || typeof process.env != "object" || process.env.BUF_BIGINT_DISABLE !== "1");
  if (ok) {
    const MIN = BigInt("-9223372036854775808");
    const MAX = BigInt("9223372036854775807");
    const UMIN = BigInt("0");
    const UMAX = BigInt("18446744073709551615");
    return {
      zero: BigInt(0),
      supported: true,
      parse(value) {
        const bi = typeof value == "bigint" ? value : BigInt(value);
        if (bi > MAX || bi < MIN) {
          throw new Error(`invalid int64: ${value}`);
        }
        return bi;
      },
      uParse(value) {
        const bi = typeof value == "bigint" ? value : BigInt(value);
        if (bi > UMAX || bi < UMIN) {
          throw new Error(`invalid uint64: ${value}`);
        }
        return bi;
      },
      enc(value) {
        dv.setBigInt64(0, this.parse(value), true);
        return {
          lo: dv.getInt32(0, true),
          hi: dv.getInt32(4, true)
        };
      },
      uEnc(value) {
        dv.setBigInt64(0, this.uParse(value), true);
        return {
          lo: dv.getInt32(0, true),
          hi: dv.getInt32(4, true)
        };
      },
      dec(lo, hi) {
        dv.setInt32(0, lo, true);
        dv.setInt32(4, hi, true);
        return dv.getBigInt64(0, true);
      },
      uDec(lo, hi) {
        dv.setInt32(0, lo, true);
        dv.setInt32(4, hi, true);
        return dv.getBigUint64(0, true);
      }
    };
  }
  return {
    zero: "0",
    supported: false,
    parse(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertInt64String(value);
      return value;
    },
    uParse(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertUInt64String(value);
      return value;
    },
    enc(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertInt64String(value);
      return int64FromString(value);
    },
    uEnc(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertUInt64String(value);
      return int64FromString(value);
    },
    dec(lo, hi) {
      return int64ToString(lo, hi);
    },
    uDec(lo, hi) {
      return uInt64ToString(lo, hi);
    }
  };
}
function assertInt64String(value) {
  if (!/^-?[0-9]+$/.test(value)) {
    throw new Error("invalid int64: " + value);
  }
}
function assertUInt64String(value) {
  if (!/^[0-9]+$/.test(value)) {
    throw new Error("invalid uint64: " + value);
  }
}
var protoInt64;
var init_proto_int64 = __esm({
  "../../node_modules/@bufbuild/protobuf/dist/esm/proto-int64.js"() {
    "use strict";
    init_varint();
    protoInt64 = /* @__PURE__ */ makeInt64Support();
  }
});

// ../../node_modules/@bufbuild/protobuf/dist/esm/wire/text-encoding.js
function configureTextEncoding(textEncoding) {
  var _a;
  te = Object.assign(Object.assign({}, textEncoding), { encodeUtf8Into: (_a = textEncoding.encodeUtf8Into) !== null && _a !== void 0 ? _a : emulateEncodeInto(textEncoding.encodeUtf8.bind(textEncoding)) });
}
function getTextEncoding() {
  if (!te) {
    const globals = globalThis;
    if (!globals.TextEncoder || !globals.TextDecoder) {
      throw new Error("encoding API missing: install TextEncoder and TextDecoder on globalThis");
    }
    const textEncoder = new globals.TextEncoder();
    const textDecoder = new globals.TextDecoder("utf-8", {
      ignoreBOM: true
    });
    let textDecoderStrict;
    const config = {
      encodeUtf8(text) {
        return textEncoder.encode(text);
      },
      decodeUtf8(bytes, strict) {
        if (strict) {
          if (!textDecoderStrict) {
            textDecoderStrict = new globals.TextDecoder("utf-8", {
              fatal: true,
              ignoreBOM: true
            });
          }
          return textDecoderStrict.decode(bytes);
        }
        return textDecoder.decode(bytes);
      },
      checkUtf8(text) {
        try {
          encodeURIComponent(text);
          return true;
        } catch (_) {
          return false;
        }
      }
    };
    if (textEncoder.encodeInto) {
      config.encodeUtf8Into = textEncoder.encodeInto.bind(textEncoder);
    }
    const nativeStringIsWellFormed = String.prototype.isWellFormed;
    if (nativeStringIsWellFormed) {
      config.checkUtf8 = (text) => {
        return nativeStringIsWellFormed.call(text);
      };
    }
    configureTextEncoding(config);
  }
  return te;
}
function emulateEncodeInto(encodeUtf8) {
  return (text, dest) => {
    const bytes = encodeUtf8(text);
    dest.set(bytes);
    return { written: bytes.byteLength };
  };
}
var te;
var init_text_encoding = __esm({
  "../../node_modules/@bufbuild/protobuf/dist/esm/wire/text-encoding.js"() {
    "use strict";
  }
});

// ../../node_modules/@bufbuild/protobuf/dist/esm/wire/binary-encoding.js
function varint32Size(value) {
  if (value < 128)
    return 1;
  if (value < 16384)
    return 2;
  if (value < 2097152)
    return 3;
  if (value < 268435456)
    return 4;
  return 5;
}
function assertInt32(arg) {
  if (typeof arg == "string") {
    arg = Number(arg);
  } else if (typeof arg != "number") {
    throw new Error("invalid int32: " + typeof arg);
  }
  if (!Number.isInteger(arg) || arg > INT32_MAX || arg < INT32_MIN)
    throw new Error("invalid int32: " + arg);
}
function assertUInt32(arg) {
  if (typeof arg == "string") {
    arg = Number(arg);
  } else if (typeof arg != "number") {
    throw new Error("invalid uint32: " + typeof arg);
  }
  if (!Number.isInteger(arg) || arg > UINT32_MAX || arg < 0)
    throw new Error("invalid uint32: " + arg);
}
function assertFloat32(arg) {
  if (typeof arg == "string") {
    const o = arg;
    arg = Number(arg);
    if (Number.isNaN(arg) && o !== "NaN") {
      throw new Error("invalid float32: " + o);
    }
  } else if (typeof arg != "number") {
    throw new Error("invalid float32: " + typeof arg);
  }
  if (!Number.isFinite(Math.fround(arg)) && Number.isFinite(arg)) {
    throw new Error("invalid float32: " + arg);
  }
}
var WireType, UINT32_MAX, INT32_MAX, INT32_MIN, BinaryWriter, INITIAL_SIZE, DEFAULT_LEN_PREFIX_SIZE, EMPTY_BUFFER, EMPTY_VIEW, ASCII_MAX_LENGTH, BinaryReader;
var init_binary_encoding = __esm({
  "../../node_modules/@bufbuild/protobuf/dist/esm/wire/binary-encoding.js"() {
    "use strict";
    init_varint();
    init_proto_int64();
    init_text_encoding();
    (function(WireType2) {
      WireType2[WireType2["Varint"] = 0] = "Varint";
      WireType2[WireType2["Bit64"] = 1] = "Bit64";
      WireType2[WireType2["LengthDelimited"] = 2] = "LengthDelimited";
      WireType2[WireType2["StartGroup"] = 3] = "StartGroup";
      WireType2[WireType2["EndGroup"] = 4] = "EndGroup";
      WireType2[WireType2["Bit32"] = 5] = "Bit32";
    })(WireType || (WireType = {}));
    UINT32_MAX = 4294967295;
    INT32_MAX = 2147483647;
    INT32_MIN = -2147483648;
    BinaryWriter = class {
      constructor(encodeUtf8) {
        this.stackPos = [];
        this.encodeUtf8Into = encodeUtf8 ? emulateEncodeInto(encodeUtf8) : getTextEncoding().encodeUtf8Into;
        this.buffer = EMPTY_BUFFER;
        this.viewCache = EMPTY_VIEW;
        this.pos = 0;
      }
      ensureCapacity(size) {
        const required = this.pos + size;
        if (required > this.buffer.length) {
          let newLen = this.buffer.length || INITIAL_SIZE;
          while (newLen < required)
            newLen *= 2;
          const newBuf = new Uint8Array(newLen);
          if (this.pos > 0)
            newBuf.set(this.buffer);
          this.buffer = newBuf;
        }
      }
      /**
       * The DataView over `buffer`, rebuilt only if the buffer has grown since it
       * was last used.
       */
      view() {
        const bytes = this.buffer;
        const view = this.viewCache;
        if (view.byteLength === bytes.byteLength)
          return view;
        const newView = new DataView(bytes.buffer);
        this.viewCache = newView;
        return newView;
      }
      /**
       * Return all bytes written and reset this writer.
       */
      finish() {
        const result = this.buffer.slice(0, this.pos);
        this.pos = 0;
        this.stackPos = [];
        return result;
      }
      /**
       * Start a new fork for length-delimited data like a message
       * or a packed repeated field.
       *
       * Must be joined later with `join()`.
       */
      fork() {
        this.stackPos.push(this.pos);
        this.ensureCapacity(DEFAULT_LEN_PREFIX_SIZE);
        this.buffer[this.pos++] = 0;
        return this;
      }
      /**
       * Join the last fork. Write its length and bytes, then
       * return to the previous state.
       */
      join() {
        const forkPos = this.stackPos.pop();
        if (forkPos === void 0)
          throw new Error("invalid state, fork stack empty");
        const len = this.pos - forkPos - DEFAULT_LEN_PREFIX_SIZE;
        const lenPrefixSize = varint32Size(len);
        if (lenPrefixSize > DEFAULT_LEN_PREFIX_SIZE) {
          this.ensureCapacity(lenPrefixSize - DEFAULT_LEN_PREFIX_SIZE);
          this.buffer.copyWithin(forkPos + lenPrefixSize, forkPos + DEFAULT_LEN_PREFIX_SIZE, this.pos);
        }
        this.pos = forkPos;
        this.uint32(len);
        this.pos += len;
        return this;
      }
      /**
       * Writes a tag (field number and wire type).
       *
       * Equivalent to `uint32( (fieldNo << 3 | type) >>> 0 )`.
       *
       * Generated code should compute the tag ahead of time and call `uint32()`.
       */
      tag(fieldNo, type) {
        return this.uint32((fieldNo << 3 | type) >>> 0);
      }
      /**
       * Write a chunk of raw bytes.
       */
      raw(chunk) {
        this.ensureCapacity(chunk.length);
        this.buffer.set(chunk, this.pos);
        this.pos += chunk.length;
        return this;
      }
      /**
       * Write a `uint32` value, an unsigned 32 bit varint.
       */
      uint32(value) {
        assertUInt32(value);
        this.ensureCapacity(5);
        if (value < 128) {
          this.buffer[this.pos++] = value;
          return this;
        }
        while (value > 127) {
          this.buffer[this.pos++] = value & 127 | 128;
          value >>>= 7;
        }
        this.buffer[this.pos++] = value;
        return this;
      }
      /**
       * Write a `int32` value, a signed 32 bit varint.
       */
      int32(value) {
        assertInt32(value);
        if (value >= 0) {
          return this.uint32(value);
        }
        this.ensureCapacity(10);
        for (let i = 0; i < 9; i++) {
          this.buffer[this.pos++] = value & 127 | 128;
          value >>= 7;
        }
        this.buffer[this.pos++] = 1;
        return this;
      }
      /**
       * Write a `bool` value, a varint.
       */
      bool(value) {
        this.ensureCapacity(1);
        this.buffer[this.pos++] = value ? 1 : 0;
        return this;
      }
      /**
       * Write a `bytes` value, length-delimited arbitrary data.
       */
      bytes(value) {
        this.uint32(value.byteLength);
        return this.raw(value);
      }
      /**
       * Write a `string` value, length-delimited data converted to UTF-8 text.
       */
      string(value) {
        if (typeof value !== "string") {
          value = String(value);
        }
        const len = value.length;
        if (len <= ASCII_MAX_LENGTH) {
          this.ensureCapacity(len + 1);
          const ascii = this.buffer;
          let pos = this.pos;
          ascii[pos++] = len;
          let i = 0;
          for (; i < len; i++) {
            const code = value.charCodeAt(i);
            if (code > 127)
              break;
            ascii[pos++] = code;
          }
          if (i == len) {
            this.pos = pos;
            return this;
          }
        }
        this.ensureCapacity(len * 3 + 5);
        const lenPrefixSizeGuess = varint32Size(len);
        const buf = this.buffer;
        const start = this.pos;
        const { written } = this.encodeUtf8Into(value, buf.subarray(start + lenPrefixSizeGuess));
        const lenPrefixSize = varint32Size(written);
        if (lenPrefixSize != lenPrefixSizeGuess) {
          buf.copyWithin(start + lenPrefixSize, start + lenPrefixSizeGuess, start + lenPrefixSizeGuess + written);
        }
        this.uint32(written);
        this.pos += written;
        return this;
      }
      /**
       * Write a `float` value, 32-bit floating point number.
       */
      float(value) {
        assertFloat32(value);
        this.ensureCapacity(4);
        this.view().setFloat32(this.pos, value, true);
        this.pos += 4;
        return this;
      }
      /**
       * Write a `double` value, a 64-bit floating point number.
       */
      double(value) {
        this.ensureCapacity(8);
        this.view().setFloat64(this.pos, value, true);
        this.pos += 8;
        return this;
      }
      /**
       * Write a `fixed32` value, an unsigned, fixed-length 32-bit integer.
       */
      fixed32(value) {
        assertUInt32(value);
        this.ensureCapacity(4);
        this.view().setUint32(this.pos, value, true);
        this.pos += 4;
        return this;
      }
      /**
       * Write a `sfixed32` value, a signed, fixed-length 32-bit integer.
       */
      sfixed32(value) {
        assertInt32(value);
        this.ensureCapacity(4);
        this.view().setInt32(this.pos, value, true);
        this.pos += 4;
        return this;
      }
      /**
       * Write a `sint32` value, a signed, zigzag-encoded 32-bit varint.
       */
      sint32(value) {
        assertInt32(value);
        return this.uint32((value << 1 ^ value >> 31) >>> 0);
      }
      /**
       * Write a `sfixed64` value, a signed, fixed-length 64-bit integer.
       */
      sfixed64(value) {
        const tc = protoInt64.enc(value);
        this.ensureCapacity(8);
        const view = this.view();
        view.setInt32(this.pos, tc.lo, true);
        view.setInt32(this.pos + 4, tc.hi, true);
        this.pos += 8;
        return this;
      }
      /**
       * Write a `fixed64` value, an unsigned, fixed-length 64 bit integer.
       */
      fixed64(value) {
        const tc = protoInt64.uEnc(value);
        this.ensureCapacity(8);
        const view = this.view();
        view.setInt32(this.pos, tc.lo, true);
        view.setInt32(this.pos + 4, tc.hi, true);
        this.pos += 8;
        return this;
      }
      /**
       * Write a `int64` value, a signed 64-bit varint.
       */
      int64(value) {
        const tc = protoInt64.enc(value);
        return this.writeVarint64(tc.lo, tc.hi);
      }
      /**
       * Write a `sint64` value, a signed, zig-zag-encoded 64-bit varint.
       */
      sint64(value) {
        const tc = protoInt64.enc(value), sign = tc.hi >> 31, lo = tc.lo << 1 ^ sign, hi = (tc.hi << 1 | tc.lo >>> 31) ^ sign;
        return this.writeVarint64(lo, hi);
      }
      /**
       * Write a `uint64` value, an unsigned 64-bit varint.
       */
      uint64(value) {
        const tc = protoInt64.uEnc(value);
        return this.writeVarint64(tc.lo, tc.hi);
      }
      /**
       * Write a 64-bit varint directly into the buffer. Accepts the value as
       * split low/high 32-bit words.
       *
       * Ported from varint64write() to avoid the intermediate number[] buffer.
       * See https://github.com/protocolbuffers/protobuf/blob/8a71927d74a4ce34efe2d8769fda198f52d20d12/js/experimental/runtime/kernel/writer.js#L344
       */
      writeVarint64(lo, hi) {
        this.ensureCapacity(10);
        const buf = this.buffer;
        let pos = this.pos;
        for (let i = 0; i < 28; i = i + 7) {
          const shift = lo >>> i;
          const hasNext = !(shift >>> 7 == 0 && hi == 0);
          buf[pos++] = (hasNext ? shift | 128 : shift) & 255;
          if (!hasNext) {
            this.pos = pos;
            return this;
          }
        }
        const splitBits = lo >>> 28 & 15 | (hi & 7) << 4;
        const hasMoreBits = !(hi >> 3 == 0);
        buf[pos++] = (hasMoreBits ? splitBits | 128 : splitBits) & 255;
        if (!hasMoreBits) {
          this.pos = pos;
          return this;
        }
        for (let i = 3; i < 31; i = i + 7) {
          const shift = hi >>> i;
          const hasNext = !(shift >>> 7 == 0);
          buf[pos++] = (hasNext ? shift | 128 : shift) & 255;
          if (!hasNext) {
            this.pos = pos;
            return this;
          }
        }
        buf[pos++] = hi >>> 31 & 1;
        this.pos = pos;
        return this;
      }
    };
    INITIAL_SIZE = 128;
    DEFAULT_LEN_PREFIX_SIZE = 1;
    EMPTY_BUFFER = new Uint8Array(0);
    EMPTY_VIEW = new DataView(EMPTY_BUFFER.buffer);
    ASCII_MAX_LENGTH = 32;
    BinaryReader = class {
      constructor(buf, decodeUtf8 = getTextEncoding().decodeUtf8) {
        this.decodeUtf8 = decodeUtf8;
        this.varint64Lo = 0;
        this.varint64Hi = 0;
        this.varint64 = varint64read;
        this.uint32 = varint32read;
        this.buf = buf;
        this.len = buf.length;
        this.pos = 0;
        this.view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength);
      }
      /**
       * Reads a tag - field number and wire type. Tags are uint32 varints; values
       * that do not fit in uint32 are rejected.
       */
      tag() {
        const start = this.pos;
        const tag = this.uint32();
        const bytesRead = this.pos - start;
        if (bytesRead > 5 || bytesRead == 5 && this.buf[this.pos - 1] > 15) {
          throw new Error("illegal tag: varint overflows uint32");
        }
        const fieldNo = tag >>> 3;
        const wireType = tag & 7;
        if (fieldNo <= 0 || wireType > 5) {
          throw new Error("illegal tag: field no " + fieldNo + " wire type " + wireType);
        }
        return [fieldNo, wireType];
      }
      /**
       * Skip one element and return the skipped data.
       *
       * When skipping StartGroup, provide the tags field number to check for
       * matching field number in the EndGroup tag. Recursion into nested groups
       * is guarded by the `recursionLimit` argument: When the limit is reached,
       * this method throws.
       */
      skip(wireType, fieldNo, recursionLimit = 100) {
        let start = this.pos;
        switch (wireType) {
          case WireType.Varint:
            while (this.buf[this.pos++] & 128) {
            }
            break;
          // @ts-ignore TS7029: Fallthrough case in switch -- ignore instead of expect-error for compiler settings without noFallthroughCasesInSwitch: true
          case WireType.Bit64:
            this.pos += 4;
          case WireType.Bit32:
            this.pos += 4;
            break;
          case WireType.LengthDelimited:
            let len = this.uint32();
            this.pos += len;
            break;
          case WireType.StartGroup:
            if (recursionLimit <= 0) {
              throw new Error("maximum recursion depth reached");
            }
            for (; ; ) {
              const [fn, wt] = this.tag();
              if (wt === WireType.EndGroup) {
                if (fieldNo !== void 0 && fn !== fieldNo) {
                  throw new Error("invalid end group tag");
                }
                break;
              }
              this.skip(wt, fn, recursionLimit - 1);
            }
            break;
          default:
            throw new Error("cant skip wire type " + wireType);
        }
        this.assertBounds();
        return this.buf.subarray(start, this.pos);
      }
      /**
       * Throws error if position in byte array is out of range.
       */
      assertBounds() {
        if (this.pos > this.len)
          throw new RangeError("premature EOF");
      }
      /**
       * Read a `int32` field, a signed 32 bit varint.
       */
      int32() {
        return this.uint32() | 0;
      }
      /**
       * Read a `sint32` field, a signed, zigzag-encoded 32-bit varint.
       */
      sint32() {
        let zze = this.uint32();
        return zze >>> 1 ^ -(zze & 1);
      }
      /**
       * Read a `int64` field, a signed 64-bit varint.
       */
      int64() {
        this.varint64();
        return protoInt64.dec(this.varint64Lo, this.varint64Hi);
      }
      /**
       * Read a `uint64` field, an unsigned 64-bit varint.
       */
      uint64() {
        this.varint64();
        return protoInt64.uDec(this.varint64Lo, this.varint64Hi);
      }
      /**
       * Read a `sint64` field, a signed, zig-zag-encoded 64-bit varint.
       */
      sint64() {
        this.varint64();
        let lo = this.varint64Lo;
        let hi = this.varint64Hi;
        let s = -(lo & 1);
        lo = (lo >>> 1 | (hi & 1) << 31) ^ s;
        hi = hi >>> 1 ^ s;
        return protoInt64.dec(lo, hi);
      }
      /**
       * Read a `bool` field, a variant.
       */
      bool() {
        const b = this.buf[this.pos];
        if (b < 128) {
          this.pos++;
          return b !== 0;
        }
        this.varint64();
        return this.varint64Lo !== 0 || this.varint64Hi !== 0;
      }
      /**
       * Read a `fixed32` field, an unsigned, fixed-length 32-bit integer.
       */
      fixed32() {
        return this.view.getUint32((this.pos += 4) - 4, true);
      }
      /**
       * Read a `sfixed32` field, a signed, fixed-length 32-bit integer.
       */
      sfixed32() {
        return this.view.getInt32((this.pos += 4) - 4, true);
      }
      /**
       * Read a `fixed64` field, an unsigned, fixed-length 64 bit integer.
       */
      fixed64() {
        return protoInt64.uDec(this.sfixed32(), this.sfixed32());
      }
      /**
       * Read a `fixed64` field, a signed, fixed-length 64-bit integer.
       */
      sfixed64() {
        return protoInt64.dec(this.sfixed32(), this.sfixed32());
      }
      /**
       * Read a `float` field, 32-bit floating point number.
       */
      float() {
        return this.view.getFloat32((this.pos += 4) - 4, true);
      }
      /**
       * Read a `double` field, a 64-bit floating point number.
       */
      double() {
        return this.view.getFloat64((this.pos += 8) - 8, true);
      }
      /**
       * Read a `bytes` field, length-delimited arbitrary data.
       */
      bytes() {
        let len = this.uint32(), start = this.pos;
        this.pos += len;
        this.assertBounds();
        return this.buf.subarray(start, start + len);
      }
      /**
       * Read a `string` field, length-delimited data converted to UTF-8 text. If
       * `strict` is true, throw on invalid UTF-8 instead of substituting U+FFFD.
       */
      string(strict) {
        const len = this.uint32();
        const start = this.pos;
        this.pos += len;
        this.assertBounds();
        const buf = this.buf;
        if (len <= ASCII_MAX_LENGTH) {
          const codes = new Array(len);
          for (let i = 0; i < len; i++) {
            const byte = buf[start + i];
            if (byte > 127) {
              return this.decodeUtf8(buf.subarray(start, this.pos), strict);
            }
            codes[i] = byte;
          }
          return String.fromCharCode.apply(String, codes);
        }
        return this.decodeUtf8(buf.subarray(start, this.pos), strict);
      }
    };
  }
});

// ../../node_modules/@bufbuild/protobuf/dist/esm/wire/base64-encoding.js
var nativeSetFromBase64, nativeToBase64;
var init_base64_encoding = __esm({
  "../../node_modules/@bufbuild/protobuf/dist/esm/wire/base64-encoding.js"() {
    "use strict";
    nativeSetFromBase64 = Uint8Array.prototype.setFromBase64;
    nativeToBase64 = Uint8Array.prototype.toBase64;
  }
});

// ../../node_modules/@bufbuild/protobuf/dist/esm/wire/text-format.js
var init_text_format = __esm({
  "../../node_modules/@bufbuild/protobuf/dist/esm/wire/text-format.js"() {
    "use strict";
  }
});

// ../../node_modules/@bufbuild/protobuf/dist/esm/wire/size-delimited.js
var defaultReadMaxBytes;
var init_size_delimited = __esm({
  "../../node_modules/@bufbuild/protobuf/dist/esm/wire/size-delimited.js"() {
    "use strict";
    defaultReadMaxBytes = 64 * 1024 * 1024;
  }
});

// ../../node_modules/@bufbuild/protobuf/dist/esm/wire/index.js
var init_wire = __esm({
  "../../node_modules/@bufbuild/protobuf/dist/esm/wire/index.js"() {
    "use strict";
    init_binary_encoding();
    init_base64_encoding();
    init_text_format();
    init_size_delimited();
  }
});

// ../mesos-client/src/schema/agent-messages.ts
var AGENT_MESSAGES;
var init_agent_messages = __esm({
  "../mesos-client/src/schema/agent-messages.ts"() {
    "use strict";
    AGENT_MESSAGES = {
      AgentCall: "type=1:AgentCallType get_metrics=2:AgentCallGetMetrics set_logging_level=3:AgentCallSetLoggingLevel list_files=4:AgentCallListFiles read_file=5:AgentCallReadFile launch_nested_container=6:AgentCallLaunchNestedContainer wait_nested_container=7:AgentCallWaitNestedContainer kill_nested_container=8:AgentCallKillNestedContainer launch_nested_container_session=9:AgentCallLaunchNestedContainerSession attach_container_input=10:AttachContainerInput attach_container_output=11:AgentCallAttachContainerOutput remove_nested_container=12:AgentCallRemoveNestedContainer launch_container=13:AgentCallLaunchContainer wait_container=14:AgentCallWaitContainer kill_container=15:AgentCallKillContainer remove_container=16:AgentCallRemoveContainer add_resource_provider_config=17:AgentCallAddResourceProviderConfig update_resource_provider_config=18:AgentCallUpdateResourceProviderConfig remove_resource_provider_config=19:AgentCallRemoveResourceProviderConfig get_containers=20:AgentCallGetContainers prune_images=21:AgentCallPruneImages mark_resource_provider_gone=22:AgentCallMarkResourceProviderGone",
      AgentCallGetMetrics: "timeout=1:DurationInfo",
      AgentCallSetLoggingLevel: "level=1:uint32! duration=2:DurationInfo!",
      AgentCallListFiles: "path=1:string!",
      AgentCallReadFile: "path=1:string! offset=2:uint64! length=3:uint64",
      AgentCallGetContainers: "show_nested=1:bool show_standalone=2:bool",
      AgentCallLaunchNestedContainer: "container_id=1:ContainerID! command=2:CommandInfo container=3:ContainerInfo",
      AgentCallWaitNestedContainer: "container_id=1:ContainerID!",
      AgentCallKillNestedContainer: "container_id=1:ContainerID! signal=2:int32",
      AgentCallRemoveNestedContainer: "container_id=1:ContainerID!",
      AgentCallLaunchNestedContainerSession: "container_id=1:ContainerID! command=2:CommandInfo container=3:ContainerInfo",
      AttachContainerInput: "type=1:AttachContainerInputType container_id=2:ContainerID process_io=3:ProcessIO",
      AgentCallAttachContainerOutput: "container_id=1:ContainerID!",
      AgentCallLaunchContainer: "container_id=1:ContainerID! command=2:CommandInfo resources=3:Resource[] container=4:ContainerInfo limits=5:Scalar{}",
      AgentCallWaitContainer: "container_id=1:ContainerID!",
      AgentCallKillContainer: "container_id=1:ContainerID! signal=2:int32",
      AgentCallRemoveContainer: "container_id=1:ContainerID!",
      AgentCallAddResourceProviderConfig: "info=1:ResourceProviderInfo!",
      AgentCallUpdateResourceProviderConfig: "info=1:ResourceProviderInfo!",
      AgentCallRemoveResourceProviderConfig: "type=1:string! name=2:string!",
      AgentCallMarkResourceProviderGone: "resource_provider_id=1:Id!",
      AgentCallPruneImages: "excluded_images=1:Image[]",
      ProcessIO: "type=1:ProcessIOType data=2:ProcessIOData control=3:ProcessIOControl",
      ProcessIOData: "type=1:ProcessIODataType data=2:bytes",
      ProcessIOControl: "type=1:ProcessIOControlType tty_info=2:TTYInfo heartbeat=3:ProcessIOHeartbeat",
      ProcessIOHeartbeat: "interval=1:DurationInfo",
      AgentResponse: "type=1:AgentResponseType get_health=2:GetHealth get_flags=3:GetFlags get_version=4:GetVersion get_metrics=5:GetMetrics get_logging_level=6:GetLoggingLevel list_files=7:ListFiles read_file=8:ReadFile get_state=9:AgentGetState get_containers=10:AgentGetContainers get_frameworks=11:AgentGetFrameworks get_executors=12:AgentGetExecutors get_tasks=13:AgentGetTasks wait_nested_container=14:AgentWaitContainer get_agent=15:AgentGetAgent wait_container=16:AgentWaitContainer get_resource_providers=17:AgentGetResourceProviders get_operations=18:GetOperations",
      AgentGetState: "get_tasks=1:AgentGetTasks get_executors=2:AgentGetExecutors get_frameworks=3:AgentGetFrameworks",
      AgentGetContainers: "containers=1:AgentContainer[]",
      AgentContainer: "framework_id=1:Id executor_id=2:Id executor_name=3:string container_id=4:ContainerID! container_status=5:ContainerStatus resource_statistics=6:ResourceStatistics",
      AgentGetFrameworks: "frameworks=1:AgentFramework[] completed_frameworks=2:AgentFramework[]",
      AgentFramework: "framework_info=1:FrameworkInfo!",
      AgentGetExecutors: "executors=1:AgentExecutor[] completed_executors=2:AgentExecutor[]",
      AgentExecutor: "executor_info=1:ExecutorInfo!",
      AgentGetTasks: "pending_tasks=1:Task[] queued_tasks=2:Task[] launched_tasks=3:Task[] terminated_tasks=4:Task[] completed_tasks=5:Task[]",
      AgentGetAgent: "agent_info=1:AgentInfo drain_config=2:DrainConfig estimated_drain_start_time=3:TimeInfo",
      AgentGetResourceProviders: "resource_providers=1:ResourceProviderResources[]",
      AgentWaitContainer: "exit_status=1:int32 state=2:TaskState reason=3:TaskStatusReason limitation=4:TaskResourceLimitation message=5:string"
    };
  }
});

// ../mesos-client/src/schema/enums.ts
var ENUMS;
var init_enums = __esm({
  "../mesos-client/src/schema/enums.ts"() {
    "use strict";
    ENUMS = {
      FrameworkCapabilityType: "UNKNOWN=0 REVOCABLE_RESOURCES=1 TASK_KILLING_STATE=2 GPU_RESOURCES=3 SHARED_RESOURCES=4 PARTITION_AWARE=5 MULTI_ROLE=6 RESERVATION_REFINEMENT=7 REGION_AWARE=8",
      CheckType: "UNKNOWN=0 COMMAND=1 HTTP=2 TCP=3",
      ExecutorType: "UNKNOWN=0 DEFAULT=1 CUSTOM=2",
      // Not QUOTA_V2=3: the v1 protocol of 1.11.0 lacks it, and JSON shows `{}` (recorded: 16-scheduler-protobuf).
      MasterCapabilityType: "UNKNOWN=0 AGENT_UPDATE=1 AGENT_DRAINING=2",
      AgentCapabilityType: "UNKNOWN=0 MULTI_ROLE=1 HIERARCHICAL_ROLE=2 RESERVATION_REFINEMENT=3 RESOURCE_PROVIDER=4 RESIZE_VOLUME=5 AGENT_OPERATION_FEEDBACK=6 AGENT_DRAINING=7 TASK_RESOURCE_LIMITS=8",
      CSIPluginService: "UNKNOWN=0 CONTROLLER_SERVICE=1 NODE_SERVICE=2",
      ValueType: "SCALAR=0 RANGES=1 SET=2 TEXT=3",
      ReservationType: "UNKNOWN=0 STATIC=1 DYNAMIC=2",
      DiskSourceType: "UNKNOWN=0 PATH=1 MOUNT=2 BLOCK=3 RAW=4",
      OfferOperationType: "UNKNOWN=0 LAUNCH=1 RESERVE=2 UNRESERVE=3 CREATE=4 DESTROY=5 LAUNCH_GROUP=6 GROW_VOLUME=11 SHRINK_VOLUME=12 CREATE_DISK=13 DESTROY_DISK=14",
      TaskState: "TASK_STARTING=0 TASK_RUNNING=1 TASK_FINISHED=2 TASK_FAILED=3 TASK_KILLED=4 TASK_LOST=5 TASK_STAGING=6 TASK_ERROR=7 TASK_KILLING=8 TASK_DROPPED=9 TASK_UNREACHABLE=10 TASK_GONE=11 TASK_GONE_BY_OPERATOR=12 TASK_UNKNOWN=13",
      OperationState: "OPERATION_UNSUPPORTED=0 OPERATION_PENDING=1 OPERATION_FINISHED=2 OPERATION_FAILED=3 OPERATION_ERROR=4 OPERATION_DROPPED=5 OPERATION_UNREACHABLE=6 OPERATION_GONE_BY_OPERATOR=7 OPERATION_RECOVERING=8 OPERATION_UNKNOWN=9",
      TaskStatusSource: "SOURCE_MASTER=0 SOURCE_AGENT=1 SOURCE_EXECUTOR=2",
      TaskStatusReason: "REASON_COMMAND_EXECUTOR_FAILED=0 REASON_EXECUTOR_TERMINATED=1 REASON_EXECUTOR_UNREGISTERED=2 REASON_FRAMEWORK_REMOVED=3 REASON_GC_ERROR=4 REASON_INVALID_FRAMEWORKID=5 REASON_INVALID_OFFERS=6 REASON_MASTER_DISCONNECTED=7 REASON_CONTAINER_LIMITATION_MEMORY=8 REASON_RECONCILIATION=9 REASON_AGENT_DISCONNECTED=10 REASON_AGENT_REMOVED=11 REASON_AGENT_RESTARTED=12 REASON_AGENT_UNKNOWN=13 REASON_TASK_INVALID=14 REASON_TASK_UNAUTHORIZED=15 REASON_TASK_UNKNOWN=16 REASON_CONTAINER_PREEMPTED=17 REASON_RESOURCES_UNKNOWN=18 REASON_CONTAINER_LIMITATION=19 REASON_CONTAINER_LIMITATION_DISK=20 REASON_CONTAINER_LAUNCH_FAILED=21 REASON_CONTAINER_UPDATE_FAILED=22 REASON_EXECUTOR_REGISTRATION_TIMEOUT=23 REASON_EXECUTOR_REREGISTRATION_TIMEOUT=24 REASON_TASK_GROUP_INVALID=25 REASON_TASK_GROUP_UNAUTHORIZED=26 REASON_IO_SWITCHBOARD_EXITED=27 REASON_TASK_CHECK_STATUS_UPDATED=28 REASON_TASK_HEALTH_CHECK_STATUS_UPDATED=29 REASON_TASK_KILLED_DURING_LAUNCH=30 REASON_AGENT_REMOVED_BY_OPERATOR=31 REASON_AGENT_REREGISTERED=32 REASON_MAX_COMPLETION_TIME_REACHED=33 REASON_AGENT_DRAINING=34",
      EnvironmentVariableType: "UNKNOWN=0 VALUE=1 SECRET=2",
      SecretType: "UNKNOWN=0 REFERENCE=1 VALUE=2",
      ImageType: "APPC=1 DOCKER=2",
      MountPropagationMode: "UNKNOWN=0 HOST_TO_CONTAINER=1 BIDIRECTIONAL=2",
      VolumeMode: "RW=1 RO=2",
      VolumeSourceType: "UNKNOWN=0 DOCKER_VOLUME=1 SANDBOX_PATH=2 SECRET=3 HOST_PATH=4 CSI_VOLUME=5",
      SandboxPathType: "UNKNOWN=0 SELF=1 PARENT=2",
      CSIAccessMode: "UNKNOWN=0 SINGLE_NODE_WRITER=1 SINGLE_NODE_READER_ONLY=2 MULTI_NODE_READER_ONLY=3 MULTI_NODE_SINGLE_WRITER=4 MULTI_NODE_MULTI_WRITER=5",
      NetworkInfoProtocol: "IPv4=1 IPv6=2",
      LinuxCapability: "UNKNOWN=0 CHOWN=1000 DAC_OVERRIDE=1001 DAC_READ_SEARCH=1002 FOWNER=1003 FSETID=1004 KILL=1005 SETGID=1006 SETUID=1007 SETPCAP=1008 LINUX_IMMUTABLE=1009 NET_BIND_SERVICE=1010 NET_BROADCAST=1011 NET_ADMIN=1012 NET_RAW=1013 IPC_LOCK=1014 IPC_OWNER=1015 SYS_MODULE=1016 SYS_RAWIO=1017 SYS_CHROOT=1018 SYS_PTRACE=1019 SYS_PACCT=1020 SYS_ADMIN=1021 SYS_BOOT=1022 SYS_NICE=1023 SYS_RESOURCE=1024 SYS_TIME=1025 SYS_TTY_CONFIG=1026 MKNOD=1027 LEASE=1028 AUDIT_WRITE=1029 AUDIT_CONTROL=1030 SETFCAP=1031 MAC_OVERRIDE=1032 MAC_ADMIN=1033 SYSLOG=1034 WAKE_ALARM=1035 BLOCK_SUSPEND=1036 AUDIT_READ=1037 PERFMON=1038 BPF=1039 CHECKPOINT_RESTORE=1040",
      IpcMode: "UNKNOWN=0 PRIVATE=1 SHARE_PARENT=2",
      RLimitType: "UNKNOWN=0 RLMT_AS=1 RLMT_CORE=2 RLMT_CPU=3 RLMT_DATA=4 RLMT_FSIZE=5 RLMT_LOCKS=6 RLMT_MEMLOCK=7 RLMT_MSGQUEUE=8 RLMT_NICE=9 RLMT_NOFILE=10 RLMT_NPROC=11 RLMT_RSS=12 RLMT_RTPRIO=13 RLMT_RTTIME=14 RLMT_SIGPENDING=15 RLMT_STACK=16",
      ContainerType: "DOCKER=1 MESOS=2",
      DockerNetwork: "HOST=1 BRIDGE=2 NONE=3 USER=4",
      Visibility: "FRAMEWORK=0 CLUSTER=1 EXTERNAL=2",
      DrainState: "UNKNOWN=0 DRAINING=1 DRAINED=2",
      InverseOfferAnswer: "UNKNOWN=1 ACCEPT=2 DECLINE=3",
      SchedulerCallType: "UNKNOWN=0 SUBSCRIBE=1 TEARDOWN=2 ACCEPT=3 DECLINE=4 REVIVE=5 KILL=6 SHUTDOWN=7 ACKNOWLEDGE=8 RECONCILE=9 MESSAGE=10 REQUEST=11 SUPPRESS=12 ACCEPT_INVERSE_OFFERS=13 DECLINE_INVERSE_OFFERS=14 ACKNOWLEDGE_OPERATION_STATUS=15 RECONCILE_OPERATIONS=16 UPDATE_FRAMEWORK=17",
      SchedulerEventType: "UNKNOWN=0 SUBSCRIBED=1 OFFERS=2 RESCIND=3 UPDATE=4 MESSAGE=5 FAILURE=6 ERROR=7 HEARTBEAT=8 INVERSE_OFFERS=9 RESCIND_INVERSE_OFFER=10 UPDATE_OPERATION_STATUS=11",
      PseudoattributeType: "UNKNOWN=0 HOSTNAME=1 REGION=2 ZONE=3",
      ExecutorCallType: "UNKNOWN=0 SUBSCRIBE=1 UPDATE=2 MESSAGE=3 HEARTBEAT=4",
      ExecutorEventType: "UNKNOWN=0 SUBSCRIBED=1 LAUNCH=2 KILL=3 ACKNOWLEDGED=4 MESSAGE=5 ERROR=6 SHUTDOWN=7 LAUNCH_GROUP=8 HEARTBEAT=9",
      MasterCallType: "UNKNOWN=0 GET_HEALTH=1 GET_FLAGS=2 GET_VERSION=3 GET_METRICS=4 GET_LOGGING_LEVEL=5 SET_LOGGING_LEVEL=6 LIST_FILES=7 READ_FILE=8 GET_STATE=9 GET_AGENTS=10 GET_FRAMEWORKS=11 GET_EXECUTORS=12 GET_TASKS=13 GET_ROLES=14 GET_WEIGHTS=15 UPDATE_WEIGHTS=16 GET_MASTER=17 SUBSCRIBE=18 RESERVE_RESOURCES=19 UNRESERVE_RESOURCES=20 CREATE_VOLUMES=21 DESTROY_VOLUMES=22 GET_MAINTENANCE_STATUS=23 GET_MAINTENANCE_SCHEDULE=24 UPDATE_MAINTENANCE_SCHEDULE=25 START_MAINTENANCE=26 STOP_MAINTENANCE=27 GET_QUOTA=28 SET_QUOTA=29 REMOVE_QUOTA=30 TEARDOWN=31 MARK_AGENT_GONE=32 GET_OPERATIONS=33 GROW_VOLUME=34 SHRINK_VOLUME=35 UPDATE_QUOTA=36 DRAIN_AGENT=37 DEACTIVATE_AGENT=38 REACTIVATE_AGENT=39",
      MasterResponseType: "UNKNOWN=0 GET_HEALTH=1 GET_FLAGS=2 GET_VERSION=3 GET_METRICS=4 GET_LOGGING_LEVEL=5 LIST_FILES=6 READ_FILE=7 GET_STATE=8 GET_AGENTS=9 GET_FRAMEWORKS=10 GET_EXECUTORS=11 GET_TASKS=12 GET_ROLES=13 GET_WEIGHTS=14 GET_MASTER=15 GET_MAINTENANCE_STATUS=16 GET_MAINTENANCE_SCHEDULE=17 GET_QUOTA=18 GET_OPERATIONS=19",
      MasterEventType: "UNKNOWN=0 SUBSCRIBED=1 TASK_ADDED=2 TASK_UPDATED=3 AGENT_ADDED=4 AGENT_REMOVED=5 FRAMEWORK_ADDED=6 FRAMEWORK_UPDATED=7 FRAMEWORK_REMOVED=8 HEARTBEAT=9",
      AgentCallType: "UNKNOWN=0 GET_HEALTH=1 GET_FLAGS=2 GET_VERSION=3 GET_METRICS=4 GET_LOGGING_LEVEL=5 SET_LOGGING_LEVEL=6 LIST_FILES=7 READ_FILE=8 GET_STATE=9 GET_CONTAINERS=10 GET_FRAMEWORKS=11 GET_EXECUTORS=12 GET_TASKS=13 LAUNCH_NESTED_CONTAINER=14 WAIT_NESTED_CONTAINER=15 KILL_NESTED_CONTAINER=16 LAUNCH_NESTED_CONTAINER_SESSION=17 ATTACH_CONTAINER_INPUT=18 ATTACH_CONTAINER_OUTPUT=19 GET_AGENT=20 REMOVE_NESTED_CONTAINER=21 LAUNCH_CONTAINER=22 WAIT_CONTAINER=23 KILL_CONTAINER=24 REMOVE_CONTAINER=25 GET_RESOURCE_PROVIDERS=26 ADD_RESOURCE_PROVIDER_CONFIG=27 UPDATE_RESOURCE_PROVIDER_CONFIG=28 REMOVE_RESOURCE_PROVIDER_CONFIG=29 PRUNE_IMAGES=30 GET_OPERATIONS=31 MARK_RESOURCE_PROVIDER_GONE=32",
      AgentResponseType: "UNKNOWN=0 GET_HEALTH=1 GET_FLAGS=2 GET_VERSION=3 GET_METRICS=4 GET_LOGGING_LEVEL=5 LIST_FILES=6 READ_FILE=7 GET_STATE=8 GET_CONTAINERS=9 GET_FRAMEWORKS=10 GET_EXECUTORS=11 GET_TASKS=12 WAIT_NESTED_CONTAINER=13 GET_AGENT=14 WAIT_CONTAINER=15 GET_RESOURCE_PROVIDERS=16 GET_OPERATIONS=17",
      AttachContainerInputType: "UNKNOWN=0 CONTAINER_ID=1 PROCESS_IO=2",
      ProcessIOType: "UNKNOWN=0 DATA=1 CONTROL=2",
      ProcessIODataType: "UNKNOWN=0 STDIN=1 STDOUT=2 STDERR=3",
      ProcessIOControlType: "UNKNOWN=0 TTY_INFO=1 HEARTBEAT=2",
      BlkioOperation: "UNKNOWN=0 TOTAL=1 READ=2 WRITE=3 SYNC=4 ASYNC=5 DISCARD=6"
    };
  }
});

// ../mesos-client/src/schema/framework-messages.ts
var FRAMEWORK_MESSAGES;
var init_framework_messages = __esm({
  "../mesos-client/src/schema/framework-messages.ts"() {
    "use strict";
    FRAMEWORK_MESSAGES = {
      AttributeConstraint: "selector=1:AttributeConstraintSelector! predicate=2:AttributeConstraintPredicate!",
      AttributeConstraintSelector: "pseudoattribute_type=1:PseudoattributeType attribute_name=2:string",
      AttributeConstraintPredicate: "exists=1:AttributeExists not_exists=2:AttributeNotExists text_equals=3:AttributeTextEquals text_not_equals=4:AttributeTextNotEquals text_matches=5:AttributeTextMatches text_not_matches=6:AttributeTextNotMatches",
      AttributeExists: "",
      AttributeNotExists: "",
      AttributeTextEquals: "value=1:string!",
      AttributeTextNotEquals: "value=1:string!",
      AttributeTextMatches: "regex=1:string!",
      AttributeTextNotMatches: "regex=1:string!",
      OfferConstraints: "role_constraints=1:RoleConstraints{}",
      RoleConstraints: "groups=1:RoleConstraintsGroup[]",
      RoleConstraintsGroup: "attribute_constraints=1:AttributeConstraint[]",
      SchedulerCall: "framework_id=1:Id type=2:SchedulerCallType subscribe=3:SchedulerCallSubscribe accept=4:SchedulerCallAccept decline=5:SchedulerCallDecline kill=6:SchedulerCallKill shutdown=7:SchedulerCallShutdown acknowledge=8:SchedulerCallAcknowledge reconcile=9:SchedulerCallReconcile message=10:SchedulerCallMessage request=11:SchedulerCallRequest accept_inverse_offers=13:SchedulerCallAcceptInverseOffers decline_inverse_offers=14:SchedulerCallDeclineInverseOffers revive=15:SchedulerCallRevive suppress=16:SchedulerCallSuppress acknowledge_operation_status=17:SchedulerCallAcknowledgeOperationStatus reconcile_operations=18:SchedulerCallReconcileOperations update_framework=19:SchedulerCallUpdateFramework",
      SchedulerCallSubscribe: "framework_info=1:FrameworkInfo! suppressed_roles=2:string[] offer_constraints=3:OfferConstraints",
      SchedulerCallAccept: "offer_ids=1:Id[] operations=2:OfferOperation[] filters=3:Filters",
      SchedulerCallDecline: "offer_ids=1:Id[] filters=2:Filters",
      SchedulerCallAcceptInverseOffers: "inverse_offer_ids=1:Id[] filters=2:Filters",
      SchedulerCallDeclineInverseOffers: "inverse_offer_ids=1:Id[] filters=2:Filters",
      SchedulerCallRevive: "roles=1:string[]",
      SchedulerCallKill: "task_id=1:Id! agent_id=2:Id kill_policy=3:KillPolicy",
      SchedulerCallShutdown: "executor_id=1:Id! agent_id=2:Id!",
      SchedulerCallAcknowledge: "agent_id=1:Id! task_id=2:Id! uuid=3:bytes!",
      SchedulerCallAcknowledgeOperationStatus: "agent_id=1:Id resource_provider_id=2:Id uuid=3:bytes! operation_id=4:Id!",
      SchedulerCallReconcile: "tasks=1:ReconcileTask[]",
      ReconcileTask: "task_id=1:Id! agent_id=2:Id",
      SchedulerCallReconcileOperations: "operations=1:ReconcileOperation[]",
      ReconcileOperation: "operation_id=1:Id! agent_id=2:Id resource_provider_id=3:Id",
      SchedulerCallMessage: "agent_id=1:Id! executor_id=2:Id! data=3:bytes!",
      SchedulerCallRequest: "requests=1:ResourceRequest[]",
      SchedulerCallSuppress: "roles=1:string[]",
      SchedulerCallUpdateFramework: "framework_info=1:FrameworkInfo! suppressed_roles=2:string[] offer_constraints=3:OfferConstraints",
      SchedulerEvent: "type=1:SchedulerEventType subscribed=2:SchedulerEventSubscribed offers=3:SchedulerEventOffers rescind=4:SchedulerEventRescind update=5:SchedulerEventUpdate message=6:SchedulerEventMessage failure=7:SchedulerEventFailure error=8:SchedulerEventError inverse_offers=9:SchedulerEventInverseOffers rescind_inverse_offer=10:SchedulerEventRescindInverseOffer update_operation_status=11:SchedulerEventUpdateOperationStatus",
      SchedulerEventSubscribed: "framework_id=1:Id! heartbeat_interval_seconds=2:double master_info=3:MasterInfo",
      SchedulerEventOffers: "offers=1:Offer[]",
      SchedulerEventInverseOffers: "inverse_offers=1:InverseOffer[]",
      SchedulerEventRescind: "offer_id=1:Id!",
      SchedulerEventRescindInverseOffer: "inverse_offer_id=1:Id!",
      SchedulerEventUpdate: "status=1:TaskStatus!",
      SchedulerEventUpdateOperationStatus: "status=1:OperationStatus!",
      SchedulerEventMessage: "agent_id=1:Id! executor_id=2:Id! data=3:bytes!",
      SchedulerEventFailure: "agent_id=1:Id executor_id=2:Id status=3:int32",
      SchedulerEventError: "message=1:string!",
      ExecutorCall: "executor_id=1:Id! framework_id=2:Id! type=3:ExecutorCallType subscribe=4:ExecutorCallSubscribe update=5:ExecutorCallUpdate message=6:ExecutorCallMessage",
      ExecutorCallSubscribe: "unacknowledged_tasks=1:TaskInfo[] unacknowledged_updates=2:ExecutorCallUpdate[]",
      ExecutorCallUpdate: "status=1:TaskStatus!",
      ExecutorCallMessage: "data=2:bytes!",
      ExecutorEvent: "type=1:ExecutorEventType subscribed=2:ExecutorEventSubscribed acknowledged=3:ExecutorEventAcknowledged launch=4:ExecutorEventLaunch kill=5:ExecutorEventKill message=6:ExecutorEventMessage error=7:ExecutorEventError launch_group=8:ExecutorEventLaunchGroup",
      ExecutorEventSubscribed: "executor_info=1:ExecutorInfo! framework_info=2:FrameworkInfo! agent_info=3:AgentInfo! container_id=4:ContainerID",
      ExecutorEventLaunch: "task=1:TaskInfo!",
      ExecutorEventLaunchGroup: "task_group=1:TaskGroupInfo!",
      ExecutorEventKill: "task_id=1:Id! kill_policy=2:KillPolicy",
      ExecutorEventAcknowledged: "task_id=1:Id! uuid=2:bytes!",
      ExecutorEventMessage: "data=1:bytes!",
      ExecutorEventError: "message=1:string!"
    };
  }
});

// ../mesos-client/src/schema/master-messages.ts
var MASTER_MESSAGES;
var init_master_messages = __esm({
  "../mesos-client/src/schema/master-messages.ts"() {
    "use strict";
    MASTER_MESSAGES = {
      MasterCall: "type=1:MasterCallType get_metrics=2:MasterCallGetMetrics set_logging_level=3:MasterCallSetLoggingLevel list_files=4:MasterCallListFiles read_file=5:MasterCallReadFile update_weights=6:MasterCallUpdateWeights reserve_resources=7:MasterCallReserveResources unreserve_resources=8:MasterCallUnreserveResources create_volumes=9:MasterCallCreateVolumes destroy_volumes=10:MasterCallDestroyVolumes update_maintenance_schedule=11:MasterCallUpdateMaintenanceSchedule start_maintenance=12:MasterCallStartMaintenance stop_maintenance=13:MasterCallStopMaintenance set_quota=14:MasterCallSetQuota remove_quota=15:MasterCallRemoveQuota teardown=16:MasterCallTeardown mark_agent_gone=17:MasterCallMarkAgentGone grow_volume=18:MasterCallGrowVolume shrink_volume=19:MasterCallShrinkVolume update_quota=20:MasterCallUpdateQuota drain_agent=21:MasterCallDrainAgent deactivate_agent=22:MasterCallDeactivateAgent reactivate_agent=23:MasterCallReactivateAgent",
      MasterCallGetMetrics: "timeout=1:DurationInfo",
      MasterCallSetLoggingLevel: "level=1:uint32! duration=2:DurationInfo!",
      MasterCallListFiles: "path=1:string!",
      MasterCallReadFile: "path=1:string! offset=2:uint64! length=3:uint64",
      MasterCallUpdateWeights: "weight_infos=1:WeightInfo[]",
      MasterCallReserveResources: "agent_id=1:Id! resources=2:Resource[] source=3:Resource[]",
      MasterCallUnreserveResources: "agent_id=1:Id! resources=2:Resource[]",
      MasterCallCreateVolumes: "agent_id=1:Id! volumes=2:Resource[]",
      MasterCallDestroyVolumes: "agent_id=1:Id! volumes=2:Resource[]",
      MasterCallGrowVolume: "agent_id=1:Id volume=2:Resource! addition=3:Resource!",
      MasterCallShrinkVolume: "agent_id=1:Id volume=2:Resource! subtract=3:Scalar!",
      MasterCallUpdateMaintenanceSchedule: "schedule=1:MaintenanceSchedule!",
      MasterCallStartMaintenance: "machines=1:MachineID[]",
      MasterCallStopMaintenance: "machines=1:MachineID[]",
      MasterCallDrainAgent: "agent_id=1:Id! max_grace_period=2:ProtobufDuration mark_gone=3:bool(false)",
      MasterCallDeactivateAgent: "agent_id=1:Id!",
      MasterCallReactivateAgent: "agent_id=1:Id!",
      MasterCallUpdateQuota: "force=1:bool quota_configs=2:QuotaConfig[]",
      MasterCallSetQuota: "quota_request=1:QuotaRequest!",
      MasterCallRemoveQuota: "role=1:string!",
      MasterCallTeardown: "framework_id=1:Id!",
      MasterCallMarkAgentGone: "agent_id=1:Id!",
      MaintenanceWindow: "machine_ids=1:MachineID[] unavailability=2:Unavailability!",
      MaintenanceSchedule: "windows=1:MaintenanceWindow[]",
      MaintenanceClusterStatus: "draining_machines=1:MaintenanceClusterStatusDrainingMachine[] down_machines=2:MachineID[]",
      MaintenanceClusterStatusDrainingMachine: "id=1:MachineID! statuses=2:InverseOfferStatus[]",
      InverseOfferStatus: "status=1:InverseOfferAnswer! framework_id=2:Id! timestamp=3:TimeInfo!",
      QuotaInfo: "role=1:string principal=2:string guarantee=3:Resource[]",
      QuotaRequest: "force=1:bool role=2:string guarantee=3:Resource[]",
      QuotaConfig: "role=1:string! guarantees=2:Scalar{} limits=3:Scalar{}",
      QuotaStatus: "infos=1:QuotaInfo[] configs=2:QuotaConfig[]",
      MasterResponse: "type=1:MasterResponseType get_health=2:GetHealth get_flags=3:GetFlags get_version=4:GetVersion get_metrics=5:GetMetrics get_logging_level=6:GetLoggingLevel list_files=7:ListFiles read_file=8:ReadFile get_state=9:MasterGetState get_agents=10:MasterGetAgents get_frameworks=11:MasterGetFrameworks get_executors=12:MasterGetExecutors get_tasks=13:MasterGetTasks get_roles=14:MasterGetRoles get_weights=15:MasterGetWeights get_master=16:MasterGetMaster get_maintenance_status=17:MasterGetMaintenanceStatus get_maintenance_schedule=18:MasterGetMaintenanceSchedule get_quota=19:MasterGetQuota get_operations=20:GetOperations",
      GetHealth: "healthy=1:bool!",
      GetFlags: "flags=1:Flag[]",
      GetVersion: "version_info=1:VersionInfo!",
      GetMetrics: "metrics=1:Metric[]",
      GetLoggingLevel: "level=1:uint32!",
      ListFiles: "file_infos=1:FileInfo[]",
      ReadFile: "size=1:uint64! data=2:bytes!",
      GetOperations: "operations=1:Operation[]",
      MasterGetState: "get_tasks=1:MasterGetTasks get_executors=2:MasterGetExecutors get_frameworks=3:MasterGetFrameworks get_agents=4:MasterGetAgents",
      MasterGetAgents: "agents=1:MasterAgent[] recovered_agents=2:AgentInfo[]",
      MasterAgent: "agent_info=1:AgentInfo! active=2:bool! version=3:string! pid=4:string registered_time=5:TimeInfo reregistered_time=6:TimeInfo total_resources=7:Resource[] allocated_resources=8:Resource[] offered_resources=9:Resource[] capabilities=10:AgentCapability[] resource_providers=11:ResourceProviderResources[] deactivated=12:bool drain_info=13:DrainInfo estimated_drain_start_time=14:TimeInfo",
      ResourceProviderResources: "resource_provider_info=1:ResourceProviderInfo! total_resources=2:Resource[]",
      MasterGetFrameworks: "frameworks=1:MasterFramework[] completed_frameworks=2:MasterFramework[] recovered_frameworks=3:FrameworkInfo[]",
      MasterFramework: "framework_info=1:FrameworkInfo! active=2:bool! connected=3:bool! registered_time=4:TimeInfo reregistered_time=5:TimeInfo unregistered_time=6:TimeInfo offers=7:Offer[] inverse_offers=8:InverseOffer[] allocated_resources=9:Resource[] offered_resources=10:Resource[] recovered=11:bool! offer_constraints=12:OfferConstraints",
      MasterGetExecutors: "executors=1:MasterExecutor[] orphan_executors=2:MasterExecutor[]",
      MasterExecutor: "executor_info=1:ExecutorInfo! agent_id=2:Id!",
      MasterGetTasks: "pending_tasks=1:Task[] tasks=2:Task[] completed_tasks=3:Task[] orphan_tasks=4:Task[] unreachable_tasks=5:Task[]",
      MasterGetRoles: "roles=1:Role[]",
      MasterGetWeights: "weight_infos=1:WeightInfo[]",
      MasterGetMaster: "master_info=1:MasterInfo start_time=2:double elected_time=3:double",
      MasterGetMaintenanceStatus: "status=1:MaintenanceClusterStatus!",
      MasterGetMaintenanceSchedule: "schedule=1:MaintenanceSchedule!",
      MasterGetQuota: "status=1:QuotaStatus!",
      MasterEvent: "type=1:MasterEventType subscribed=2:MasterEventSubscribed task_added=3:MasterEventTaskAdded task_updated=4:MasterEventTaskUpdated agent_added=5:MasterEventAgentAdded agent_removed=6:MasterEventAgentRemoved framework_added=7:MasterEventFramework framework_updated=8:MasterEventFramework framework_removed=9:MasterEventFrameworkRemoved",
      MasterEventSubscribed: "get_state=1:MasterGetState heartbeat_interval_seconds=2:double",
      MasterEventTaskAdded: "task=1:Task!",
      MasterEventTaskUpdated: "framework_id=1:Id! status=2:TaskStatus! state=3:TaskState!",
      MasterEventFramework: "framework=1:MasterFramework!",
      MasterEventFrameworkRemoved: "framework_info=1:FrameworkInfo!",
      MasterEventAgentAdded: "agent=1:MasterAgent!",
      MasterEventAgentRemoved: "agent_id=1:Id!"
    };
  }
});

// ../mesos-client/src/schema/mesos-messages.ts
var MESOS_MESSAGES;
var init_mesos_messages = __esm({
  "../mesos-client/src/schema/mesos-messages.ts"() {
    "use strict";
    MESOS_MESSAGES = {
      Id: "value=1:string!",
      ContainerID: "value=1:string! parent=2:ContainerID",
      TimeInfo: "nanoseconds=1:int64!",
      DurationInfo: "nanoseconds=1:int64!",
      ProtobufDuration: "seconds=1:int64 nanos=2:int32",
      Address: "hostname=1:string ip=2:string port=3:int32!",
      URL: "scheme=1:string! address=2:Address! path=3:string query=4:Parameter[] fragment=5:string",
      Unavailability: "start=1:TimeInfo! duration=2:DurationInfo",
      MachineID: "hostname=1:string ip=2:string",
      FrameworkInfo: "user=1:string! name=2:string! id=3:Id failover_timeout=4:double(0) checkpoint=5:bool(false) role=6:string hostname=7:string principal=8:string webui_url=9:string capabilities=10:FrameworkCapability[] labels=11:Labels roles=12:string[] offer_filters=13:OfferFilters{}",
      FrameworkCapability: "type=1:FrameworkCapabilityType",
      CheckInfo: "type=1:CheckType command=2:CheckInfoCommand http=3:CheckInfoHttp delay_seconds=4:double(15) interval_seconds=5:double(10) timeout_seconds=6:double(20) tcp=7:CheckInfoTcp",
      CheckInfoCommand: "command=1:CommandInfo!",
      CheckInfoHttp: "port=1:uint32! path=2:string",
      CheckInfoTcp: "port=1:uint32!",
      HealthCheck: "http=1:HTTPCheckInfo delay_seconds=2:double(15) interval_seconds=3:double(10) timeout_seconds=4:double(20) consecutive_failures=5:uint32(3) grace_period_seconds=6:double(10) command=7:CommandInfo type=8:CheckType tcp=9:TCPCheckInfo",
      HTTPCheckInfo: 'port=1:uint32! path=2:string scheme=3:string statuses=4:uint32[] protocol=5:NetworkInfoProtocol("IPv4")',
      TCPCheckInfo: 'port=1:uint32! protocol=2:NetworkInfoProtocol("IPv4")',
      KillPolicy: "grace_period=1:DurationInfo",
      CommandInfo: "uris=1:CommandURI[] environment=2:Environment value=3:string user=5:string shell=6:bool(true) arguments=7:string[]",
      CommandURI: "value=1:string! executable=2:bool extract=3:bool(true) cache=4:bool output_file=5:string",
      ExecutorInfo: "executor_id=1:Id! data=4:bytes resources=5:Resource[] command=7:CommandInfo framework_id=8:Id name=9:string source=10:string container=11:ContainerInfo discovery=12:DiscoveryInfo shutdown_grace_period=13:DurationInfo labels=14:Labels type=15:ExecutorType",
      DomainInfo: "fault_domain=1:FaultDomain",
      FaultDomain: "region=1:RegionInfo! zone=2:ZoneInfo!",
      RegionInfo: "name=1:string!",
      ZoneInfo: "name=1:string!",
      MasterInfo: "id=1:string! ip=2:uint32! port=3:uint32!(5050) pid=4:string hostname=5:string version=6:string address=7:Address domain=8:DomainInfo capabilities=9:MasterCapability[]",
      MasterCapability: "type=1:MasterCapabilityType",
      AgentInfo: "hostname=1:string! resources=3:Resource[] attributes=5:Attribute[] id=6:Id port=8:int32(5051) domain=10:DomainInfo",
      AgentCapability: "type=1:AgentCapabilityType",
      CSIPluginContainerInfo: "services=1:CSIPluginService[] command=2:CommandInfo resources=3:Resource[] container=4:ContainerInfo",
      CSIPluginEndpoint: "csi_service=1:CSIPluginService! endpoint=2:string!",
      CSIPluginInfo: 'type=1:string! name=2:string("default") containers=3:CSIPluginContainerInfo[] endpoints=4:CSIPluginEndpoint[] target_path_root=5:string target_path_exists=6:bool',
      ResourceProviderInfo: "id=1:Id attributes=2:Attribute[] type=3:string! name=4:string! default_reservations=5:ReservationInfo[] storage=6:ResourceProviderInfoStorage",
      ResourceProviderInfoStorage: "plugin=1:CSIPluginInfo! reconciliation_interval_seconds=2:double",
      Scalar: "value=1:double!",
      Range: "begin=1:uint64! end=2:uint64!",
      Ranges: "range=1:Range[]",
      StringSet: "item=1:string[]",
      Text: "value=1:string!",
      Attribute: "name=1:string! type=2:ValueType! scalar=3:Scalar ranges=4:Ranges text=5:Text set=6:StringSet",
      Resource: "name=1:string! type=2:ValueType! scalar=3:Scalar ranges=4:Ranges set=5:StringSet role=6:string disk=7:DiskInfo reservation=8:ReservationInfo revocable=9:RevocableInfo shared=10:SharedInfo allocation_info=11:AllocationInfo provider_id=12:Id reservations=13:ReservationInfo[]",
      AllocationInfo: "role=1:string",
      ReservationInfo: "principal=1:string labels=2:Labels role=3:string type=4:ReservationType",
      DiskInfo: "persistence=1:DiskPersistence volume=2:Volume source=3:DiskSource",
      DiskPersistence: "id=1:string! principal=2:string",
      DiskSource: "type=1:DiskSourceType! path=2:DiskSourcePath mount=3:DiskSourceMount id=4:string metadata=5:Labels profile=6:string vendor=7:string",
      DiskSourcePath: "root=1:string",
      DiskSourceMount: "root=1:string",
      RevocableInfo: "",
      SharedInfo: "",
      OfferFilters: "min_allocatable_resources=1:OfferFiltersMinAllocatableResources",
      OfferFiltersMinAllocatableResources: "quantities=1:OfferFiltersResourceQuantities[]",
      OfferFiltersResourceQuantities: "quantities=1:Scalar{}",
      ResourceRequest: "agent_id=1:Id resources=2:Resource[]",
      Offer: "id=1:Id! framework_id=2:Id! agent_id=3:Id! hostname=4:string! resources=5:Resource[] executor_ids=6:Id[] attributes=7:Attribute[] url=8:URL unavailability=9:Unavailability allocation_info=10:AllocationInfo domain=11:DomainInfo",
      OfferOperation: "type=1:OfferOperationType launch=2:OperationLaunch reserve=3:OperationReserve unreserve=4:OperationUnreserve create=5:OperationCreate destroy=6:OperationDestroy launch_group=7:OperationLaunchGroup id=12:Id grow_volume=13:OperationGrowVolume shrink_volume=14:OperationShrinkVolume create_disk=15:OperationCreateDisk destroy_disk=16:OperationDestroyDisk",
      OperationLaunch: "task_infos=1:TaskInfo[]",
      OperationLaunchGroup: "executor=1:ExecutorInfo! task_group=2:TaskGroupInfo!",
      OperationReserve: "resources=1:Resource[] source=2:Resource[]",
      OperationUnreserve: "resources=1:Resource[]",
      OperationCreate: "volumes=1:Resource[]",
      OperationDestroy: "volumes=1:Resource[]",
      OperationGrowVolume: "volume=1:Resource! addition=2:Resource!",
      OperationShrinkVolume: "volume=1:Resource! subtract=2:Scalar!",
      OperationCreateDisk: "source=1:Resource! target_type=2:DiskSourceType! target_profile=3:string",
      OperationDestroyDisk: "source=1:Resource!",
      InverseOffer: "id=1:Id! url=2:URL framework_id=3:Id! agent_id=4:Id unavailability=5:Unavailability! resources=6:Resource[]",
      TaskInfo: "name=1:string! task_id=2:Id! agent_id=3:Id! resources=4:Resource[] executor=5:ExecutorInfo data=6:bytes command=7:CommandInfo health_check=8:HealthCheck container=9:ContainerInfo labels=10:Labels discovery=11:DiscoveryInfo kill_policy=12:KillPolicy check=13:CheckInfo max_completion_time=14:DurationInfo limits=15:Scalar{}",
      TaskGroupInfo: "tasks=1:TaskInfo[]",
      Task: "name=1:string! task_id=2:Id! framework_id=3:Id! executor_id=4:Id agent_id=5:Id! state=6:TaskState! resources=7:Resource[] statuses=8:TaskStatus[] status_update_state=9:TaskState status_update_uuid=10:bytes labels=11:Labels discovery=12:DiscoveryInfo container=13:ContainerInfo user=14:string health_check=15:HealthCheck kill_policy=16:KillPolicy limits=17:Scalar{}",
      TaskResourceLimitation: "resources=1:Resource[]",
      UUID: "value=1:bytes!",
      Operation: "framework_id=1:Id agent_id=2:Id info=3:OfferOperation! latest_status=4:OperationStatus! statuses=5:OperationStatus[] uuid=6:UUID!",
      OperationStatus: "operation_id=1:Id state=2:OperationState! message=3:string converted_resources=4:Resource[] uuid=5:UUID agent_id=6:Id resource_provider_id=7:Id",
      CheckStatusInfo: "type=1:CheckType command=2:CheckStatusInfoCommand http=3:CheckStatusInfoHttp tcp=4:CheckStatusInfoTcp",
      CheckStatusInfoCommand: "exit_code=1:int32",
      CheckStatusInfoHttp: "status_code=1:uint32",
      CheckStatusInfoTcp: "succeeded=1:bool",
      TaskStatus: "task_id=1:Id! state=2:TaskState! data=3:bytes message=4:string agent_id=5:Id timestamp=6:double executor_id=7:Id healthy=8:bool source=9:TaskStatusSource reason=10:TaskStatusReason uuid=11:bytes labels=12:Labels container_status=13:ContainerStatus unreachable_time=14:TimeInfo check_status=15:CheckStatusInfo limitation=16:TaskResourceLimitation",
      Filters: "refuse_seconds=1:double(5)",
      Environment: "variables=1:EnvironmentVariable[]",
      EnvironmentVariable: 'name=1:string! value=2:string type=3:EnvironmentVariableType("VALUE") secret=4:Secret',
      Parameter: "key=1:string! value=2:string!",
      Parameters: "parameter=1:Parameter[]",
      Credential: "principal=1:string! secret=2:string",
      Secret: "type=1:SecretType reference=2:SecretReference value=3:SecretValue",
      SecretReference: "name=1:string! key=2:string",
      SecretValue: "data=1:bytes!",
      Image: "type=1:ImageType! appc=2:AppcImage docker=3:DockerImage cached=4:bool(true)",
      AppcImage: "name=1:string! id=2:string labels=3:Labels",
      DockerImage: "name=1:string! credential=2:Credential config=3:Secret",
      MountPropagation: "mode=1:MountPropagationMode",
      Volume: "container_path=1:string! host_path=2:string mode=3:VolumeMode! image=4:Image source=5:VolumeSource",
      VolumeSource: "type=1:VolumeSourceType docker_volume=2:VolumeSourceDockerVolume sandbox_path=3:VolumeSourceSandboxPath secret=4:Secret host_path=5:VolumeSourceHostPath csi_volume=6:VolumeSourceCSIVolume",
      VolumeSourceDockerVolume: "driver=1:string name=2:string! driver_options=3:Parameters",
      VolumeSourceHostPath: "path=1:string! mount_propagation=2:MountPropagation",
      VolumeSourceSandboxPath: "type=1:SandboxPathType path=2:string!",
      VolumeSourceCSIVolume: "plugin_name=1:string! static_provisioning=2:VolumeSourceCSIVolumeStaticProvisioning",
      VolumeSourceCSIVolumeVolumeCapability: "block=1:VolumeSourceCSIVolumeVolumeCapabilityBlockVolume mount=2:VolumeSourceCSIVolumeVolumeCapabilityMountVolume access_mode=3:VolumeSourceCSIVolumeVolumeCapabilityAccessMode!",
      VolumeSourceCSIVolumeVolumeCapabilityBlockVolume: "",
      VolumeSourceCSIVolumeVolumeCapabilityMountVolume: "fs_type=1:string mount_flags=2:string[]",
      VolumeSourceCSIVolumeVolumeCapabilityAccessMode: "mode=1:CSIAccessMode!",
      VolumeSourceCSIVolumeStaticProvisioning: "volume_id=1:string! volume_capability=2:VolumeSourceCSIVolumeVolumeCapability! node_stage_secrets=3:Secret{} node_publish_secrets=4:Secret{} volume_context=5:string{}",
      NetworkInfo: "groups=3:string[] labels=4:Labels ip_addresses=5:NetworkInfoIPAddress[] name=6:string port_mappings=7:NetworkInfoPortMapping[]",
      NetworkInfoIPAddress: 'protocol=1:NetworkInfoProtocol("IPv4") ip_address=2:string',
      NetworkInfoPortMapping: "host_port=1:uint32! container_port=2:uint32! protocol=3:string",
      CapabilityInfo: "capabilities=1:LinuxCapability[]",
      SeccompInfo: "profile_name=1:string unconfined=2:bool",
      LinuxInfo: "capability_info=1:CapabilityInfo bounding_capabilities=2:CapabilityInfo effective_capabilities=3:CapabilityInfo share_pid_namespace=4:bool seccomp=5:SeccompInfo ipc_mode=6:IpcMode shm_size=7:uint32 share_cgroups=8:bool(true)",
      RLimitInfo: "rlimits=1:RLimit[]",
      RLimit: "type=1:RLimitType hard=2:uint64 soft=3:uint64",
      TTYInfo: "window_size=1:WindowSize",
      WindowSize: "rows=1:uint32! columns=2:uint32!",
      ContainerInfo: "type=1:ContainerType! volumes=2:Volume[] docker=3:DockerInfo hostname=4:string mesos=5:MesosInfo network_infos=7:NetworkInfo[] linux_info=8:LinuxInfo rlimit_info=9:RLimitInfo tty_info=10:TTYInfo",
      DockerInfo: 'image=1:string! network=2:DockerNetwork("HOST") port_mappings=3:DockerPortMapping[] privileged=4:bool(false) parameters=5:Parameter[] force_pull_image=6:bool volume_driver=7:string',
      DockerPortMapping: "host_port=1:uint32! container_port=2:uint32! protocol=3:string",
      MesosInfo: "image=1:Image",
      ContainerStatus: "network_infos=1:NetworkInfo[] cgroup_info=2:CgroupInfo executor_pid=3:uint32 container_id=4:ContainerID",
      CgroupInfo: "net_cls=1:CgroupInfoNetCls",
      CgroupInfoNetCls: "classid=1:uint32",
      Labels: "labels=1:Label[]",
      Label: "key=1:string! value=2:string",
      Port: "number=1:uint32! name=2:string protocol=3:string visibility=4:Visibility labels=5:Labels",
      Ports: "ports=1:Port[]",
      DiscoveryInfo: "visibility=1:Visibility! name=2:string environment=3:string location=4:string version=5:string ports=6:Ports labels=7:Labels",
      WeightInfo: "weight=1:double! role=2:string",
      VersionInfo: "version=1:string! build_date=2:string build_time=3:double build_user=4:string git_sha=5:string git_branch=6:string git_tag=7:string",
      Flag: "name=1:string! value=2:string",
      Role: "name=1:string! weight=2:double! frameworks=3:Id[] resources=4:Resource[]",
      Metric: "name=1:string! value=2:double",
      FileInfo: "path=1:string! nlink=2:int32 size=3:uint64 mtime=4:TimeInfo mode=5:uint32 uid=6:string gid=7:string",
      DrainConfig: "max_grace_period=1:DurationInfo mark_gone=2:bool(false)",
      DrainInfo: "state=1:DrainState! config=2:DrainConfig!"
    };
  }
});

// ../mesos-client/src/schema/statistics-messages.ts
var STATISTICS_MESSAGES;
var init_statistics_messages = __esm({
  "../mesos-client/src/schema/statistics-messages.ts"() {
    "use strict";
    STATISTICS_MESSAGES = {
      ResourceStatistics: "timestamp=1:double! cpus_user_time_secs=2:double cpus_system_time_secs=3:double cpus_limit=4:double mem_rss_bytes=5:uint64 mem_limit_bytes=6:uint64 cpus_nr_periods=7:uint32 cpus_nr_throttled=8:uint32 cpus_throttled_time_secs=9:double mem_file_bytes=10:uint64 mem_anon_bytes=11:uint64 mem_mapped_file_bytes=12:uint64 perf=13:PerfStatistics net_rx_packets=14:uint64 net_rx_bytes=15:uint64 net_rx_errors=16:uint64 net_rx_dropped=17:uint64 net_tx_packets=18:uint64 net_tx_bytes=19:uint64 net_tx_errors=20:uint64 net_tx_dropped=21:uint64 net_tcp_rtt_microsecs_p50=22:double net_tcp_rtt_microsecs_p90=23:double net_tcp_rtt_microsecs_p95=24:double net_tcp_rtt_microsecs_p99=25:double disk_limit_bytes=26:uint64 disk_used_bytes=27:uint64 net_tcp_active_connections=28:double net_tcp_time_wait_connections=29:double processes=30:uint32 threads=31:uint32 mem_low_pressure_counter=32:uint64 mem_medium_pressure_counter=33:uint64 mem_critical_pressure_counter=34:uint64 net_traffic_control_statistics=35:TrafficControlStatistics[] mem_total_bytes=36:uint64 mem_total_memsw_bytes=37:uint64 mem_soft_limit_bytes=38:uint64 mem_cache_bytes=39:uint64 mem_swap_bytes=40:uint64 mem_unevictable_bytes=41:uint64 net_snmp_statistics=42:SNMPStatistics disk_statistics=43:DiskStatistics[] blkio_statistics=44:BlkioStatistics cpus_soft_limit=45:double net_tx_rate_limit=46:uint64 net_tx_burst_rate_limit=47:uint64 net_tx_burst_size=48:uint64 net_rx_rate_limit=49:uint64 net_rx_burst_rate_limit=50:uint64 net_rx_burst_size=51:uint64 mem_kmem_usage_bytes=52:uint64 mem_kmem_tcp_usage_bytes=53:uint64 net_rate_statistics=54:RateStatistics net_ephemeral_ports=55:Range",
      RatePercentiles: "min=1:uint64 max=2:uint64 p50=3:uint64 p90=4:uint64 p95=5:uint64 p99=6:uint64 p999=7:uint64 p9999=8:uint64 samples=9:uint64",
      RateStatistics: "rx_rate=1:RatePercentiles rx_packet_rate=2:RatePercentiles rx_drop_rate=3:RatePercentiles rx_error_rate=4:RatePercentiles tx_rate=5:RatePercentiles tx_packet_rate=6:RatePercentiles tx_drop_rate=7:RatePercentiles tx_error_rate=8:RatePercentiles sampling_window_secs=9:double sampling_interval_secs=10:double",
      TrafficControlStatistics: "id=1:string! backlog=2:uint64 bytes=3:uint64 drops=4:uint64 overlimits=5:uint64 packets=6:uint64 qlen=7:uint64 ratebps=8:uint64 ratepps=9:uint64 requeues=10:uint64",
      DiskStatistics: "source=1:DiskSource persistence=2:DiskPersistence limit_bytes=3:uint64 used_bytes=4:uint64",
      SNMPStatistics: "ip_stats=1:IpStatistics icmp_stats=2:IcmpStatistics tcp_stats=3:TcpStatistics udp_stats=4:UdpStatistics",
      IpStatistics: "Forwarding=1:int64 DefaultTTL=2:int64 InReceives=3:int64 InHdrErrors=4:int64 InAddrErrors=5:int64 ForwDatagrams=6:int64 InUnknownProtos=7:int64 InDiscards=8:int64 InDelivers=9:int64 OutRequests=10:int64 OutDiscards=11:int64 OutNoRoutes=12:int64 ReasmTimeout=13:int64 ReasmReqds=14:int64 ReasmOKs=15:int64 ReasmFails=16:int64 FragOKs=17:int64 FragFails=18:int64 FragCreates=19:int64",
      IcmpStatistics: "InMsgs=1:int64 InErrors=2:int64 InCsumErrors=3:int64 InDestUnreachs=4:int64 InTimeExcds=5:int64 InParmProbs=6:int64 InSrcQuenchs=7:int64 InRedirects=8:int64 InEchos=9:int64 InEchoReps=10:int64 InTimestamps=11:int64 InTimestampReps=12:int64 InAddrMasks=13:int64 InAddrMaskReps=14:int64 OutMsgs=15:int64 OutErrors=16:int64 OutDestUnreachs=17:int64 OutTimeExcds=18:int64 OutParmProbs=19:int64 OutSrcQuenchs=20:int64 OutRedirects=21:int64 OutEchos=22:int64 OutEchoReps=23:int64 OutTimestamps=24:int64 OutTimestampReps=25:int64 OutAddrMasks=26:int64 OutAddrMaskReps=27:int64",
      TcpStatistics: "RtoAlgorithm=1:int64 RtoMin=2:int64 RtoMax=3:int64 MaxConn=4:int64 ActiveOpens=5:int64 PassiveOpens=6:int64 AttemptFails=7:int64 EstabResets=8:int64 CurrEstab=9:int64 InSegs=10:int64 OutSegs=11:int64 RetransSegs=12:int64 InErrs=13:int64 OutRsts=14:int64 InCsumErrors=15:int64",
      UdpStatistics: "InDatagrams=1:int64 NoPorts=2:int64 InErrors=3:int64 OutDatagrams=4:int64 RcvbufErrors=5:int64 SndbufErrors=6:int64 InCsumErrors=7:int64 IgnoredMulti=8:int64",
      PerfStatistics: "timestamp=1:double! duration=2:double! cycles=3:uint64 stalled_cycles_frontend=4:uint64 stalled_cycles_backend=5:uint64 instructions=6:uint64 cache_references=7:uint64 cache_misses=8:uint64 branches=9:uint64 branch_misses=10:uint64 bus_cycles=11:uint64 ref_cycles=12:uint64 cpu_clock=13:double task_clock=14:double page_faults=15:uint64 minor_faults=16:uint64 major_faults=17:uint64 context_switches=18:uint64 cpu_migrations=19:uint64 alignment_faults=20:uint64 emulation_faults=21:uint64 l1_dcache_loads=22:uint64 l1_dcache_load_misses=23:uint64 l1_dcache_stores=24:uint64 l1_dcache_store_misses=25:uint64 l1_dcache_prefetches=26:uint64 l1_dcache_prefetch_misses=27:uint64 l1_icache_loads=28:uint64 l1_icache_load_misses=29:uint64 l1_icache_prefetches=30:uint64 l1_icache_prefetch_misses=31:uint64 llc_loads=32:uint64 llc_load_misses=33:uint64 llc_stores=34:uint64 llc_store_misses=35:uint64 llc_prefetches=36:uint64 llc_prefetch_misses=37:uint64 dtlb_loads=38:uint64 dtlb_load_misses=39:uint64 dtlb_stores=40:uint64 dtlb_store_misses=41:uint64 dtlb_prefetches=42:uint64 dtlb_prefetch_misses=43:uint64 itlb_loads=44:uint64 itlb_load_misses=45:uint64 branch_loads=46:uint64 branch_load_misses=47:uint64 node_loads=48:uint64 node_load_misses=49:uint64 node_stores=50:uint64 node_store_misses=51:uint64 node_prefetches=52:uint64 node_prefetch_misses=53:uint64",
      BlkioStatistics: "cfq=1:CFQStatistics[] cfq_recursive=2:CFQStatistics[] throttling=3:ThrottlingStatistics[]",
      CFQStatistics: "device=1:DeviceNumber sectors=2:uint64 time=3:uint64 io_serviced=4:BlkioValue[] io_service_bytes=5:BlkioValue[] io_service_time=6:BlkioValue[] io_wait_time=7:BlkioValue[] io_merged=8:BlkioValue[] io_queued=9:BlkioValue[]",
      ThrottlingStatistics: "device=1:DeviceNumber io_serviced=2:BlkioValue[] io_service_bytes=3:BlkioValue[]",
      DeviceNumber: "major_number=1:uint64! minor_number=2:uint64!",
      BlkioValue: "op=1:BlkioOperation value=2:uint64"
    };
  }
});

// ../mesos-client/src/schema/message-type.ts
function messageType(name2) {
  const known = messages.get(name2);
  if (known) return known;
  const line = MESSAGES[name2];
  if (line === void 0) throw new TypeError(`no message ${name2} in the tables of the v1 API`);
  const fields = [];
  const byNumber = /* @__PURE__ */ new Map();
  const byName = /* @__PURE__ */ new Map();
  const defaults = [];
  const type = { name: name2, fields, byNumber, byName, defaults };
  messages.set(name2, type);
  for (const entry of line.split(" ")) {
    if (entry === "") continue;
    const [, key = "", number = "", of = "", mark, otherwise] = /^(\w+)=(\d+):(\w+)(!|\[\]|\{\})?(?:\((.+)\))?$/.exec(entry) ?? [];
    const field = {
      name: key,
      number: Number(number),
      kind: kindOf(of),
      shape: mark === "[]" ? "list" : mark === "{}" ? "map" : "one",
      required: mark === "!"
    };
    fields.push(field);
    byNumber.set(field.number, field);
    byName.set(field.name, field);
    if (otherwise !== void 0) defaults.push([key, JSON.parse(otherwise)]);
  }
  fields.sort((a, b) => a.number - b.number);
  return type;
}
function kindOf(name2) {
  if (isScalar(name2)) return { is: "scalar", type: name2 };
  return name2 in ENUMS ? { is: "enum", type: enumType(name2) } : { is: "message", type: messageType(name2) };
}
function isScalar(name2) {
  return SCALARS.has(name2);
}
function enumType(name2) {
  const known = enums.get(name2);
  if (known) return known;
  const pairs = (ENUMS[name2] ?? "").split(" ").map((entry) => {
    const [text = "", number = ""] = entry.split("=");
    return [text, Number(number)];
  });
  const type = {
    name: name2,
    numbers: new Map(pairs),
    names: new Map(pairs.map(([text, number]) => [number, text]))
  };
  enums.set(name2, type);
  return type;
}
var MESSAGES, SCALARS, messages, enums;
var init_message_type = __esm({
  "../mesos-client/src/schema/message-type.ts"() {
    "use strict";
    init_agent_messages();
    init_enums();
    init_framework_messages();
    init_master_messages();
    init_mesos_messages();
    init_statistics_messages();
    MESSAGES = {
      ...MESOS_MESSAGES,
      ...FRAMEWORK_MESSAGES,
      ...MASTER_MESSAGES,
      ...AGENT_MESSAGES,
      ...STATISTICS_MESSAGES
    };
    SCALARS = /* @__PURE__ */ new Set(["double", "int32", "uint32", "int64", "uint64", "bool", "string", "bytes"]);
    messages = /* @__PURE__ */ new Map();
    enums = /* @__PURE__ */ new Map();
  }
});

// ../mesos-client/src/protobuf/decode.ts
function decodeMessage(message, bytes) {
  try {
    return readMessage(new BinaryReader(bytes), messageType(message), bytes.length, {}, 0);
  } catch (error) {
    if (error instanceof UndecodableError) throw error;
    throw new UndecodableError(`${message}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error
    });
  }
}
function readMessage(reader, type, end, target, depth) {
  if (depth > MAX_DEPTH) throw new UndecodableError(`${type.name}: messages are nested more than ${MAX_DEPTH} deep`);
  while (reader.pos < end) {
    const [number, wire] = reader.tag();
    const field = type.byNumber.get(number);
    if (field) readField(reader, field, wire, target, type, depth);
    else reader.skip(wire, number);
  }
  if (reader.pos !== end) throw new UndecodableError(`${type.name}: a field reaches over the end of the message`);
  for (const field of type.fields) {
    if (field.required && target[field.name] === void 0)
      throw new UndecodableError(`${type.name}: required field ${field.name} is missing`);
  }
  for (const [name2, value] of type.defaults) if (target[name2] === void 0) target[name2] = value;
  return target;
}
function readField(reader, field, wire, target, type, depth) {
  if (field.shape === "map") {
    readEntry(reader, field, wire, target, type, depth);
    return;
  }
  const expected = wireTypeOf(field);
  if (field.shape === "one") {
    if (wire !== expected) throw mismatch(type, field, wire);
    const value = readValue(reader, field, target[field.name], depth);
    if (value !== void 0) target[field.name] = value;
    return;
  }
  const list = listOf(target, field.name);
  if (wire === expected) push(list, readValue(reader, field, void 0, depth));
  else if (wire === WireType.LengthDelimited) {
    const end = endOf(reader, type);
    while (reader.pos < end) push(list, readValue(reader, field, void 0, depth));
    if (reader.pos !== end) throw mismatch(type, field, wire);
  } else throw mismatch(type, field, wire);
}
function readEntry(reader, field, wire, target, type, depth) {
  if (wire !== WireType.LengthDelimited) throw mismatch(type, field, wire);
  const end = endOf(reader, type);
  let key = "";
  let value;
  while (reader.pos < end) {
    const [number, entryWire] = reader.tag();
    if (number === 1 && entryWire === WireType.LengthDelimited) key = reader.string();
    else if (number === 2 && entryWire === wireTypeOf(field)) value = readValue(reader, field, value, depth);
    else reader.skip(entryWire, number);
  }
  if (reader.pos !== end) throw mismatch(type, field, wire);
  const map = target[field.name] ??= {};
  value ??= field.kind.is === "message" ? {} : "";
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}
function readValue(reader, { kind }, previous, depth) {
  if (kind.is === "message") {
    const end = endOf(reader, kind.type);
    return readMessage(reader, kind.type, end, isObject(previous) ? previous : {}, depth + 1);
  }
  if (kind.is === "enum") return kind.type.names.get(reader.int32());
  switch (kind.type) {
    case "string":
      return reader.string();
    case "double":
      return reader.double();
    case "bool":
      return reader.bool();
    case "int32":
      return reader.int32();
    case "uint32":
      return reader.uint32();
    case "int64":
      return toNumber(reader.int64());
    case "uint64":
      return toNumber(reader.uint64());
    case "bytes": {
      const bytes = reader.bytes();
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
    }
  }
}
function endOf(reader, type) {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new UndecodableError(`${type.name}: the bytes end inside a field`);
  return end;
}
function wireTypeOf({ kind }) {
  if (kind.is === "message") return WireType.LengthDelimited;
  return kind.is === "enum" ? WireType.Varint : WIRE_TYPES[kind.type];
}
function toNumber(integer) {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : BigInt(integer);
}
function listOf(target, name2) {
  const known = target[name2];
  if (Array.isArray(known)) return known;
  const list = [];
  target[name2] = list;
  return list;
}
function push(list, value) {
  if (value !== void 0) list.push(value);
}
function isObject(value) {
  return typeof value === "object" && value !== null;
}
function mismatch(type, field, wire) {
  return new UndecodableError(`${type.name}: field ${field.name} has wire type ${wire}`);
}
var UndecodableError, MAX_DEPTH, WIRE_TYPES;
var init_decode = __esm({
  "../mesos-client/src/protobuf/decode.ts"() {
    "use strict";
    init_wire();
    init_message_type();
    UndecodableError = class extends TypeError {
      name = "UndecodableError";
    };
    MAX_DEPTH = 64;
    WIRE_TYPES = {
      double: WireType.Bit64,
      int32: WireType.Varint,
      uint32: WireType.Varint,
      int64: WireType.Varint,
      uint64: WireType.Varint,
      bool: WireType.Varint,
      string: WireType.LengthDelimited,
      bytes: WireType.LengthDelimited
    };
  }
});

// ../mesos-client/src/schema/nearest.ts
function nearestTo(misspelt, names) {
  const [nearest] = names.map((name2) => ({ name: name2, distance: distanceBetween(simplify(misspelt), simplify(name2)) })).filter(({ name: name2, distance }) => distance <= Math.max(1, name2.length / 3)).sort((a, b) => a.distance - b.distance);
  return nearest?.name;
}
function simplify(name2) {
  return name2.replaceAll("_", "").toLowerCase();
}
function distanceBetween(left, right) {
  let previous = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
var init_nearest = __esm({
  "../mesos-client/src/schema/nearest.ts"() {
    "use strict";
  }
});

// ../mesos-client/src/schema/misfit.ts
function misfitOf(kind, value) {
  if (kind.is === "message") return isObject2(value) ? void 0 : insteadOf(value, "an object");
  if (kind.is === "enum") {
    if (typeof value === "string" && kind.type.numbers.has(value)) return void 0;
    const known = [...kind.type.numbers.keys()];
    const nearest = typeof value === "string" ? nearestTo(value, known) : void 0;
    return `it holds ${show(value)}; ${nearest === void 0 ? `known are ${known.join(", ")}` : `did you mean "${nearest}"?`}`;
  }
  switch (kind.type) {
    case "string":
      return typeof value === "string" ? void 0 : insteadOf(value, "a text");
    case "bytes":
      return typeof value === "string" && isBase64(value) ? void 0 : insteadOf(value, "bytes in Base64");
    case "bool":
      return typeof value === "boolean" ? void 0 : insteadOf(value, "true or false");
    case "double":
      return value === "Infinity" || value === "-Infinity" || typeof value === "number" && !Number.isNaN(value) ? void 0 : insteadOf(value, "a number");
    case "int32":
      return isWithin(value, -(2n ** 31n), 2n ** 31n - 1n) ? void 0 : insteadOf(value, "an integer (int32)");
    case "uint32":
      return isWithin(value, 0n, 2n ** 32n - 1n) ? void 0 : insteadOf(value, "an integer (uint32)");
    case "int64":
      return isWithin(value, -GREATEST_INT64 - 1n, GREATEST_INT64) ? void 0 : insteadOf(value, "an integer (int64)");
    case "uint64":
      return isWithin(value, 0n, GREATEST_UINT642) ? void 0 : insteadOf(value, "an integer (uint64)");
  }
}
function integerOf(value) {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : void 0;
  return typeof value === "string" && /^-?\d{1,20}$/.test(value) ? BigInt(value) : void 0;
}
function isWithin(value, least, most) {
  const integer = integerOf(value);
  return integer !== void 0 && integer >= least && integer <= most;
}
function isBase64(text) {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
function isObject2(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function insteadOf(value, wanted) {
  return `it holds ${show(value)} instead of ${wanted}`;
}
function show(value) {
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  return typeof value === "string" ? JSON.stringify(value).slice(0, 80) : Array.isArray(value) ? "a list" : typeof value;
}
var GREATEST_INT64, GREATEST_UINT642;
var init_misfit = __esm({
  "../mesos-client/src/schema/misfit.ts"() {
    "use strict";
    init_nearest();
    GREATEST_INT64 = 2n ** 63n - 1n;
    GREATEST_UINT642 = 2n ** 64n - 1n;
  }
});

// ../mesos-client/src/protobuf/encode.ts
function encodeMessage(message, value) {
  const writer = new BinaryWriter();
  writeMessage(writer, messageType(message), value, "");
  return writer.finish();
}
function writeMessage(writer, type, value, path) {
  for (const field of type.fields) {
    const item = Reflect.get(value, field.name);
    if (item === void 0 || item === null) continue;
    const place = path + field.name;
    if (field.shape === "list") {
      if (!Array.isArray(item)) throw new UnencodableError(place, "it must be a list");
      item.forEach((element, index) => writeField(writer, field, element, `${place}[${index}]`));
    } else if (field.shape === "map") {
      writeMap(writer, field, asObject(item, place), place);
    } else {
      writeField(writer, field, item, place);
    }
  }
}
function writeMap(writer, field, map, place) {
  for (const [key, value] of Object.entries(map)) {
    writer.tag(field.number, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(key);
    writeField(writer, { ...field, number: 2 }, value, `${place}.${key}`);
    writer.join();
  }
}
function writeField(writer, { number, kind }, value, place) {
  const misfit = misfitOf(kind, value);
  if (misfit !== void 0) throw new UnencodableError(place, misfit);
  if (kind.is === "message") {
    writer.tag(number, WireType.LengthDelimited).fork();
    writeMessage(writer, kind.type, asObject(value, place), `${place}.`);
    writer.join();
    return;
  }
  if (kind.is === "enum") {
    writer.tag(number, WireType.Varint).int32(kind.type.numbers.get(String(value)) ?? 0);
    return;
  }
  switch (kind.type) {
    case "string":
      writer.tag(number, WireType.LengthDelimited).string(String(value));
      return;
    case "bytes":
      writer.tag(number, WireType.LengthDelimited).bytes(Buffer.from(String(value), "base64"));
      return;
    case "bool":
      writer.tag(number, WireType.Varint).bool(value === true);
      return;
    case "double":
      writer.tag(number, WireType.Bit64).double(Number(value));
      return;
    case "int32":
    case "uint32":
      writer.tag(number, WireType.Varint)[kind.type](Number(value));
      return;
    case "int64":
    case "uint64":
      writer.tag(number, WireType.Varint)[kind.type](integerOf(value) ?? 0n);
  }
}
function asObject(value, place) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new UnencodableError(place, "it must be an object");
}
var UnencodableError;
var init_encode = __esm({
  "../mesos-client/src/protobuf/encode.ts"() {
    "use strict";
    init_wire();
    init_message_type();
    init_misfit();
    UnencodableError = class extends TypeError {
      name = "UnencodableError";
      path;
      reason;
      constructor(path, reason) {
        super(`${path}: ${reason}`);
        this.path = path;
        this.reason = reason;
      }
    };
  }
});

// ../mesos-client/src/scheduler/errors.ts
var InvalidCallError;
var init_errors2 = __esm({
  "../mesos-client/src/scheduler/errors.ts"() {
    "use strict";
    init_errors();
    InvalidCallError = class extends MesosError {
      name = "InvalidCallError";
      /** Where in the call, for instance `accept.operations[0].launch`. */
      path;
      constructor(type, path, reason) {
        super("MESOS_CALL_INVALID", `${type} call, key "${path}": ${reason}`);
        this.path = path;
      }
    };
  }
});

// ../mesos-client/src/codec/protobuf.ts
var protobuf_exports = {};
__export(protobuf_exports, {
  protobufCodec: () => protobufCodec
});
var protobufCodec;
var init_protobuf = __esm({
  "../mesos-client/src/codec/protobuf.ts"() {
    "use strict";
    init_decode();
    init_encode();
    init_errors2();
    protobufCodec = {
      mediaType: "application/x-protobuf",
      encode(message, value) {
        try {
          return encodeMessage(message, value);
        } catch (error) {
          if (!(error instanceof UnencodableError)) throw error;
          throw new InvalidCallError(value.type ?? message, error.path, error.reason);
        }
      },
      decode: decodeMessage
    };
  }
});

// src/server/main.ts
import { fileURLToPath } from "url";

// src/server/server.ts
import { once } from "events";
import { readFile } from "fs/promises";
import { createServer } from "http";
import { extname, join, normalize, sep } from "path";

// ../mesos-client/src/index.ts
init_errors();

// ../mesos-client/src/recordio/decoder.ts
init_errors();
var LINE_FEED = 10;
var ZERO = 48;
var NINE = 57;
var EMPTY = new Uint8Array(0);
var RecordIoDecoder = class {
  #maxRecordBytes;
  #maxHeaderDigits;
  #headerBytes = 0;
  /** First byte of the header being read that is no digit. */
  #foreignByte;
  #length = 0;
  /** The record being collected; undefined while a header is read. */
  #partial;
  #filled = 0;
  #broken;
  constructor(options = {}) {
    this.#maxRecordBytes = options.maxRecordBytes ?? 64 * 1024 * 1024;
    this.#maxHeaderDigits = options.maxHeaderDigits ?? 20;
  }
  /** Takes the next bytes of the stream and gives the records they complete. Throws `RecordIoError` (`header`, `oversized`). */
  push(chunk) {
    if (this.#broken) throw this.#broken;
    const records = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#partial) {
        at += this.#fill(chunk, at, records);
      } else if (this.#readHeaderByte(chunk[at++] ?? 0, records)) {
        if (chunk.length - at >= this.#length) {
          records.push(this.#length === 0 ? EMPTY : chunk.subarray(at, at + this.#length));
          at += this.#length;
          this.#length = 0;
        } else {
          this.#partial = new Uint8Array(Math.min(this.#length, 64 * 1024));
          this.#filled = 0;
        }
      }
    }
    return records;
  }
  /** Tells the end of the stream. Throws `RecordIoError` (`truncated`) if it falls inside a record or a length. */
  end() {
    if (this.#broken) throw this.#broken;
    if (this.#partial) {
      this.#fail("truncated", `the stream ended after ${this.#filled} of a record's ${this.#length} bytes`);
    }
    if (this.#headerBytes > 0) this.#fail("truncated", "the stream ended inside a record's length");
  }
  /** True once the length is complete. */
  #readHeaderByte(byte, records) {
    if (byte !== LINE_FEED) {
      if (byte < ZERO || byte > NINE) this.#foreignByte ??= byte;
      this.#headerBytes += 1;
      if (this.#headerBytes > this.#maxHeaderDigits) {
        this.#fail("header", `a length of more than ${this.#maxHeaderDigits} digits`, records);
      }
      this.#length = this.#length * 10 + (byte - ZERO);
      return false;
    }
    if (this.#foreignByte !== void 0) {
      this.#fail("header", `byte 0x${this.#foreignByte.toString(16)} in the length of a record`, records);
    }
    if (this.#headerBytes === 0) this.#fail("header", "a record without a length", records);
    if (this.#length > this.#maxRecordBytes) {
      const what = `a record of ${this.#length} bytes, more than the ${this.#maxRecordBytes} allowed`;
      this.#fail("oversized", what, records);
    }
    this.#headerBytes = 0;
    return true;
  }
  /** Gives the number of bytes taken. */
  #fill(chunk, at, records) {
    const taken = Math.min(this.#length - this.#filled, chunk.length - at);
    this.#reserve(this.#filled + taken);
    this.#partial?.set(chunk.subarray(at, at + taken), this.#filled);
    this.#filled += taken;
    if (this.#partial && this.#filled === this.#length) {
      records.push(this.#partial.subarray(0, this.#length));
      this.#partial = void 0;
      this.#length = 0;
    }
    return taken;
  }
  #reserve(bytes) {
    const partial = this.#partial;
    if (!partial || partial.length >= bytes) return;
    const larger = new Uint8Array(Math.min(this.#length, Math.max(bytes, partial.length * 2)));
    larger.set(partial.subarray(0, this.#filled));
    this.#partial = larger;
  }
  #fail(reason, what, records = []) {
    this.#broken = new RecordIoError(reason, `RecordIO stream: ${what}; close the connection and subscribe again`);
    if (records.length === 0) throw this.#broken;
    throw new RecordIoError(reason, this.#broken.message, records);
  }
};

// ../mesos-client/src/resources/labels.ts
function equalLabels(left, right) {
  const a = (left?.labels ?? []).map(keyOf).sort();
  const b = (right?.labels ?? []).map(keyOf).sort();
  return a.length === b.length && a.every((key, i) => key === b[i]);
}
function printLabels(labels) {
  const entries = (labels?.labels ?? []).map(({ key, value }) => value === void 0 ? key : `${key}: ${value}`);
  return `{${entries.join(", ")}}`;
}
function keyOf({ key, value }) {
  return JSON.stringify([key, value]);
}

// ../mesos-client/src/resources/integer.ts
var GREATEST_UINT64 = 2n ** 64n - 1n;
function narrow(integer) {
  return integer <= Number.MAX_SAFE_INTEGER && integer >= Number.MIN_SAFE_INTEGER ? Number(integer) : integer;
}
function isSame(left, right) {
  return left <= right && left >= right;
}
function successor(integer) {
  return typeof integer === "number" && integer < Number.MAX_SAFE_INTEGER ? integer + 1 : narrow(BigInt(integer) + 1n);
}
function predecessor(integer) {
  return typeof integer === "number" && integer <= Number.MAX_SAFE_INTEGER ? integer - 1 : narrow(BigInt(integer) - 1n);
}

// ../mesos-client/src/resources/ranges.ts
function coalesceRanges(ranges) {
  const sorted = [...ranges].sort(compareBounds);
  const result = [];
  let current;
  for (const { begin, end } of sorted) {
    if (current && begin <= successor(current.end)) {
      if (end > current.end) current.end = end;
    } else {
      current = { begin, end };
      result.push(current);
    }
  }
  return result;
}
function addRanges(left, right) {
  return coalesceRanges([...left, ...right]);
}
function subtractRanges(left, right) {
  const holes = coalesced(right);
  const result = [];
  let first = 0;
  for (const range of coalesced(left)) {
    let begin = range.begin;
    while (first < holes.length && (holes[first]?.end ?? 0) < begin) first += 1;
    for (let i = first; i < holes.length; i += 1) {
      const hole = holes[i];
      if (!hole || hole.begin > range.end) break;
      if (hole.begin > begin) result.push({ begin, end: predecessor(hole.begin) });
      begin = successor(hole.end);
      if (begin > range.end) break;
    }
    if (begin <= range.end) result.push({ begin, end: range.end });
  }
  return result;
}
function containsRanges(whole, part) {
  const outer = coalesced(whole);
  let at = 0;
  return coalesced(part).every(({ begin, end }) => {
    while (at < outer.length && (outer[at]?.end ?? 0) < begin) at += 1;
    const candidate = outer[at];
    return candidate !== void 0 && candidate.begin <= begin && end <= candidate.end;
  });
}
function equalRanges(left, right) {
  const [a, b] = [coalesced(left), coalesced(right)];
  return a.length === b.length && a.every(({ begin, end }, i) => {
    const other = b[i];
    return other !== void 0 && isSame(begin, other.begin) && isSame(end, other.end);
  });
}
function sizeOfRanges(ranges) {
  return ranges.reduce((size, { begin, end }) => size + lengthOf(begin, end), 0);
}
function coalesced(ranges) {
  for (let i = 1; i < ranges.length; i += 1) {
    const [previous, next] = [ranges[i - 1], ranges[i]];
    if (previous && next && next.begin <= successor(previous.end)) return coalesceRanges(ranges);
  }
  return ranges;
}
function compareBounds(a, b) {
  if (a.begin < b.begin) return -1;
  if (a.begin > b.begin) return 1;
  return a.end < b.end ? -1 : a.end > b.end ? 1 : 0;
}
function lengthOf(begin, end) {
  return typeof begin === "number" && typeof end === "number" ? end - begin + 1 : Number(BigInt(end) - BigInt(begin) + 1n);
}

// ../mesos-client/src/resources/scalar.ts
function toThousandths(value) {
  const rounded = Math.round(Math.abs(value) * 1e3);
  return value < 0 ? -rounded : rounded;
}
function fromThousandths(thousandths) {
  return thousandths / 1e3 || 0;
}
function addScalars(left, right) {
  return fromThousandths(toThousandths(left) + toThousandths(right));
}
function subtractScalars(left, right) {
  return fromThousandths(toThousandths(left) - toThousandths(right));
}
function compareScalars(left, right) {
  const difference = toThousandths(left) - toThousandths(right);
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

// ../mesos-client/src/resources/string-set.ts
function addSets(left, right) {
  return [.../* @__PURE__ */ new Set([...left, ...right])];
}
function subtractSets(left, right) {
  const removed = new Set(right);
  return left.filter((item) => !removed.has(item));
}
function containsSet(whole, part) {
  const items = new Set(whole);
  return part.every((item) => items.has(item));
}
function equalSets(left, right) {
  return new Set(left).size === new Set(right).size && containsSet(left, right);
}

// ../mesos-client/src/resources/resource.ts
function upgradeResource(resource) {
  if (resource.role === void 0 && resource.reservation === void 0) return resource;
  const { role = "*", reservation, ...rest } = resource;
  if ((rest.reservations?.length ?? 0) > 0 || role === "*") return rest;
  const stack = reservation ? { ...reservation, type: "DYNAMIC", role } : { type: "STATIC", role };
  return { ...rest, reservations: [stack] };
}
function isEmptyResource(resource) {
  switch (resource.type) {
    case "SCALAR":
      return toThousandths(resource.scalar?.value ?? 0) === 0;
    case "RANGES":
      return (resource.ranges?.range ?? []).length === 0;
    case "SET":
      return (resource.set?.item ?? []).length === 0;
    case "TEXT":
      return false;
    default:
      return true;
  }
}
function isPersistentVolume(resource) {
  return resource.disk?.persistence !== void 0;
}
function isShared(resource) {
  return resource.shared !== void 0;
}
function isRevocable(resource) {
  return resource.revocable !== void 0;
}
function equalMetadata(left, right) {
  return isShared(left) === isShared(right) && equalOwner(left, right) && equalDisks(left.disk, right.disk);
}
function equalResource(left, right) {
  return equalMetadata(left, right) && equalAmounts(left, right);
}
function isAddable(left, right) {
  if (isShared(left) || isShared(right)) return isShared(left) && isShared(right) && equalResource(left, right);
  if (!equalMetadata(left, right)) return false;
  return left.disk === void 0 || !isIndivisible(left.disk);
}
function isSubtractable(left, right) {
  if (isShared(left) || isShared(right)) return isShared(left) && isShared(right) && equalResource(left, right);
  if (!equalMetadata(left, right)) return false;
  return left.disk === void 0 || !isIndivisible(left.disk) || equalAmounts(left, right);
}
function containsResource(left, right) {
  if (!isSubtractable(left, right)) return false;
  switch (left.type) {
    case "SCALAR":
      return compareScalars(right.scalar?.value ?? 0, left.scalar?.value ?? 0) <= 0;
    case "RANGES":
      return containsRanges(left.ranges?.range ?? [], right.ranges?.range ?? []);
    case "SET":
      return containsSet(left.set?.item ?? [], right.set?.item ?? []);
    case "TEXT":
      return false;
  }
}
function addAmount(left, right) {
  switch (left.type) {
    case "SCALAR":
      return { ...left, scalar: { value: addScalars(left.scalar?.value ?? 0, right.scalar?.value ?? 0) } };
    case "RANGES":
      return { ...left, ranges: { range: addRanges(left.ranges?.range ?? [], right.ranges?.range ?? []) } };
    case "SET":
      return { ...left, set: { item: addSets(left.set?.item ?? [], right.set?.item ?? []) } };
    case "TEXT":
      return left;
  }
}
function subtractAmount(left, right) {
  switch (left.type) {
    case "SCALAR":
      return { ...left, scalar: { value: subtractScalars(left.scalar?.value ?? 0, right.scalar?.value ?? 0) } };
    case "RANGES":
      return { ...left, ranges: { range: subtractRanges(left.ranges?.range ?? [], right.ranges?.range ?? []) } };
    case "SET":
      return { ...left, set: { item: subtractSets(left.set?.item ?? [], right.set?.item ?? []) } };
    case "TEXT":
      return left;
  }
}
function equalReservation(left, right) {
  return left.type === right.type && left.role === right.role && left.principal === right.principal && left.labels === void 0 === (right.labels === void 0) && equalLabels(left.labels, right.labels);
}
function equalOwner(left, right) {
  if (left.name !== right.name || left.type !== right.type) return false;
  if (left.allocation_info === void 0 !== (right.allocation_info === void 0)) return false;
  if (left.allocation_info?.role !== right.allocation_info?.role) return false;
  if (isRevocable(left) !== isRevocable(right)) return false;
  if (left.provider_id?.value !== right.provider_id?.value) return false;
  const [mine, theirs] = [left.reservations ?? [], right.reservations ?? []];
  if (mine.length !== theirs.length) return false;
  return mine.every((reservation, i) => {
    const other = theirs[i];
    return other !== void 0 && equalReservation(reservation, other);
  });
}
function equalDisks(left, right) {
  if (left === void 0 || right === void 0) return left === right;
  return left.persistence?.id === right.persistence?.id && equalSources(left.source, right.source);
}
function equalSources(left, right) {
  if (left === void 0 || right === void 0) return left === right;
  return left.type === right.type && left.path === void 0 === (right.path === void 0) && left.path?.root === right.path?.root && left.mount === void 0 === (right.mount === void 0) && left.mount?.root === right.mount?.root && left.vendor === right.vendor && left.id === right.id && left.profile === right.profile && left.metadata === void 0 === (right.metadata === void 0) && equalLabels(left.metadata, right.metadata);
}
function isIndivisible(disk) {
  if (disk.persistence !== void 0) return true;
  switch (disk.source?.type) {
    case "BLOCK":
    case "MOUNT":
      return true;
    case "RAW":
      return disk.source.id !== void 0;
    case "PATH":
    case void 0:
      return false;
  }
}
function equalAmounts(left, right) {
  switch (left.type) {
    case "SCALAR":
      return compareScalars(left.scalar?.value ?? 0, right.scalar?.value ?? 0) === 0;
    case "RANGES":
      return equalRanges(left.ranges?.range ?? [], right.ranges?.range ?? []);
    case "SET":
      return equalSets(left.set?.item ?? [], right.set?.item ?? []);
    case "TEXT":
      return false;
  }
}

// ../mesos-client/src/resources/roles.ts
var FORBIDDEN = /[\t\n\v\f\r \x7f]/;
function validateRole(role) {
  if (role === "*") return void 0;
  if (role.startsWith("/")) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith("/")) return `Role '${role}' cannot end with a slash`;
  if (role.includes("//")) return `Role '${role}' cannot contain two adjacent slashes`;
  if (role === "") return "Role names cannot be the empty string";
  for (const component of role.split("/")) {
    if (component === "." || component === ".." || component === "*") {
      return `Role '${role}' cannot include '${component}' as a component`;
    }
    if (component.startsWith("-")) return `Role component '${component}' is invalid because it starts with a dash`;
    if (FORBIDDEN.test(component)) {
      return `Role component '${component}' is invalid because it contains backspace or whitespace`;
    }
  }
  return void 0;
}
function isStrictSubroleOf(role, ancestor) {
  return role.startsWith(`${ancestor}/`);
}

// ../mesos-client/src/resources/validate.ts
function validateResource(resource) {
  if (!resource.name) return "Empty resource name";
  return validateAmount(resource) ?? validateDisk(resource) ?? validateReservations(resource) ?? validateShared(resource);
}
function validateAmount({ type, scalar, ranges, set }) {
  switch (type) {
    case "SCALAR":
      if (scalar === void 0 || ranges !== void 0 || set !== void 0) return "Invalid scalar resource";
      if (scalar.value !== 0 && !(toThousandths(scalar.value) > 0)) return "Invalid scalar resource: value <= 0";
      return void 0;
    case "RANGES":
      if (ranges === void 0 || scalar !== void 0 || set !== void 0) return "Invalid ranges resource";
      return validateRanges(ranges.range ?? []);
    case "SET":
      if (set === void 0 || scalar !== void 0 || ranges !== void 0) return "Invalid set resource";
      if (new Set(set.item).size < (set.item ?? []).length) return "Invalid set resource: duplicated elements";
      return void 0;
    default:
      return "Unsupported resource type";
  }
}
function validateRanges(ranges) {
  let previous;
  let sorted = true;
  for (const range of ranges) {
    if (range.begin > range.end) return "Invalid ranges resource: begin > end";
    sorted &&= previous === void 0 || previous.end < range.begin;
    previous = range;
  }
  if (sorted || sizeOfRanges(ranges) === sizeOfRanges(coalesceRanges(ranges))) return void 0;
  return "Invalid ranges resource: overlapping ranges";
}
function validateDisk({ name: name2, disk }) {
  if (disk === void 0) return void 0;
  if (name2 !== "disk") return `DiskInfo should not be set for ${name2} resource`;
  return disk.source === void 0 ? void 0 : validateSource(disk.source);
}
function validateSource({ type, mount, path }) {
  switch (type) {
    case "PATH":
    case "MOUNT":
      return void 0;
    case "BLOCK":
    case "RAW":
      if (mount !== void 0) return `Mount should not be set for ${type} disk source`;
      if (path !== void 0) return `Path should not be set for ${type} disk source`;
      return void 0;
    default:
      return "Unsupported 'DiskInfo.Source.Type' in 'UNKNOWN'";
  }
}
function validateReservations(resource) {
  const { role, reservation, reservations = [] } = resource;
  const [first] = reservations;
  if (!first) {
    const problem = validateRole(role ?? "*");
    if (problem !== void 0 || reservation === void 0) return problem;
    if (reservation.type !== void 0) {
      return "'Resource.ReservationInfo.type' must not be set for the 'Resource.reservation' field";
    }
    if (reservation.role !== void 0) {
      return "'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field";
    }
    return (role ?? "*") === "*" ? 'Invalid reservation: role "*" cannot be dynamically reserved' : void 0;
  }
  return reservations.map(validateReservation).find((problem) => problem !== void 0) ?? validateRefinements(reservations) ?? validateOldFields(resource, first, reservations.length);
}
function validateReservation({ type, role }) {
  if (type === void 0) return "Invalid reservation: 'Resource.ReservationInfo.type' field must be set.";
  if (role === void 0) return "Invalid reservation: 'Resource.ReservationInfo.role' field must be set.";
  return validateRole(role) ?? (role === "*" ? 'Invalid reservation: role "*" cannot be reserved' : void 0);
}
function validateRefinements(reservations) {
  for (const [i, { type, role = "" }] of reservations.entries()) {
    const ancestor = reservations[i - 1]?.role;
    if (ancestor === void 0) continue;
    if (type === "STATIC") return "Invalid refined reservation: A refined reservation cannot be STATIC";
    if (!isStrictSubroleOf(role, ancestor)) {
      return `Invalid refined reservation: role '${role}' is not a refinement of '${ancestor}'`;
    }
  }
  return void 0;
}
function validateOldFields({ role, reservation }, first, size) {
  const prefix = "Invalid resource format:";
  if (size > 1) {
    const field = role !== void 0 ? "role" : reservation !== void 0 ? "reservation" : void 0;
    return field === void 0 ? void 0 : `${prefix} 'Resource.${field}' must not be set if there is more than one reservation in 'Resource.reservations'`;
  }
  if (role !== void 0 && role !== first.role) {
    return `${prefix} 'Resource.role' field with '${role}' does not match the role '${first.role ?? ""}' in 'Resource.reservations'`;
  }
  if (first.type === "STATIC") {
    return reservation === void 0 ? void 0 : `${prefix} 'Resource.reservation' must not be set if the single reservation in 'Resource.reservations' is STATIC`;
  }
  if (role === void 0 !== (reservation === void 0)) {
    return `${prefix} 'Resource.role' and 'Resource.reservation' must either be both set or both not set if the single reservation in 'Resource.reservations' is DYNAMIC`;
  }
  if (reservation === void 0) return void 0;
  if ((reservation.principal ?? "") !== (first.principal ?? "")) {
    return `${prefix} 'Resource.reservation.principal' field with '${reservation.principal ?? ""}' does not match the principal '${first.principal ?? ""}' in 'Resource.reservations'`;
  }
  return equalLabels(reservation.labels, first.labels) ? void 0 : `${prefix} 'Resource.reservation.labels' field with '${printLabels(reservation.labels)}' does not match the labels '${printLabels(first.labels)}' in 'Resource.reservations'`;
}
function validateShared({ name: name2, disk, shared }) {
  if (shared === void 0) return void 0;
  if (name2 !== "disk") return `Resource ${name2} cannot be shared`;
  return disk?.persistence === void 0 ? "Only persistent volumes can be shared" : void 0;
}

// ../mesos-client/src/resources/collection.ts
var ResourceCollection = class _ResourceCollection {
  #entries = [];
  /** Invalid resources are left out, as Mesos does: check input of others with `validateResource` first. */
  constructor(resources = []) {
    for (const resource of resources) this.#addValid(resource);
  }
  /** Distinct resources; copies of a shared one count once. */
  get size() {
    return this.#entries.length;
  }
  add(resources) {
    for (const resource of resources) this.#addValid(resource);
    return this;
  }
  /** Takes away what is there; what is not there is ignored, and a scalar that would become negative vanishes. */
  subtract(resources) {
    for (const { resource, count } of new _ResourceCollection(resources).#entries) this.#subtractEntry(resource, count);
    return this;
  }
  contains(resources) {
    const part = new _ResourceCollection(resources);
    const remaining = part.#entries.some(({ resource }) => isPersistentVolume(resource)) ? this.clone() : this;
    return part.#entries.every(({ resource, count }) => {
      if (!remaining.#containsEntry(resource, count)) return false;
      if (isPersistentVolume(resource)) remaining.#subtractEntry(resource, count);
      return true;
    });
  }
  equals(resources) {
    const other = resources instanceof _ResourceCollection ? resources : new _ResourceCollection(resources);
    return this.contains(other) && other.contains(this);
  }
  /** Copies of a shared resource, 1 for another resource that is there with exactly this amount, else 0. */
  count(resource) {
    const wanted = upgradeResource(resource);
    return this.#entries.find((entry) => equalResource(entry.resource, wanted))?.count ?? 0;
  }
  clone() {
    const copy = new _ResourceCollection();
    copy.#entries = this.#entries.map((entry) => ({ ...entry }));
    return copy;
  }
  /** Every resource with its number of copies. */
  counted() {
    return this.#entries.map((entry) => ({ ...entry }));
  }
  /** Plain objects, copies of shared resources included. */
  toArray() {
    return [...this];
  }
  *[Symbol.iterator]() {
    for (const { resource, count } of this.#entries) {
      for (let i = 0; i < count; i += 1) yield resource;
    }
  }
  #addValid(resource) {
    if (validateResource(resource) !== void 0) return;
    const added = upgradeResource(resource);
    if (isEmptyResource(added)) return;
    const entry = this.#entries.find((candidate) => isAddable(candidate.resource, added));
    if (!entry) this.#entries.push({ resource: added, count: 1 });
    else if (isShared(added)) entry.count += 1;
    else entry.resource = addAmount(entry.resource, added);
  }
  #subtractEntry(resource, count) {
    const index = this.#entries.findIndex((candidate) => isSubtractable(candidate.resource, resource));
    const entry = this.#entries[index];
    if (!entry) return;
    if (isShared(resource)) entry.count -= count;
    else entry.resource = subtractAmount(entry.resource, resource);
    const { scalar } = entry.resource;
    const negative = scalar !== void 0 && toThousandths(scalar.value) < 0;
    if (entry.count > 0 && !negative && !isEmptyResource(entry.resource)) return;
    const last = this.#entries.pop();
    if (last !== void 0 && last !== entry) this.#entries[index] = last;
  }
  #containsEntry(resource, count) {
    return this.#entries.some((candidate) => {
      return containsResource(candidate.resource, resource) && (!isShared(resource) || candidate.count >= count);
    });
  }
};
function withoutCopies(resources) {
  if (!resources.some(isShared)) return resources;
  return new ResourceCollection(resources).counted().map(({ resource }) => resource);
}

// ../mesos-client/src/resources/algebra.ts
function scalarOf(resources, name2) {
  let sum;
  for (const resource of withoutCopies(resources)) {
    if (resource.name === name2 && resource.type === "SCALAR") sum = addScalars(sum ?? 0, resource.scalar?.value ?? 0);
  }
  return sum;
}
function rangesOf(resources, name2) {
  const found = resources.filter((resource) => resource.name === name2 && resource.type === "RANGES");
  return found.length === 0 ? void 0 : coalesceRanges(found.flatMap((resource) => resource.ranges?.range ?? []));
}

// ../mesos-client/src/codec/json.ts
var LONG = /\d{16}/;
var jsonCodec = {
  mediaType: "application/json",
  encode: (_, value) => printJson(value),
  decode: (_, bytes) => JSON.parse(textOf(bytes))
};
var exactJsonCodec = { ...jsonCodec, decode: (_, bytes) => parseExactJson(textOf(bytes)) };
function parseExactJson(text) {
  if (!LONG.test(text)) return JSON.parse(text);
  return JSON.parse(text, reviveInteger);
}
function printJson(value) {
  try {
    const text = JSON.stringify(value);
    return text.includes("null") ? JSON.stringify(value, replaceNumber) : text;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, replaceNumber);
  }
}
function replaceNumber(_key, item) {
  if (typeof item === "bigint") return rawJson(item.toString());
  return item === Infinity || item === -Infinity ? String(item) : item;
}
function reviveInteger(_key, value, context) {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== void 0 && /^-?\d+$/.test(source) ? BigInt(source) : value;
}
function rawJson(text) {
  const make = Reflect.get(JSON, "rawJSON");
  return typeof make === "function" ? Reflect.apply(make, JSON, [text]) : Number(text);
}
function textOf(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

// ../mesos-client/src/backoff.ts
import { setTimeout as delay } from "timers/promises";
var Backoff = class {
  #options;
  #attempt = 0;
  constructor(options) {
    this.#options = options;
  }
  reset() {
    this.#attempt = 0;
  }
  /** The next wait in milliseconds. */
  next() {
    const { base, cap, random = Math.random } = this.#options;
    const bound = Math.min(cap, base * 2 ** Math.min(this.#attempt, 30));
    this.#attempt += 1;
    return random() * bound;
  }
  /** Waits. Rejects with the signal's reason when it aborts. */
  async wait(signal) {
    const milliseconds2 = this.next();
    try {
      await delay(milliseconds2, void 0, signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }
};

// ../mesos-client/src/http/node-transport.ts
import {
  Agent,
  request as httpRequest
} from "http";
import { relative } from "path";
import { Readable } from "stream";
import { pipeline } from "stream/promises";

// ../mesos-client/src/delay.ts
var LONGEST = 2 ** 31 - 1;
function boundDelay(milliseconds2) {
  return Math.min(milliseconds2, LONGEST);
}

// ../mesos-client/src/http/errors.ts
init_errors();
var UnreachableError = class extends MesosError {
  name = "UnreachableError";
  /** The connection had served earlier requests: the server may have closed it before it saw this one. */
  reused;
  constructor(url, reason, options = {}) {
    super(
      "MESOS_UNREACHABLE",
      `${url.origin}: ${reason || "connection failed"}; is it running, and is the address right?`,
      {
        cause: options.cause,
        retryable: true,
        subscriptionLost: true
      }
    );
    this.reused = options.reused ?? false;
  }
};
var ProtocolError = class extends MesosError {
  name = "ProtocolError";
  constructor(url, reason, cause) {
    super("MESOS_PROTOCOL", `${url.href}: ${reason}; is this a Mesos master or agent, or a proxy before one?`, {
      cause,
      retryable: true,
      subscriptionLost: true
    });
  }
};
var MesosHttpError = class extends MesosError {
  name = "MesosHttpError";
  status;
  serverText;
  constructor(status, serverText, what, url) {
    const { retryable, subscriptionLost, advice } = judge(status, serverText);
    const said = serverText === "" ? "" : `: ${serverText.length > 500 ? `${serverText.slice(0, 500)}\u2026` : serverText}`;
    super("MESOS_HTTP", `${what} refused by ${url.origin} with ${status}${said}; ${advice}`, {
      retryable,
      subscriptionLost
    });
    this.status = status;
    this.serverText = serverText;
  }
};
function judge(status, text) {
  const lost = (advice) => ({ retryable: true, subscriptionLost: true, advice });
  const later = (advice) => ({ retryable: true, subscriptionLost: false, advice });
  const never = (advice) => ({ retryable: false, subscriptionLost: false, advice });
  if (status === 307) return lost("another master leads: subscribe there");
  if (status === 400 && text.startsWith("Framework cannot be found"))
    return lost("the master does not know the framework yet: subscribe again");
  if (status === 403 && /^(?:Framework|Executor) is not (?:subscribed|connected)/.test(text))
    return lost("subscribe again");
  switch (status) {
    case 401:
      return never("give credentials that the server knows");
    case 403:
      return never("the principal may not do this");
    case 404:
      return later("the process may still be starting, else check address and path");
    case 429:
      return later("send less often");
    case 501:
      return never("this server does not know the call");
    default:
      return status >= 500 ? later("try again later") : never("correct the call");
  }
}

// ../mesos-client/src/http/node-transport.ts
function createNodeTransport(options = {}) {
  return new NodeTransport(options);
}
var NodeTransport = class {
  #options;
  #agents = /* @__PURE__ */ new Map();
  #https;
  constructor(options) {
    this.#options = options;
  }
  async send(outgoing) {
    const protocol = outgoing.url.protocol === "https:" ? await (this.#https ??= this.#loadHttps()) : http;
    outgoing.signal?.throwIfAborted();
    return this.#exchange(protocol, outgoing);
  }
  close() {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }
  #exchange(protocol, outgoing) {
    const { url, headers, body, connection, timeout, signal } = outgoing;
    const { socketPath } = this.#options;
    const whole = typeof body === "string" || body instanceof Uint8Array;
    return new Promise((resolve, reject) => {
      const options = {
        method: "POST",
        // A list of pairs keeps the spelling; Node adds Host and Connection by itself.
        headers: {
          ...headers,
          ...whole ? { "Content-Length": String(Buffer.byteLength(body)) } : { "Transfer-Encoding": "chunked" }
        },
        agent: connection === "own" ? false : this.#agentFor(protocol, url, connection),
        ...socketPath === void 0 ? {} : { socketPath: shorten(socketPath) }
      };
      const request = protocol.request(url, options, (response) => {
        settle();
        resolve(new NodeResponse(request, response, url, signal));
      });
      const onAbort = () => request.destroy();
      const giveUp = () => request.destroy(new UnreachableError(url, `no answer within ${timeout / 1e3} s`));
      const timer = timeout > 0 ? setTimeout(giveUp, boundDelay(timeout)) : void 0;
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      request.on("error", (error) => {
        settle();
        if (signal?.aborted) reject(signal.reason instanceof Error ? signal.reason : error);
        else
          reject(
            error instanceof UnreachableError ? error : new UnreachableError(url, error.message, { cause: error, reused: request.reusedSocket })
          );
      });
      signal?.addEventListener("abort", onAbort, { once: true });
      if (whole) request.end(body);
      else pipeline(Readable.from(body, { objectMode: false }), request).catch(() => void 0);
    });
  }
  #agentFor(protocol, url, connection) {
    const key = `${url.origin} ${connection}`;
    const agent = this.#agents.get(key) ?? protocol.createAgent();
    this.#agents.set(key, agent);
    return agent;
  }
  async #loadHttps() {
    const https = await import("https");
    const tls = Object.fromEntries(Object.entries(this.#options.tls ?? {}).filter(([, value]) => value !== void 0));
    return {
      request: (url, options, onResponse) => https.request(url, { ...options, ...tls }, onResponse),
      createAgent: () => new https.Agent({ keepAlive: true, maxSockets: 1, ...tls })
    };
  }
};
var http = {
  request: httpRequest,
  createAgent: () => new Agent({ keepAlive: true, maxSockets: 1 })
};
function shorten(path) {
  return Buffer.byteLength(path) < 108 ? path : relative(process.cwd(), path);
}
var NodeResponse = class {
  status;
  headers;
  #request;
  #response;
  #url;
  #signal;
  constructor(request, response, url, signal) {
    this.status = response.statusCode ?? 0;
    this.headers = Object.fromEntries(
      Object.entries(response.headers).map(([name2, value]) => [name2, Array.isArray(value) ? value.join(", ") : value])
    );
    this.#request = request;
    this.#response = response;
    this.#url = url;
    this.#signal = signal;
    request.on("error", () => void 0);
    response.on("error", () => void 0);
  }
  get body() {
    return this.#read();
  }
  abort() {
    this.#request.destroy();
  }
  async *#read() {
    const onAbort = () => this.abort();
    if (this.#signal?.aborted) this.abort();
    this.#signal?.addEventListener("abort", onAbort, { once: true });
    try {
      for await (const chunk of this.#response) yield chunk;
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw new UnreachableError(
        this.#url,
        `the answer broke off: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error }
      );
    } finally {
      this.#signal?.removeEventListener("abort", onAbort);
    }
    this.#signal?.throwIfAborted();
  }
};

// ../mesos-client/src/http/credentials.ts
init_errors();
var CredentialsError = class extends MesosError {
  name = "CredentialsError";
  constructor(cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super("MESOS_CREDENTIALS", `credentials.token: no token (${reason}); throw a MesosError to end a subscription`, {
      cause,
      retryable: true
    });
  }
};
var Authorizer = class {
  #credentials;
  #mayKnow;
  #pending;
  #header;
  /** `mayKnow` tells which servers get to see the credentials. */
  constructor(credentials, mayKnow) {
    this.#credentials = credentials;
    this.#mayKnow = mayKnow;
  }
  /** The headers to add for `url`: none where the host is not to see the credentials. */
  async headersFor(url) {
    if (!this.#credentials || !this.#mayKnow(url)) return {};
    return { Authorization: this.#header ?? await this.#fetch(this.#credentials, false) };
  }
  /** After a 401 to `used`: true if there is another header to try. */
  async refresh(used) {
    const credentials = this.#credentials;
    if (!credentials || !("token" in credentials) || used === void 0) return false;
    if (this.#header !== void 0 && this.#header !== used) return true;
    return await this.#fetch(credentials, true) !== used;
  }
  #fetch(credentials, refresh) {
    this.#pending ??= this.#make(credentials, refresh).finally(() => this.#pending = void 0);
    return this.#pending;
  }
  async #make(credentials, refresh) {
    const header = "token" in credentials ? `Bearer ${await this.#ask(credentials.token, refresh)}` : `Basic ${Buffer.from(`${credentials.principal}:${credentials.secret}`, "utf8").toString("base64")}`;
    this.#header = header;
    return header;
  }
  async #ask(token, refresh) {
    try {
      return await token({ refresh });
    } catch (cause) {
      throw cause instanceof MesosError ? cause : new CredentialsError(cause);
    }
  }
};

// ../mesos-client/src/codec/codec.ts
function mediaTypeOf({ contentType }) {
  return contentType === "protobuf" ? "application/x-protobuf" : "application/json";
}
async function loadCodec({ contentType, bigints }) {
  if (contentType === "protobuf") return (await Promise.resolve().then(() => (init_protobuf(), protobuf_exports))).protobufCodec;
  return bigints === true ? exactJsonCodec : jsonCodec;
}

// ../mesos-client/src/schema/validate-call.ts
init_errors2();
init_message_type();
init_misfit();
init_nearest();
var OPTIONAL_BODIES = /* @__PURE__ */ new Set(["revive", "suppress", "get_containers", "prune_images"]);
var MAX_DEPTH2 = 64;
function validateCall(kind, call) {
  const type = messageType(kind);
  const body = String(call.type).toLowerCase();
  for (const key of Object.keys(call)) {
    const field = type.byName.get(key);
    const isBody = field?.kind.is === "message" && field.kind.type.name !== "Id";
    if (isBody && key !== body)
      throw new InvalidCallError(call.type, key, `it belongs to ${key.toUpperCase()}, not to ${call.type}`);
  }
  new CallValidator(call.type).validate(type, call, "", 0);
  if (type.byName.has(body) && !OPTIONAL_BODIES.has(body) && (Reflect.get(call, body) ?? void 0) === void 0)
    throw new InvalidCallError(call.type, body, "it is required and missing");
}
var CallValidator = class {
  #call;
  constructor(call) {
    this.#call = call;
  }
  validate(type, value, path, depth) {
    if (depth > MAX_DEPTH2) throw this.#invalid(path, `objects are nested more than ${MAX_DEPTH2} deep`);
    for (const [key, item] of Object.entries(value)) {
      const field = type.byName.get(key);
      if (!field) throw this.#invalid(path + key, unknownKey(key, type));
      if (item !== void 0 && item !== null) this.#validateField(field, item, path + key, depth);
    }
    for (const { name: name2, required } of type.fields) {
      const present = Object.hasOwn(value, name2) && (Reflect.get(value, name2) ?? void 0) !== void 0;
      if (required && !present) throw this.#invalid(path + name2, "it is required and missing");
    }
  }
  #validateField(field, item, place, depth) {
    if (Array.isArray(item) !== (field.shape === "list")) {
      throw this.#invalid(place, field.shape === "list" ? "it must be a list" : "it must not be a list");
    }
    if (field.shape === "one") return this.#validateValue(field, item, place, depth);
    if (typeof item !== "object" || item === null) throw this.#invalid(place, "it must be an object");
    for (const [key, element] of Object.entries(item)) {
      const at = field.shape === "list" ? `${place}[${key}]` : `${place}.${key}`;
      this.#validateValue(field, element, at, depth);
    }
  }
  #validateValue({ kind }, value, place, depth) {
    const misfit = misfitOf(kind, value);
    if (misfit !== void 0) throw this.#invalid(place, misfit);
    if (kind.is === "message" && typeof value === "object" && value !== null) {
      this.validate(kind.type, value, `${place}.`, depth + 1);
    }
  }
  #invalid(path, reason) {
    return new InvalidCallError(this.#call, path, reason);
  }
};
function unknownKey(key, type) {
  const known = type.fields.map(({ name: name2 }) => name2);
  const nearest = nearestTo(key, known);
  return nearest === void 0 ? `Mesos does not know this key and would ignore it; known are ${known.join(", ")}` : `Mesos does not know this key and would ignore it; did you mean "${nearest}"?`;
}

// ../mesos-client/src/http/answer.ts
init_errors();
var MAX_REFUSAL = 64 * 1024;
async function readBytes(exchange) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of readChunks(exchange)) {
    bytes += chunk.length;
    if (bytes > exchange.maxBytes) {
      exchange.response.abort();
      throw new ProtocolError(exchange.url, `an answer of more than ${exchange.maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
async function readReason(exchange) {
  return (await readStart(exchange)).toString("utf8");
}
async function refusal(exchange, what) {
  return new MesosHttpError(exchange.response.status, await readReason(exchange), what, exchange.url);
}
async function readStart(exchange) {
  const chunks = [];
  let bytes = 0;
  try {
    for await (const chunk of readChunks(exchange)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes < MAX_REFUSAL) continue;
      exchange.response.abort();
      break;
    }
  } catch (error) {
    if (!(error instanceof MesosError)) throw error;
  }
  return Buffer.concat(chunks).subarray(0, MAX_REFUSAL);
}
async function* readChunks({ url, response, patience }) {
  let silent;
  const giveUp = () => {
    silent = new UnreachableError(url, `the answer stopped for ${patience / 1e3} s`);
    response.abort();
  };
  const timer = patience > 0 ? setTimeout(giveUp, boundDelay(patience)) : void 0;
  try {
    for await (const chunk of response.body) {
      yield chunk;
      timer?.refresh();
    }
  } catch (error) {
    throw silent ?? error;
  } finally {
    clearTimeout(timer);
  }
  if (silent) throw silent;
}

// ../mesos-client/src/logger.ts
var nothing = () => void 0;
var silentLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

// ../mesos-client/src/http/endpoint.ts
var MAX_HOPS = 3;
var NOWHERE = new URL("http://no-leader-yet.invalid");
var Endpoint = class {
  #candidates;
  #options;
  #transport;
  #authorizer;
  #logger;
  #path;
  #detector;
  /** Origins besides those of `master` that get to see the credentials. */
  #trusted = /* @__PURE__ */ new Set();
  #index = 0;
  #leader;
  constructor(path, options) {
    this.#path = path;
    this.#options = options;
    this.#detector = isDetector(options.master) ? options.master : void 0;
    this.#candidates = isDetector(options.master) ? [NOWHERE] : [options.master].flat().map(parseMasterUrl);
    if (this.#candidates.length === 0) throw new TypeError("master: give at least one address, http://host:port");
    this.#transport = options.transport ?? createNodeTransport({ tls: options.tls });
    this.#logger = options.logger ?? silentLogger;
    this.#authorizer = new Authorizer(options.credentials, ({ origin }) => {
      return this.#trusted.has(origin) || this.#candidates.some((candidate) => candidate.origin === origin);
    });
  }
  /** Where the next request goes. */
  get url() {
    const candidate = this.#candidates[this.#index % this.#candidates.length] ?? NOWHERE;
    return this.#leader ?? this.#at(candidate);
  }
  /** The master failed to answer well: ask the next of the list. */
  rotate() {
    this.#leader = void 0;
    this.#index += 1;
  }
  /** Sends to the leader; gives every answer but redirects it can follow. */
  async send(message) {
    let url = await this.#find(message.signal);
    for (let hops = 0; ; hops += 1) {
      const exchange = await this.#authorized(url, message);
      if (exchange.response.status !== 307 || message.follow === false) return exchange;
      const location = exchange.response.headers.location;
      exchange.response.abort();
      if (location === void 0) throw new ProtocolError(url, "a redirect without Location");
      if (hops === MAX_HOPS) throw new ProtocolError(url, `more than ${MAX_HOPS} redirects, now to ${location}`);
      url = this.#follow(location, url);
    }
  }
  /** Calls back when a detector tells of another leader than the one that answered last. Gives the function that ends that. */
  onOtherLeader(listener) {
    const undo = this.#detector?.onChange((leader) => {
      if (leader !== void 0 && this.#rewrite(parseMasterUrl(leader)).host !== this.url.host) listener();
    });
    return () => undo?.();
  }
  close() {
    if (this.#options.transport === void 0) this.#transport.close();
  }
  async #find(signal) {
    if (!this.#detector || this.#leader) return this.url;
    const leader = this.#rewrite(parseMasterUrl(await this.#detector.leader({ signal })));
    this.#trusted.add(leader.origin);
    this.#leader = this.#at(leader);
    return this.#leader;
  }
  /** An address may have a path of its own, for instance that of a proxy. */
  #at(address) {
    return new URL(address.pathname.replace(/\/+$/, "") + this.#path, address);
  }
  #rewrite(announced) {
    return this.#options.rewriteAddress?.(announced) ?? announced;
  }
  #follow(location, from) {
    if (!URL.canParse(location, from.href)) throw new ProtocolError(from, `a redirect to ${JSON.stringify(location)}`);
    const announced = new URL(location, from);
    if (!/^https?:$/.test(announced.protocol)) throw new ProtocolError(from, `a redirect to ${announced.protocol}`);
    announced.username = announced.password = "";
    const target = this.#rewrite(announced);
    if (this.#options.rewriteAddress) this.#trusted.add(target.origin);
    this.#logger.debug({ from: from.host, leader: target.host }, "redirected to the leading master");
    this.#leader = target;
    return target;
  }
  async #authorized(url, message) {
    const authorization = await this.#authorizer.headersFor(url);
    const exchange = await this.#post(url, message, authorization);
    const again = typeof message.body === "string" || message.body instanceof Uint8Array;
    if (exchange.response.status !== 401 || !again || !await this.#authorizer.refresh(authorization.Authorization))
      return exchange;
    exchange.response.abort();
    return this.#post(url, message, await this.#authorizer.headersFor(url));
  }
  async #post(url, message, authorization) {
    const { body, connection, signal, headers = {} } = message;
    const mediaType = mediaTypeOf(this.#options);
    const patience = message.timeout ?? this.#options.answerTimeout ?? 75e3;
    const response = await this.#transport.send({
      url,
      headers: { Accept: mediaType, "Content-Type": mediaType, ...authorization, ...headers },
      body,
      connection,
      timeout: patience,
      signal
    });
    return { url, response, patience, maxBytes: this.#options.maxBytes ?? 256 * 1024 * 1024 };
  }
};
function isDetector(master2) {
  return typeof master2 === "object" && "leader" in master2;
}
function parseMasterUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : void 0;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    const advice = text.startsWith("zk://") ? "give createZooKeeperDetector(address) of @kmd/mesos-client/zookeeper" : "write http://host:port";
    throw new TypeError(`master: ${JSON.stringify(withoutSecret(text))} is not an address; ${advice}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(`master: ${JSON.stringify(withoutSecret(text))} had a user in it; give { credentials }`);
  }
  return url;
}
function withoutSecret(address) {
  return address.replace(/\/\/[^/]*@/, "//");
}

// ../mesos-client/src/http/event-stream.ts
init_errors();
var PATIENCE = 5;
var DEFAULT_HEARTBEAT_SECONDS = 15;
var EventStream = class {
  #exchange;
  #codec;
  #message;
  #decoder;
  #chunks;
  /** Milliseconds; 0 waits for ever. */
  #patience = PATIENCE * DEFAULT_HEARTBEAT_SECONDS * 1e3;
  #timer;
  #waiting = false;
  #cause;
  #failure;
  /** `message` names what every record is, for `codec`. */
  constructor(exchange, codec, message) {
    this.#exchange = exchange;
    this.#codec = codec;
    this.#message = message;
    this.#decoder = new RecordIoDecoder({ maxRecordBytes: exchange.maxBytes });
    this.#chunks = exchange.response.body[Symbol.asyncIterator]();
  }
  /** Seconds between heartbeats, as SUBSCRIBED tells; 15, as before it, where that is no number above 0. */
  expectHeartbeats(seconds) {
    const interval = typeof seconds === "number" && seconds > 0 ? seconds : DEFAULT_HEARTBEAT_SECONDS;
    this.#wait(boundDelay(interval * PATIENCE * 1e3));
  }
  /** The server sends none that could be relied on. */
  expectNoHeartbeats() {
    this.#wait(0);
  }
  /** Makes the next `read` throw `cause`. */
  cut(cause) {
    this.#cause ??= cause;
    this.#exchange.response.abort();
  }
  /**
   * The events that come next, as objects with a `type`, decoded as they are taken; undefined when the server has ended the answer. Throws when
   * it breaks off. Call `close` after the last.
   */
  async read() {
    try {
      if (this.#failure !== void 0) throw this.#failure;
      this.#beginWait();
      const next = await this.#chunks.next();
      if (next.done !== true) return this.#parse(this.#split(next.value));
      this.#decoder.end();
      return void 0;
    } catch (error) {
      throw this.#cause ?? error;
    } finally {
      this.#waiting = false;
    }
  }
  /** Lets the connection go. */
  async close() {
    clearTimeout(this.#timer);
    this.#exchange.response.abort();
    await this.#chunks.return?.();
  }
  /** Every event, to the end. */
  async *[Symbol.asyncIterator]() {
    try {
      for (let events = await this.read(); events; events = await this.read()) yield* events;
    } finally {
      await this.close();
    }
  }
  #wait(patience) {
    this.#patience = patience;
    clearTimeout(this.#timer);
    this.#timer = void 0;
  }
  /** The clock runs only while bytes are awaited: a slow consumer is not a dead server. One timer for all waits: a busy stream makes many. */
  #beginWait() {
    this.#waiting = this.#patience > 0;
    if (this.#waiting) this.#timer = this.#timer?.refresh() ?? setTimeout(() => this.#giveUp(), this.#patience);
  }
  #giveUp() {
    const seconds = this.#patience / 1e3;
    if (this.#waiting) this.cut(new UnreachableError(this.#exchange.url, `no heartbeat for ${seconds} s`));
  }
  /** Records before a broken place are delivered before its error. */
  #split(chunk) {
    try {
      return this.#decoder.push(chunk);
    } catch (error) {
      if (!(error instanceof RecordIoError) || error.records.length === 0) throw error;
      this.#failure = error;
      return error.records;
    }
  }
  *#parse(records) {
    for (const record of records) yield this.#parseRecord(record, this.#exchange.url);
  }
  #parseRecord(record, url) {
    let event;
    try {
      event = this.#codec.decode(this.#message, record);
    } catch (cause) {
      const form = this.#codec.mediaType === "application/json" ? "JSON" : "protobuf";
      throw new ProtocolError(url, `an event that is not ${form}`, cause);
    }
    if (hasType(event)) return event;
    if (this.#codec.mediaType === "application/x-protobuf") return Object.assign({ type: "UNKNOWN" }, event);
    throw new ProtocolError(url, "an event without a type");
  }
};
function hasType(event) {
  return typeof event === "object" && event !== null && "type" in event && typeof event.type === "string";
}

// ../mesos-client/src/operator/client.ts
init_errors();
init_message_type();
var OperatorEndpoint = class {
  #endpoint;
  #kind;
  #options;
  #codec;
  constructor(kind, options) {
    this.#kind = kind;
    this.#options = options;
    this.#endpoint = new Endpoint("/api/v1", options);
  }
  /** The answer, undefined where it has no body. After a failure the next call goes to the next master of the list. */
  async call(call, { signal }) {
    validateCall(this.#kind, call);
    const codec = this.#codec ??= await loadCodec(this.#options);
    const waits = call.type.startsWith("WAIT_");
    const exchange = await this.#endpoint.send({
      what: call.type,
      body: codec.encode(this.#kind, call),
      connection: waits ? "own" : "calls",
      ...waits ? { timeout: 0 } : {},
      signal
    }).catch((error) => {
      if (error instanceof MesosError && error.retryable) this.#endpoint.rotate();
      throw error;
    });
    const { url, response } = exchange;
    if (response.status !== 200 && response.status !== 202) {
      const error = await refusal(exchange, call.type);
      if (error.retryable) this.#endpoint.rotate();
      throw error;
    }
    const bytes = await readBytes(exchange);
    if (bytes.length === 0) return void 0;
    const isJson = codec.mediaType === "application/json" || response.headers["content-type"] === "application/json";
    let answer2;
    try {
      answer2 = (isJson && codec.mediaType !== "application/json" ? jsonCodec : codec).decode(this.#answer, bytes);
    } catch (cause) {
      throw new ProtocolError(url, `an answer to ${call.type} that is not ${isJson ? "JSON" : "protobuf"}`, cause);
    }
    return this.#complete(answer2, call.type, url);
  }
  /** Checks that it answers the call. Mesos leaves an empty body out (recorded: GET_WEIGHTS), which the types promise. */
  #complete(answer2, type, url) {
    if (typeof answer2 !== "object" || answer2 === null || Reflect.get(answer2, "type") !== type)
      throw new ProtocolError(url, `an answer to ${type} that does not say so`);
    const body = type.toLowerCase();
    if (messageType(this.#answer).byName.has(body) && !(body in answer2)) Reflect.set(answer2, body, {});
    return answer2;
  }
  /** The events of a call whose answer does not end. */
  async *stream(call, { signal }) {
    validateCall(this.#kind, call);
    const codec = this.#codec ??= await loadCodec(this.#options);
    const exchange = await this.#endpoint.send({
      what: call.type,
      body: codec.encode(this.#kind, call),
      connection: "own",
      signal
    });
    if (exchange.response.status !== 200) throw await refusal(exchange, call.type);
    const stream = new EventStream(exchange, codec, "MasterEvent");
    for await (const event of stream) {
      const subscribed = Reflect.get(event, "subscribed");
      if (typeof subscribed === "object" && subscribed !== null && "heartbeat_interval_seconds" in subscribed) {
        stream.expectHeartbeats(subscribed.heartbeat_interval_seconds);
      }
      yield event;
    }
  }
  get #answer() {
    return this.#kind === "AgentCall" ? "AgentResponse" : "MasterResponse";
  }
  close() {
    this.#endpoint.close();
  }
};

// ../mesos-client/src/operator/master.ts
function createMasterClient(options) {
  const endpoint = new OperatorEndpoint("MasterCall", options);
  return {
    // The server's answer is taken at its word: its type is the call's, or the request would have been refused.
    call: async (call, callOptions = {}) => await endpoint.call(call, callOptions),
    subscribe: (callOptions = {}) => endpoint.stream({ type: "SUBSCRIBE" }, callOptions),
    close: () => endpoint.close()
  };
}

// src/server/describe.ts
function amountsOf(resources = []) {
  const ranges = rangesOf(resources, "ports") ?? [];
  return {
    cpus: scalarOf(resources, "cpus") ?? 0,
    mem: scalarOf(resources, "mem") ?? 0,
    disk: scalarOf(resources, "disk") ?? 0,
    gpus: scalarOf(resources, "gpus") ?? 0,
    ports: ranges.reduce((sum, { begin, end }) => sum + Number(end) - Number(begin) + 1, 0),
    portRanges: ranges.map(({ begin, end }) => begin === end ? String(begin) : `${begin}-${end}`).join(", ")
  };
}
var milliseconds = (time) => time === void 0 ? void 0 : Number(time.nanoseconds) / 1e6;
var describeAgent = ({ agent_info: { id, hostname, attributes = [] }, ...agent }) => ({
  id: id?.value ?? "",
  hostname,
  address: agent.pid?.split("@")[1] ?? hostname,
  active: agent.active && agent.deactivated !== true,
  attributes: Object.fromEntries(
    attributes.map(({ name: name2, text, scalar }) => [name2, text?.value ?? String(scalar?.value ?? "")])
  ),
  since: milliseconds(agent.registered_time),
  total: amountsOf(agent.total_resources),
  allocated: amountsOf(agent.allocated_resources),
  offered: amountsOf(agent.offered_resources)
});
function describeFramework(framework) {
  const { framework_info: info, offers = [] } = framework;
  const id = info.id?.value ?? "";
  return {
    id,
    name: info.name,
    roles: info.roles ?? (info.role === void 0 ? [] : [info.role]),
    user: info.user,
    principal: info.principal ?? "",
    active: framework.active,
    connected: framework.connected,
    since: milliseconds(framework.registered_time),
    allocated: amountsOf(framework.allocated_resources),
    offered: amountsOf(framework.offered_resources),
    offers: offers.map((offer) => ({
      id: offer.id.value,
      framework: id,
      agent: offer.agent_id.value,
      role: offer.allocation_info?.role ?? "*",
      resources: amountsOf(offer.resources)
    }))
  };
}
var describeExecutor = ({ executor_info: info, agent_id: agent }) => ({
  id: info.executor_id.value,
  name: info.name ?? "",
  framework: info.framework_id?.value ?? "",
  agent: agent.value,
  resources: amountsOf(info.resources)
});
var describeRole = ({ name: name2, weight, frameworks = [], resources }) => ({
  name: name2,
  weight: weight ?? 1,
  frameworks: frameworks.map(({ value }) => value),
  allocated: amountsOf(resources)
});
var describeStatus = ({ state, timestamp, source, reason, message }) => ({
  state: state ?? "TASK_STAGING",
  time: timestamp === void 0 ? void 0 : timestamp * 1e3,
  source,
  reason,
  message
});
var describeTask = (task) => ({
  id: task.task_id.value,
  name: task.name,
  framework: task.framework_id.value,
  agent: task.agent_id.value,
  executor: task.executor_id?.value ?? "",
  state: task.state,
  statuses: (task.statuses ?? []).map(describeStatus),
  resources: amountsOf(task.resources),
  role: task.resources?.find(({ allocation_info: info }) => info)?.allocation_info?.role ?? "*"
});

// src/server/mesos-feed.ts
async function feedMesos(options) {
  const backoff = new Backoff({ base: 200, cap: 5e3 });
  while (!options.signal.aborted) {
    const session = new FeedSession(options);
    try {
      await session.run(() => backoff.reset());
      await options.write({ type: "lost", error: "the master ended the stream" });
    } catch (error) {
      if (options.signal.aborted) return;
      await options.write({ type: "lost", error: error instanceof Error ? error.message : String(error) });
    } finally {
      session.end();
    }
    await backoff.wait(options.signal).catch(() => void 0);
  }
}
var FeedSession = class {
  #options;
  #tasks = /* @__PURE__ */ new Map();
  #changedTasks = /* @__PURE__ */ new Set();
  /** What was written of each agent. */
  #agents = /* @__PURE__ */ new Map();
  #written = "";
  #gathering;
  #settling;
  #asking = false;
  #asked = 0;
  #failure = Promise.withResolvers();
  constructor(options) {
    this.#options = options;
    this.#failure.promise.catch(() => void 0);
  }
  async run(onSubscribed) {
    const { client, signal } = this.#options;
    const end = new AbortController();
    const events = client.subscribe({ signal: AbortSignal.any([signal, end.signal]) })[Symbol.asyncIterator]();
    try {
      for (; ; ) {
        const { done, value } = await Promise.race([events.next(), this.#failure.promise]);
        if (done === true) return;
        await this.#take(value);
        if (value.type === "SUBSCRIBED") onSubscribed();
      }
    } finally {
      end.abort();
    }
  }
  end() {
    clearTimeout(this.#gathering);
    clearTimeout(this.#settling);
    this.#gathering = this.#settling = void 0;
  }
  async #take(event) {
    switch (event.type) {
      case "SUBSCRIBED": {
        const { get_state: state = {} } = event.subscribed;
        const [version, roles] = await Promise.all([
          this.#options.client.call({ type: "GET_VERSION" }, this.#options),
          this.#options.client.call({ type: "GET_ROLES" }, this.#options)
        ]);
        const { get_tasks: tasks = {} } = state;
        for (const task of [
          ...tasks.tasks ?? [],
          ...tasks.unreachable_tasks ?? [],
          ...tasks.completed_tasks ?? []
        ])
          this.#tasks.set(keyOf2(task), describeTask(task));
        const agents = (state.get_agents?.agents ?? []).map(describeAgent);
        for (const agent of agents) this.#agents.set(agent.id, JSON.stringify(agent));
        await this.#options.write({
          type: "state",
          version: version.get_version.version_info.version,
          agents,
          frameworks: (state.get_frameworks?.frameworks ?? []).map(describeFramework),
          executors: (state.get_executors?.executors ?? []).map(describeExecutor),
          roles: (roles.get_roles.roles ?? []).map(describeRole),
          tasks: [...this.#tasks.values()]
        });
        return;
      }
      case "TASK_ADDED": {
        const { task } = event.task_added;
        this.#changed(keyOf2(task), describeTask(task));
        break;
      }
      case "TASK_UPDATED": {
        const { framework_id: framework, status, state } = event.task_updated;
        const key = keyOf2({ framework_id: framework, task_id: status.task_id });
        const task = this.#tasks.get(key);
        if (task) this.#changed(key, { ...task, state, statuses: [...task.statuses, describeStatus(status)] });
        break;
      }
      case "HEARTBEAT":
        await this.#options.write({ type: "heartbeat" });
        break;
      default:
    }
    this.#settleSoon();
  }
  #changed(key, task) {
    this.#tasks.set(key, task);
    this.#changedTasks.add(key);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = void 0;
      const changed = [...this.#changedTasks].flatMap((name2) => this.#tasks.get(name2) ?? []);
      this.#changedTasks.clear();
      this.#options.write({ type: "tasks", changed }).catch(this.#failure.reject);
    }, this.#options.gather ?? 100);
  }
  #settleSoon() {
    if (this.#asking) return;
    const { settle = 1e3 } = this.#options;
    this.#settling ??= setTimeout(
      () => {
        this.#settling = void 0;
        this.#asking = true;
        this.#ask().catch(this.#failure.reject).finally(() => this.#asking = false);
      },
      Math.max(0, Math.min(settle, this.#asked + settle - performance.now()))
    );
  }
  async #ask() {
    const { client, write } = this.#options;
    const [agents, frameworks, executors, roles] = await Promise.all([
      client.call({ type: "GET_AGENTS" }, this.#options),
      client.call({ type: "GET_FRAMEWORKS" }, this.#options),
      client.call({ type: "GET_EXECUTORS" }, this.#options),
      client.call({ type: "GET_ROLES" }, this.#options)
    ]);
    this.#asked = performance.now();
    const gone = new Set(this.#agents.keys());
    const changed = [];
    for (const agent of (agents.get_agents.agents ?? []).map(describeAgent)) {
      const text2 = JSON.stringify(agent);
      gone.delete(agent.id);
      if (this.#agents.get(agent.id) === text2) continue;
      this.#agents.set(agent.id, text2);
      changed.push(agent);
    }
    for (const id of gone) this.#agents.delete(id);
    if (changed.length + gone.size > 0) await write({ type: "agents", changed, removed: [...gone] });
    const update = {
      type: "frameworks",
      frameworks: (frameworks.get_frameworks.frameworks ?? []).map(describeFramework),
      executors: (executors.get_executors.executors ?? []).map(describeExecutor),
      roles: (roles.get_roles.roles ?? []).map(describeRole)
    };
    const text = JSON.stringify(update);
    if (text === this.#written) return;
    this.#written = text;
    await write(update);
  }
};
var keyOf2 = ({
  framework_id: framework,
  task_id: task
}) => `${framework.value} ${task.value}`;

// src/server/server.ts
var MAX_STREAMS = 64;
var types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json"
};
var safety = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin"
};
async function startUiServer(options) {
  const closing = new AbortController();
  const client = createMasterClient({ master: options.mesosMaster });
  let streams = 0;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://ui");
    if (request.method !== "GET" && request.method !== "HEAD")
      return answer(response, 405, "only GET and HEAD are answered here\n", { allow: "GET, HEAD" });
    if (pathname === "/healthz") return answer(response, 200, "ok");
    if (pathname === "/mesos") {
      if (request.headers["sec-fetch-site"] === "cross-site")
        return answer(response, 403, "this is not for pages of other sites\n");
      if (streams >= MAX_STREAMS)
        return answer(response, 503, "too many pages look at Mesos at once: close some\n", { "retry-after": "5" });
      streams += 1;
      void stream(request, response).finally(() => streams -= 1);
      return;
    }
    void sendFile(options, pathname, response);
  });
  async function stream(request, response) {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    response.writeHead(200, { ...safety, "content-type": "application/x-ndjson", "cache-control": "no-store" });
    response.flushHeaders();
    if (request.method === "HEAD") return void response.end();
    const signal = AbortSignal.any([gone.signal, closing.signal]);
    await feedMesos({
      client,
      signal,
      async write(update) {
        if (!response.write(`${JSON.stringify(update)}
`)) await once(response, "drain", { signal });
      }
    }).catch(() => void 0);
    response.end();
  }
  server.listen(options.port, options.host);
  await once(server, "listening");
  const { port: port2 } = server.address();
  return {
    url: `http://${options.host}:${port2}`,
    async close() {
      closing.abort();
      server.close();
      server.closeAllConnections();
      client.close();
      await once(server, "close");
    }
  };
}
function answer(response, status, text, headers = {}) {
  response.writeHead(status, { ...safety, "content-type": "text/plain; charset=utf-8", ...headers });
  response.end(text);
}
async function sendFile({ assets, clusterName }, path, response) {
  if (path === "/config.json") {
    const body = JSON.stringify({ cluster: clusterName ?? "" });
    response.writeHead(200, { ...safety, "content-type": "application/json", "cache-control": "no-store" });
    response.end(body);
    return;
  }
  const name2 = normalize(path === "/" ? "/index.html" : safeDecode(path));
  const file = join(assets, name2);
  const content = file.startsWith(assets + sep) ? await readFile(file).catch(() => void 0) : void 0;
  if (content === void 0) return answer(response, 404, "there is no such page\n");
  response.writeHead(200, {
    ...safety,
    "content-type": types[extname(file)] ?? "application/octet-stream",
    "content-length": content.length,
    // Names of assets hold a checksum of their content.
    "cache-control": name2.startsWith(`${sep}assets${sep}`) ? "max-age=31536000, immutable" : "no-cache"
  });
  response.end(content);
}
function safeDecode(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

// src/server/main.ts
var { HOST: host = "127.0.0.1", PORT: port = "8080", KMD_MESOS_MASTER: master, KMD_CLUSTER_NAME: name } = process.env;
function fail(text) {
  process.stderr.write(`${text}
`);
  process.exit(1);
}
if (!master) fail("KMD_MESOS_MASTER is not set: give the address of the Mesos master, http://HOST:PORT");
try {
  const server = await startUiServer({
    host,
    port: Number(port),
    assets: fileURLToPath(new URL("./app", import.meta.url)),
    mesosMaster: master.split(","),
    clusterName: name
  });
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void server.close());
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
