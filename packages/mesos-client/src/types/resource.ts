import type { Volume } from './container.js';
import type { Labels, ResourceProviderID, Uint64 } from './ids.js';

/** A typed value: the field named by `type` is set. */
export interface MesosValue {
  type: ValueType;
  scalar?: Scalar | undefined;
  ranges?: Ranges | undefined;
  set?: StringSet | undefined;
  text?: Text | undefined;
}

/** The kinds of a value. */
export type ValueType = 'SCALAR' | 'RANGES' | 'SET' | 'TEXT';

/** A number; Mesos computes with three decimals. */
export interface Scalar {
  value: number;
}

/** An inclusive range of unsigned 64-bit integers. Ports are always numbers: `Number(begin)` is exact for them. */
export interface Range {
  begin: Uint64;
  end: Uint64;
}

/** A list of ranges. */
export interface Ranges {
  range?: Range[] | undefined;
}

/** A set of strings. */
export interface StringSet {
  item?: string[] | undefined;
}

/** A text (attributes only). */
export interface Text {
  value: string;
}

/** A named property of an agent. */
export interface Attribute {
  name: string;
  type: ValueType;
  scalar?: Scalar | undefined;
  ranges?: Ranges | undefined;
  set?: StringSet | undefined;
  text?: Text | undefined;
}

/** A named amount of something an agent has, with who reserved it and to which role it is offered. */
export interface Resource {
  provider_id?: ResourceProviderID | undefined;
  name: string;
  type: ValueType;
  scalar?: Scalar | undefined;
  ranges?: Ranges | undefined;
  set?: StringSet | undefined;
  /** Pre-1.4 form of a static reservation; `*` is unreserved. Default "*". @deprecated in Mesos */
  role?: string | undefined;
  /** The role to which the resource is offered or allocated. */
  allocation_info?: AllocationInfo | undefined;
  /** Pre-1.4 form of a dynamic reservation, beside `role`. */
  reservation?: ReservationInfo | undefined;
  /** The reservation stack: refinements last. Empty is unreserved. */
  reservations?: ReservationInfo[] | undefined;
  /** Only on `disk` resources. */
  disk?: DiskInfo | undefined;
  /** Present: may be taken back at any time. */
  revocable?: RevocableInfo | undefined;
  /** Present: several tasks may use it at once. */
  shared?: SharedInfo | undefined;
}

/** Role of an offer or allocation. */
export interface AllocationInfo {
  role?: string | undefined;
}

/** One reservation of the stack. */
export interface ReservationInfo {
  type?: ReservationType | undefined;
  role?: string | undefined;
  principal?: string | undefined;
  labels?: Labels | undefined;
}

/** Kinds of Reservation. */
export type ReservationType = 'STATIC' | 'DYNAMIC';

/** What kind of disk, and the volume made of it. */
export interface DiskInfo {
  persistence?: DiskPersistence | undefined;
  volume?: Volume | undefined;
  source?: DiskSource | undefined;
}

/** A persistent volume; `id` is unique by role and agent. */
export interface DiskPersistence {
  id: string;
  principal?: string | undefined;
}

/** Where a disk comes from: PATH may be split, MOUNT, BLOCK and RAW may not. */
export interface DiskSource {
  type: DiskSourceType;
  path?: DiskSourcePath | undefined;
  mount?: DiskSourceMount | undefined;
  vendor?: string | undefined;
  id?: string | undefined;
  metadata?: Labels | undefined;
  profile?: string | undefined;
}

/** Kinds of DiskSource. */
export type DiskSourceType = 'PATH' | 'MOUNT' | 'BLOCK' | 'RAW';

/** A folder on a shared file system. */
export interface DiskSourcePath {
  root?: string | undefined;
}

/** A file system of its own. */
export interface DiskSourceMount {
  root?: string | undefined;
}

/** A mark without content. */
export type RevocableInfo = Record<string, never>;

/** A mark without content. */
export type SharedInfo = Record<string, never>;

/** Least amounts a framework wants to be offered. */
export interface OfferFilters {
  min_allocatable_resources?: OfferFiltersMinAllocatableResources | undefined;
}

/** Amounts by name. */
export interface OfferFiltersResourceQuantities {
  quantities?: Record<string, Scalar> | undefined;
}

/** Alternatives: an offer must hold one of them. */
export interface OfferFiltersMinAllocatableResources {
  quantities?: OfferFiltersResourceQuantities[] | undefined;
}
