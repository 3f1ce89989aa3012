/** Bytes in JSON: standard Base64. */
export type Base64 = string;

/** Id of a framework, given by the master at its first subscription. */
export interface FrameworkID {
  value: string;
}

/** Id of an offer or inverse offer. */
export interface OfferID {
  value: string;
}

/** Id of an agent. */
export interface AgentID {
  value: string;
}

/** Id of a task, chosen by the framework: no `/`, no control characters, at most 255 bytes. */
export interface TaskID {
  value: string;
}

/** Id of an executor, chosen by the framework; unique within framework and agent. */
export interface ExecutorID {
  value: string;
}

/** Id of a container, nested ones with their parent. */
export interface ContainerID {
  value: string;
  parent?: ContainerID | undefined;
}

/** Id of a resource provider of an agent. */
export interface ResourceProviderID {
  value: string;
}

/** Id of an offer operation, chosen by the framework to receive UPDATE_OPERATION_STATUS. */
export interface OperationID {
  value: string;
}

/** A UUID as 16 bytes in Base64. */
export interface MesosUUID {
  value: Base64;
}

/** An unsigned integer of 64 bits: a number up to 2^53 - 1, where numbers are exact, a bigint beyond. */
export type Uint64 = number | bigint;

/** A point in time. Values of today exceed 2^53: JSON numbers of it are exact to about 256 ns, protobuf and `bigints` give bigints. */
export interface TimeInfo {
  /** Nanoseconds since the epoch. */
  nanoseconds: number | bigint;
}

/** A length of time. */
export interface DurationInfo {
  /** Nanoseconds. */
  nanoseconds: number;
}

/** A key and its value. */
export interface Parameter {
  key: string;
  value: string;
}

/** A list of parameters. */
export interface Parameters {
  parameter?: Parameter[] | undefined;
}

/** A label: not unique by key. */
export interface Label {
  key: string;
  value?: string | undefined;
}

/** A list of labels; equality ignores order. */
export interface Labels {
  labels?: Label[] | undefined;
}

/** Principal and secret. */
export interface Credential {
  principal: string;
  secret?: string | undefined;
}

/** A secret by reference or by value. */
export interface Secret {
  type?: SecretType | undefined;
  reference?: SecretReference | undefined;
  value?: SecretValue | undefined;
}

/** Kinds of Secret. */
export type SecretType = 'REFERENCE' | 'VALUE';

/** A secret kept elsewhere. */
export interface SecretReference {
  name: string;
  key?: string | undefined;
}

/** A secret in the message itself. */
export interface SecretValue {
  data: Base64;
}

/** A network address. */
export interface Address {
  hostname?: string | undefined;
  ip?: string | undefined;
  port: number;
}

/** A URL in parts. */
export interface MesosURL {
  scheme: string;
  address: Address;
  path?: string | undefined;
  query?: Parameter[] | undefined;
  fragment?: string | undefined;
}
