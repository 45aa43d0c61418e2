package web

import "context"

// AwaitNothing waits for something of a name that never comes.
func AwaitNothing(ctx context.Context, name string) error { return newArrival(name).await(ctx) }
