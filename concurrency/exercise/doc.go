// Package exercise checks concurrent code that somebody has written to learn: it runs it many times, in different orders of
// its steps, and shows the first run in which it was wrong. In a cell of gobraid it is there without an import.
//
//	exercise.Check("no deposit is lost", func(ctx context.Context) error {
//		account := &Account{}
//		var all sync.WaitGroup
//		for range 4 {
//			all.Go(func() { account.Deposit(1) })
//		}
//		all.Wait()
//		if account.Balance != 4 {
//			return fmt.Errorf("4 deposits of 1 make a balance of %d", account.Balance)
//		}
//		return nil
//	})
//
// What it returns, a [Result], is shown as the result of the cell: that all runs were right, or what was wrong in the first that
// was not, what that run printed, and its timeline as a picture and in words. With [Result.Must] a wrong answer is an error of the
// cell, which is what programs that grade look at.
//
// # Runs
//
// A run calls the function once, as a cell of its own: a panic or a deadlock of any of its tasks ends that run and is what was wrong with
// it. Tasks it leaves behind are told to end. What it prints is kept and shown only of the run that is shown.
//
// The first two thirds of the runs are controlled, as those of %%virtual: one task at a time runs, which one is
// drawn at random before each operation that others can see (of a channel, a lock, a group, an atomic, the clock, runtime.Gosched),
// and sleeping takes no time. So orders that happen once in a million times on a real machine come up soon, and the
// same seed gives the same run: [Result.Seed], for %%virtual. Between such operations nothing is interrupted, so a lost n++ does not
// show there. The last third of the runs are live, on real processors and the real clock, where it may; not after a deadlock, though, since tasks that are live and
// wait for a lock can never be ended. What refuses control, network and
// child processes, runs live only.
//
// No number of runs proves that a program is right. That 100 were is what is said.
//
// # What a function must heed
//
// What it works on is made in the function or by what it calls, anew for each run. Variables of the notebook keep what the run before left.
// It gets a context that ends with the run. A function that never ends is ended after a while, when it comes to a wait, a loop or a
// call; see [Plan.WithTimeout].
//
// # Outside of cells
//
// Only code of cells, and what is built from package concurrency, goes through the task runtime. In other programs goroutines are
// not known, so control does not reach them and there is little to draw.
package exercise
