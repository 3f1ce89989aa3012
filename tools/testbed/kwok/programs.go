//go:build programs

// Package kwok names the programs that the test bed builds, so that go mod tidy keeps what they need.
package kwok

import (
	_ "sigs.k8s.io/kwok/cmd/kwok"
	_ "sigs.k8s.io/kwok/cmd/kwokctl"
)
