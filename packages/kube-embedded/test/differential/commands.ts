/** A kubectl command line, told to both clusters in turn. Words are split at spaces; what stands in quotes stays together. */
export interface Command {
  readonly line: string;
  readonly input?: string;
  /** Told again, for twenty seconds at most, until its output has this: controllers take their time. Not compared then. */
  readonly until?: string;
}

const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: applied
  labels: {app: applied}
spec:
  replicas: 1
  selector: {matchLabels: {app: applied}}
  template:
    metadata: {labels: {app: applied}}
    spec:
      containers:
      - {name: www, image: "nginx:1", ports: [{containerPort: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: applied}
spec:
  selector: {app: applied}
  ports: [{port: 80}]
`;

const controller = `apiVersion: v1
kind: ReplicationController
metadata: {name: foo}
spec:
  replicas: 0
  selector: {app: foo}
  template:
    metadata: {labels: {app: foo}}
    spec: {containers: [{name: c, image: busybox}]}
`;

const secret = `apiVersion: v1
kind: Secret
metadata: {name: mysecret}
type: Opaque
data: {password: czMzbXNpMw==, username: amFuZQ==}
`;

const seen = (name: string, generation: number): Command => ({
  line: `get deployment ${name} -o jsonpath={.status.observedGeneration}`,
  until: String(generation),
});

const told = (line: string, input?: string): Command => ({ line, ...(input === undefined ? {} : { input }) });

/** What Kubernetes' cheat sheet has that needs no container, and what stands beside it in kubectl's own help. */
export const commands: readonly Command[] = [
  // Creating
  told('create deployment nginx --image=nginx'),
  seen('nginx', 1),
  told('create deployment many --image=nginx:1 --replicas=3 --port=80'),
  seen('many', 1),
  told('create job hello --image=busybox:1.28 -- echo "Hello World"'),
  told('create cronjob hello --image=busybox:1.28 --schedule="*/1 * * * *" -- echo "Hello World"'),
  told('patch cronjob hello -p {"spec":{"suspend":true}}'),
  told('create cronjob monthly --image=busybox:1.28 --schedule="0 0 1 1 *" -- date'),
  told('create namespace test'),
  told('create ns test'),
  told('create configmap settings --from-literal=a=1 --from-literal=ca.crt=x'),
  told('create secret generic keys --from-literal=user=admin --from-literal=password=1f2d'),
  told('create secret docker-registry pull --docker-username=u --docker-password=p --docker-email=e'),
  told('create serviceaccount robot'),
  told('create role reader --verb=get,list --resource=pods'),
  told('create rolebinding reads --role=reader --serviceaccount=default:robot'),
  told('create clusterrole nodes --verb=get --resource=nodes'),
  told('create clusterrolebinding looks --clusterrole=nodes --user=me'),
  told('create poddisruptionbudget keep --selector=app=nginx --min-available=50%'),
  told('create priorityclass high --value=1000 --description=high'),
  told('create service clusterip plain --tcp=5678:8080'),
  told('create service nodeport open --tcp=80:80'),
  told('create service externalname far --external-name=bar.com'),
  told('create service clusterip headless --clusterip=None'),
  told('create ingress simple --rule="foo.com/bar=svc1:8080"'),
  told('create ingress more --class=otheringress --default-backend=svc:80 --rule="foo.com/*=svc:http,tls=secret"'),
  told('create token robot --duration=30s'),
  told('run pod --image=nginx'),
  told('run busy --image=busybox --restart=Never --labels=app=busy,env=prod -- sleep 1'),
  told('run dry --image=nginx --dry-run=client -o yaml'),
  told('run dry --image=nginx --dry-run=server'),
  told('run dry --image=nginx --dry-run=server -o name'),
  told('apply -f -', web),
  told('apply -f -', web),
  seen('applied', 1),
  told('apply -f - --dry-run=server', web.replace('nginx:1', 'nginx:2')),
  told('diff -f -', web),
  told('apply --server-side -f -', web),
  told('apply --server-side --field-manager=other -f -', web.replace('nginx:1', 'nginx:2')),
  told('apply --server-side --field-manager=other --force-conflicts -f -', web.replace('nginx:1', 'nginx:2')),
  told('apply -f - --validate=true', web.replace('replicas', 'replicsa')),
  told('create -f -', web),
  told('replace -f -', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "2"}\n'),
  told('replace --force -f -', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "3"}\n'),
  told(
    'create -f -',
    '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"bad"},"spec":{"containers":[{"name":"x"}]}}',
  ),
  // Finding
  { line: 'get pods -l app=many -o name', until: '\npod/many-' },
  { line: 'get endpoints applied', until: '<none>' },
  told('get services'),
  told('get services --sort-by=.metadata.name'),
  told('get svc plain -o yaml'),
  told('get deployment nginx'),
  told('get deployment nginx -o wide'),
  told('get deployment nginx -o yaml'),
  told('get rs -l app=nginx'),
  told('get pods pod busy'),
  told('get pods pod busy -o wide'),
  told('get pods pod busy --show-labels'),
  told('get pods pod busy -L app'),
  told('get pod pod -o yaml'),
  told('get pod busy -o json'),
  told('get pods --selector=env=prod -o jsonpath={.items[*].metadata.labels.env}'),
  told('get pods --field-selector=status.phase=Running'),
  told('get pods nobody'),
  told('get nothing'),
  told('get configmap settings -o jsonpath={.data.a}'),
  told('get secret keys --template={{.data.password}}'),
  told('get secret keys pull'),
  told('get cm settings -o yaml'),
  told('get jobs hello'),
  told('get cronjobs monthly'),
  told('get ingress'),
  told('get pdb'),
  told('create quota limits --hard=pods=100,services=50'),
  { line: 'get quota limits -o jsonpath={.status.used.services}', until: '6' },
  told('get quota limits -o jsonpath={.spec}'),
  told('get sa'),
  told('get roles,rolebindings'),
  told('get clusterroles nodes'),
  told('get clusterrolebindings looks'),
  told('get priorityclasses'),
  told('get ns'),
  told('get nodes'),
  told('get pv --sort-by=.spec.capacity.storage'),
  told('get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image -l env=prod'),
  told('get pods --all-namespaces -l env=prod'),
  told('get pods pod busy --sort-by=.status.containerStatuses[0].restartCount'),
  told('get secret keys --template={{index .data "password"}}'),
  told('get configmap settings -o jsonpath={.data.ca\\.crt}'),
  told('get nodes --selector=!node-role.kubernetes.io/control-plane'),
  told('get pods pod busy -o custom-columns=DATA:spec.containers[*].image'),
  told('get deployment nginx --subresource=status'),
  told('get deployment many --subresource=scale'),
  told('get deploy,svc -l app=nginx'),
  told('get events --field-selector=involvedObject.name=nobody'),
  told('events --types=Warning --for pod/nobody'),
  told('get apiservices v1.example.com'),
  told('get all -l app=applied -o name --show-kind=false'),
  told('get --raw=/readyz'),
  told('describe service plain'),
  told('describe configmap settings'),
  told('describe sa robot'),
  told('describe role reader'),
  told('describe pdb keep'),
  told('describe cronjob monthly'),
  told('describe ingress simple'),
  told('describe pod pod'),
  told('describe ns test'),
  told('explain pods'),
  told('explain pod.spec.containers.image'),
  told('explain deployment.spec.strategy --recursive'),
  told('explain nothing'),
  told('api-resources --api-group=apps'),
  told('api-resources --api-group=apps -o wide --no-headers'),
  told('api-resources --api-group=batch -o name'),
  told('api-resources --namespaced=false --api-group=rbac.authorization.k8s.io'),
  told('api-resources --namespaced=true --api-group=networking.k8s.io'),
  told('api-resources --verbs=list,get --api-group=storage.k8s.io'),
  told('api-resources --api-group=extensions'),
  told('api-resources'),
  told('api-versions'),
  told('auth can-i get pods'),
  told('auth can-i get pods --as=jane'),
  told('auth can-i get pods/log'),
  told('auth can-i --list --namespace=test'),
  told('auth whoami'),
  told('auth whoami --as=jane --as-group=dev'),
  told('cluster-info'),
  // Updating
  told('set image deployment/nginx nginx=nginx:1.25'),
  seen('nginx', 2),
  told('rollout history deployment/nginx'),
  told('rollout history deployment/nginx --revision=2'),
  told('rollout undo deployment/nginx'),
  seen('nginx', 3),
  told('rollout undo deployment/nginx --to-revision=9'),
  told('rollout status deployment/nginx --watch=false'),
  told('rollout restart deployment/nginx'),
  seen('nginx', 4),
  told('rollout pause deployment/nginx'),
  told('rollout pause deployment/nginx'),
  told('rollout resume deployment/nginx'),
  told('rollout history deployment/nginx'),
  told('set env deployment/nginx A=b'),
  told('set resources deployment/nginx --limits=cpu=200m'),
  told('set serviceaccount deployment/nginx robot'),
  told('set selector service/plain app=nginx'),
  told('expose deployment nginx --port=80 --target-port=8000'),
  told('expose deployment many --type=NodePort --name=many-open'),
  told('expose pod pod --port=80'),
  told('expose deployment nginx --port=80'),
  told('get svc nginx'),
  told('autoscale deployment nginx --min=2 --max=10'),
  told('autoscale deployment many --min=1 --max=3 --cpu-percent=50'),
  told('get hpa'),
  told('get hpa many -o yaml'),
  told('scale deployment/many --replicas=5'),
  told('scale --current-replicas=9 --replicas=3 deployment/many'),
  told('scale --replicas=2 deployment/nobody'),
  told('label pods pod new-label=awesome'),
  told('label pods pod new-label=other'),
  told('label pods pod new-label=other --overwrite'),
  told('label pods pod new-label-'),
  told('label pods pod new-label-'),
  told('label pods pod "bad value=x"'),
  told('annotate pods pod icon-url=http://goo.gl/XXBTWq'),
  told('annotate pods pod icon-url-'),
  told('patch pod pod -p {"spec":{"containers":[{"name":"pod","image":"other"}]}}'),
  told('patch pod pod -p {"spec":{"restartPolicy":"Never"}}'),
  told('patch pod pod --type=json -p [{"op":"replace","path":"/spec/containers/0/image","value":"newer"}]'),
  told('patch deployment nginx --type=json -p [{"op":"remove","path":"/spec/nothing"}]'),
  told('patch deployment nginx --type=merge -p {"spec":{"replicas":2}}'),
  told('patch deployment many --subresource=scale --type=merge -p {"spec":{"replicas":2}}'),
  told('patch svc plain -p {"spec":{"type":"NodePort"}}'),
  told('get deployment many -o jsonpath={.spec.replicas}'),
  told('patch serviceaccount robot --type=json -p [{"op":"add","path":"/secrets","value":[{"name":"keys"}]}]'),
  told(
    'patch deployment nginx --type=json -p [{"op":"remove","path":"/spec/template/spec/containers/0/livenessProbe"}]',
  ),
  told('patch deployment nginx -p {"spec":{"template":{"spec":{"containers":[{"name":"nginx","$patch":"delete"}]}}}}'),
  told('create -f -', controller),
  told('expose rc foo --port=80 --target-port=8000'),
  told('scale --replicas=5 rc/foo'),
  told('scale --replicas=0 -f -', controller),
  told('get rc foo -o wide'),
  told('delete rc foo'),
  told('delete service foo'),
  told('create -f -', secret),
  told('get secret mysecret -o yaml'),
  told('describe secret mysecret'),
  told('create clusterrole whole --aggregation-rule=a=b'),
  told('get clusterroles whole -o jsonpath={.aggregationRule}'),
  told('wait --for=jsonpath={.spec.replicas}=2 deployment/many --timeout=5s'),
  told('wait --for=condition=Available deployment/many --timeout=1s'),
  told('wait --for=delete pod/nobody --timeout=1s'),
  // Nodes
  told('create -f -', 'apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n'),
  told('patch node node-1 -p {"spec":{"unschedulable":true}}'),
  told('describe node node-1'),
  told('patch node node-1 -p {"spec":{"unschedulable":false}}'),
  told('cordon node-1'),
  told('uncordon node-1'),
  told('cordon nobody'),
  told('taint nodes node-1 dedicated=special-user:NoSchedule'),
  told('taint nodes node-1 dedicated=other:NoSchedule --overwrite'),
  told('taint nodes node-1 dedicated:NoSchedule-'),
  told('label node node-1 role=worker'),
  told('get node node-1 --show-labels'),
  told('drain node-1 --ignore-daemonsets'),
  told('delete node node-1'),
  // Deleting
  told('delete pod busy --now'),
  told('delete pod busy --ignore-not-found'),
  told('delete pod busy'),
  told('delete -f -', web),
  told('delete pod,service pod plain'),
  told('delete cronjob monthly'),
  told('delete job hello'),
  told('delete svc -l app=nginx'),
  told('delete deployment nginx --dry-run=server'),
  told('delete deployment nginx many --wait=false'),
  told('delete hpa --all'),
  told('delete pods,services --all --namespace=test'),
  told('delete ns test --wait=false'),
  told('delete ns default'),
];
