/**
 * The fields of every served kind, as facts of Kubernetes 1.33's published OpenAPI document, one definition a line:
 * `package.version.Name[@group/version][|atomic] field[!]:type[|attribute]…`
 *
 * - `!` required; `?` a pointer in Go, whose zero value differs from its absence; `@` names the group and version the definition is a kind of.
 * - types: s string, i int32, l int64, n number, b boolean, y base64 bytes, t time, m time with microseconds, q quantity, x integer or string,
 *   o any object, `[T]` list, `{T}` map of strings to T, `.Name` a definition of the same package and version, else a full name.
 * - attributes: `map=keys`, `set`, `atomic` (server-side apply), `merge[=key]`, `retainKeys` (strategic merge), `default=value`, `enum=values` (what is
 *   documented, not a rule; those of a list are of its items; `_` stands for a space);
 *   `always` (Go's types do not omit it when it is empty, although it is not required or has no zero value).
 */
export const definitionLines = `
admissionregistration.v1.AuditAnnotation key!:s valueExpression!:s
admissionregistration.v1.ExpressionWarning fieldRef!:s warning!:s
admissionregistration.v1.MatchCondition expression!:s name!:s
admissionregistration.v1.MatchResources|atomic excludeResourceRules:[.NamedRuleWithOperations]|atomic matchPolicy?:s|enum=Equivalent,Exact namespaceSelector?:meta.v1.LabelSelector objectSelector?:meta.v1.LabelSelector resourceRules:[.NamedRuleWithOperations]|atomic
admissionregistration.v1.MutatingWebhook admissionReviewVersions!:[s]|atomic|always clientConfig!:.WebhookClientConfig failurePolicy?:s|enum=Fail,Ignore matchConditions:[.MatchCondition]|map=name|merge=name matchPolicy?:s|enum=Equivalent,Exact name!:s namespaceSelector?:meta.v1.LabelSelector objectSelector?:meta.v1.LabelSelector reinvocationPolicy?:s|enum=IfNeeded,Never rules:[.RuleWithOperations]|atomic sideEffects!?:s|always|enum=None,NoneOnDryRun,Some,Unknown timeoutSeconds?:i
admissionregistration.v1.MutatingWebhookConfiguration@admissionregistration.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta webhooks:[.MutatingWebhook]|map=name|merge=name
admissionregistration.v1.NamedRuleWithOperations|atomic apiGroups:[s]|atomic apiVersions:[s]|atomic operations:[s]|atomic|enum=*,CONNECT,CREATE,DELETE,UPDATE resourceNames:[s]|atomic resources:[s]|atomic scope?:s
admissionregistration.v1.ParamKind|atomic apiVersion:s kind:s
admissionregistration.v1.ParamRef|atomic name:s namespace:s parameterNotFoundAction?:s selector?:meta.v1.LabelSelector
admissionregistration.v1.RuleWithOperations apiGroups:[s]|atomic apiVersions:[s]|atomic operations:[s]|atomic|enum=*,CONNECT,CREATE,DELETE,UPDATE resources:[s]|atomic scope?:s
admissionregistration.v1.ServiceReference name!:s namespace!:s path?:s port?:i
admissionregistration.v1.TypeChecking expressionWarnings:[.ExpressionWarning]|atomic
admissionregistration.v1.ValidatingAdmissionPolicy@admissionregistration.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.ValidatingAdmissionPolicySpec status:.ValidatingAdmissionPolicyStatus
admissionregistration.v1.ValidatingAdmissionPolicyBinding@admissionregistration.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.ValidatingAdmissionPolicyBindingSpec
admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec matchResources?:.MatchResources paramRef?:.ParamRef policyName:s validationActions:[s]|set|enum=Audit,Deny,Warn
admissionregistration.v1.ValidatingAdmissionPolicySpec auditAnnotations:[.AuditAnnotation]|atomic failurePolicy?:s|enum=Fail,Ignore matchConditions:[.MatchCondition]|map=name|merge=name matchConstraints?:.MatchResources paramKind?:.ParamKind validations:[.Validation]|atomic variables:[.Variable]|map=name|merge=name
admissionregistration.v1.ValidatingAdmissionPolicyStatus conditions:[meta.v1.Condition]|map=type observedGeneration:l typeChecking?:.TypeChecking
admissionregistration.v1.ValidatingWebhook admissionReviewVersions!:[s]|atomic|always clientConfig!:.WebhookClientConfig failurePolicy?:s|enum=Fail,Ignore matchConditions:[.MatchCondition]|map=name|merge=name matchPolicy?:s|enum=Equivalent,Exact name!:s namespaceSelector?:meta.v1.LabelSelector objectSelector?:meta.v1.LabelSelector rules:[.RuleWithOperations]|atomic sideEffects!?:s|always|enum=None,NoneOnDryRun,Some,Unknown timeoutSeconds?:i
admissionregistration.v1.ValidatingWebhookConfiguration@admissionregistration.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta webhooks:[.ValidatingWebhook]|map=name|merge=name
admissionregistration.v1.Validation expression!:s message:s messageExpression:s reason?:s
admissionregistration.v1.Variable|atomic expression!:s name!:s
admissionregistration.v1.WebhookClientConfig caBundle:y service?:.ServiceReference url?:s
apiextensions.v1.CustomResourceColumnDefinition description:s format:s jsonPath!:s name!:s priority:i type!:s
apiextensions.v1.CustomResourceConversion strategy!:s webhook?:o
apiextensions.v1.CustomResourceDefinition@apiextensions.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.CustomResourceDefinitionSpec status:.CustomResourceDefinitionStatus
apiextensions.v1.CustomResourceDefinitionCondition lastTransitionTime:t message:s reason:s status!:s type!:s
apiextensions.v1.CustomResourceDefinitionNames categories:[s]|atomic kind!:s listKind:s plural!:s shortNames:[s]|atomic singular:s
apiextensions.v1.CustomResourceDefinitionSpec conversion?:.CustomResourceConversion group!:s names!:.CustomResourceDefinitionNames preserveUnknownFields:b scope!:s versions!:[.CustomResourceDefinitionVersion]|atomic|always
apiextensions.v1.CustomResourceDefinitionStatus acceptedNames:.CustomResourceDefinitionNames conditions:[.CustomResourceDefinitionCondition]|map=type|always storedVersions:[s]|atomic|always
apiextensions.v1.CustomResourceDefinitionVersion additionalPrinterColumns:[.CustomResourceColumnDefinition]|atomic deprecated:b deprecationWarning?:s name!:s schema?:.CustomResourceValidation selectableFields:[.SelectableField]|atomic served!:b storage!:b subresources?:.CustomResourceSubresources
apiextensions.v1.CustomResourceSubresourceScale labelSelectorPath?:s specReplicasPath!:s statusReplicasPath!:s
apiextensions.v1.CustomResourceSubresources scale?:.CustomResourceSubresourceScale status?:o
apiextensions.v1.CustomResourceValidation openAPIV3Schema?:o
apiextensions.v1.SelectableField jsonPath!:s
apiregistration.v1.APIService@apiregistration.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.APIServiceSpec status:.APIServiceStatus
apiregistration.v1.APIServiceCondition lastTransitionTime:t message:s reason:s status!:s type!:s
apiregistration.v1.APIServiceSpec caBundle:y|atomic group:s groupPriorityMinimum!:i insecureSkipTLSVerify:b service?:.ServiceReference version:s versionPriority!:i
apiregistration.v1.APIServiceStatus conditions:[.APIServiceCondition]|map=type|merge=type
apiregistration.v1.ServiceReference name:s namespace:s port?:i
apps.v1.ControllerRevision@apps/v1 apiVersion:s data:o kind:s metadata:meta.v1.ObjectMeta revision!:l
apps.v1.DaemonSet@apps/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.DaemonSetSpec status:.DaemonSetStatus
apps.v1.DaemonSetCondition lastTransitionTime:t message:s reason:s status!:s type!:s
apps.v1.DaemonSetSpec minReadySeconds:i revisionHistoryLimit?:i selector!?:meta.v1.LabelSelector|always template!:core.v1.PodTemplateSpec updateStrategy:.DaemonSetUpdateStrategy
apps.v1.DaemonSetStatus collisionCount?:i conditions:[.DaemonSetCondition]|map=type|merge=type currentNumberScheduled!:i desiredNumberScheduled!:i numberAvailable:i numberMisscheduled!:i numberReady!:i numberUnavailable:i observedGeneration:l updatedNumberScheduled:i
apps.v1.DaemonSetUpdateStrategy rollingUpdate?:.RollingUpdateDaemonSet type:s|enum=OnDelete,RollingUpdate
apps.v1.Deployment@apps/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.DeploymentSpec status:.DeploymentStatus
apps.v1.DeploymentCondition lastTransitionTime:t lastUpdateTime:t message:s reason:s status!:s type!:s
apps.v1.DeploymentSpec minReadySeconds:i paused:b progressDeadlineSeconds?:i replicas?:i revisionHistoryLimit?:i selector!?:meta.v1.LabelSelector|always strategy:.DeploymentStrategy|retainKeys template!:core.v1.PodTemplateSpec
apps.v1.DeploymentStatus availableReplicas:i collisionCount?:i conditions:[.DeploymentCondition]|map=type|merge=type observedGeneration:l readyReplicas:i replicas:i terminatingReplicas?:i unavailableReplicas:i updatedReplicas:i
apps.v1.DeploymentStrategy rollingUpdate?:.RollingUpdateDeployment type:s|enum=Recreate,RollingUpdate
apps.v1.ReplicaSet@apps/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.ReplicaSetSpec status:.ReplicaSetStatus
apps.v1.ReplicaSetCondition lastTransitionTime:t message:s reason:s status!:s type!:s
apps.v1.ReplicaSetSpec minReadySeconds:i replicas?:i selector!?:meta.v1.LabelSelector|always template:core.v1.PodTemplateSpec
apps.v1.ReplicaSetStatus availableReplicas:i conditions:[.ReplicaSetCondition]|map=type|merge=type fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas!:i terminatingReplicas?:i
apps.v1.RollingUpdateDaemonSet maxSurge?:x maxUnavailable?:x
apps.v1.RollingUpdateDeployment maxSurge?:x maxUnavailable?:x
apps.v1.RollingUpdateStatefulSetStrategy maxUnavailable?:x partition?:i
apps.v1.StatefulSet@apps/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.StatefulSetSpec status:.StatefulSetStatus
apps.v1.StatefulSetCondition lastTransitionTime:t message:s reason:s status!:s type!:s
apps.v1.StatefulSetOrdinals start:i|always
apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s
apps.v1.StatefulSetSpec minReadySeconds:i ordinals?:.StatefulSetOrdinals persistentVolumeClaimRetentionPolicy?:.StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:s|enum=OrderedReady,Parallel replicas?:i revisionHistoryLimit?:i selector!?:meta.v1.LabelSelector|always serviceName:s|always template!:core.v1.PodTemplateSpec updateStrategy:.StatefulSetUpdateStrategy volumeClaimTemplates:[core.v1.PersistentVolumeClaim]|atomic
apps.v1.StatefulSetStatus availableReplicas:i|always collisionCount?:i conditions:[.StatefulSetCondition]|map=type|merge=type currentReplicas:i currentRevision:s observedGeneration:l readyReplicas:i replicas!:i updateRevision:s updatedReplicas:i
apps.v1.StatefulSetUpdateStrategy rollingUpdate?:.RollingUpdateStatefulSetStrategy type:s|enum=OnDelete,RollingUpdate
authentication.v1.BoundObjectReference apiVersion:s kind:s name:s uid:s
authentication.v1.SelfSubjectReview@authentication.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta status:.SelfSubjectReviewStatus
authentication.v1.SelfSubjectReviewStatus userInfo:.UserInfo
authentication.v1.TokenRequest@authentication.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.TokenRequestSpec status:.TokenRequestStatus
authentication.v1.TokenRequestSpec audiences!:[s]|atomic|always boundObjectRef?:.BoundObjectReference|always expirationSeconds?:l|always
authentication.v1.TokenRequestStatus expirationTimestamp!:t token!:s
authentication.v1.TokenReview@authentication.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.TokenReviewSpec status:.TokenReviewStatus
authentication.v1.TokenReviewSpec audiences:[s]|atomic token:s
authentication.v1.TokenReviewStatus audiences:[s]|atomic authenticated:b error:s user:.UserInfo
authentication.v1.UserInfo extra:{[s]} groups:[s]|atomic uid:s username:s
authorization.v1.FieldSelectorAttributes rawSelector:s requirements:[meta.v1.FieldSelectorRequirement]|atomic
authorization.v1.LabelSelectorAttributes rawSelector:s requirements:[meta.v1.LabelSelectorRequirement]|atomic
authorization.v1.LocalSubjectAccessReview@authorization.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.SubjectAccessReviewSpec status:.SubjectAccessReviewStatus
authorization.v1.NonResourceAttributes path:s verb:s
authorization.v1.NonResourceRule nonResourceURLs:[s]|atomic verbs!:[s]|atomic|always
authorization.v1.ResourceAttributes fieldSelector?:.FieldSelectorAttributes group:s labelSelector?:.LabelSelectorAttributes name:s namespace:s resource:s subresource:s verb:s version:s
authorization.v1.ResourceRule apiGroups:[s]|atomic resourceNames:[s]|atomic resources:[s]|atomic verbs!:[s]|atomic|always
authorization.v1.SelfSubjectAccessReview@authorization.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.SelfSubjectAccessReviewSpec status:.SubjectAccessReviewStatus
authorization.v1.SelfSubjectAccessReviewSpec nonResourceAttributes?:.NonResourceAttributes resourceAttributes?:.ResourceAttributes
authorization.v1.SelfSubjectRulesReview@authorization.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.SelfSubjectRulesReviewSpec status:.SubjectRulesReviewStatus
authorization.v1.SelfSubjectRulesReviewSpec namespace:s
authorization.v1.SubjectAccessReview@authorization.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.SubjectAccessReviewSpec status:.SubjectAccessReviewStatus
authorization.v1.SubjectAccessReviewSpec extra:{[s]} groups:[s]|atomic nonResourceAttributes?:.NonResourceAttributes resourceAttributes?:.ResourceAttributes uid:s user:s
authorization.v1.SubjectAccessReviewStatus allowed!:b denied:b evaluationError:s reason:s
authorization.v1.SubjectRulesReviewStatus evaluationError:s incomplete!:b nonResourceRules!:[.NonResourceRule]|atomic|always resourceRules!:[.ResourceRule]|atomic|always
autoscaling.v1.CrossVersionObjectReference|atomic apiVersion:s kind!:s name!:s
autoscaling.v1.HorizontalPodAutoscaler@autoscaling/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.HorizontalPodAutoscalerSpec status:.HorizontalPodAutoscalerStatus
autoscaling.v1.HorizontalPodAutoscalerSpec maxReplicas!:i minReplicas?:i scaleTargetRef!:.CrossVersionObjectReference targetCPUUtilizationPercentage?:i
autoscaling.v1.HorizontalPodAutoscalerStatus currentCPUUtilizationPercentage?:i currentReplicas!:i desiredReplicas!:i lastScaleTime?:t observedGeneration?:l
autoscaling.v1.Scale@autoscaling/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.ScaleSpec status:.ScaleStatus
autoscaling.v1.ScaleSpec replicas:i
autoscaling.v1.ScaleStatus replicas!:i selector:s
autoscaling.v2.ContainerResourceMetricSource container!:s name!:s target!:.MetricTarget
autoscaling.v2.ContainerResourceMetricStatus container!:s current!:.MetricValueStatus name!:s
autoscaling.v2.CrossVersionObjectReference apiVersion:s kind!:s name!:s
autoscaling.v2.ExternalMetricSource metric!:.MetricIdentifier target!:.MetricTarget
autoscaling.v2.ExternalMetricStatus current!:.MetricValueStatus metric!:.MetricIdentifier
autoscaling.v2.HPAScalingPolicy periodSeconds!:i type!:s value!:i
autoscaling.v2.HPAScalingRules policies:[.HPAScalingPolicy]|atomic selectPolicy?:s stabilizationWindowSeconds?:i tolerance?:q
autoscaling.v2.HorizontalPodAutoscaler@autoscaling/v2 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.HorizontalPodAutoscalerSpec status:.HorizontalPodAutoscalerStatus
autoscaling.v2.HorizontalPodAutoscalerBehavior scaleDown?:.HPAScalingRules scaleUp?:.HPAScalingRules
autoscaling.v2.HorizontalPodAutoscalerCondition lastTransitionTime:t message:s reason:s status!:s type!:s
autoscaling.v2.HorizontalPodAutoscalerSpec behavior?:.HorizontalPodAutoscalerBehavior maxReplicas!:i metrics:[.MetricSpec]|atomic minReplicas?:i scaleTargetRef!:.CrossVersionObjectReference
autoscaling.v2.HorizontalPodAutoscalerStatus conditions:[.HorizontalPodAutoscalerCondition]|map=type|merge=type currentMetrics:[.MetricStatus]|atomic|always currentReplicas:i desiredReplicas!:i lastScaleTime?:t observedGeneration?:l
autoscaling.v2.MetricIdentifier name!:s selector?:meta.v1.LabelSelector
autoscaling.v2.MetricSpec containerResource?:.ContainerResourceMetricSource external?:.ExternalMetricSource object?:.ObjectMetricSource pods?:.PodsMetricSource resource?:.ResourceMetricSource type!:s
autoscaling.v2.MetricStatus containerResource?:.ContainerResourceMetricStatus external?:.ExternalMetricStatus object?:.ObjectMetricStatus pods?:.PodsMetricStatus resource?:.ResourceMetricStatus type!:s
autoscaling.v2.MetricTarget averageUtilization?:i averageValue?:q type!:s value?:q
autoscaling.v2.MetricValueStatus averageUtilization?:i averageValue?:q value?:q
autoscaling.v2.ObjectMetricSource describedObject!:.CrossVersionObjectReference metric!:.MetricIdentifier target!:.MetricTarget
autoscaling.v2.ObjectMetricStatus current!:.MetricValueStatus describedObject!:.CrossVersionObjectReference metric!:.MetricIdentifier
autoscaling.v2.PodsMetricSource metric!:.MetricIdentifier target!:.MetricTarget
autoscaling.v2.PodsMetricStatus current!:.MetricValueStatus metric!:.MetricIdentifier
autoscaling.v2.ResourceMetricSource name!:s target!:.MetricTarget
autoscaling.v2.ResourceMetricStatus current!:.MetricValueStatus name!:s
batch.v1.CronJob@batch/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.CronJobSpec status:.CronJobStatus
batch.v1.CronJobSpec concurrencyPolicy:s|enum=Allow,Forbid,Replace failedJobsHistoryLimit?:i jobTemplate!:.JobTemplateSpec schedule!:s startingDeadlineSeconds?:l successfulJobsHistoryLimit?:i suspend?:b timeZone?:s
batch.v1.CronJobStatus active:[core.v1.ObjectReference]|atomic lastScheduleTime?:t lastSuccessfulTime?:t
batch.v1.Job@batch/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.JobSpec status:.JobStatus
batch.v1.JobCondition lastProbeTime:t lastTransitionTime:t message:s reason:s status!:s type!:s
batch.v1.JobSpec activeDeadlineSeconds?:l backoffLimit?:i backoffLimitPerIndex?:i completionMode?:s|enum=Indexed,NonIndexed completions?:i managedBy?:s manualSelector?:b maxFailedIndexes?:i parallelism?:i podFailurePolicy?:.PodFailurePolicy podReplacementPolicy?:s|enum=Failed,TerminatingOrFailed selector?:meta.v1.LabelSelector successPolicy?:.SuccessPolicy suspend?:b template!:core.v1.PodTemplateSpec ttlSecondsAfterFinished?:i
batch.v1.JobStatus active:i completedIndexes:s completionTime?:t conditions:[.JobCondition]|atomic|merge=type failed:i failedIndexes?:s ready?:i startTime?:t succeeded:i terminating?:i uncountedTerminatedPods?:.UncountedTerminatedPods
batch.v1.JobTemplateSpec metadata:meta.v1.ObjectMeta spec:.JobSpec
batch.v1.PodFailurePolicy rules!:[.PodFailurePolicyRule]|atomic|always
batch.v1.PodFailurePolicyOnExitCodesRequirement containerName?:s operator!:s|enum=In,NotIn values!:[i]|set|always
batch.v1.PodFailurePolicyOnPodConditionsPattern status!:s type!:s
batch.v1.PodFailurePolicyRule action!:s|enum=Count,FailIndex,FailJob,Ignore onExitCodes?:.PodFailurePolicyOnExitCodesRequirement onPodConditions:[.PodFailurePolicyOnPodConditionsPattern]|atomic
batch.v1.SuccessPolicy rules!:[.SuccessPolicyRule]|atomic|always
batch.v1.SuccessPolicyRule succeededCount?:i succeededIndexes?:s
batch.v1.UncountedTerminatedPods failed:[s]|set succeeded:[s]|set
certificates.v1.CertificateSigningRequest@certificates.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.CertificateSigningRequestSpec status:.CertificateSigningRequestStatus
certificates.v1.CertificateSigningRequestCondition lastTransitionTime:t lastUpdateTime:t message:s reason:s status!:s type!:s
certificates.v1.CertificateSigningRequestSpec expirationSeconds?:i extra:{[s]} groups:[s]|atomic request!:y|atomic signerName!:s uid:s usages:[s]|atomic|enum=any,cert_sign,client_auth,code_signing,content_commitment,crl_sign,data_encipherment,decipher_only,digital_signature,email_protection,encipher_only,ipsec_end_system,ipsec_tunnel,ipsec_user,key_agreement,key_encipherment,microsoft_sgc,netscape_sgc,ocsp_signing,s/mime,server_auth,signing,timestamping username:s
certificates.v1.CertificateSigningRequestStatus certificate:y|atomic conditions:[.CertificateSigningRequestCondition]|map=type
coordination.v1.Lease@coordination.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.LeaseSpec
coordination.v1.LeaseSpec acquireTime?:m holderIdentity?:s leaseDurationSeconds?:i leaseTransitions?:i preferredHolder?:s renewTime?:m strategy?:s
core.v1.AWSElasticBlockStoreVolumeSource fsType:s partition:i readOnly:b volumeID!:s
core.v1.Affinity nodeAffinity?:.NodeAffinity podAffinity?:.PodAffinity podAntiAffinity?:.PodAntiAffinity
core.v1.AppArmorProfile localhostProfile?:s type!:s|enum=Localhost,RuntimeDefault,Unconfined
core.v1.AttachedVolume devicePath!:s name!:s
core.v1.AzureDiskVolumeSource cachingMode?:s|default=ReadWrite|enum=None,ReadOnly,ReadWrite diskName!:s diskURI!:s fsType?:s|default=ext4 kind?:s|default=Shared|enum=Dedicated,Managed,Shared readOnly?:b
core.v1.AzureFilePersistentVolumeSource readOnly:b secretName!:s secretNamespace?:s|always shareName!:s
core.v1.AzureFileVolumeSource readOnly:b secretName!:s shareName!:s
core.v1.Binding@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta target!:.ObjectReference
core.v1.CSIPersistentVolumeSource controllerExpandSecretRef?:.SecretReference controllerPublishSecretRef?:.SecretReference driver!:s fsType:s nodeExpandSecretRef?:.SecretReference nodePublishSecretRef?:.SecretReference nodeStageSecretRef?:.SecretReference readOnly:b volumeAttributes:{s} volumeHandle!:s
core.v1.CSIVolumeSource driver!:s fsType?:s nodePublishSecretRef?:.LocalObjectReference readOnly?:b volumeAttributes:{s}
core.v1.Capabilities add:[s]|atomic drop:[s]|atomic
core.v1.CephFSPersistentVolumeSource monitors!:[s]|atomic|always path:s readOnly:b secretFile:s secretRef?:.SecretReference user:s
core.v1.CephFSVolumeSource monitors!:[s]|atomic|always path:s readOnly:b secretFile:s secretRef?:.LocalObjectReference user:s
core.v1.CinderPersistentVolumeSource fsType:s readOnly:b secretRef?:.SecretReference volumeID!:s
core.v1.CinderVolumeSource fsType:s readOnly:b secretRef?:.LocalObjectReference volumeID!:s
core.v1.ClientIPConfig timeoutSeconds?:i
core.v1.ClusterTrustBundleProjection labelSelector?:meta.v1.LabelSelector name?:s optional?:b path!:s signerName?:s
core.v1.ComponentCondition error:s message:s status!:s type!:s
core.v1.ComponentStatus@/v1 apiVersion:s conditions:[.ComponentCondition]|map=type|merge=type kind:s metadata:meta.v1.ObjectMeta
core.v1.ConfigMap@/v1 apiVersion:s binaryData:{y} data:{s} immutable?:b kind:s metadata:meta.v1.ObjectMeta
core.v1.ConfigMapEnvSource name:s optional?:b
core.v1.ConfigMapKeySelector|atomic key!:s name:s optional?:b
core.v1.ConfigMapNodeConfigSource kubeletConfigKey!:s name!:s namespace!:s resourceVersion:s uid:s
core.v1.ConfigMapProjection items:[.KeyToPath]|atomic name:s optional?:b
core.v1.ConfigMapVolumeSource defaultMode?:i items:[.KeyToPath]|atomic name:s optional?:b
core.v1.Container args:[s]|atomic command:[s]|atomic env:[.EnvVar]|map=name|merge=name envFrom:[.EnvFromSource]|atomic image:s imagePullPolicy:s|enum=Always,IfNotPresent,Never lifecycle?:.Lifecycle livenessProbe?:.Probe name!:s ports:[.ContainerPort]|map=containerPort,protocol|merge=containerPort readinessProbe?:.Probe resizePolicy:[.ContainerResizePolicy]|atomic resources:.ResourceRequirements restartPolicy?:s securityContext?:.SecurityContext startupProbe?:.Probe stdin:b stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s|enum=FallbackToLogsOnError,File tty:b volumeDevices:[.VolumeDevice]|map=devicePath|merge=devicePath volumeMounts:[.VolumeMount]|map=mountPath|merge=mountPath workingDir:s
core.v1.ContainerImage names:[s]|atomic|always sizeBytes:l
core.v1.ContainerPort containerPort!:i hostIP:s hostPort:i name:s protocol:s|default=TCP|enum=SCTP,TCP,UDP
core.v1.ContainerResizePolicy resourceName!:s restartPolicy!:s
core.v1.ContainerState running?:.ContainerStateRunning terminated?:.ContainerStateTerminated waiting?:.ContainerStateWaiting
core.v1.ContainerStateRunning startedAt:t
core.v1.ContainerStateTerminated containerID:s exitCode!:i finishedAt:t message:s reason:s signal:i startedAt:t
core.v1.ContainerStateWaiting message:s reason:s
core.v1.ContainerStatus allocatedResources:{q} allocatedResourcesStatus:[.ResourceStatus]|map=name|merge=name containerID:s image!:s imageID!:s lastState:.ContainerState name!:s ready!:b resources?:.ResourceRequirements restartCount!:i started?:b state:.ContainerState stopSignal?:s|enum=SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGRTMAX,SIGRTMAX-1,SIGRTMAX-10,SIGRTMAX-11,SIGRTMAX-12,SIGRTMAX-13,SIGRTMAX-14,SIGRTMAX-2,SIGRTMAX-3,SIGRTMAX-4,SIGRTMAX-5,SIGRTMAX-6,SIGRTMAX-7,SIGRTMAX-8,SIGRTMAX-9,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+10,SIGRTMIN+11,SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGSEGV,SIGSTKFLT,SIGSTOP,SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,SIGWINCH,SIGXCPU,SIGXFSZ user?:.ContainerUser volumeMounts:[.VolumeMountStatus]|map=mountPath|merge=mountPath
core.v1.ContainerUser linux?:.LinuxContainerUser
core.v1.DaemonEndpoint Port!:i
core.v1.DownwardAPIProjection items:[.DownwardAPIVolumeFile]|atomic
core.v1.DownwardAPIVolumeFile fieldRef?:.ObjectFieldSelector mode?:i path!:s resourceFieldRef?:.ResourceFieldSelector
core.v1.DownwardAPIVolumeSource defaultMode?:i items:[.DownwardAPIVolumeFile]|atomic
core.v1.EmptyDirVolumeSource medium:s sizeLimit?:q
core.v1.EndpointAddress|atomic hostname:s ip!:s nodeName?:s targetRef?:.ObjectReference
core.v1.EndpointPort|atomic appProtocol?:s name:s port!:i protocol:s|enum=SCTP,TCP,UDP
core.v1.EndpointSubset addresses:[.EndpointAddress]|atomic notReadyAddresses:[.EndpointAddress]|atomic ports:[.EndpointPort]|atomic
core.v1.Endpoints@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta subsets:[.EndpointSubset]|atomic
core.v1.EnvFromSource configMapRef?:.ConfigMapEnvSource prefix:s secretRef?:.SecretEnvSource
core.v1.EnvVar name!:s value:s valueFrom?:.EnvVarSource
core.v1.EnvVarSource configMapKeyRef?:.ConfigMapKeySelector fieldRef?:.ObjectFieldSelector resourceFieldRef?:.ResourceFieldSelector secretKeyRef?:.SecretKeySelector
core.v1.EphemeralContainer args:[s]|atomic command:[s]|atomic env:[.EnvVar]|map=name|merge=name envFrom:[.EnvFromSource]|atomic image:s imagePullPolicy:s|enum=Always,IfNotPresent,Never lifecycle?:.Lifecycle livenessProbe?:.Probe name!:s ports:[.ContainerPort]|map=containerPort,protocol|merge=containerPort readinessProbe?:.Probe resizePolicy:[.ContainerResizePolicy]|atomic resources:.ResourceRequirements restartPolicy?:s securityContext?:.SecurityContext startupProbe?:.Probe stdin:b stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s|enum=FallbackToLogsOnError,File tty:b volumeDevices:[.VolumeDevice]|map=devicePath|merge=devicePath volumeMounts:[.VolumeMount]|map=mountPath|merge=mountPath workingDir:s
core.v1.EphemeralVolumeSource volumeClaimTemplate?:.PersistentVolumeClaimTemplate
core.v1.Event@/v1 action:s apiVersion:s count:i eventTime:m firstTimestamp:t involvedObject!:.ObjectReference kind:s lastTimestamp:t message:s metadata!:meta.v1.ObjectMeta reason:s related?:.ObjectReference reportingComponent:s|always reportingInstance:s|always series?:.EventSeries source:.EventSource type:s
core.v1.EventSeries count:i lastObservedTime:m
core.v1.EventSource component:s host:s
core.v1.ExecAction command:[s]|atomic
core.v1.FCVolumeSource fsType:s lun?:i readOnly:b targetWWNs:[s]|atomic wwids:[s]|atomic
core.v1.FlexPersistentVolumeSource driver!:s fsType:s options:{s} readOnly:b secretRef?:.SecretReference
core.v1.FlexVolumeSource driver!:s fsType:s options:{s} readOnly:b secretRef?:.LocalObjectReference
core.v1.FlockerVolumeSource datasetName:s datasetUUID:s
core.v1.GCEPersistentDiskVolumeSource fsType:s partition:i pdName!:s readOnly:b
core.v1.GRPCAction port!:i service?:s|always
core.v1.GitRepoVolumeSource directory:s repository!:s revision:s
core.v1.GlusterfsPersistentVolumeSource endpoints!:s endpointsNamespace?:s path!:s readOnly:b
core.v1.GlusterfsVolumeSource endpoints!:s path!:s readOnly:b
core.v1.HTTPGetAction host:s httpHeaders:[.HTTPHeader]|atomic path:s port!:x scheme:s|enum=HTTP,HTTPS
core.v1.HTTPHeader name!:s value!:s
core.v1.HostAlias hostnames:[s]|atomic ip!:s
core.v1.HostIP ip!:s
core.v1.HostPathVolumeSource path!:s type?:s|enum=,BlockDevice,CharDevice,Directory,DirectoryOrCreate,File,FileOrCreate,Socket
core.v1.ISCSIPersistentVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName?:s iqn!:s iscsiInterface:s|default=default lun!:i portals:[s]|atomic readOnly:b secretRef?:.SecretReference targetPortal!:s
core.v1.ISCSIVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName?:s iqn!:s iscsiInterface:s|default=default lun!:i portals:[s]|atomic readOnly:b secretRef?:.LocalObjectReference targetPortal!:s
core.v1.ImageVolumeSource pullPolicy:s|enum=Always,IfNotPresent,Never reference:s
core.v1.KeyToPath key!:s mode?:i path!:s
core.v1.Lifecycle postStart?:.LifecycleHandler preStop?:.LifecycleHandler stopSignal?:s|enum=SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGRTMAX,SIGRTMAX-1,SIGRTMAX-10,SIGRTMAX-11,SIGRTMAX-12,SIGRTMAX-13,SIGRTMAX-14,SIGRTMAX-2,SIGRTMAX-3,SIGRTMAX-4,SIGRTMAX-5,SIGRTMAX-6,SIGRTMAX-7,SIGRTMAX-8,SIGRTMAX-9,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+10,SIGRTMIN+11,SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGSEGV,SIGSTKFLT,SIGSTOP,SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,SIGWINCH,SIGXCPU,SIGXFSZ
core.v1.LifecycleHandler exec?:.ExecAction httpGet?:.HTTPGetAction sleep?:.SleepAction tcpSocket?:.TCPSocketAction
core.v1.LimitRange@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.LimitRangeSpec
core.v1.LimitRangeItem default:{q} defaultRequest:{q} max:{q} maxLimitRequestRatio:{q} min:{q} type!:s
core.v1.LimitRangeSpec limits!:[.LimitRangeItem]|atomic|always
core.v1.LinuxContainerUser gid!:l supplementalGroups:[l]|atomic uid!:l
core.v1.LoadBalancerIngress hostname:s ip:s ipMode?:s ports:[.PortStatus]|atomic
core.v1.LoadBalancerStatus ingress:[.LoadBalancerIngress]|atomic
core.v1.LocalObjectReference|atomic name:s|default=
core.v1.LocalVolumeSource fsType?:s path!:s
core.v1.ModifyVolumeStatus status!:s|enum=InProgress,Infeasible,Pending targetVolumeAttributesClassName:s
core.v1.NFSVolumeSource path!:s readOnly:b server!:s
core.v1.Namespace@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.NamespaceSpec status:.NamespaceStatus
core.v1.NamespaceCondition lastTransitionTime:t message:s reason:s status!:s type!:s
core.v1.NamespaceSpec finalizers:[s]|atomic
core.v1.NamespaceStatus conditions:[.NamespaceCondition]|map=type|merge=type phase:s|enum=Active,Terminating
core.v1.Node@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.NodeSpec status:.NodeStatus
core.v1.NodeAddress address!:s type!:s
core.v1.NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[.PreferredSchedulingTerm]|atomic requiredDuringSchedulingIgnoredDuringExecution?:.NodeSelector
core.v1.NodeCondition lastHeartbeatTime:t lastTransitionTime:t message:s reason:s status!:s type!:s
core.v1.NodeConfigSource configMap?:.ConfigMapNodeConfigSource
core.v1.NodeConfigStatus active?:.NodeConfigSource assigned?:.NodeConfigSource error:s lastKnownGood?:.NodeConfigSource
core.v1.NodeDaemonEndpoints kubeletEndpoint:.DaemonEndpoint
core.v1.NodeFeatures supplementalGroupsPolicy?:b
core.v1.NodeRuntimeHandler features?:.NodeRuntimeHandlerFeatures name:s|always
core.v1.NodeRuntimeHandlerFeatures recursiveReadOnlyMounts?:b userNamespaces?:b
core.v1.NodeSelector|atomic nodeSelectorTerms!:[.NodeSelectorTerm]|atomic|always
core.v1.NodeSelectorRequirement key!:s operator!:s|enum=DoesNotExist,Exists,Gt,In,Lt,NotIn values:[s]|atomic
core.v1.NodeSelectorTerm|atomic matchExpressions:[.NodeSelectorRequirement]|atomic matchFields:[.NodeSelectorRequirement]|atomic
core.v1.NodeSpec configSource?:.NodeConfigSource externalID:s podCIDR:s podCIDRs:[s]|set|merge providerID:s taints:[.Taint]|atomic unschedulable:b
core.v1.NodeStatus addresses:[.NodeAddress]|map=type|merge=type allocatable:{q} capacity:{q} conditions:[.NodeCondition]|map=type|merge=type config?:.NodeConfigStatus daemonEndpoints:.NodeDaemonEndpoints features?:.NodeFeatures images:[.ContainerImage]|atomic nodeInfo:.NodeSystemInfo phase:s|enum=Pending,Running,Terminated runtimeHandlers:[.NodeRuntimeHandler]|atomic volumesAttached:[.AttachedVolume]|atomic volumesInUse:[s]|atomic
core.v1.NodeSwapStatus capacity?:l
core.v1.NodeSystemInfo architecture!:s bootID!:s containerRuntimeVersion!:s kernelVersion!:s kubeProxyVersion!:s kubeletVersion!:s machineID!:s operatingSystem!:s osImage!:s swap?:.NodeSwapStatus systemUUID!:s
core.v1.ObjectFieldSelector|atomic apiVersion:s fieldPath!:s
core.v1.ObjectReference|atomic apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s
core.v1.PersistentVolume@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.PersistentVolumeSpec status:.PersistentVolumeStatus
core.v1.PersistentVolumeClaim@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.PersistentVolumeClaimSpec status:.PersistentVolumeClaimStatus
core.v1.PersistentVolumeClaimCondition lastProbeTime:t lastTransitionTime:t message:s reason:s status!:s type!:s
core.v1.PersistentVolumeClaimSpec accessModes:[s]|atomic|enum=ReadOnlyMany,ReadWriteMany,ReadWriteOnce,ReadWriteOncePod dataSource?:.TypedLocalObjectReference dataSourceRef?:.TypedObjectReference resources:.VolumeResourceRequirements selector?:meta.v1.LabelSelector storageClassName?:s volumeAttributesClassName?:s volumeMode?:s|enum=Block,Filesystem volumeName:s
core.v1.PersistentVolumeClaimStatus accessModes:[s]|atomic|enum=ReadOnlyMany,ReadWriteMany,ReadWriteOnce,ReadWriteOncePod allocatedResourceStatuses:{s}|enum=ControllerResizeInProgress,ControllerResizeInfeasible,NodeResizeInProgress,NodeResizeInfeasible,NodeResizePending allocatedResources:{q} capacity:{q} conditions:[.PersistentVolumeClaimCondition]|map=type|merge=type currentVolumeAttributesClassName?:s modifyVolumeStatus?:.ModifyVolumeStatus phase:s|enum=Bound,Lost,Pending
core.v1.PersistentVolumeClaimTemplate metadata:meta.v1.ObjectMeta spec!:.PersistentVolumeClaimSpec
core.v1.PersistentVolumeClaimVolumeSource claimName!:s readOnly:b
core.v1.PersistentVolumeSpec accessModes:[s]|atomic|enum=ReadOnlyMany,ReadWriteMany,ReadWriteOnce,ReadWriteOncePod awsElasticBlockStore?:.AWSElasticBlockStoreVolumeSource azureDisk?:.AzureDiskVolumeSource azureFile?:.AzureFilePersistentVolumeSource capacity:{q} cephfs?:.CephFSPersistentVolumeSource cinder?:.CinderPersistentVolumeSource claimRef?:.ObjectReference csi?:.CSIPersistentVolumeSource fc?:.FCVolumeSource flexVolume?:.FlexPersistentVolumeSource flocker?:.FlockerVolumeSource gcePersistentDisk?:.GCEPersistentDiskVolumeSource glusterfs?:.GlusterfsPersistentVolumeSource hostPath?:.HostPathVolumeSource iscsi?:.ISCSIPersistentVolumeSource local?:.LocalVolumeSource mountOptions:[s]|atomic nfs?:.NFSVolumeSource nodeAffinity?:.VolumeNodeAffinity persistentVolumeReclaimPolicy:s|enum=Delete,Recycle,Retain photonPersistentDisk?:.PhotonPersistentDiskVolumeSource portworxVolume?:.PortworxVolumeSource quobyte?:.QuobyteVolumeSource rbd?:.RBDPersistentVolumeSource scaleIO?:.ScaleIOPersistentVolumeSource storageClassName:s storageos?:.StorageOSPersistentVolumeSource volumeAttributesClassName?:s volumeMode?:s|enum=Block,Filesystem vsphereVolume?:.VsphereVirtualDiskVolumeSource
core.v1.PersistentVolumeStatus lastPhaseTransitionTime?:t message:s phase:s|enum=Available,Bound,Failed,Pending,Released reason:s
core.v1.PhotonPersistentDiskVolumeSource fsType:s pdID!:s
core.v1.Pod@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.PodSpec status:.PodStatus
core.v1.PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[.WeightedPodAffinityTerm]|atomic requiredDuringSchedulingIgnoredDuringExecution:[.PodAffinityTerm]|atomic
core.v1.PodAffinityTerm labelSelector?:meta.v1.LabelSelector matchLabelKeys:[s]|atomic mismatchLabelKeys:[s]|atomic namespaceSelector?:meta.v1.LabelSelector namespaces:[s]|atomic topologyKey!:s
core.v1.PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[.WeightedPodAffinityTerm]|atomic requiredDuringSchedulingIgnoredDuringExecution:[.PodAffinityTerm]|atomic
core.v1.PodCondition lastProbeTime:t lastTransitionTime:t message:s observedGeneration:l reason:s status!:s type!:s
core.v1.PodDNSConfig nameservers:[s]|atomic options:[.PodDNSConfigOption]|atomic searches:[s]|atomic
core.v1.PodDNSConfigOption name:s value?:s
core.v1.PodIP ip!:s
core.v1.PodOS name!:s
core.v1.PodReadinessGate conditionType!:s
core.v1.PodResourceClaim name!:s resourceClaimName?:s resourceClaimTemplateName?:s
core.v1.PodResourceClaimStatus name!:s resourceClaimName?:s
core.v1.PodSchedulingGate name!:s
core.v1.PodSecurityContext appArmorProfile?:.AppArmorProfile fsGroup?:l fsGroupChangePolicy?:s|enum=Always,OnRootMismatch runAsGroup?:l runAsNonRoot?:b runAsUser?:l seLinuxChangePolicy?:s seLinuxOptions?:.SELinuxOptions seccompProfile?:.SeccompProfile supplementalGroups:[l]|atomic supplementalGroupsPolicy?:s|enum=Merge,Strict sysctls:[.Sysctl]|atomic windowsOptions?:.WindowsSecurityContextOptions
core.v1.PodSpec activeDeadlineSeconds?:l affinity?:.Affinity automountServiceAccountToken?:b containers!:[.Container]|map=name|merge=name|always dnsConfig?:.PodDNSConfig dnsPolicy:s|enum=ClusterFirst,ClusterFirstWithHostNet,Default,None enableServiceLinks?:b ephemeralContainers:[.EphemeralContainer]|map=name|merge=name hostAliases:[.HostAlias]|map=ip|merge=ip hostIPC:b hostNetwork:b hostPID:b hostUsers?:b hostname:s imagePullSecrets:[.LocalObjectReference]|map=name|merge=name initContainers:[.Container]|map=name|merge=name nodeName:s nodeSelector:{s}|atomic os?:.PodOS overhead:{q} preemptionPolicy?:s|enum=Never,PreemptLowerPriority priority?:i priorityClassName:s readinessGates:[.PodReadinessGate]|atomic resourceClaims:[.PodResourceClaim]|map=name|retainKeys|merge=name resources?:.ResourceRequirements restartPolicy:s|enum=Always,Never,OnFailure runtimeClassName?:s schedulerName:s schedulingGates:[.PodSchedulingGate]|map=name|merge=name securityContext?:.PodSecurityContext serviceAccount:s serviceAccountName:s setHostnameAsFQDN?:b shareProcessNamespace?:b subdomain:s terminationGracePeriodSeconds?:l tolerations:[.Toleration]|atomic topologySpreadConstraints:[.TopologySpreadConstraint]|map=topologyKey,whenUnsatisfiable|merge=topologyKey volumes:[.Volume]|map=name|retainKeys|merge=name
core.v1.PodStatus conditions:[.PodCondition]|map=type|merge=type containerStatuses:[.ContainerStatus]|atomic ephemeralContainerStatuses:[.ContainerStatus]|atomic hostIP:s hostIPs:[.HostIP]|atomic|merge=ip initContainerStatuses:[.ContainerStatus]|atomic message:s nominatedNodeName:s observedGeneration:l phase:s|enum=Failed,Pending,Running,Succeeded,Unknown podIP:s podIPs:[.PodIP]|map=ip|merge=ip qosClass:s|enum=BestEffort,Burstable,Guaranteed reason:s resize:s resourceClaimStatuses:[.PodResourceClaimStatus]|map=name|retainKeys|merge=name startTime?:t
core.v1.PodTemplate@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta template:.PodTemplateSpec
core.v1.PodTemplateSpec metadata:meta.v1.ObjectMeta spec:.PodSpec
core.v1.PortStatus error?:s port!:i protocol!:s|enum=SCTP,TCP,UDP
core.v1.PortworxVolumeSource fsType:s readOnly:b volumeID!:s
core.v1.PreferredSchedulingTerm preference!:.NodeSelectorTerm weight!:i
core.v1.Probe exec?:.ExecAction failureThreshold:i grpc?:.GRPCAction httpGet?:.HTTPGetAction initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket?:.TCPSocketAction terminationGracePeriodSeconds?:l timeoutSeconds:i
core.v1.ProjectedVolumeSource defaultMode?:i sources:[.VolumeProjection]|atomic|always
core.v1.QuobyteVolumeSource group:s readOnly:b registry!:s tenant:s user:s volume!:s
core.v1.RBDPersistentVolumeSource fsType:s image!:s keyring:s|default=/etc/ceph/keyring monitors!:[s]|atomic|always pool:s|default=rbd readOnly:b secretRef?:.SecretReference user:s|default=admin
core.v1.RBDVolumeSource fsType:s image!:s keyring:s|default=/etc/ceph/keyring monitors!:[s]|atomic|always pool:s|default=rbd readOnly:b secretRef?:.LocalObjectReference user:s|default=admin
core.v1.ReplicationController@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.ReplicationControllerSpec status:.ReplicationControllerStatus
core.v1.ReplicationControllerCondition lastTransitionTime:t message:s reason:s status!:s type!:s
core.v1.ReplicationControllerSpec minReadySeconds:i replicas?:i selector:{s}|atomic template?:.PodTemplateSpec
core.v1.ReplicationControllerStatus availableReplicas:i conditions:[.ReplicationControllerCondition]|map=type|merge=type fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas!:i
core.v1.ResourceClaim name!:s request:s
core.v1.ResourceFieldSelector|atomic containerName:s divisor:q resource!:s
core.v1.ResourceHealth health:s resourceID!:s
core.v1.ResourceQuota@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.ResourceQuotaSpec status:.ResourceQuotaStatus
core.v1.ResourceQuotaSpec hard:{q} scopeSelector?:.ScopeSelector scopes:[s]|atomic|enum=BestEffort,CrossNamespacePodAffinity,NotBestEffort,NotTerminating,PriorityClass,Terminating,VolumeAttributesClass
core.v1.ResourceQuotaStatus hard:{q} used:{q}
core.v1.ResourceRequirements claims:[.ResourceClaim]|map=name limits:{q} requests:{q}
core.v1.ResourceStatus name!:s resources:[.ResourceHealth]|map=resourceID
core.v1.SELinuxOptions level:s role:s type:s user:s
core.v1.ScaleIOPersistentVolumeSource fsType:s|default=xfs gateway!:s protectionDomain:s readOnly:b secretRef!?:.SecretReference|always sslEnabled:b storageMode:s|default=ThinProvisioned storagePool:s system!:s volumeName:s
core.v1.ScaleIOVolumeSource fsType:s|default=xfs gateway!:s protectionDomain:s readOnly:b secretRef!?:.LocalObjectReference|always sslEnabled:b storageMode:s|default=ThinProvisioned storagePool:s system!:s volumeName:s
core.v1.ScopeSelector|atomic matchExpressions:[.ScopedResourceSelectorRequirement]|atomic
core.v1.ScopedResourceSelectorRequirement operator!:s|enum=DoesNotExist,Exists,In,NotIn scopeName!:s|enum=BestEffort,CrossNamespacePodAffinity,NotBestEffort,NotTerminating,PriorityClass,Terminating,VolumeAttributesClass values:[s]|atomic
core.v1.SeccompProfile localhostProfile?:s type!:s|enum=Localhost,RuntimeDefault,Unconfined
core.v1.Secret@/v1 apiVersion:s data:{y} immutable?:b kind:s metadata:meta.v1.ObjectMeta stringData:{s} type:s
core.v1.SecretEnvSource name:s optional?:b
core.v1.SecretKeySelector|atomic key!:s name:s optional?:b
core.v1.SecretProjection items:[.KeyToPath]|atomic name:s optional?:b
core.v1.SecretReference|atomic name:s namespace:s
core.v1.SecretVolumeSource defaultMode?:i items:[.KeyToPath]|atomic optional?:b secretName:s
core.v1.SecurityContext allowPrivilegeEscalation?:b appArmorProfile?:.AppArmorProfile capabilities?:.Capabilities privileged?:b procMount?:s|enum=Default,Unmasked readOnlyRootFilesystem?:b runAsGroup?:l runAsNonRoot?:b runAsUser?:l seLinuxOptions?:.SELinuxOptions seccompProfile?:.SeccompProfile windowsOptions?:.WindowsSecurityContextOptions
core.v1.Service@/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.ServiceSpec status:.ServiceStatus
core.v1.ServiceAccount@/v1 apiVersion:s automountServiceAccountToken?:b imagePullSecrets:[.LocalObjectReference]|atomic kind:s metadata:meta.v1.ObjectMeta secrets:[.ObjectReference]|map=name|merge=name
core.v1.ServiceAccountTokenProjection audience:s expirationSeconds?:l path!:s
core.v1.ServicePort appProtocol?:s name:s nodePort:i port!:i protocol:s|default=TCP|enum=SCTP,TCP,UDP targetPort:x
core.v1.ServiceSpec allocateLoadBalancerNodePorts?:b clusterIP:s clusterIPs:[s]|atomic externalIPs:[s]|atomic externalName:s externalTrafficPolicy:s|enum=Cluster,Local healthCheckNodePort:i internalTrafficPolicy?:s|enum=Cluster,Local ipFamilies:[s]|atomic|enum=,IPv4,IPv6 ipFamilyPolicy?:s|enum=PreferDualStack,RequireDualStack,SingleStack loadBalancerClass?:s loadBalancerIP:s loadBalancerSourceRanges:[s]|atomic ports:[.ServicePort]|map=port,protocol|merge=port publishNotReadyAddresses:b selector:{s}|atomic sessionAffinity:s|enum=ClientIP,None sessionAffinityConfig?:.SessionAffinityConfig trafficDistribution?:s type:s|enum=ClusterIP,ExternalName,LoadBalancer,NodePort
core.v1.ServiceStatus conditions:[meta.v1.Condition]|map=type|merge=type loadBalancer:.LoadBalancerStatus
core.v1.SessionAffinityConfig clientIP?:.ClientIPConfig
core.v1.SleepAction seconds!:l
core.v1.StorageOSPersistentVolumeSource fsType:s readOnly:b secretRef?:.ObjectReference volumeName:s volumeNamespace:s
core.v1.StorageOSVolumeSource fsType:s readOnly:b secretRef?:.LocalObjectReference volumeName:s volumeNamespace:s
core.v1.Sysctl name!:s value!:s
core.v1.TCPSocketAction host:s port!:x
core.v1.Taint effect!:s|enum=NoExecute,NoSchedule,PreferNoSchedule key!:s timeAdded?:t value:s
core.v1.Toleration effect:s|enum=NoExecute,NoSchedule,PreferNoSchedule key:s operator:s|enum=Equal,Exists tolerationSeconds?:l value:s
core.v1.TopologySelectorLabelRequirement key!:s values!:[s]|atomic|always
core.v1.TopologySelectorTerm|atomic matchLabelExpressions:[.TopologySelectorLabelRequirement]|atomic
core.v1.TopologySpreadConstraint labelSelector?:meta.v1.LabelSelector matchLabelKeys:[s]|atomic maxSkew!:i minDomains?:i nodeAffinityPolicy?:s|enum=Honor,Ignore nodeTaintsPolicy?:s|enum=Honor,Ignore topologyKey!:s whenUnsatisfiable!:s|enum=DoNotSchedule,ScheduleAnyway
core.v1.TypedLocalObjectReference|atomic apiGroup?:s|always kind!:s name!:s
core.v1.TypedObjectReference apiGroup?:s|always kind!:s name!:s namespace?:s
core.v1.Volume awsElasticBlockStore?:.AWSElasticBlockStoreVolumeSource azureDisk?:.AzureDiskVolumeSource azureFile?:.AzureFileVolumeSource cephfs?:.CephFSVolumeSource cinder?:.CinderVolumeSource configMap?:.ConfigMapVolumeSource csi?:.CSIVolumeSource downwardAPI?:.DownwardAPIVolumeSource emptyDir?:.EmptyDirVolumeSource ephemeral?:.EphemeralVolumeSource fc?:.FCVolumeSource flexVolume?:.FlexVolumeSource flocker?:.FlockerVolumeSource gcePersistentDisk?:.GCEPersistentDiskVolumeSource gitRepo?:.GitRepoVolumeSource glusterfs?:.GlusterfsVolumeSource hostPath?:.HostPathVolumeSource image?:.ImageVolumeSource iscsi?:.ISCSIVolumeSource name!:s nfs?:.NFSVolumeSource persistentVolumeClaim?:.PersistentVolumeClaimVolumeSource photonPersistentDisk?:.PhotonPersistentDiskVolumeSource portworxVolume?:.PortworxVolumeSource projected?:.ProjectedVolumeSource quobyte?:.QuobyteVolumeSource rbd?:.RBDVolumeSource scaleIO?:.ScaleIOVolumeSource secret?:.SecretVolumeSource storageos?:.StorageOSVolumeSource vsphereVolume?:.VsphereVirtualDiskVolumeSource
core.v1.VolumeDevice devicePath!:s name!:s
core.v1.VolumeMount mountPath!:s mountPropagation?:s|enum=Bidirectional,HostToContainer,None name!:s readOnly:b recursiveReadOnly?:s subPath:s subPathExpr:s
core.v1.VolumeMountStatus mountPath!:s name!:s readOnly:b recursiveReadOnly?:s
core.v1.VolumeNodeAffinity required?:.NodeSelector
core.v1.VolumeProjection clusterTrustBundle?:.ClusterTrustBundleProjection configMap?:.ConfigMapProjection downwardAPI?:.DownwardAPIProjection secret?:.SecretProjection serviceAccountToken?:.ServiceAccountTokenProjection
core.v1.VolumeResourceRequirements limits:{q} requests:{q}
core.v1.VsphereVirtualDiskVolumeSource fsType:s storagePolicyID:s storagePolicyName:s volumePath!:s
core.v1.WeightedPodAffinityTerm podAffinityTerm!:.PodAffinityTerm weight!:i
core.v1.WindowsSecurityContextOptions gmsaCredentialSpec?:s gmsaCredentialSpecName?:s hostProcess?:b runAsUserName?:s
discovery.v1.Endpoint addresses!:[s]|set|always conditions:.EndpointConditions deprecatedTopology:{s} hints?:.EndpointHints hostname?:s nodeName?:s targetRef?:core.v1.ObjectReference zone?:s
discovery.v1.EndpointConditions ready?:b serving?:b terminating?:b
discovery.v1.EndpointHints forNodes:[.ForNode]|atomic forZones:[.ForZone]|atomic
discovery.v1.EndpointPort|atomic appProtocol?:s name?:s port?:i protocol?:s|enum=SCTP,TCP,UDP
discovery.v1.EndpointSlice@discovery.k8s.io/v1 addressType!:s|enum=FQDN,IPv4,IPv6 apiVersion:s endpoints!:[.Endpoint]|atomic|always kind:s metadata:meta.v1.ObjectMeta ports:[.EndpointPort]|atomic|always
discovery.v1.ForNode name!:s
discovery.v1.ForZone name!:s
events.v1.Event@events.k8s.io/v1 action:s apiVersion:s deprecatedCount:i deprecatedFirstTimestamp:t deprecatedLastTimestamp:t deprecatedSource:core.v1.EventSource eventTime!:m kind:s metadata:meta.v1.ObjectMeta note:s reason:s regarding:core.v1.ObjectReference related?:core.v1.ObjectReference reportingController:s reportingInstance:s series?:.EventSeries type:s
events.v1.EventSeries count!:i lastObservedTime!:m
flowcontrol.v1.ExemptPriorityLevelConfiguration lendablePercent?:i nominalConcurrencyShares?:i
flowcontrol.v1.FlowDistinguisherMethod type!:s
flowcontrol.v1.FlowSchema@flowcontrol.apiserver.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.FlowSchemaSpec status:.FlowSchemaStatus
flowcontrol.v1.FlowSchemaCondition lastTransitionTime:t message:s reason:s status:s type:s
flowcontrol.v1.FlowSchemaSpec distinguisherMethod?:.FlowDistinguisherMethod matchingPrecedence:i|always priorityLevelConfiguration!:.PriorityLevelConfigurationReference rules:[.PolicyRulesWithSubjects]|atomic
flowcontrol.v1.FlowSchemaStatus conditions:[.FlowSchemaCondition]|map=type|merge=type
flowcontrol.v1.GroupSubject name!:s
flowcontrol.v1.LimitResponse queuing?:.QueuingConfiguration type!:s
flowcontrol.v1.LimitedPriorityLevelConfiguration borrowingLimitPercent?:i lendablePercent?:i limitResponse:.LimitResponse nominalConcurrencyShares?:i|always
flowcontrol.v1.NonResourcePolicyRule nonResourceURLs!:[s]|set|always verbs!:[s]|set|always
flowcontrol.v1.PolicyRulesWithSubjects nonResourceRules:[.NonResourcePolicyRule]|atomic resourceRules:[.ResourcePolicyRule]|atomic subjects!:[.Subject]|atomic|always
flowcontrol.v1.PriorityLevelConfiguration@flowcontrol.apiserver.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.PriorityLevelConfigurationSpec status:.PriorityLevelConfigurationStatus
flowcontrol.v1.PriorityLevelConfigurationCondition lastTransitionTime:t message:s reason:s status:s type:s
flowcontrol.v1.PriorityLevelConfigurationReference name!:s
flowcontrol.v1.PriorityLevelConfigurationSpec exempt?:.ExemptPriorityLevelConfiguration limited?:.LimitedPriorityLevelConfiguration type!:s
flowcontrol.v1.PriorityLevelConfigurationStatus conditions:[.PriorityLevelConfigurationCondition]|map=type|merge=type
flowcontrol.v1.QueuingConfiguration handSize:i|always queueLengthLimit:i|always queues:i|always
flowcontrol.v1.ResourcePolicyRule apiGroups!:[s]|set|always clusterScope:b namespaces:[s]|set|always resources!:[s]|set|always verbs!:[s]|set|always
flowcontrol.v1.ServiceAccountSubject name!:s namespace!:s
flowcontrol.v1.Subject group?:.GroupSubject kind!:s serviceAccount?:.ServiceAccountSubject user?:.UserSubject
flowcontrol.v1.UserSubject name!:s
meta.v1.Condition lastTransitionTime!:t message!:s observedGeneration:l reason!:s status!:s type!:s
meta.v1.DeleteOptions apiVersion:s dryRun:[s]|atomic gracePeriodSeconds?:l ignoreStoreReadErrorWithClusterBreakingPotential?:b kind:s orphanDependents?:b preconditions?:.Preconditions propagationPolicy?:s
meta.v1.FieldSelectorRequirement key!:s operator!:s values:[s]|atomic
meta.v1.LabelSelector|atomic matchExpressions:[.LabelSelectorRequirement]|atomic matchLabels:{s}
meta.v1.LabelSelectorRequirement key!:s operator!:s values:[s]|atomic
meta.v1.ListMeta continue:s remainingItemCount?:l resourceVersion:s selfLink:s
meta.v1.ManagedFieldsEntry apiVersion:s fieldsType:s fieldsV1?:o manager:s operation:s subresource:s time?:t
meta.v1.ObjectMeta annotations:{s} creationTimestamp:t deletionGracePeriodSeconds?:l deletionTimestamp?:t finalizers:[s]|set|merge generateName:s generation:l labels:{s} managedFields:[.ManagedFieldsEntry]|atomic name:s namespace:s ownerReferences:[.OwnerReference]|map=uid|merge=uid resourceVersion:s selfLink:s uid:s
meta.v1.OwnerReference|atomic apiVersion!:s blockOwnerDeletion?:b controller?:b kind!:s name!:s uid!:s
meta.v1.Preconditions resourceVersion?:s uid?:s
meta.v1.Status apiVersion:s code:i details?:.StatusDetails|atomic kind:s message:s metadata:.ListMeta reason:s status:s
meta.v1.StatusCause field:s message:s reason:s
meta.v1.StatusDetails causes:[.StatusCause]|atomic group:s kind:s name:s retryAfterSeconds:i uid:s
networking.v1.HTTPIngressPath backend!:.IngressBackend path:s pathType!?:s|always|enum=Exact,ImplementationSpecific,Prefix
networking.v1.HTTPIngressRuleValue paths!:[.HTTPIngressPath]|atomic|always
networking.v1.IPAddress@networking.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.IPAddressSpec
networking.v1.IPAddressSpec parentRef!?:.ParentReference
networking.v1.IPBlock cidr!:s except:[s]|atomic
networking.v1.Ingress@networking.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.IngressSpec status:.IngressStatus
networking.v1.IngressBackend resource?:core.v1.TypedLocalObjectReference service?:.IngressServiceBackend
networking.v1.IngressClass@networking.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.IngressClassSpec
networking.v1.IngressClassParametersReference apiGroup?:s kind!:s name!:s namespace?:s scope?:s|always
networking.v1.IngressClassSpec controller:s parameters?:.IngressClassParametersReference
networking.v1.IngressLoadBalancerIngress hostname:s ip:s ports:[.IngressPortStatus]|atomic
networking.v1.IngressLoadBalancerStatus ingress:[.IngressLoadBalancerIngress]|atomic
networking.v1.IngressPortStatus error?:s port!:i protocol!:s|enum=SCTP,TCP,UDP
networking.v1.IngressRule host:s http?:.HTTPIngressRuleValue
networking.v1.IngressServiceBackend name!:s port:.ServiceBackendPort
networking.v1.IngressSpec defaultBackend?:.IngressBackend ingressClassName?:s rules:[.IngressRule]|atomic tls:[.IngressTLS]|atomic
networking.v1.IngressStatus loadBalancer:.IngressLoadBalancerStatus
networking.v1.IngressTLS hosts:[s]|atomic secretName:s
networking.v1.NetworkPolicy@networking.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.NetworkPolicySpec
networking.v1.NetworkPolicyEgressRule ports:[.NetworkPolicyPort]|atomic to:[.NetworkPolicyPeer]|atomic
networking.v1.NetworkPolicyIngressRule from:[.NetworkPolicyPeer]|atomic ports:[.NetworkPolicyPort]|atomic
networking.v1.NetworkPolicyPeer ipBlock?:.IPBlock namespaceSelector?:meta.v1.LabelSelector podSelector?:meta.v1.LabelSelector
networking.v1.NetworkPolicyPort endPort?:i port?:x protocol?:s|enum=SCTP,TCP,UDP
networking.v1.NetworkPolicySpec egress:[.NetworkPolicyEgressRule]|atomic ingress:[.NetworkPolicyIngressRule]|atomic podSelector!:meta.v1.LabelSelector policyTypes:[s]|atomic|enum=Egress,Ingress
networking.v1.ParentReference group:s name!:s namespace:s resource!:s
networking.v1.ServiceBackendPort|atomic name:s number:i
networking.v1.ServiceCIDR@networking.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.ServiceCIDRSpec status:.ServiceCIDRStatus
networking.v1.ServiceCIDRSpec cidrs:[s]|atomic
networking.v1.ServiceCIDRStatus conditions:[meta.v1.Condition]|map=type|merge=type
node.v1.Overhead podFixed:{q}
node.v1.RuntimeClass@node.k8s.io/v1 apiVersion:s handler!:s kind:s metadata:meta.v1.ObjectMeta overhead?:.Overhead scheduling?:.Scheduling
node.v1.Scheduling nodeSelector:{s}|atomic tolerations:[core.v1.Toleration]|atomic
policy.v1.Eviction@policy/v1 apiVersion:s deleteOptions?:meta.v1.DeleteOptions kind:s metadata:meta.v1.ObjectMeta
policy.v1.PodDisruptionBudget@policy/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec:.PodDisruptionBudgetSpec status:.PodDisruptionBudgetStatus
policy.v1.PodDisruptionBudgetSpec maxUnavailable?:x minAvailable?:x selector?:meta.v1.LabelSelector unhealthyPodEvictionPolicy?:s|enum=AlwaysAllow,IfHealthyBudget
policy.v1.PodDisruptionBudgetStatus conditions:[meta.v1.Condition]|map=type|merge=type currentHealthy!:i desiredHealthy!:i disruptedPods:{t} disruptionsAllowed!:i expectedPods!:i observedGeneration:l
rbac.v1.AggregationRule clusterRoleSelectors:[meta.v1.LabelSelector]|atomic
rbac.v1.ClusterRole@rbac.authorization.k8s.io/v1 aggregationRule?:.AggregationRule apiVersion:s kind:s metadata:meta.v1.ObjectMeta rules:[.PolicyRule]|atomic|always
rbac.v1.ClusterRoleBinding@rbac.authorization.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta roleRef!:.RoleRef subjects:[.Subject]|atomic
rbac.v1.PolicyRule apiGroups:[s]|atomic nonResourceURLs:[s]|atomic resourceNames:[s]|atomic resources:[s]|atomic verbs!:[s]|atomic|always
rbac.v1.Role@rbac.authorization.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta rules:[.PolicyRule]|atomic|always
rbac.v1.RoleBinding@rbac.authorization.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta roleRef!:.RoleRef subjects:[.Subject]|atomic
rbac.v1.RoleRef|atomic apiGroup!:s kind!:s name!:s
rbac.v1.Subject|atomic apiGroup:s kind!:s name!:s namespace:s
scheduling.v1.PriorityClass@scheduling.k8s.io/v1 apiVersion:s description:s globalDefault:b kind:s metadata:meta.v1.ObjectMeta preemptionPolicy?:s|enum=Never,PreemptLowerPriority value!:i
storage.v1.CSIDriver@storage.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.CSIDriverSpec
storage.v1.CSIDriverSpec attachRequired?:b fsGroupPolicy?:s nodeAllocatableUpdatePeriodSeconds?:l podInfoOnMount?:b requiresRepublish?:b seLinuxMount?:b storageCapacity?:b tokenRequests:[.TokenRequest]|atomic volumeLifecycleModes:[s]|set
storage.v1.CSINode@storage.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.CSINodeSpec
storage.v1.CSINodeDriver allocatable?:.VolumeNodeResources name!:s nodeID!:s topologyKeys:[s]|atomic|always
storage.v1.CSINodeSpec drivers!:[.CSINodeDriver]|map=name|merge=name|always
storage.v1.CSIStorageCapacity@storage.k8s.io/v1 apiVersion:s capacity?:q kind:s maximumVolumeSize?:q metadata:meta.v1.ObjectMeta nodeTopology?:meta.v1.LabelSelector storageClassName!:s
storage.v1.StorageClass@storage.k8s.io/v1 allowVolumeExpansion?:b allowedTopologies:[core.v1.TopologySelectorTerm]|atomic apiVersion:s kind:s metadata:meta.v1.ObjectMeta mountOptions:[s]|atomic parameters:{s} provisioner!:s reclaimPolicy?:s|enum=Delete,Recycle,Retain volumeBindingMode?:s|enum=Immediate,WaitForFirstConsumer
storage.v1.TokenRequest audience!:s expirationSeconds?:l
storage.v1.VolumeAttachment@storage.k8s.io/v1 apiVersion:s kind:s metadata:meta.v1.ObjectMeta spec!:.VolumeAttachmentSpec status:.VolumeAttachmentStatus
storage.v1.VolumeAttachmentSource inlineVolumeSpec?:core.v1.PersistentVolumeSpec persistentVolumeName?:s
storage.v1.VolumeAttachmentSpec attacher!:s nodeName!:s source!:.VolumeAttachmentSource
storage.v1.VolumeAttachmentStatus attachError?:.VolumeError attached!:b attachmentMetadata:{s} detachError?:.VolumeError
storage.v1.VolumeError errorCode?:i message:s time:t
storage.v1.VolumeNodeResources count?:i
`;
