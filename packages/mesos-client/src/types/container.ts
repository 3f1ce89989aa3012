import type { ContainerID, Credential, Labels, Parameter, Parameters, Secret } from './ids.js';

/** A command: with `shell` the text of `value`, else the program `value` with `arguments` as its argv (argv[0] included). */
export interface CommandInfo {
  uris?: CommandURI[] | undefined;
  environment?: Environment | undefined;
  /** Default true. */
  shell?: boolean | undefined;
  value?: string | undefined;
  arguments?: string[] | undefined;
  user?: string | undefined;
}

/** A file to fetch into the sandbox. */
export interface CommandURI {
  value: string;
  executable?: boolean | undefined;
  /** Default true. */
  extract?: boolean | undefined;
  cache?: boolean | undefined;
  output_file?: string | undefined;
}

/** Environment variables. */
export interface Environment {
  variables?: EnvironmentVariable[] | undefined;
}

/** One environment variable. */
export interface EnvironmentVariable {
  name: string;
  /** Default VALUE. */
  type?: EnvironmentVariableType | undefined;
  value?: string | undefined;
  secret?: Secret | undefined;
}

/** Kinds of EnvironmentVariable. */
export type EnvironmentVariableType = 'VALUE' | 'SECRET';

/** The container a task or executor runs in. */
export interface ContainerInfo {
  type: ContainerInfoType;
  volumes?: Volume[] | undefined;
  hostname?: string | undefined;
  docker?: DockerInfo | undefined;
  mesos?: MesosInfo | undefined;
  network_infos?: NetworkInfo[] | undefined;
  linux_info?: LinuxInfo | undefined;
  rlimit_info?: RLimitInfo | undefined;
  tty_info?: TTYInfo | undefined;
}

/** Kinds of ContainerInfo. */
export type ContainerInfoType = 'DOCKER' | 'MESOS';

/** Container of the Docker containerizer. */
export interface DockerInfo {
  image: string;
  /** Default HOST. */
  network?: DockerNetwork | undefined;
  port_mappings?: DockerPortMapping[] | undefined;
  /** Default false. */
  privileged?: boolean | undefined;
  parameters?: Parameter[] | undefined;
  force_pull_image?: boolean | undefined;
  /** @deprecated in Mesos */
  volume_driver?: string | undefined;
}

/** Docker's network modes. */
export type DockerNetwork = 'HOST' | 'BRIDGE' | 'NONE' | 'USER';

/** A port of the host led to one of the container. */
export interface DockerPortMapping {
  host_port: number;
  container_port: number;
  protocol?: string | undefined;
}

/** Container of the Mesos containerizer. */
export interface MesosInfo {
  image?: Image | undefined;
}

/** A container image. */
export interface Image {
  type: ImageType;
  appc?: AppcImage | undefined;
  docker?: DockerImage | undefined;
  /** Default true. */
  cached?: boolean | undefined;
}

/** Kinds of Image. */
export type ImageType = 'APPC' | 'DOCKER';

/** An AppC image. */
export interface AppcImage {
  name: string;
  id?: string | undefined;
  labels?: Labels | undefined;
}

/** A Docker image. */
export interface DockerImage {
  name: string;
  /** @deprecated in Mesos */
  credential?: Credential | undefined;
  config?: Secret | undefined;
}

/** A volume mounted into a container. */
export interface Volume {
  mode: VolumeMode;
  container_path: string;
  host_path?: string | undefined;
  image?: Image | undefined;
  source?: VolumeSource | undefined;
}

/** Read and write, or only read. */
export type VolumeMode = 'RW' | 'RO';

/** What is mounted. */
export interface VolumeSource {
  type?: VolumeSourceType | undefined;
  docker_volume?: VolumeSourceDockerVolume | undefined;
  host_path?: VolumeSourceHostPath | undefined;
  sandbox_path?: VolumeSourceSandboxPath | undefined;
  secret?: Secret | undefined;
  csi_volume?: VolumeSourceCSIVolume | undefined;
}

/** Kinds of VolumeSource. */
export type VolumeSourceType = 'DOCKER_VOLUME' | 'HOST_PATH' | 'SANDBOX_PATH' | 'SECRET' | 'CSI_VOLUME';

/** A volume of a Docker volume driver. */
export interface VolumeSourceDockerVolume {
  driver?: string | undefined;
  name: string;
  driver_options?: Parameters | undefined;
}

/** A path of the host. */
export interface VolumeSourceHostPath {
  path: string;
  mount_propagation?: MountPropagation | undefined;
}

/** A path in a sandbox. */
export interface VolumeSourceSandboxPath {
  type?: VolumeSourceSandboxPathType | undefined;
  path: string;
}

/** Kinds of VolumeSourceSandboxPath. */
export type VolumeSourceSandboxPathType = 'SELF' | 'PARENT';

/** A volume of a CSI plugin. */
export interface VolumeSourceCSIVolume {
  plugin_name: string;
  static_provisioning?: VolumeSourceCSIVolumeStaticProvisioning | undefined;
}

/** What a CSI volume must be able to do. */
export interface VolumeSourceCSIVolumeVolumeCapability {
  block?: VolumeSourceCSIVolumeVolumeCapabilityBlockVolume | undefined;
  mount?: VolumeSourceCSIVolumeVolumeCapabilityMountVolume | undefined;
  access_mode: VolumeSourceCSIVolumeVolumeCapabilityAccessMode;
}

export type VolumeSourceCSIVolumeVolumeCapabilityBlockVolume = Record<string, never>;

export interface VolumeSourceCSIVolumeVolumeCapabilityMountVolume {
  fs_type?: string | undefined;
  mount_flags?: string[] | undefined;
}

export interface VolumeSourceCSIVolumeVolumeCapabilityAccessMode {
  mode: VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode;
}

