export const web = `apiVersion: apps/v1
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

export const controller = `apiVersion: v1
kind: ReplicationController
metadata: {name: foo}
spec:
  replicas: 0
  selector: {app: foo}
  template:
    metadata: {labels: {app: foo}}
    spec: {containers: [{name: c, image: busybox}]}
`;

export const secret = `apiVersion: v1
kind: Secret
metadata: {name: mysecret}
type: Opaque
data: {password: czMzbXNpMw==, username: amFuZQ==}
`;

export const sleepers = `apiVersion: v1
kind: Pod
metadata: {name: busybox-sleep}
spec:
  containers:
  - {name: busybox, image: "busybox:1.28", args: [sleep, "1000000"]}
---
apiVersion: v1
kind: Pod
metadata: {name: busybox-sleep-less}
spec:
  containers:
  - {name: busybox, image: "busybox:1.28", args: [sleep, "1000"]}
`;

export const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from: [{namespaceSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
    ports: [{port: 80}]
`;
