/**
 * Messages of the v1 API that several of its parts share: `name=number:type`, where `!` marks required fields, `[]` lists, `{}` maps from
 * strings, and `(…)` what JSON shows in place of an unset field. Ids that hold one `value` are all an `Id`.
 * Facts of include/mesos/v1 of Apache Mesos 1.11.
 */
export const MESOS_MESSAGES: Readonly<Record<string, string>> = {
  Id: 'value=1:string!',
  ContainerID: 'value=1:string! parent=2:ContainerID',
  TimeInfo: 'nanoseconds=1:int64!',
  DurationInfo: 'nanoseconds=1:int64!',
  ProtobufDuration: 'seconds=1:int64 nanos=2:int32',
  Address: 'hostname=1:string ip=2:string port=3:int32!',
  URL: 'scheme=1:string! address=2:Address! path=3:string query=4:Parameter[] fragment=5:string',
  Unavailability: 'start=1:TimeInfo! duration=2:DurationInfo',
  MachineID: 'hostname=1:string ip=2:string',
  FrameworkInfo:
    'user=1:string! name=2:string! id=3:Id failover_timeout=4:double(0) checkpoint=5:bool(false) role=6:string hostname=7:string principal=8:string webui_url=9:string capabilities=10:FrameworkCapability[] labels=11:Labels roles=12:string[] offer_filters=13:OfferFilters{}',
  FrameworkCapability: 'type=1:FrameworkCapabilityType',
  CheckInfo:
    'type=1:CheckType command=2:CheckInfoCommand http=3:CheckInfoHttp delay_seconds=4:double(15) interval_seconds=5:double(10) timeout_seconds=6:double(20) tcp=7:CheckInfoTcp',
  CheckInfoCommand: 'command=1:CommandInfo!',
  CheckInfoHttp: 'port=1:uint32! path=2:string',
  CheckInfoTcp: 'port=1:uint32!',
  HealthCheck:
    'http=1:HTTPCheckInfo delay_seconds=2:double(15) interval_seconds=3:double(10) timeout_seconds=4:double(20) consecutive_failures=5:uint32(3) grace_period_seconds=6:double(10) command=7:CommandInfo type=8:CheckType tcp=9:TCPCheckInfo',
  HTTPCheckInfo:
    'port=1:uint32! path=2:string scheme=3:string statuses=4:uint32[] protocol=5:NetworkInfoProtocol("IPv4")',
  TCPCheckInfo: 'port=1:uint32! protocol=2:NetworkInfoProtocol("IPv4")',
  KillPolicy: 'grace_period=1:DurationInfo',
  CommandInfo:
    'uris=1:CommandURI[] environment=2:Environment value=3:string user=5:string shell=6:bool(true) arguments=7:string[]',
  CommandURI: 'value=1:string! executable=2:bool extract=3:bool(true) cache=4:bool output_file=5:string',
  ExecutorInfo:
    'executor_id=1:Id! data=4:bytes resources=5:Resource[] command=7:CommandInfo framework_id=8:Id name=9:string source=10:string container=11:ContainerInfo discovery=12:DiscoveryInfo shutdown_grace_period=13:DurationInfo labels=14:Labels type=15:ExecutorType',
  DomainInfo: 'fault_domain=1:FaultDomain',
  FaultDomain: 'region=1:RegionInfo! zone=2:ZoneInfo!',
  RegionInfo: 'name=1:string!',
  ZoneInfo: 'name=1:string!',
  MasterInfo:
    'id=1:string! ip=2:uint32! port=3:uint32!(5050) pid=4:string hostname=5:string version=6:string address=7:Address domain=8:DomainInfo capabilities=9:MasterCapability[]',
  MasterCapability: 'type=1:MasterCapabilityType',
  AgentInfo:
    'hostname=1:string! resources=3:Resource[] attributes=5:Attribute[] id=6:Id port=8:int32(5051) domain=10:DomainInfo',
  AgentCapability: 'type=1:AgentCapabilityType',
  CSIPluginContainerInfo:
    'services=1:CSIPluginService[] command=2:CommandInfo resources=3:Resource[] container=4:ContainerInfo',
  CSIPluginEndpoint: 'csi_service=1:CSIPluginService! endpoint=2:string!',
  CSIPluginInfo:
    'type=1:string! name=2:string("default") containers=3:CSIPluginContainerInfo[] endpoints=4:CSIPluginEndpoint[] target_path_root=5:string target_path_exists=6:bool',
  ResourceProviderInfo:
    'id=1:Id attributes=2:Attribute[] type=3:string! name=4:string! default_reservations=5:ReservationInfo[] storage=6:ResourceProviderInfoStorage',
  ResourceProviderInfoStorage: 'plugin=1:CSIPluginInfo! reconciliation_interval_seconds=2:double',
  Scalar: 'value=1:double!',
  Range: 'begin=1:uint64! end=2:uint64!',
  Ranges: 'range=1:Range[]',
  StringSet: 'item=1:string[]',
  Text: 'value=1:string!',
  Attribute: 'name=1:string! type=2:ValueType! scalar=3:Scalar ranges=4:Ranges text=5:Text set=6:StringSet',
  Resource:
    'name=1:string! type=2:ValueType! scalar=3:Scalar ranges=4:Ranges set=5:StringSet role=6:string disk=7:DiskInfo reservation=8:ReservationInfo revocable=9:RevocableInfo shared=10:SharedInfo allocation_info=11:AllocationInfo provider_id=12:Id reservations=13:ReservationInfo[]',
  AllocationInfo: 'role=1:string',
  ReservationInfo: 'principal=1:string labels=2:Labels role=3:string type=4:ReservationType',
  DiskInfo: 'persistence=1:DiskPersistence volume=2:Volume source=3:DiskSource',
  DiskPersistence: 'id=1:string! principal=2:string',
  DiskSource:
    'type=1:DiskSourceType! path=2:DiskSourcePath mount=3:DiskSourceMount id=4:string metadata=5:Labels profile=6:string vendor=7:string',
  DiskSourcePath: 'root=1:string',
  DiskSourceMount: 'root=1:string',
  RevocableInfo: '',
  SharedInfo: '',
  OfferFilters: 'min_allocatable_resources=1:OfferFiltersMinAllocatableResources',
  OfferFiltersMinAllocatableResources: 'quantities=1:OfferFiltersResourceQuantities[]',
  OfferFiltersResourceQuantities: 'quantities=1:Scalar{}',
  ResourceRequest: 'agent_id=1:Id resources=2:Resource[]',
  Offer:
    'id=1:Id! framework_id=2:Id! agent_id=3:Id! hostname=4:string! resources=5:Resource[] executor_ids=6:Id[] attributes=7:Attribute[] url=8:URL unavailability=9:Unavailability allocation_info=10:AllocationInfo domain=11:DomainInfo',
  OfferOperation:
    'type=1:OfferOperationType launch=2:OperationLaunch reserve=3:OperationReserve unreserve=4:OperationUnreserve create=5:OperationCreate destroy=6:OperationDestroy launch_group=7:OperationLaunchGroup id=12:Id grow_volume=13:OperationGrowVolume shrink_volume=14:OperationShrinkVolume create_disk=15:OperationCreateDisk destroy_disk=16:OperationDestroyDisk',
  OperationLaunch: 'task_infos=1:TaskInfo[]',
  OperationLaunchGroup: 'executor=1:ExecutorInfo! task_group=2:TaskGroupInfo!',
  OperationReserve: 'resources=1:Resource[] source=2:Resource[]',
  OperationUnreserve: 'resources=1:Resource[]',
  OperationCreate: 'volumes=1:Resource[]',
  OperationDestroy: 'volumes=1:Resource[]',
  OperationGrowVolume: 'volume=1:Resource! addition=2:Resource!',
  OperationShrinkVolume: 'volume=1:Resource! subtract=2:Scalar!',
  OperationCreateDisk: 'source=1:Resource! target_type=2:DiskSourceType! target_profile=3:string',
  OperationDestroyDisk: 'source=1:Resource!',
  InverseOffer:
    'id=1:Id! url=2:URL framework_id=3:Id! agent_id=4:Id unavailability=5:Unavailability! resources=6:Resource[]',
  TaskInfo:
    'name=1:string! task_id=2:Id! agent_id=3:Id! resources=4:Resource[] executor=5:ExecutorInfo data=6:bytes command=7:CommandInfo health_check=8:HealthCheck container=9:ContainerInfo labels=10:Labels discovery=11:DiscoveryInfo kill_policy=12:KillPolicy check=13:CheckInfo max_completion_time=14:DurationInfo limits=15:Scalar{}',
  TaskGroupInfo: 'tasks=1:TaskInfo[]',
  Task: 'name=1:string! task_id=2:Id! framework_id=3:Id! executor_id=4:Id agent_id=5:Id! state=6:TaskState! resources=7:Resource[] statuses=8:TaskStatus[] status_update_state=9:TaskState status_update_uuid=10:bytes labels=11:Labels discovery=12:DiscoveryInfo container=13:ContainerInfo user=14:string health_check=15:HealthCheck kill_policy=16:KillPolicy limits=17:Scalar{}',
  TaskResourceLimitation: 'resources=1:Resource[]',
  UUID: 'value=1:bytes!',
  Operation:
    'framework_id=1:Id agent_id=2:Id info=3:OfferOperation! latest_status=4:OperationStatus! statuses=5:OperationStatus[] uuid=6:UUID!',
  OperationStatus:
    'operation_id=1:Id state=2:OperationState! message=3:string converted_resources=4:Resource[] uuid=5:UUID agent_id=6:Id resource_provider_id=7:Id',
  CheckStatusInfo:
    'type=1:CheckType command=2:CheckStatusInfoCommand http=3:CheckStatusInfoHttp tcp=4:CheckStatusInfoTcp',
  CheckStatusInfoCommand: 'exit_code=1:int32',
  CheckStatusInfoHttp: 'status_code=1:uint32',
  CheckStatusInfoTcp: 'succeeded=1:bool',
  TaskStatus:
    'task_id=1:Id! state=2:TaskState! data=3:bytes message=4:string agent_id=5:Id timestamp=6:double executor_id=7:Id healthy=8:bool source=9:TaskStatusSource reason=10:TaskStatusReason uuid=11:bytes labels=12:Labels container_status=13:ContainerStatus unreachable_time=14:TimeInfo check_status=15:CheckStatusInfo limitation=16:TaskResourceLimitation',
  Filters: 'refuse_seconds=1:double(5)',
  Environment: 'variables=1:EnvironmentVariable[]',
  EnvironmentVariable: 'name=1:string! value=2:string type=3:EnvironmentVariableType("VALUE") secret=4:Secret',
  Parameter: 'key=1:string! value=2:string!',
  Parameters: 'parameter=1:Parameter[]',
  Credential: 'principal=1:string! secret=2:string',
  Secret: 'type=1:SecretType reference=2:SecretReference value=3:SecretValue',
  SecretReference: 'name=1:string! key=2:string',
  SecretValue: 'data=1:bytes!',
  Image: 'type=1:ImageType! appc=2:AppcImage docker=3:DockerImage cached=4:bool(true)',
  AppcImage: 'name=1:string! id=2:string labels=3:Labels',
  DockerImage: 'name=1:string! credential=2:Credential config=3:Secret',
  MountPropagation: 'mode=1:MountPropagationMode',
  Volume: 'container_path=1:string! host_path=2:string mode=3:VolumeMode! image=4:Image source=5:VolumeSource',
  VolumeSource:
    'type=1:VolumeSourceType docker_volume=2:VolumeSourceDockerVolume sandbox_path=3:VolumeSourceSandboxPath secret=4:Secret host_path=5:VolumeSourceHostPath csi_volume=6:VolumeSourceCSIVolume',
  VolumeSourceDockerVolume: 'driver=1:string name=2:string! driver_options=3:Parameters',
  VolumeSourceHostPath: 'path=1:string! mount_propagation=2:MountPropagation',
  VolumeSourceSandboxPath: 'type=1:SandboxPathType path=2:string!',
  VolumeSourceCSIVolume: 'plugin_name=1:string! static_provisioning=2:VolumeSourceCSIVolumeStaticProvisioning',
  VolumeSourceCSIVolumeVolumeCapability:
    'block=1:VolumeSourceCSIVolumeVolumeCapabilityBlockVolume mount=2:VolumeSourceCSIVolumeVolumeCapabilityMountVolume access_mode=3:VolumeSourceCSIVolumeVolumeCapabilityAccessMode!',
  VolumeSourceCSIVolumeVolumeCapabilityBlockVolume: '',
  VolumeSourceCSIVolumeVolumeCapabilityMountVolume: 'fs_type=1:string mount_flags=2:string[]',
  VolumeSourceCSIVolumeVolumeCapabilityAccessMode: 'mode=1:CSIAccessMode!',
  VolumeSourceCSIVolumeStaticProvisioning:
    'volume_id=1:string! volume_capability=2:VolumeSourceCSIVolumeVolumeCapability! node_stage_secrets=3:Secret{} node_publish_secrets=4:Secret{} volume_context=5:string{}',
  NetworkInfo:
    'groups=3:string[] labels=4:Labels ip_addresses=5:NetworkInfoIPAddress[] name=6:string port_mappings=7:NetworkInfoPortMapping[]',
  NetworkInfoIPAddress: 'protocol=1:NetworkInfoProtocol("IPv4") ip_address=2:string',
  NetworkInfoPortMapping: 'host_port=1:uint32! container_port=2:uint32! protocol=3:string',
  CapabilityInfo: 'capabilities=1:LinuxCapability[]',
  SeccompInfo: 'profile_name=1:string unconfined=2:bool',
  LinuxInfo:
    'capability_info=1:CapabilityInfo bounding_capabilities=2:CapabilityInfo effective_capabilities=3:CapabilityInfo share_pid_namespace=4:bool seccomp=5:SeccompInfo ipc_mode=6:IpcMode shm_size=7:uint32 share_cgroups=8:bool(true)',
  RLimitInfo: 'rlimits=1:RLimit[]',
  RLimit: 'type=1:RLimitType hard=2:uint64 soft=3:uint64',
  TTYInfo: 'window_size=1:WindowSize',
  WindowSize: 'rows=1:uint32! columns=2:uint32!',
  ContainerInfo:
    'type=1:ContainerType! volumes=2:Volume[] docker=3:DockerInfo hostname=4:string mesos=5:MesosInfo network_infos=7:NetworkInfo[] linux_info=8:LinuxInfo rlimit_info=9:RLimitInfo tty_info=10:TTYInfo',
  DockerInfo:
    'image=1:string! network=2:DockerNetwork("HOST") port_mappings=3:DockerPortMapping[] privileged=4:bool(false) parameters=5:Parameter[] force_pull_image=6:bool volume_driver=7:string',
  DockerPortMapping: 'host_port=1:uint32! container_port=2:uint32! protocol=3:string',
  MesosInfo: 'image=1:Image',
  ContainerStatus:
    'network_infos=1:NetworkInfo[] cgroup_info=2:CgroupInfo executor_pid=3:uint32 container_id=4:ContainerID',
  CgroupInfo: 'net_cls=1:CgroupInfoNetCls',
  CgroupInfoNetCls: 'classid=1:uint32',
  Labels: 'labels=1:Label[]',
  Label: 'key=1:string! value=2:string',
  Port: 'number=1:uint32! name=2:string protocol=3:string visibility=4:Visibility labels=5:Labels',
  Ports: 'ports=1:Port[]',
  DiscoveryInfo:
    'visibility=1:Visibility! name=2:string environment=3:string location=4:string version=5:string ports=6:Ports labels=7:Labels',
  WeightInfo: 'weight=1:double! role=2:string',
  VersionInfo:
    'version=1:string! build_date=2:string build_time=3:double build_user=4:string git_sha=5:string git_branch=6:string git_tag=7:string',
  Flag: 'name=1:string! value=2:string',
  Role: 'name=1:string! weight=2:double! frameworks=3:Id[] resources=4:Resource[]',
  Metric: 'name=1:string! value=2:double',
  FileInfo: 'path=1:string! nlink=2:int32 size=3:uint64 mtime=4:TimeInfo mode=5:uint32 uid=6:string gid=7:string',
  DrainConfig: 'max_grace_period=1:DurationInfo mark_gone=2:bool(false)',
  DrainInfo: 'state=1:DrainState! config=2:DrainConfig!',
};