export type VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode =
  | 'SINGLE_NODE_WRITER'
  | 'SINGLE_NODE_READER_ONLY'
  | 'MULTI_NODE_READER_ONLY'
  | 'MULTI_NODE_SINGLE_WRITER'
  | 'MULTI_NODE_MULTI_WRITER';

/** A CSI volume that exists already. */
export interface VolumeSourceCSIVolumeStaticProvisioning {
  volume_id: string;
  volume_capability: VolumeSourceCSIVolumeVolumeCapability;
  node_stage_secrets?: Record<string, Secret> | undefined;
  node_publish_secrets?: Record<string, Secret> | undefined;
  volume_context?: Record<string, string> | undefined;
}

/** Whether mounts are seen on the other side. */
export interface MountPropagation {
  mode?: MountPropagationMode | undefined;
}

/** Directions of mount propagation. */
export type MountPropagationMode = 'HOST_TO_CONTAINER' | 'BIDIRECTIONAL';

/** A network of a container. */
export interface NetworkInfo {
  ip_addresses?: NetworkInfoIPAddress[] | undefined;
  name?: string | undefined;
  groups?: string[] | undefined;
  labels?: Labels | undefined;
  port_mappings?: NetworkInfoPortMapping[] | undefined;
}

/** Versions of IP. */
export type NetworkInfoProtocol = 'IPv4' | 'IPv6';

/** An address of a container. */
export interface NetworkInfoIPAddress {
  /** Default IPv4. */
  protocol?: NetworkInfoProtocol | undefined;
  ip_address?: string | undefined;
}

/** A port of the host led to one of the container. */
export interface NetworkInfoPortMapping {
  host_port: number;
  container_port: number;
  protocol?: string | undefined;
}

/** A set of Linux capabilities. */
export interface CapabilityInfo {
  capabilities?: LinuxCapability[] | undefined;
}

/** Linux capabilities. */
export type LinuxCapability =
  | 'CHOWN'
  | 'DAC_OVERRIDE'
  | 'DAC_READ_SEARCH'
  | 'FOWNER'
  | 'FSETID'
  | 'KILL'
  | 'SETGID'
  | 'SETUID'
  | 'SETPCAP'
  | 'LINUX_IMMUTABLE'
  | 'NET_BIND_SERVICE'
  | 'NET_BROADCAST'
  | 'NET_ADMIN'
  | 'NET_RAW'
  | 'IPC_LOCK'
  | 'IPC_OWNER'
  | 'SYS_MODULE'
  | 'SYS_RAWIO'
  | 'SYS_CHROOT'
  | 'SYS_PTRACE'
  | 'SYS_PACCT'
  | 'SYS_ADMIN'
  | 'SYS_BOOT'
  | 'SYS_NICE'
  | 'SYS_RESOURCE'
  | 'SYS_TIME'
  | 'SYS_TTY_CONFIG'
  | 'MKNOD'
  | 'LEASE'
  | 'AUDIT_WRITE'
  | 'AUDIT_CONTROL'
  | 'SETFCAP'
  | 'MAC_OVERRIDE'
  | 'MAC_ADMIN'
  | 'SYSLOG'
  | 'WAKE_ALARM'
  | 'BLOCK_SUSPEND'
  | 'AUDIT_READ'
  | 'PERFMON'
  | 'BPF'
  | 'CHECKPOINT_RESTORE';

/** Filter of system calls. */
export interface SeccompInfo {
  profile_name?: string | undefined;
  unconfined?: boolean | undefined;
}

/** Linux settings of a container. */
export interface LinuxInfo {
  /** @deprecated in Mesos */
  capability_info?: CapabilityInfo | undefined;
  bounding_capabilities?: CapabilityInfo | undefined;
  effective_capabilities?: CapabilityInfo | undefined;
  share_pid_namespace?: boolean | undefined;
  seccomp?: SeccompInfo | undefined;
  ipc_mode?: IpcMode | undefined;
  shm_size?: number | undefined;
  /** Default true. */
  share_cgroups?: boolean | undefined;
}

/** Whether IPC is shared with the parent. */
export type IpcMode = 'PRIVATE' | 'SHARE_PARENT';

/** Limits as of setrlimit(2). */
export interface RLimitInfo {
  rlimits?: RLimit[] | undefined;
}

/** One limit; without `hard` and `soft` it is unlimited. */
export interface RLimit {
  type?: RLimitType | undefined;
  hard?: number | undefined;
  soft?: number | undefined;
}

/** Kinds of RLimit. */
export type RLimitType =
  | 'RLMT_AS'
  | 'RLMT_CORE'
  | 'RLMT_CPU'
  | 'RLMT_DATA'
  | 'RLMT_FSIZE'
  | 'RLMT_LOCKS'
  | 'RLMT_MEMLOCK'
  | 'RLMT_MSGQUEUE'
  | 'RLMT_NICE'
  | 'RLMT_NOFILE'
  | 'RLMT_NPROC'
  | 'RLMT_RSS'
  | 'RLMT_RTPRIO'
  | 'RLMT_RTTIME'
  | 'RLMT_SIGPENDING'
  | 'RLMT_STACK';

/** A terminal for the container. */
export interface TTYInfo {
  window_size?: WindowSize | undefined;
}

/** Size of a terminal in characters. */
export interface WindowSize {
  rows: number;
  columns: number;
}

/** What is known of a running container. */
export interface ContainerStatus {
  container_id?: ContainerID | undefined;
  network_infos?: NetworkInfo[] | undefined;
  cgroup_info?: CgroupInfo | undefined;
  executor_pid?: number | undefined;
}

/** Control group of a container. */
export interface CgroupInfo {
  net_cls?: { classid?: number | undefined } | undefined;
}
