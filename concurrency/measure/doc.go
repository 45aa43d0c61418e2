// Package measure says what functions cost: how long they take, what processors do meanwhile, what tasks wait for, what is
// allocated. In a cell of gobraid it is there without an import; it works in any Go program.
//
//	c, err := measure.Compare(ctx, measure.Case{"mutex", withMutex}, measure.Case{"atomic", withAtomic})
//	c // in a cell: a table and a picture
//
// # How it is measured
//
// A function is called to warm up, and then in repetitions, of as many calls as take a millisecond. Values are those of one call,
// the average over its repetition. Before each repetition the garbage of the one before is collected. Compared functions take turns
// in each repetition. [NewPlan] has the numbers, and changes them.
//
// Of the repetitions the median is shown, and the interval in which the true median lies with a confidence of 95 % or a little
// more. Nothing is assumed of how the values are distributed. Two functions are compared repetition by repetition: their [Ratio] is the median of
// the ratios, and where its interval has 1 in it no difference is shown. That is not to say that there is none.
//
// # What is measured
//
//   - wall: the time that passes. Under %%virtual it is the virtual one, and exact;
//   - CPU: how long processors worked, in user code and in the kernel, for the whole process: for the garbage collector, and for other
//     cells that worked meanwhile. Children of the process are not in it;
//   - running, waiting, sleeping: what the tasks of the cell did, added up over all of them, those that were there before as well. A task
//     that is ready and has no processor counts as running. Outside cells nobody knows;
//   - allocations and bytes, of the whole process;
//   - peak RSS: the most memory the process had, with all that was there before. Linux tells;
//   - tasks: how many were started.
//
// # Where the time goes
//
// [ProfileCPU] says in which calls processors worked, [ProfileBlocking] what was waited for, [ProfileMutex] for which locks and who held
// them. A [Profile] is a flame graph: below each call what it calls, as wide as its share; [Profile.CallGraph] has each function once. Both say in words
// what is in them, for those who do not see them. [Timeline] draws what the tasks of a function did over time,
// and [Recording.Tasks] has the same in numbers.
//
// Go's profiler sees compiled code. Of interpreted cells it sees the interpreter, and so says the profile, in the place of lines that it would have to
// guess. What is waited for is known from the task runtime, with the lines of the cell on either engine; only the line of an
// unlock is not known of interpreted code.
//
// [Memory] says what a goroutine, a task, a coroutine, a thread or a thing of your own takes while it waits. Of what the kernel keeps for threads it knows
// nothing.
//
// # Measuring honestly
//
// Measure what you want to know. A loop that does a thing a million times says little of the one time that a program does it, with cold
// caches, between other things.
//
// Functions that do nothing are removed by the compiler. Let them return something that is used, or put it into a variable of the package.
//
// The call itself counts: 2 ns for a compiled function, about a microsecond for an interpreted one. So put the loop into the function
// where what is measured is shorter. And an interpreted function costs what the interpreter does, not what Go does: its times,
// its allocations, and what they tell of locks that are held while it interprets. Compare like with like, on one engine; %engine compiled
// gives Go's own speed, and %%bench measures outside of the session.
//
// Look at the dots, not only at the medians: two heaps of them are two different things that happen. Look at the spread: with a spread of
// 20 % a difference of 5 % is seldom shown, more repetitions help as their square root does, and a quiet machine helps more. Do not
// repeat a measurement until it shows what you hoped for: one in twenty shows a difference where there is none, and with ten rows in a
// table one of them will.
//
// Wall time is what users wait for, CPU what they pay for. Where CPU is more than wall several processors worked; where it is
// much less, something was waited for: the split says by how many tasks, and a profile where.
//
// # Costs
//
// A repetition costs two readings of some 20 µs, outside of what is measured, and a garbage collection. Each call is 2 ns more than the function.
package measure
