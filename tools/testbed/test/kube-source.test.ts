import { expect, it } from 'vitest';
import { deriveModFile } from '../kube/source.mjs';

const own = `module k8s.io/kubernetes

go 1.24.0

require (
	github.com/some/library v1.2.3
	k8s.io/api v0.0.0
	k8s.io/klog/v2 v2.130.1
	k8s.io/kubelet v0.0.0 // indirect
)

replace (
	github.com/some/library => github.com/some/fork v1.2.4
	k8s.io/api => ./staging/src/k8s.io/api
	k8s.io/kubelet => ./staging/src/k8s.io/kubelet
)
`;

it("takes Kubernetes' go.mod with its staging modules as they are published, and all else as it is", () => {
  expect(deriveModFile(own, 'v1.29.6').split('\n').filter(Boolean)).toEqual([
    'module kmd.invalid/oracle',
    'go 1.24.0',
    'require (',
    '\tgithub.com/some/library v1.2.3',
    '\tk8s.io/api v0.0.0',
    '\tk8s.io/klog/v2 v2.130.1',
    '\tk8s.io/kubelet v0.0.0 // indirect',
    ')',
    'replace (',
    '\tgithub.com/some/library => github.com/some/fork v1.2.4',
    ')',
    'require k8s.io/kubernetes v1.29.6',
    'replace k8s.io/api => k8s.io/api v0.29.6',
    'replace k8s.io/kubelet => k8s.io/kubelet v0.29.6',
  ]);
});
