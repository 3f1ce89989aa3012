/** Messages of the agent's operator API, in the form of `MESOS_MESSAGES`; the answers it shares with the master are there. */
export const AGENT_MESSAGES: Readonly<Record<string, string>> = {
  AgentCall:
    'type=1:AgentCallType get_metrics=2:AgentCallGetMetrics set_logging_level=3:AgentCallSetLoggingLevel list_files=4:AgentCallListFiles read_file=5:AgentCallReadFile launch_nested_container=6:AgentCallLaunchNestedContainer wait_nested_container=7:AgentCallWaitNestedContainer kill_nested_container=8:AgentCallKillNestedContainer launch_nested_container_session=9:AgentCallLaunchNestedContainerSession attach_container_input=10:AttachContainerInput attach_container_output=11:AgentCallAttachContainerOutput remove_nested_container=12:AgentCallRemoveNestedContainer launch_container=13:AgentCallLaunchContainer wait_container=14:AgentCallWaitContainer kill_container=15:AgentCallKillContainer remove_container=16:AgentCallRemoveContainer add_resource_provider_config=17:AgentCallAddResourceProviderConfig update_resource_provider_config=18:AgentCallUpdateResourceProviderConfig remove_resource_provider_config=19:AgentCallRemoveResourceProviderConfig get_containers=20:AgentCallGetContainers prune_images=21:AgentCallPruneImages mark_resource_provider_gone=22:AgentCallMarkResourceProviderGone',
  AgentCallGetMetrics: 'timeout=1:DurationInfo',
  AgentCallSetLoggingLevel: 'level=1:uint32! duration=2:DurationInfo!',
  AgentCallListFiles: 'path=1:string!',
  AgentCallReadFile: 'path=1:string! offset=2:uint64! length=3:uint64',
  AgentCallGetContainers: 'show_nested=1:bool show_standalone=2:bool',
  AgentCallLaunchNestedContainer: 'container_id=1:ContainerID! command=2:CommandInfo container=3:ContainerInfo',
  AgentCallWaitNestedContainer: 'container_id=1:ContainerID!',
  AgentCallKillNestedContainer: 'container_id=1:ContainerID! signal=2:int32',
  AgentCallRemoveNestedContainer: 'container_id=1:ContainerID!',
  AgentCallLaunchNestedContainerSession: 'container_id=1:ContainerID! command=2:CommandInfo container=3:ContainerInfo',
  AttachContainerInput: 'type=1:AttachContainerInputType container_id=2:ContainerID process_io=3:ProcessIO',
  AgentCallAttachContainerOutput: 'container_id=1:ContainerID!',
  AgentCallLaunchContainer:
    'container_id=1:ContainerID! command=2:CommandInfo resources=3:Resource[] container=4:ContainerInfo limits=5:Scalar{}',
  AgentCallWaitContainer: 'container_id=1:ContainerID!',
  AgentCallKillContainer: 'container_id=1:ContainerID! signal=2:int32',
  AgentCallRemoveContainer: 'container_id=1:ContainerID!',
  AgentCallAddResourceProviderConfig: 'info=1:ResourceProviderInfo!',
  AgentCallUpdateResourceProviderConfig: 'info=1:ResourceProviderInfo!',
  AgentCallRemoveResourceProviderConfig: 'type=1:string! name=2:string!',
  AgentCallMarkResourceProviderGone: 'resource_provider_id=1:Id!',
  AgentCallPruneImages: 'excluded_images=1:Image[]',
  ProcessIO: 'type=1:ProcessIOType data=2:ProcessIOData control=3:ProcessIOControl',
  ProcessIOData: 'type=1:ProcessIODataType data=2:bytes',
  ProcessIOControl: 'type=1:ProcessIOControlType tty_info=2:TTYInfo heartbeat=3:ProcessIOHeartbeat',
  ProcessIOHeartbeat: 'interval=1:DurationInfo',
  AgentResponse:
    'type=1:AgentResponseType get_health=2:GetHealth get_flags=3:GetFlags get_version=4:GetVersion get_metrics=5:GetMetrics get_logging_level=6:GetLoggingLevel list_files=7:ListFiles read_file=8:ReadFile get_state=9:AgentGetState get_containers=10:AgentGetContainers get_frameworks=11:AgentGetFrameworks get_executors=12:AgentGetExecutors get_tasks=13:AgentGetTasks wait_nested_container=14:AgentWaitContainer get_agent=15:AgentGetAgent wait_container=16:AgentWaitContainer get_resource_providers=17:AgentGetResourceProviders get_operations=18:GetOperations',
  AgentGetState: 'get_tasks=1:AgentGetTasks get_executors=2:AgentGetExecutors get_frameworks=3:AgentGetFrameworks',
  AgentGetContainers: 'containers=1:AgentContainer[]',
  AgentContainer:
    'framework_id=1:Id executor_id=2:Id executor_name=3:string container_id=4:ContainerID! container_status=5:ContainerStatus resource_statistics=6:ResourceStatistics',
  AgentGetFrameworks: 'frameworks=1:AgentFramework[] completed_frameworks=2:AgentFramework[]',
  AgentFramework: 'framework_info=1:FrameworkInfo!',
  AgentGetExecutors: 'executors=1:AgentExecutor[] completed_executors=2:AgentExecutor[]',
  AgentExecutor: 'executor_info=1:ExecutorInfo!',
  AgentGetTasks:
    'pending_tasks=1:Task[] queued_tasks=2:Task[] launched_tasks=3:Task[] terminated_tasks=4:Task[] completed_tasks=5:Task[]',
  AgentGetAgent: 'agent_info=1:AgentInfo drain_config=2:DrainConfig estimated_drain_start_time=3:TimeInfo',
  AgentGetResourceProviders: 'resource_providers=1:ResourceProviderResources[]',
  AgentWaitContainer:
    'exit_status=1:int32 state=2:TaskState reason=3:TaskStatusReason limitation=4:TaskResourceLimitation message=5:string',
};
