// Package benchmarks holds package concurrency beside what else there is: plain channels, errgroup, conc, pond and ants. It is a module
// of its own, so that gobraid does not depend on those.
//
//	cd concurrency/internal/benchmarks && go run ./table >results.md
//
// writes a table of all of it, beside Python's ThreadPoolExecutor and ProcessPoolExecutor (python.py); results.md is the last one, with the
// machine and the spread. One at a time, with the tools of package testing:
//
//	cd concurrency/internal/benchmarks && go test -bench Submit -benchtime 300000x -count 5
//
// Beside the wall time each benchmark reports cpu-ns/op, what the process has used on all processors: on a machine that has other
// things to do only that can be compared, and even that within 20 % or so.
//
// Names that end in Cell run within a run of gobraid, as a cell does, where each function has to belong to it.
package benchmarks
