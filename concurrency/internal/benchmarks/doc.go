// Package benchmarks holds package concurrency beside what else there is: plain channels, errgroup, conc, pond and ants. It is a module
// of its own, so that gobraid does not depend on those.
//
//	cd concurrency/internal/benchmarks && go test -bench . -benchtime 300000x -count 5
//
// Beside the wall time each benchmark reports cpu-ns/op, what the process has used on all processors: on a machine that has other
// things to do only that can be compared, and even that within 20 % or so. python.py does the same work with Python's ThreadPoolExecutor.
//
// Names that end in Cell run within a run of gobraid, as a cell does, where each function has to belong to it.
package benchmarks
