// Package cluster runs functions in processes of other machines, which are connected to the same NATS server. It is package process beyond one
// machine.
package cluster
