package concurrency

// Copy returns v. In a cell, in a function literal that is handed to a process.Pool, a cluster.Pool, or to process.New, it says that the literal gets a copy of a
// variable of its surroundings, which a worker process does not have:
//
//	limit := 10
//	fu := concurrency.SubmitWith(ctx, pool, func(ctx context.Context, n int) (int, error) {
//		return min(n, concurrency.Copy(limit)), nil
//	}, 7)
//
// The expression is evaluated where the literal is handed over, and each call of the function has a copy of that value: what it changes, nobody
// else sees. Its value must be process.Sendable. For a large value that many functions only read, process.NewShared is cheaper: a copy is
// sent with every one of them, with every chunk of a Map.
//
// Other Go programs have no front end that could do this; there process.Copying, cluster.Copying and process.Copied do.
func Copy[T any](v T) T { return v }
