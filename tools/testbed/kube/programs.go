//go:build programs

// Package oracle names the programs that the test bed builds, so that go mod tidy keeps what they need.
package oracle

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
)
