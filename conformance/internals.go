package main

import (
	"regexp"
	"slices"
	"strings"
)

// internalTests are those that the patterns below do not find.
var internalTests = []string{
	"winbatch.go", // looks for a file of the toolchain's own source
	"zerosize.go", // where variables of no size lie, which the language leaves open
}

// internalDirs hold tests of the compiler's calling convention and debug information only.
var internalDirs = []string{"abi/", "dwarf/", "codegen/"}

// internalSource matches what a test of the insides of the compiler or the runtime uses: memory behind
// the language's back, the runtime's own view of stacks, memory and goroutines, compiler directives, the
// go command or itself as another process.
var internalSource = regexp.MustCompile(strings.Join([]string{
	`(?m)^(import)?[\s(]*(\w+ )?"(unsafe|runtime/\w+|os/exec|syscall|go/\w+|C|plugin)"`,
	`\bruntime\.(Caller|Callers|CallersFrames|FuncForPC|Stack|ReadMemStats|MemStats|SetFinalizer|AddCleanup|KeepAlive|` +
		`NumGoroutine|LockOSThread|MemProfile\w*|Breakpoint|Version|Compiler|NumCgoCall|SetBlockProfileRate)\b`,
	`(?m)^//go:(linkname|nosplit|norace|uintptrescapes|nowritebarrier|registerparams|systemstack|cgo_\w+)`,
}, "|"))

// internals reports whether a test is one of the insides of the compiler or the runtime.
func internals(test string, source []byte) bool {
	prefixed := func(dir string) bool { return strings.HasPrefix(test, dir) }
	return slices.Contains(internalTests, test) || slices.ContainsFunc(internalDirs, prefixed) || internalSource.Match(source)
}
